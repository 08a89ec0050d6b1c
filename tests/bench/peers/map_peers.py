"""The maps of `oodml splits map` beside those of umap-learn: the same 5 000 images of Fashion-MNIST, as pixels and as
features of a small backbone, the same defaults, in one run.

Trustworthiness of 15 neighbours is computed by scikit-learn for both. umap-learn is run once before the clock starts, so
that the time of its compiler does not count; it is timed without a seed, where it uses all threads, and with one, where its
maps repeat as ours always do.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
import umap
from sklearn.manifold import trustworthiness

NEIGHBOURS = 15
MOST_APART = 0.01


def embeddings(arguments, folder):
    """Rows of the images by `oodml embed`: their pixels or features of a backbone."""
    output = os.path.join(folder, "rows.npz")
    subprocess.run([os.path.join(os.environ["OODML_BIN"], "oodml-core"), "embed", "--benchmark", "fashion_mnist",
                    "--benchmarks-root", arguments.benchmarks_root, "--set", "all", "--images-per-class",
                    str(arguments.images // 10), "--arch", "small_conv", "--resize", "28", "--crop-size", "28",
                    "--features", "-o", output], check=True, capture_output=True)
    return np.load(output)["embeddings"].astype(np.float32)


def pixels(arguments):
    import gzip
    path = os.path.join(arguments.benchmarks_root, "fashion_mnist", "t10k-images-idx3-ubyte.gz")
    with gzip.open(path) as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)
    return images[:arguments.images].astype(np.float32) / 255


def ours(rows, seed, folder, threads):
    given, written = os.path.join(folder, "rows.bin"), os.path.join(folder, "map.bin")
    rows.tofile(given)
    words = [os.path.join(os.environ["OODML_BIN"], "map_bench"), given, *map(str, rows.shape), str(seed), written]
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
    answer = json.loads(subprocess.run(words, check=True, capture_output=True, env=environment).stdout)
    return answer["seconds"], np.fromfile(written, np.float32).reshape(-1, 2), answer["trustworthiness"]


def theirs(rows, seed, threads):
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a seed means one thread
        points = umap.UMAP(n_neighbors=NEIGHBOURS, random_state=seed, n_jobs=threads).fit_transform(rows)
    return time.perf_counter() - start, points


def compare(name, rows, arguments, folder):
    """Prints a line a program; gives whether ours is as good and faster."""
    print(f"\n{len(rows)} {name} of {rows.shape[1]} dimensions, {arguments.threads} threads")
    print(f"{'':34}{'seconds':>9}{'trustworthiness':>17}")
    found = {"oodml": [], "umap-learn": [], "umap-learn, a seed": []}
    for run in range(arguments.runs):
        seconds, points, own = ours(rows, run, folder, arguments.threads)
        trust = trustworthiness(rows, points, n_neighbors=NEIGHBOURS)
        assert abs(trust - own) < 1e-6, f"ours says {own}, scikit-learn {trust}"
        found["oodml"].append((seconds, trust))
        for label, seed in (("umap-learn", None), ("umap-learn, a seed", run)):
            seconds, points = theirs(rows, seed, arguments.threads)
            found[label].append((seconds, trustworthiness(rows, points, n_neighbors=NEIGHBOURS)))
    best = {label: min(seconds for seconds, _ in runs) for label, runs in found.items()}
    mean = {label: float(np.mean([trust for _, trust in runs])) for label, runs in found.items()}
    for label in found:
        print(f"{label + ' ' + (umap.__version__ if label != 'oodml' else ''):34}{best[label]:9.2f}{mean[label]:17.4f}")
    apart = mean["oodml"] - max(mean["umap-learn"], mean["umap-learn, a seed"])
    faster = min(best["umap-learn"], best["umap-learn, a seed"]) / best["oodml"]
    print(f"apart by {apart:+.4f} (allowed: {MOST_APART}); {faster:.1f} times as fast")
    return apart > -MOST_APART and faster > 1.0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--benchmarks-root", default=os.path.expanduser("~/benchmarks"),
                        help="with fashion_mnist, as deploy/fashion_mnist.sh makes it")
    arguments = parser.parse_args()
    os.environ["NUMBA_NUM_THREADS"] = str(arguments.threads)
    with tempfile.TemporaryDirectory() as folder:
        sets = {"images, pixels": pixels(arguments), "images, features": embeddings(arguments, folder)}
        theirs(sets["images, pixels"][:1000], None, arguments.threads)  # compiles
        theirs(sets["images, pixels"][:1000], 0, arguments.threads)
        kept = [compare(name, rows, arguments, folder) for name, rows in sets.items()]
    sys.exit(0 if all(kept) else 1)


main()
