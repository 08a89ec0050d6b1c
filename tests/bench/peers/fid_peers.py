"""The FID of `oodml splits create` beside the reference's: SciPy's root of a general matrix, on the same class means.

98 + 98 classes of 2 048 dimensions, as CARS196 has them. The values come from `oodml splits create`, the times of oodml
from shift_bench, of the same number of points.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time

import numpy as np
import rows
import scipy.linalg
from threadpoolctl import threadpool_limits

CLASSES = 98
DIMENSIONS = 2048


def class_means():
    """Means of two sets around common groups, a little apart, so that the FID is as that of published splits."""
    random = np.random.default_rng(1)
    groups = random.standard_normal((12, DIMENSIONS)) / 8
    means = groups[random.integers(12, size=2 * CLASSES)] + random.standard_normal((2 * CLASSES, DIMENSIONS)) / 16
    means[CLASSES:] += 0.05
    return means.astype(np.float32)


def reference_fid(x, y):
    """As the published program computes it (docs/splits.md#distance)."""
    e = 1e-8 * np.eye(x.shape[1])
    cov_x, cov_y = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    root = scipy.linalg.sqrtm((cov_x + e) @ (cov_y + e))
    gap = x.mean(0) - y.mean(0)
    return gap @ gap + np.trace(cov_x) + np.trace(cov_y) - 2 * np.trace(root).real


def oodml_fid(means, form):
    with tempfile.TemporaryDirectory() as folder:
        features, output = os.path.join(folder, "means.npz"), os.path.join(folder, "splits.json")
        np.savez(features, embeddings=means, labels=np.array([f"class{i:03}" for i in range(len(means))]))
        subprocess.run([os.path.join(os.environ["OODML_BIN"], "oodml-core"), "splits", "create", "--features", features,
                        "--keys", "0", "--iterations", "1", "--removal-iterations", "0", "--inverse-iterations", "0",
                        "--fid", form, "-o", output], check=True, capture_output=True)
        with open(output) as file:
            return json.load(file)["splits"]["1"]["fid"]


def oodml_seconds(exact, threads):
    words = [os.path.join(os.environ["OODML_BIN"], "shift_bench"), f"--benchmark_filter=fid_of_cars/exact:{exact}$",
             "--benchmark_format=json", "--benchmark_min_time=1"]
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
    document = json.loads(subprocess.run(words, check=True, capture_output=True, env=environment).stdout)
    return document["benchmarks"][0]["real_time"] / 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    rows.add_option(parser)
    options = parser.parse_args()
    means = class_means()
    start = time.perf_counter()
    with threadpool_limits(options.threads):
        wanted = reference_fid(means[:CLASSES].astype(np.float64), means[CLASSES:].astype(np.float64))
    seconds = time.perf_counter() - start
    print(f"{CLASSES} + {CLASSES} classes x {DIMENSIONS}, {options.threads} threads")
    print(f"SciPy {scipy.__version__} sqrtm: FID {wanted:.6f} in {seconds:.1f} s")
    found = []
    for exact, form in enumerate(("cheap", "exact")):
        value, own = oodml_fid(means, form), oodml_seconds(exact, options.threads)
        print(f"oodml --fid {form}: FID {value:.6f} in {1e3 * own:.2f} ms; "
              f"{seconds / own:.0f} times as fast, apart by {abs(value - wanted):.1e}")
        found.append(rows.compared(f"FID of {CLASSES} + {CLASSES} classes, --fid {form}", "SciPy sqrtm", 1e3 * own, 1e3 * seconds,
                                   "ms"))
    rows.write(options.json, found)


main()
