"""A small trial's CSV files and TensorBoard events, read back with TensorBoard's own reader: each figure of its events
must be in both, once, and nothing else.
"""

import argparse
import csv
import glob
import math
import os
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

PROGRAM = os.path.join(os.environ["OODML_BIN"], "oodml-core")
TRIAL = """benchmark: tiny
layout: image_folder
arch: small_conv_normalize
embed_dim: 16
crop_size: 16
resize: 18
batch_size: 8
epochs: 3
steps_per_epoch: 4
lr: 0.001
criterion: multisimilarity
evaluate: {sets: [test, train], metrics: [e_recall@1, e_recall@2, nmi, mAP_c, dists@intra]}
log: {gradients: true, csv: true, tensorboard: true}
"""


def place(figure):
    """Sub-logger, group and segment of docs/training.md#logs."""
    name, special = figure["name"], {"grad_l2": ("Model Grad", "L2", "Grad L2"), "grad_max": ("Model Grad", "Max", "Grad Max"),
                                     "loss": ("Train", "loss", "loss"), "seconds": ("Train", "time", "time"),
                                     "data_wait": ("Train", "data_wait", "data_wait")}
    return special.get(name) or (figure["set"].capitalize(), figure["embeds"] + "_" + name.split("@")[0], name)


def run_trial(folder):
    generator = np.random.default_rng(0)
    for k in range(6):
        os.makedirs(f"{folder}/benchmarks/tiny/class{k}")
        for n in range(8):
            pixels = generator.integers(0, 256, (20, 20, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(f"{folder}/benchmarks/tiny/class{k}/{n}.png")
    with open(f"{folder}/trial.yaml", "w", encoding="utf-8") as file:
        file.write(TRIAL)
    subprocess.run([PROGRAM, "run", f"{folder}/trial.yaml", "--run-dir", f"{folder}/run", "--benchmarks-root",
                    f"{folder}/benchmarks", "--weights-root", folder, "--device", "cpu"], check=True,
                   stdout=subprocess.DEVNULL)
    return f"{folder}/run"


def of_events(run):
    """(sub, group, segment, epoch) -> value as the trial told it."""
    figures = {}
    with open(f"{run}/events.log", encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            if words[0] == "metric":
                figure = dict(word.split("=", 1) for word in words[1:])
                figure = {key: value.replace("%40", "@") for key, value in figure.items()}
                figures[(*place(figure), int(figure["epoch"]))] = float(figure["value"])
    return figures


def of_tensorboard(run):
    figures, files = {}, glob.glob(f"{run}/tensorboard/events.out.tfevents.*")
    for event in EventFileLoader(files[0]).Load():  # looks at the checksums; stops at a damaged record
        for value in event.summary.value:
            key = (value.tag, event.step)
            assert key not in figures, f"{key} twice"
            figures[key] = float(value.tensor.float_val[0] if value.HasField("tensor") else value.simple_value)
    return figures


def of_csv(run):
    figures = {}
    for path in glob.glob(f"{run}/CSV_Logs/Data_*.csv"):
        sub, group = os.path.basename(path)[len("Data_"):-len(".csv")].split("_", 1)
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                epoch = int(row.pop("epoch"))
                figures.update({(sub, group, segment, epoch): float(value) for segment, value in row.items() if value})
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", help="a run directory with both logs; default: a small trial is run")
    given = parser.parse_args().run
    with tempfile.TemporaryDirectory() as folder:
        run = given or run_trial(folder)
        told, board, table = of_events(run), of_tensorboard(run), of_csv(run)
    told = {key: value for key, value in told.items() if not math.isnan(value)}
    tags = {("/".join(key[:2] if key[1] == key[2] else key[:3]), key[3]): np.float32(value) for key, value in told.items()}
    assert table == told, f"CSV: {set(table.items()) ^ set(told.items())}"
    assert board == {key: float(value) for key, value in tags.items()}, f"TensorBoard: {set(board) ^ set(tags)}"
    print(f"{len(told)} figures, in CSV and TensorBoard exactly once")


if __name__ == "__main__":
    sys.exit(main())
