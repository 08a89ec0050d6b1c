"""oodml evaluate beside pytorch-metric-learning, and beside FAISS with scikit-learn, on the same embeddings.

Each line: the same work in both programs, both times, and their ratio, peer / oodml. All times start with the
embeddings in memory: modules imported there, the file read here (`seconds` of -o json). Beside the time: that on the
processors of all threads together, and the most memory that the program has held at a time, with its libraries.
Each peer runs in a process of its own. The last line is exact neighbours, as a map of embeddings wants them.
"""

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

import rows

DIMENSION = 512
SHORT_ROWS = 10000  # with no more a run takes a fraction of a second, and one alone says little
NEIGHBOURS = dict(rows=20000, dimension=128, k=100)
METRICS = ["e_recall@1", "e_recall@2", "e_recall@4", "nmi", "f1", "mAP_1000", "mAP_c", "dists@intra", "dists@inter",
           "dists@intra_over_inter", "rho_spectrum@1", "rho_spectrum@-1"]  # of Euclidean space


def embeddings(rows, classes, dimension=DIMENSION):
    """Unit rows around one centre a class, far enough from it that the metrics have something to say."""
    random = np.random.default_rng(1)
    labels = np.arange(rows) % classes
    x = random.standard_normal((classes, dimension), dtype=np.float32)[labels]
    x += 4.0 * random.standard_normal((rows, dimension), dtype=np.float32)
    return x / np.linalg.norm(x, axis=1, keepdims=True), labels


