"""The coordinator at a million trials, and what a durable claim, report and finish cost it. No peer does this: limits.

How it compares with an earlier commit is asked of tests/bench/compare.sh --only queue.
"""

import argparse
import os
import re
import subprocess
import tempfile

import rows

# A line of scale_bench's table -> name in ours, unit, divisor, limit.
LIMITS = {
    "the same, p99": ("claim of 1 000 workers x 8 slots, p99", "ms", 1, 25),
    "claim beside it, p99": ("claim beside the submission, p99", "ms", 1, 25),
    "claim beside it, longest": ("claim beside the submission, longest", "ms", 1, None),
    "start of the coordinator": ("start of the coordinator, all wait", "s", 1000, 15),
    "memory of the coordinator after its start, all wait": ("memory of the coordinator, all wait", "MiB", 1, 1430),
    "`oodml results --by` three axes, all succeeded": ("results by three axes, all finished", "s", 1000, 3),
}


def bench(name, *words):
    program = os.path.join(os.environ["OODML_BIN"], name)
    output = subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True).stdout
    print(output, flush=True)
    return output


def table_of(output):
    """The last figure of each line: a coordinator is started three times, the last but one with everything waiting."""
    cells = {}
    for line in output.splitlines():
        if match := re.match(r"\| (.+?) \| ([\d.]+) ", line):
            cells.setdefault(match[1], []).append(float(match[2]))
    return cells


def scale_rows(folder, trials):
    cells = table_of(bench("scale_bench", folder, trials))
    starts = cells.pop("start of the coordinator")
    cells["start of the coordinator"] = [starts[1]]  # after the empty one, before the one with everything finished
    found = []
    for line, (what, unit, divisor, limit) in LIMITS.items():
        if line in cells:
            limit = limit if trials >= 1_000_000 or limit is None else None
            found.append(rows.limited(f"{trials:,} trials: {what}".replace(",", " ", 2), cells[line][-1] / divisor, unit, limit))
    return found


def cycle_rows(folder):
    output = bench("coordinator_bench", folder, 10000, 200)
    match = re.search(r"(\d+) claim, report and finish cycles per second .*?([\d.]+) ms of CPU", output)
    return [rows.limited("claim, report and finish, durable, 200 workers", float(match[2]), "ms of CPU", None,
                         f"{match[1]} a second")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=1_000_000)
    parser.add_argument("--folder", default="/var/tmp", help="on the disk that is meant")
    rows.add_option(parser)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        found = cycle_rows(folder) + scale_rows(folder, options.trials)
    rows.write(options.json, found)


main()
