"""Runs the checks of checks.py on one device, prints a line each and a summary; exit status 1 if one does not hold.

    check.py --bin FOLDER [--device cuda:0] [--quick] [--only NAME] [--minutes 8]
"""
import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from checks import ALL
from images import write_benchmark
from trials import Failed, Trials


class Bench:
    """What the checks share."""

    def __init__(self, options, work):
        self.programs, self.device, self.quick, self.work = Path(options.bin), options.device, options.quick, work
        self.source = Path(__file__).resolve().parents[2]
        self.threads = max(1, (os.cpu_count() or 2) - 2)
        classes, images, side = (8, 8, 40) if options.quick else (28, 32, 224)
        self.train_images = classes // 2 * images
        write_benchmark(work / "benchmarks" / "colours", classes, images, side)
        self.trials = Trials(self.programs, work, self.device)


def run(check, bench):
    """ok, FAIL or not here."""
    began = time.monotonic()
    try:
        line = check(bench)
        mark = "ok" if line is not None else "not here"
    except Failed as error:
        mark, line = "FAIL", str(error)
    except Exception as error:  # a check that breaks must not take the others with it
        mark, line = "FAIL", f"{type(error).__name__}: {error}"
    print(f"{mark:8} {check.__name__} ({time.monotonic() - began:.0f} s)  {line or ''}", flush=True)
    return mark


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", choices=[check.__name__ for check in ALL])
    parser.add_argument("--minutes", type=float, default=8, help="no check begins later")
    parser.add_argument("--spent", type=float, default=0, help="seconds gone before")
    options = parser.parse_args()
    over = time.monotonic() - options.spent + 60 * options.minutes
    marks = []
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(options, Path(work))
        for check in ALL:
            if options.only and check.__name__ not in options.only:
                continue
            if time.monotonic() > over:
                print(f"not run  {check.__name__}: no time left", flush=True)
                marks.append("FAIL")
            else:
                marks.append(run(check, bench))
    print(f"{marks.count('ok')} of {len(marks)} hold on {options.device}, {marks.count('not here')} not to be had there")
    return 1 if "FAIL" in marks else 0


sys.exit(main())