def own_cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_mib(program):
    """Runs it; what it printed, and the most memory that it held."""
    process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{program[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return json.loads(printed), usage.ru_maxrss / 1024


def binary(name):
    return os.path.join(os.environ["OODML_BIN"], name)


def oodml(path, metrics, threads):
    document, memory = peak_mib([binary("oodml-core"), "evaluate", path, "--metrics", ",".join(metrics), "--threads",
                                 str(threads), "--device", "cpu", "-o", "json"])
    return dict(seconds=document["seconds"], cpu=document["cpu_seconds"], memory=memory, values=document["metrics"])


def metric_learning(x, labels):
    """pytorch-metric-learning: precision at 1, MAP@R and NMI. Its MAP@R is oodml's mAP_c with `relevant`."""
    import torch
    from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator
    calculator = AccuracyCalculator(
        include=("precision_at_1", "mean_average_precision_at_r", "NMI"), k="max_bin_count", device=torch.device("cpu"))
    values = calculator.get_accuracy(torch.from_numpy(x), torch.from_numpy(labels))
    return {"e_recall@1": values["precision_at_1"], "mAP_c": values["mean_average_precision_at_r"], "nmi": values["NMI"]}


def faiss_neighbours(x, labels):
    """FAISS: the 1000 nearest, and NumPy for recall and mAP_1000 as the references compute them."""
    import faiss
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
    import faiss
    from sklearn.metrics import normalized_mutual_info_score
    kmeans = faiss.Clustering(x.shape[1], int(labels.max()) + 1)
    kmeans.niter, kmeans.min_points_per_centroid, kmeans.max_points_per_centroid = 20, 1, 1000000000
    index = faiss.IndexFlatL2(x.shape[1])
    kmeans.train(x, index)
    _, clusters = index.search(x, 1)
    return {"nmi": normalized_mutual_info_score(labels, clusters[:, 0])}


def faiss_and_sklearn(x, labels):
    return faiss_neighbours(x, labels) | faiss_clusters(x, labels)


PEERS = [("pytorch-metric-learning", metric_learning), ("FAISS + NumPy + scikit-learn", faiss_and_sklearn),
         ("FAISS search + NumPy", faiss_neighbours), ("FAISS k-means + scikit-learn", faiss_clusters)]


def set_threads(threads):
    import faiss
    import sklearn.metrics  # noqa: F401  imported before the clock runs
    import torch
    from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator  # noqa: F401
    faiss.omp_set_num_threads(threads)
    torch.set_num_threads(threads)


def run_peer(peer, size, threads, answer):
    x, labels = embeddings(*size)
    set_threads(threads)
    start, cpu_start = time.perf_counter(), own_cpu_seconds()
    values = peer(x, labels)
    answer.put(dict(seconds=time.perf_counter() - start, cpu=own_cpu_seconds() - cpu_start,
                    memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                    values={name: float(value) for name, value in values.items()}))


def in_own_process(*words):
    """None where it was ended, as for want of memory."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=run_peer if callable(words[0]) else run_faiss_rows, args=(*words, answer))
    process.start()
    while process.is_alive() or not answer.empty():
        try:
            found = answer.get(timeout=0.2)
            process.join()
            return found
        except Exception:  # noqa: BLE001  nothing yet
            continue
    return None


def run_faiss_rows(path, k, threads, answer):
    import faiss
    faiss.omp_set_num_threads(threads)
    x = np.load(path)
    start, cpu_start = time.perf_counter(), own_cpu_seconds()
    index = faiss.IndexFlatL2(x.shape[1])
    index.add(x)
    _, found = index.search(x, k + 1)
    answer.put(dict(seconds=time.perf_counter() - start, cpu=own_cpu_seconds() - cpu_start,
                    memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found=found[:, 1:]))


def figures(values):
    return "  ".join(f"{name} {value:.4f}" for name, value in values.items() if value is not None)


def line(name, theirs, ours):
    def times(of):
        return f"{of['seconds']:8.2f} s {of['cpu']:8.2f} s of CPU {of['memory']:6.0f} MiB"
    print(f"  {name:30} {times(theirs)}   oodml {times(ours)}   ratio {theirs['seconds'] / ours['seconds']:6.1f}"
          f" ({theirs['cpu'] / ours['cpu']:.1f} of CPU)", flush=True)


def least_of(runs, run):
    """The quickest of several runs; None where one was ended."""
    found = [run() for _ in range(runs)]
    return None if None in found else min(found, key=lambda one: one["seconds"])


def compare_sets(size, options, folder):
    count, classes = size
    runs = options.runs if count <= SHORT_ROWS else 1
    what = f"{count:,} x {DIMENSION}, {classes:,} classes".replace(",", " ")
    print(f"{what.replace('   ', ', ')}, {options.threads} threads", flush=True)
    what = f"{count} x {DIMENSION}, {classes} classes"
    path = os.path.join(folder, "set.npz")
    x, labels = embeddings(*size)
    np.savez(path, embeddings=x, labels=labels)
    del x, labels
    whole = least_of(runs, lambda: oodml(path, METRICS, options.threads))
    found = [rows.limited(f"memory of the full Euclidean list, {what}", whole["memory"], "MiB", 1024)]
    for name, peer in PEERS:
        theirs = least_of(runs, lambda: in_own_process(peer, size, options.threads))
        if theirs is None:
            print(f"  {name:30} was ended (memory?)", flush=True)
            continue
        ours = least_of(runs, lambda: oodml(path, list(theirs["values"]), options.threads))
        line(name, theirs, ours)
        print(f"      theirs {figures(theirs['values'])}\n      oodml  {figures(ours['values'])}", flush=True)
        goal = 3 if peer in (metric_learning, faiss_and_sklearn) else None
        note = f"{theirs['memory']:.0f} MiB there, {ours['memory']:.0f} here; CPU {theirs['cpu'] / ours['cpu']:.1f} times"
        found.append(rows.compared(f"{', '.join(theirs['values'])}: {what}", name, ours["seconds"], theirs["seconds"],
                                   "s", goal, note))
        if goal:
            line("  (all 12 metrics of oodml)", theirs, whole)
            found.append(rows.compared(f"full Euclidean list ({len(METRICS)} metrics): {what}", name,
                                       whole["seconds"], theirs["seconds"], "s", goal, f"there only {len(theirs['values'])}"))
    return found


def compare_neighbours(options, folder):
    count, dimension, k = NEIGHBOURS["rows"], NEIGHBOURS["dimension"], NEIGHBOURS["k"]
    what = f"exact neighbours, {count} x {dimension}, k = {k}"
    print(f"{what}, {options.threads} threads: FAISS in single precision, oodml ordered as float64 has them", flush=True)
    x, _ = embeddings(count, 100, dimension)
    raw, array, answer = (os.path.join(folder, name) for name in ("rows.f32", "rows.npy", "found.i64"))
    x.tofile(raw)
    np.save(array, x)
    theirs = in_own_process(array, k, options.threads)
    document, memory = peak_mib([binary("near_rows_bench"), raw, str(count), str(dimension), str(k),
                                 str(options.threads), answer])
    ours = dict(seconds=document["seconds"], cpu=document["cpu_seconds"], memory=memory)
    same = (np.fromfile(answer, dtype=np.int64).reshape(count, k) == theirs["found"]).mean()
    line("FAISS IndexFlatL2", theirs, ours)
    print(f"      {same:.6f} of the neighbours in the same places", flush=True)
    return [rows.compared(what, "FAISS IndexFlatL2", ours["seconds"], theirs["seconds"], "s", 1.3,
                          f"{same:.4%} in the same places; CPU {theirs['cpu'] / ours['cpu']:.1f} times")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="5924x100,20000x3700", help="ROWSxCLASSES,...; 60502x11316 is the third of the field")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=3, help=f"of sets of up to {SHORT_ROWS} rows, of which the quickest counts")
    parser.add_argument("--only", choices=("sets", "neighbours"), help="a part of it")
    rows.add_option(parser)
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        if options.only != "neighbours":
            for size in options.sizes.split(","):
                found += compare_sets(tuple(map(int, size.split("x"))), options, folder)
        if options.only != "sets":
            found += compare_neighbours(options, folder)
    rows.write(options.json, found)


if __name__ == "__main__":
    main()
