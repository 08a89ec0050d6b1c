"""One training step (mining + loss + backward) of oodml beside pytorch-metric-learning, in one run.

The same batch for both: 112 unit rows, two a class, D = 128 and 512, 100 classes, the same number of threads. The ratio
is peer / oodml: how many times faster oodml is.
"""

import argparse
import json
import os
import subprocess
import sys
import time

import rows
import torch
from pytorch_metric_learning import distances, losses, miners
from torch.nn import functional

BATCH, PER_CLASS, CLASSES = 112, 2, 100


def clustered_rows(dim):
    generator = torch.Generator().manual_seed(1)
    centres = functional.normalize(torch.randn(BATCH // PER_CLASS, dim, generator=generator))
    noise = functional.normalize(torch.randn(BATCH, dim, generator=generator))
    return functional.normalize(centres.repeat_interleave(PER_CLASS, 0) + 0.7 * noise)


def snr_triplet():
    return losses.TripletMarginLoss(distance=distances.SNRDistance())


# oodml's name -> the peer's loss and miner, made for a dimension. Where the peer mines another way (all triplets, or
# inside the loss) it is the nearest that it offers.
PEERS = {
    "triplet/random": lambda d: (losses.TripletMarginLoss(triplets_per_anchor=1), None),
    "triplet/semihard": lambda d: (losses.TripletMarginLoss(), miners.TripletMarginMiner(type_of_triplets="semihard")),
    "triplet/distance": lambda d: (losses.TripletMarginLoss(), miners.DistanceWeightedMiner()),
    "contrastive/distance": lambda d: (losses.ContrastiveLoss(), miners.DistanceWeightedMiner()),
    "margin/distance": lambda d: (losses.MarginLoss(learn_beta=True, num_classes=CLASSES), miners.DistanceWeightedMiner()),
    "snr/distance": lambda d: (snr_triplet(), miners.DistanceWeightedMiner()),
    "npair/npair": lambda d: (losses.NPairsLoss(), None),
    "angular/npair": lambda d: (losses.AngularLoss(alpha=45), None),
    "lifted/lifted": lambda d: (losses.GeneralizedLiftedStructureLoss(), None),
    "histogram/none": lambda d: (losses.HistogramLoss(n_bins=65), None),
    "multisimilarity/none": lambda d: (losses.MultiSimilarityLoss(alpha=2, beta=40), miners.MultiSimilarityMiner()),
    "proxynca/none": lambda d: (losses.ProxyNCALoss(CLASSES, d), None),
    "oproxy/none": lambda d: (losses.ProxyAnchorLoss(CLASSES, d), None),
    "arcface/none": lambda d: (losses.ArcFaceLoss(CLASSES, d), None),
    "softmax/none": lambda d: (losses.NormalizedSoftmaxLoss(CLASSES, d), None),
    "softtriplet/none": lambda d: (losses.SoftTripleLoss(CLASSES, d, centers_per_class=2), None),
}


def milliseconds_of_peer(make, dim, seconds):
    torch.manual_seed(0)
    loss_function, miner = make(dim)
    rows = clustered_rows(dim)
    labels = torch.arange(BATCH) // PER_CLASS

    def step():
        leaf = rows.clone().requires_grad_()
        tuples = miner(leaf, labels) if miner is not None else None
        loss_function(leaf, labels, tuples).backward()

    for _ in range(3):
        step()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return 1e3 * sorted(times)[len(times) // 2]


def milliseconds_of_oodml(program, name, dim, seconds):
    out = subprocess.run(
        [program, f"--benchmark_filter=^{name}/D{dim}/", f"--benchmark_min_time={seconds}", "--benchmark_format=json"],
        check=True, capture_output=True, text=True).stdout
    runs = json.loads(out[: out.rindex("}") + 1])["benchmarks"]  # a line on memory follows
    return runs[0]["real_time"] if runs else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0.5, help="measured for each cell and side")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cells", default=",".join(PEERS), help="criterion/miner, separated by commas")
    rows.add_option(parser)
    arguments = parser.parse_args()
    cells = arguments.cells.split(",")
    if unknown := [name for name in cells if name not in PEERS]:
        parser.error(f"no cell {unknown[0]!r}; there are {', '.join(PEERS)}")
    program = os.path.join(os.environ["OODML_BIN"], "step_bench")
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    torch.set_num_threads(arguments.threads)
    print(f"{arguments.threads} thread(s), batch {BATCH}, median of the peer, mean of oodml")
    print(f"{'criterion/miner':24}{'D':>5}{'oodml ms':>11}{'peer ms':>10}{'ratio':>8}")
    behind, found = 0, []
    for name in cells:
        for dim in (128, 512):
            ours = milliseconds_of_oodml(program, name, dim, arguments.seconds)
            if ours is None:
                sys.exit(f"{program} has no benchmark {name}/D{dim}")
            theirs = milliseconds_of_peer(PEERS[name], dim, arguments.seconds)
            behind += theirs < ours
            found.append(rows.compared(f"mining, loss and backward, {name}, {BATCH} x {dim}", "pytorch-metric-learning", ours,
                                       theirs, "ms", 2))
            print(f"{name:24}{dim:5}{ours:11.3f}{theirs:10.3f}{theirs / ours:8.1f}", flush=True)
    ratios = sorted(row["ratio"] for row in found)
    found.append(rows.compared("mining, loss and backward: median ratio of all cells", "pytorch-metric-learning", 1.0,
                               (ratios[(len(ratios) - 1) // 2] + ratios[len(ratios) // 2]) / 2, "times the step", 5))
    rows.write(arguments.json, found)
    print(f"least ratio {ratios[0]:.2f}, median {found[-1]['ratio']:.2f}")
    print("oodml is ahead everywhere" if behind == 0 else f"oodml is behind in {behind} cells")


if __name__ == "__main__":
    main()
