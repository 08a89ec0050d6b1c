"""Whole training steps, loader included: a trial of oodml beside the same network in PyTorch with torchvision's loader.

Both read the same JPEG files in class folders (500 x 375), crop, flip and normalise them as torchvision does, take the
same number of threads to compute and of threads (oodml) or processes (PyTorch) to load, and train the network with
batch norms held, unit embeddings, the normalised softmax and Adam. The first epoch warms up, the second is timed. The
ratio is peer / oodml: how many times faster oodml is, by the clock and in seconds of all processors.
"""

import argparse
import os
import subprocess
import tempfile
import time

import loader_peers
import rows
import torch
from torch import nn
from torch.nn import functional
from torchvision import models

TICKS = os.sysconf("SC_CLK_TCK")
EMBED_DIM = 128

# name -> crop, images a batch, steps an epoch, the least ratio wanted
NETWORKS = {"small_conv": (32, 112, 12, 1.3), "resnet18": (64, 112, 4, 1.3), "resnet50": (224, 16, 4, 1.1)}

TRIAL = """benchmark: images
layout: image_folder
arch: {network}_frozen_normalize
weights: none
embed_dim: {dim}
batch_size: {batch}
crop_size: {crop}
epochs: 2
steps_per_epoch: {steps}
cpu_threads: {threads}
loader_threads: {threads}
channels_last: {channels_last}
criterion: softmax
evaluate: {{sets: [test], metrics: [e_recall@1], every: 100}}
"""


def small_conv():
    layers = []
    for inside, out, stride in ((3, 32, 2), (32, 64, 2), (64, 128, 2), (128, 128, 1)):
        layers += [nn.Conv2d(inside, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, EMBED_DIM))


def network_of(name):
    if name == "small_conv":
        return small_conv()
    network = getattr(models, name)(weights=None)
    network.fc = nn.Linear(network.fc.in_features, EMBED_DIM)
    return network


class TrainingFiles(loader_peers.Files):
    def __init__(self, folder, images, crop):
        super().__init__(folder, images)
        self.transform.transforms[0] = loader_peers.transforms.RandomResizedCrop(crop)

    def __getitem__(self, index):
        return super().__getitem__(index)[0], index % 4


def processor_seconds_of(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def theirs(name, folder, threads):
    crop, batch, steps, _ = NETWORKS[name]
    torch.manual_seed(0)
    torch.set_num_threads(threads)
    network = network_of(name).train()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
    class_map = nn.Parameter(torch.randn(4, EMBED_DIM))
    optimizer = torch.optim.Adam([*network.parameters(), class_map], lr=1e-5, weight_decay=4e-4)
    loader = torch.utils.data.DataLoader(TrainingFiles(folder, batch * steps, crop), batch_size=batch, shuffle=True,
                                         num_workers=threads, persistent_workers=True)

    def processors():
        return sum(processor_seconds_of(pid) for pid in [os.getpid(), *(w.pid for w in loader._iterator._workers)])

    for epoch in range(2):
        begin, worked = time.perf_counter(), processors() if epoch else 0.0
        for images, labels in loader:
            optimizer.zero_grad()
            rows_of_batch = functional.normalize(network(images))
            loss = functional.cross_entropy(rows_of_batch @ functional.normalize(class_map).T / 0.05, labels)
            loss.backward()
            optimizer.step()
            loss.item()  # a loop that reports what it does
    return {"seconds": (time.perf_counter() - begin) / steps, "processor": (processors() - worked) / steps}


def ours(name, root, threads, channels_last):
    crop, batch, steps, _ = NETWORKS[name]
    run = tempfile.mkdtemp(dir=root)
    with open(f"{run}/trial.yaml", "w", encoding="utf-8") as file:
        file.write(TRIAL.format(network=name, dim=EMBED_DIM, batch=batch, crop=crop, steps=steps, threads=threads,
                                channels_last=str(channels_last).lower()))
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
    trial = subprocess.Popen([loader_peers.TRIAL_PROGRAM, "run", f"{run}/trial.yaml", "--run-dir", f"{run}/run",
                              "--benchmarks-root", root, "--weights-root", root, "--device", "cpu"],
                             stdout=subprocess.DEVNULL, env=environment)
    seen, seconds = [], None
    while trial.poll() is None:  # an epoch's figures come with its end
        time.sleep(0.002)
        if len(seen) == 2 or not os.path.exists(f"{run}/run/events.log"):
            continue
        with open(f"{run}/run/events.log", encoding="utf-8") as events:
            found = [event for event in events if "set=train" in event and "name=seconds" in event]
        if len(found) > len(seen):
            seen.append(processor_seconds_of(trial.pid))
            seconds = float(found[-1].split("value=")[1].split()[0])
    if trial.returncode != 0 or len(seen) != 2:
        raise SystemExit(f"the trial of {name} ended with {trial.returncode}")
    return {"seconds": seconds / steps, "processor": (seen[1] - seen[0]) / steps}


def show(what, figures, base=None):
    times = "" if base is None else (f"   {base['seconds'] / figures['seconds']:.2f} times, "
                                     f"{base['processor'] / figures['processor']:.2f} by processor time")
    print(f"  {what:24}{1e3 * figures['seconds']:9.1f} ms {1e3 * figures['processor']:9.1f} ms of processors{times}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", default=",".join(NETWORKS), help="of " + ", ".join(NETWORKS))
    parser.add_argument("--threads", type=int, default=2, help="to compute, and as many to load")
    parser.add_argument("--runs", type=int, default=2, help="of each side, one after the other; the fastest counts")
    rows.add_option(parser)
    options = parser.parse_args()
    chosen = options.networks.split(",")
    if unknown := [name for name in chosen if name not in NETWORKS]:
        parser.error(f"no network {unknown[0]!r}; there are {', '.join(NETWORKS)}")
    print(f"{options.threads} threads; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; a step:")
    found = []
    with tempfile.TemporaryDirectory() as root:
        loader_peers.write_images(f"{root}/images", 448, (500, 375), 90)
        for name in chosen:
            crop, batch, _, goal = NETWORKS[name]
            print(f"{name}, {batch} images of {crop} x {crop}")
            sides = [[], [], []]
            for _ in range(options.runs):
                sides[0].append(theirs(name, f"{root}/images", options.threads))
                sides[1].append(ours(name, root, options.threads, False))
                sides[2].append(ours(name, root, options.threads, True))
            peer, plain, last = ({key: min(run[key] for run in side) for key in side[0]} for side in sides)
            show("PyTorch and torchvision", peer)
            show("oodml", plain, peer)
            show("oodml, channels_last", last, peer)
            best = min(plain, last, key=lambda figures: figures["seconds"])
            found.append(rows.compared(
                f"training step with its loader, {name} at {crop} px, batch {batch}", "PyTorch eager, torchvision's loader",
                1e3 * best["seconds"], 1e3 * peer["seconds"], "ms", goal,
                f"{peer['processor'] / best['processor']:.2f} times by processor time"
                + ("; channels_last" if best is last else "")))
    rows.write(options.json, found)


if __name__ == "__main__":
    main()
