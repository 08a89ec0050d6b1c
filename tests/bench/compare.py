"""Runs the benches of two builds in turn: the second half of compare.sh.

On one thread: Google Benchmark counts the processor time of the thread that measures, and what others do beside it would
look like time that was saved.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers"))
import machine  # noqa: E402

# name -> program, its words ({folder}: an empty folder on the disk), and whether it writes Google Benchmark's JSON.
BENCHES = {
    "evaluation": ("evaluation_bench", ["--benchmark_filter=rows:(5924|20000)"], True),
    "step": ("step_bench", ["--benchmark_min_time=0.1", "--benchmark_filter=D512"], True),
    "splits": ("shift_bench", ["--benchmark_filter=fid_of_cars|runs_of_cub"], True),
    "pixels": ("pixels_bench", ["speed", "2", "exact", "first", "{images}"], False),
    "queue": ("coordinator_bench", ["{folder}", "5000"], False),
}
ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1"}


def google_benchmark(program, words):
    """CPU seconds of every benchmark in the program."""
    unit = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
    words = [program, *words, "--benchmark_format=json"]
    document = subprocess.run(words, capture_output=True, check=True, env=ONE_THREAD).stdout
    if b"{" not in document:
        return {}  # an older program that has none of these
    document = document[document.index(b"{"):]
    document = json.JSONDecoder().raw_decode(document.decode())[0]
    return {one["name"]: one["cpu_time"] * unit[one["time_unit"]] for one in document["benchmarks"]
            if not one.get("error_occurred")}


def whole_process(program, words):
    """CPU seconds of the process from its start to its end; of one that prints a single rate, seconds a piece."""
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen([program, *words], stdout=output, stderr=subprocess.DEVNULL, env=ONE_THREAD)
        _, status, usage = os.wait4(child.pid, 0)
        if status != 0:
            raise subprocess.CalledProcessError(status, program)
        output.seek(0)
        text = output.read().decode()
    try:
        return {"a piece": 1.0 / float(text)}
    except ValueError:
        return {"process": usage.ru_utime + usage.ru_stime}


def sample_images(folder):
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith((".jpg", ".jpeg"))]


def run_once(bench, folder, images):
    program, words, is_google = BENCHES[bench]
    path = os.path.join(folder, program)
    if not os.path.exists(path):
        return {}
    filled = []
    for word in words:
        filled += images if word == "{images}" else [tempfile.gettempdir() if word == "{folder}" else word]
    try:
        return (google_benchmark if is_google else whole_process)(path, filled)
    except subprocess.CalledProcessError as error:  # an older program that knows other words, say
        print(f"compare: {path} ended with {error.returncode}", file=sys.stderr)
        return {}


def least(known, found):
    for name, seconds in found.items():
        known[name] = min(seconds, known.get(name, seconds))


def compare(bench, folders, runs, images):
    sides = ({}, {})
    for run in range(runs):
        for side in (0, 1) if run % 2 == 0 else (1, 0):  # neither is always the first on a warm machine
            least(sides[side], run_once(bench, folders[side], images))
    return sides


def parsed():
    parser = argparse.ArgumentParser(prog="compare.sh", description=__doc__,
                                     usage="compare.sh A B [--only BENCH,...] [--runs N] [--limit X] [--images FOLDER]")
    parser.add_argument("folders", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--programs", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--names", nargs=2, default=["A", "B"], help=argparse.SUPPRESS)
    parser.add_argument("--only", metavar="BENCH,...", help="of " + ", ".join(BENCHES))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=1.10, help="how many times as long B may take")
    parser.add_argument("--images", metavar="FOLDER", help="JPEG files for pixels; without them it is left out")
    options = parser.parse_args()
    given = options.only.split(",") if options.only else list(BENCHES)
    if unknown := [bench for bench in given if bench not in BENCHES]:
        parser.error(f"no bench {unknown[0]!r}; there are {', '.join(BENCHES)}")
    if options.only and "pixels" in given and not options.images:
        parser.error("pixels wants --images FOLDER with JPEG files")
    options.only = [bench for bench in given if bench != "pixels" or options.images]
    return options


def table_of(bench, before, after):
    """Lines of the table, and what takes how many times as long in the second build."""
    if not before and not after:
        print(f"| {bench} | absent | absent | |", flush=True)
    ratios = {}
    for name in list(before) + [name for name in after if name not in before]:
        cells = [f"{1e3 * side[name]:.4g}" if name in side else "absent" for side in (before, after)]
        ratio = after[name] / before[name] if name in before and name in after else None
        if ratio is not None:
            ratios[f"{bench} {name}"] = ratio
        print(f"| {bench}: {name} | {' | '.join(cells)} | {'' if ratio is None else f'{ratio:.2f}'} |", flush=True)
    return ratios


def main():
    options = parsed()
    if options.programs:
        print(" ".join(BENCHES[bench][0] for bench in options.only))
        return
    images = sample_images(options.images) if options.images else []
    print(f"| bench, ms of processor time on one thread | {options.names[0]} | {options.names[1]} | B / A |\n"
          "| --- | ---: | ---: | ---: |", flush=True)
    ratios = {}
    for bench in options.only:
        ratios |= table_of(bench, *compare(bench, options.folders, options.runs, images))
    print(f"\n{machine.described(False)}", flush=True)
    slower = [name for name, ratio in ratios.items() if ratio > options.limit]
    if slower:
        print(f"\nslower than {options.limit} times: {'; '.join(slower)}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
