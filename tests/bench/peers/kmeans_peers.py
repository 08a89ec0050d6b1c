"""K-means as `nmi` asks for it beside FAISS's wheel: the same rows in memory, the same first centroids (FAISS draws them by
the same seed), 20 iterations, then each row's nearest centroid. Labels are compared row by row: they differ where single
precision, in which FAISS computes, cannot tell what is nearer.

Both stop where nothing moves any more. Of `--spread` sizes the rows are points of 24 dimensions without clusters, turned into
512, and centroids move to the end.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time

import faiss
import numpy as np

import rows

DIMENSION = 512
GOAL = 2.0


def spaced(number):
    return f"{number:,}".replace(",", " ")


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def clustered(count, classes):
    """Unit rows around one centre a class, as in evaluation_peers.py."""
    random = np.random.default_rng(1)
    x = random.standard_normal((classes, DIMENSION), dtype=np.float32)[np.arange(count) % classes]
    x += 4.0 * random.standard_normal((count, DIMENSION), dtype=np.float32)
    return unit(x)


def spread(count, _):
    random = np.random.default_rng(1)
    directions = random.standard_normal((24, DIMENSION), dtype=np.float32)
    return unit(random.standard_normal((count, 24), dtype=np.float32) @ directions)


def theirs(x, clusters):
    """Seconds, those of processors, and labels."""
    start, processor = time.perf_counter(), time.process_time()
    kmeans = faiss.Clustering(x.shape[1], clusters)
    kmeans.niter, kmeans.min_points_per_centroid, kmeans.max_points_per_centroid = 20, 1, 1000000000
    index = faiss.IndexFlatL2(x.shape[1])
    kmeans.train(x, index)
    _, labels = index.search(x, 1)
    return time.perf_counter() - start, time.process_time() - processor, labels[:, 0]


def ours(path, x, clusters, folder, threads):
    """The same; of two runs in a process the better, as our process is a new one each time and FAISS's is not."""
    written = os.path.join(folder, "labels.bin")
    words = [os.path.join(os.environ["OODML_BIN"], "kmeans_bench"), path, *map(str, x.shape), str(clusters), written, "2"]
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
    answer = json.loads(subprocess.run(words, check=True, capture_output=True, env=environment).stdout)
    return answer["seconds"], answer["processor_seconds"], np.fromfile(written, np.int64)


def compare(name, x, clusters, options):
    """Alternately, the least of several runs; a row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rows.bin")
        x.tofile(path)
        runs = []
        for _ in range(options.runs):
            our_seconds, our_processor, our_labels = ours(path, x, clusters, folder, options.threads)
            their_seconds, their_processor, their_labels = theirs(x, clusters)
            runs.append((our_seconds, our_processor, their_seconds, their_processor))
    differ = int((our_labels != their_labels).sum())
    our_seconds, our_processor, their_seconds, their_processor = np.min(runs, axis=0)
    print(f"{name:42} FAISS {their_seconds:8.3f} s ({their_processor:7.3f} of processors)   oodml {our_seconds:8.3f} s "
          f"({our_processor:7.3f})   ratio {their_seconds / our_seconds:5.1f} ({their_processor / our_processor:.1f})   "
          f"{differ} labels differ", flush=True)
    note = "labels identical" if differ == 0 else f"{differ} of {len(x)} labels differ"
    return rows.compared(name, f"FAISS {faiss.__version__}", our_seconds, their_seconds, "s", GOAL, note)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="5924x100,20000x3700,60502x11316", help="ROWSxCLUSTERS,...")
    parser.add_argument("--spread", default="20000x1000", help="ROWSxCLUSTERS,...")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=3)
    rows.add_option(parser)
    options = parser.parse_args()
    faiss.omp_set_num_threads(options.threads)
    found = []
    for kind, sizes, make in (("", options.sizes, clustered), (", no clusters", options.spread, spread)):
        for size in filter(None, sizes.split(",")):
            count, clusters = map(int, size.split("x"))
            name = f"k-means, {spaced(count)} x {DIMENSION}, k {spaced(clusters)}{kind}"
            found.append(compare(name, make(count, clusters), clusters, options))
    rows.write(options.json, found)


if __name__ == "__main__":
    main()
