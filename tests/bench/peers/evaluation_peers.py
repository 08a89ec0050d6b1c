"""oodml evaluate beside pytorch-metric-learning, and beside FAISS with scikit-learn, on the same embeddings.

Each line: the same work in both programs, both times, and their ratio, peer / oodml. Both times start with the
embeddings in memory: modules imported there, the file read here (`seconds` of -o json).
"""

import argparse
import json
import os
import subprocess
import tempfile
import time

import faiss
import numpy as np
import torch
from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator
from sklearn.metrics import normalized_mutual_info_score

DIMENSION = 512


def embeddings(rows, classes):
    """Unit rows around one centre a class, far enough from it that the metrics have something to say."""
    random = np.random.default_rng(1)
    labels = np.arange(rows) % classes
    x = random.standard_normal((classes, DIMENSION), dtype=np.float32)[labels]
    x += 4.0 * random.standard_normal((rows, DIMENSION), dtype=np.float32)
    return x / np.linalg.norm(x, axis=1, keepdims=True), labels


def timed(work):
    start = time.perf_counter()
    values = work()
    return time.perf_counter() - start, values


def oodml(path, metrics, threads):
    program = os.path.join(os.environ["OODML_BIN"], "oodml-core")
    words = [program, "evaluate", path, "--metrics", ",".join(metrics), "--threads", str(threads), "--device", "cpu",
             "-o", "json"]
    document = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    return document["seconds"], document["metrics"]


def metric_learning(x, labels):
    """pytorch-metric-learning: precision at 1, MAP@R and NMI. Its MAP@R is oodml's mAP_c with `relevant`."""
    calculator = AccuracyCalculator(
        include=("precision_at_1", "mean_average_precision_at_r", "NMI"), k="max_bin_count", device=torch.device("cpu"))
    values = calculator.get_accuracy(torch.from_numpy(x), torch.from_numpy(labels))
    return {"e_recall@1": values["precision_at_1"], "mAP_c": values["mean_average_precision_at_r"], "nmi": values["NMI"]}


def faiss_neighbours(x, labels):
    """FAISS: the 1000 nearest, and NumPy for recall and mAP_1000 as the references compute them."""
    index = faiss.IndexFlatL2(x.shape[1])
    index.add(x)
    depth = min(1001, len(x))
    _, neighbours = index.search(x, depth)
    hits = labels[neighbours[:, 1:]] == labels[:, None]
    precision = np.cumsum(hits, axis=1) / np.arange(1, depth)
    sizes = np.bincount(labels)[labels]
    return {"e_recall@1": hits[:, 0].mean(), "mAP_1000": ((precision * hits).sum(axis=1) / sizes).mean()}


def faiss_clusters(x, labels):
    """FAISS's k-means with the references' options, and scikit-learn's NMI."""
    kmeans = faiss.Clustering(x.shape[1], int(labels.max()) + 1)
    kmeans.niter, kmeans.min_points_per_centroid, kmeans.max_points_per_centroid = 20, 1, 1000000000
    index = faiss.IndexFlatL2(x.shape[1])
    kmeans.train(x, index)
    _, clusters = index.search(x, 1)
    return {"nmi": normalized_mutual_info_score(labels, clusters[:, 0])}


def figures(values):
    return "  ".join(f"{name} {value:.4f}" for name, value in values.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="5924x100,20000x3700", help="ROWSxCLASSES,...")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    faiss.omp_set_num_threads(options.threads)
    torch.set_num_threads(options.threads)
    peers = [("pytorch-metric-learning", metric_learning), ("FAISS search + NumPy", faiss_neighbours),
             ("FAISS k-means + scikit-learn", faiss_clusters)]
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes.split(","):
            rows, classes = map(int, size.split("x"))
            x, labels = embeddings(rows, classes)
            path = os.path.join(folder, "set.npz")
            np.savez(path, embeddings=x, labels=labels)
            print(f"{rows} x {DIMENSION}, {classes} classes, {options.threads} threads", flush=True)
            for name, peer in peers:
                theirs, their_values = timed(lambda: peer(x, labels))
                ours, our_values = oodml(path, list(their_values), options.threads)
                print(f"  {name:30} {theirs:8.2f} s   oodml {ours:8.2f} s   ratio {theirs / ours:6.1f}")
                print(f"      theirs {figures(their_values)}\n      oodml  {figures(our_values)}", flush=True)


if __name__ == "__main__":
    main()
