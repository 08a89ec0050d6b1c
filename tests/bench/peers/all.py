"""Every comparison in one run, as one table in Markdown: what `run.sh all` starts.

A case that fails leaves a line that says so, and the run goes on. Interrupt it: what there is, is printed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import machine
import rows

HERE = os.path.dirname(os.path.abspath(__file__))

# What run.sh is called with, in this order. The sizes are those of docs/performance.md.
CASES = {
    "evaluation": ["--sizes", "5924x100,20000x3700,60502x11316"],
    "kmeans": ["--runs", "2"],
    "step": ["--seconds", "0.3"],
    "training": [],
    "pixels": ["--seconds", "3"],
    "loader": [],
    "start": [],
    "queue": [],
    "fid": [],
}

# One knob a library that chooses its kernels by what the processor has.
AVX2 = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "OPENBLAS_CORETYPE": "Haswell",
    "FAISS_OPT_LEVEL": "avx2",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4",
}


def run_case(case, words, environment, folder):
    path = os.path.join(folder, case + ".json")
    command = ["bash", os.path.join(HERE, "run.sh"), case, *words, "--json", path]
    start = time.monotonic()
    result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    seconds = time.monotonic() - start
    print(f"== {case}: {seconds:.0f} s{'' if result.returncode == 0 else ', FAILED'}", file=sys.stderr, flush=True)
    if result.returncode != 0 or not os.path.exists(path):
        print(result.stdout, file=sys.stderr)
        return None
    with open(path) as file:
        return json.load(file)


def summary(found):
    judged = [rows.is_met(row) for row in found]
    wanted = [met for met in judged if met is not None]
    return f"{sum(wanted)} of {len(wanted)} goals reached"


def main():
    parser = argparse.ArgumentParser(prog="run.sh all", description=__doc__)
    parser.add_argument("--avx2", action="store_true", help="hold every library to AVX2, as on a processor without AVX-512")
    parser.add_argument("--only", metavar="CASE,...", help="of " + ", ".join(CASES))
    options = parser.parse_args()
    chosen = options.only.split(",") if options.only else list(CASES)
    if unknown := [case for case in chosen if case not in CASES]:
        parser.error(f"no case {unknown[0]!r}; there are {', '.join(CASES)}")
    environment = dict(os.environ, **(AVX2 if options.avx2 else {}))
    started, found, failed = time.monotonic(), [], []
    with tempfile.TemporaryDirectory() as folder:
        try:
            for case in chosen:
                result = run_case(case, CASES[case], environment, folder)
                found += result or []
                failed += [] if result else [case]
        except KeyboardInterrupt:
            failed.append("everything after an interrupt")
    print(f"{machine.described(options.avx2)}; commit {machine.commit()}")
    print()
    print(rows.markdown(found))
    print()
    print(f"{summary(found)}; {(time.monotonic() - started) / 60:.0f} minutes" + (f"; failed: {', '.join(failed)}" if failed else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
