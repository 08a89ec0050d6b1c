"""oodml's loader beside torchvision's transforms in a DataLoader, with the Pillow whose pixels are the reference:
batches of 56 images, RandomResizedCrop(224), flip, normalise, from the same JPEG files.

Images a second with 1 and 2 threads or worker processes, and for a machine that others use too, images a second of
processor time. oodml once more with `cache_mib`: the images are decoded before the time begins; beside it what FFCV does,
written in NumPy and PyTorch: the decoded images in one memory-mapped file, batches put together by two threads. Once with
the same RandomResizedCrop, once with a plain crop, whose work is NumPy's alone. Last a trial over the same files: the time from its start to the end of its first step, and the share of its epoch that waited for images.
"""

import argparse
import concurrent.futures
import json
import os
import resource
import subprocess
import tempfile
import time

import numpy as np
import PIL
import rows
import torch
from PIL import Image

# The wheel's compiled operators need CUDA's libraries, which a torch for CPUs lacks; the transforms need none of them.
OPERATORS = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    OPERATORS.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
import torchvision  # noqa: E402
from torchvision import transforms  # noqa: E402

PROGRAM = os.path.join(os.environ["OODML_BIN"], "loader_bench")
TRIAL_PROGRAM = os.path.join(os.environ["OODML_BIN"], "oodml-core")
BATCH = 56
TRIAL = """benchmark: images
layout: image_folder
arch: resnet18_frozen_normalize
weights: none
batch_size: 16
epochs: 1
steps_per_epoch: 8
loader_threads: 1
criterion: multisimilarity
evaluate: {sets: [test], metrics: [e_recall@1]}
"""


def picture(width, height, generator):
    """Noise with the spectrum of photographs."""
    down, across = np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None, :]
    frequency = np.sqrt(down * down + across * across)
    frequency[0, 0] = 1.0
    planes = []
    for _ in range(3):
        noise = generator.normal(size=(height, width)) + 1j * generator.normal(size=(height, width))
        plane = np.fft.ifft2(noise / frequency**1.3).real
        planes.append(118 + 50 * (plane - plane.mean()) / plane.std())
    grey = planes[0]
    return np.clip(np.stack([0.8 * grey + 0.2 * plane for plane in planes], axis=-1), 0, 255).astype(np.uint8)


def write_images(folder, count, size, quality):
    generator = np.random.default_rng(4)
    for i in range(count):
        path = f"{folder}/class{i % 4}"
        os.makedirs(path, exist_ok=True)
        Image.fromarray(picture(*size, generator)).save(f"{path}/{i}.jpg", quality=quality)


class Files(torch.utils.data.Dataset):
    def __init__(self, folder, images):
        self.paths = sorted(os.path.join(where, name) for where, _, names in os.walk(folder) for name in names)
        self.images = images
        self.transform = transforms.Compose([
            transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip(), transforms.ToTensor(),
            transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])

    def __len__(self):
        return self.images

    def __getitem__(self, index):
        path = self.paths[index % len(self.paths)]
        return self.transform(Image.open(path).convert("RGB")), index


def processor_seconds():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def theirs(folder, workers, images):
    loader = torch.utils.data.DataLoader(Files(folder, images), batch_size=BATCH, num_workers=workers)
    begin, worked, loaded = time.perf_counter(), processor_seconds(), 0
    for batch, _ in loader:
        loaded += len(batch)
    seconds = time.perf_counter() - begin
    del loader  # ends the workers, whose time counts from then on
    return {"images": loaded, "seconds": seconds, "processor": processor_seconds() - worked}


class RawCache:
    """Decoded images of one size in a file that is mapped into memory, as FFCV keeps them."""

    def __init__(self, folder, path):
        names = sorted(os.path.join(where, name) for where, _, files in os.walk(folder) for name in files)
        first = np.asarray(Image.open(names[0]).convert("RGB"))
        self.images = np.memmap(path, dtype=np.uint8, mode="w+", shape=(len(names), *first.shape))
        for i, name in enumerate(names):
            self.images[i] = np.asarray(Image.open(name).convert("RGB"))
        self.mean = np.array([0.485, 0.456, 0.406], dtype=np.float32)[:, None, None] * np.float32(255)
        self.scale = 1 / (np.array([0.229, 0.224, 0.225], dtype=np.float32)[:, None, None] * np.float32(255))

    def normalised(self, crop, generator, output):
        if generator.random() < 0.5:
            crop = crop[:, ::-1]
        np.subtract(crop.transpose(2, 0, 1), self.mean, out=output, dtype=np.float32, casting="unsafe")
        np.multiply(output, self.scale, out=output)

    def plain_crop(self, index, generator, output):
        image = self.images[index % len(self.images)]
        top, left = (int(generator.integers(0, side - 223)) for side in image.shape[:2])
        self.normalised(image[top:top + 224, left:left + 224], generator, output)

    def resized_crop(self, index, generator, output):
        image = torch.from_numpy(self.images[index % len(self.images)]).permute(2, 0, 1)
        box = transforms.RandomResizedCrop.get_params(image, (0.08, 1.0), (3 / 4, 4 / 3))
        resized = transforms.functional.resized_crop(image, *box, [224, 224], antialias=True)
        self.normalised(resized.permute(1, 2, 0).numpy(), generator, output)


def from_raw_cache(load, threads, images):
    """`load`: one of RawCache's methods; each thread puts batches of its own together."""
    generators = [np.random.default_rng(i) for i in range(images // BATCH)]

    def batch(number):
        output = np.empty((BATCH, 3, 224, 224), dtype=np.float32)
        for place in range(BATCH):
            load(number * BATCH + place, generators[number], output[place])
        return torch.from_numpy(output)

    def all_batches():
        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            return sum(len(loaded) for loaded in pool.map(batch, range(images // BATCH)))

    all_batches()  # every page is in memory, as of oodml's cache
    begin, worked = time.perf_counter(), processor_seconds()
    loaded = all_batches()
    return {"images": loaded, "seconds": time.perf_counter() - begin, "processor": processor_seconds() - worked}


def ours(folder, threads, images, cache_mib=0, pipeline="base"):
    words = [PROGRAM, folder, str(threads), str(images), str(cache_mib), pipeline]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def first_step(root):
    """Seconds to the end of the first step, and data_wait of the epoch."""
    with open(f"{root}/trial.yaml", "w", encoding="utf-8") as file:
        file.write(TRIAL)
    begin, seconds, wait = time.perf_counter(), None, None
    trial = subprocess.Popen([TRIAL_PROGRAM, "run", f"{root}/trial.yaml", "--run-dir", f"{root}/run",
                              "--benchmarks-root", root, "--weights-root", root, "--device", "cpu"],
                             stdout=subprocess.DEVNULL)
    ended = False
    while not ended:
        time.sleep(0.002)
        ended = trial.poll() is not None
        if seconds is not None and not ended or not os.path.exists(f"{root}/run/events.log"):
            continue
        with open(f"{root}/run/events.log", encoding="utf-8") as events:
            for event in events:
                if seconds is None and event.startswith("progress ") and "phase=training" in event:
                    seconds = time.perf_counter() - begin
                if "name=data_wait" in event:
                    wait = float(event.split("value=")[1])
    if trial.returncode != 0:
        raise SystemExit(f"the trial ended with {trial.returncode}")
    return seconds, wait


def worked(figures):
    return figures["images"] / figures["processor"]


def line(name, figures, base=None):
    rate = figures["images"] / figures["seconds"]
    times = "" if base is None else f"  {worked(figures) / worked(base):.1f} times"
    print(f"  {name:28} {rate:7.0f} images/s  {worked(figures):7.0f} per processor second{times}", flush=True)


def best_of(measure, runs=3):
    return min((measure() for _ in range(runs)), key=lambda figures: figures["processor"])


def compare_caches(root, folder, images):
    """Both caches on two threads, with a resized crop of the files in `folder` and with a plain one of 256 x 256."""
    small = f"{root}/small"
    write_images(small, 112, (256, 256), 90)
    found = []
    for what, where, pipeline, load in (("RandomResizedCrop", folder, "base", RawCache.resized_crop),
                                        ("plain crop of 256 x 256", small, "red", RawCache.plain_crop)):
        cache = RawCache(where, f"{root}/raw_{pipeline}")
        theirs = best_of(lambda: from_raw_cache(load.__get__(cache), 2, images))
        mine = best_of(lambda: ours(where, 2, images, 512, pipeline))
        print(f"decoded images in memory, {what}, 2 threads")
        line("raw cache in NumPy", theirs)
        line("oodml, cache_mib: 512", mine, theirs)
        found.append(rows.compared(f"loader with `cache_mib`, 2 threads, {what}, flip, normalise", "raw cache in NumPy",
                                   worked(mine), worked(theirs), "images/s", 2.0, "a second of processor time"))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=1120, help="loaded for each figure, in batches of 56")
    parser.add_argument("--quality", type=int, default=90, help="of the JPEG files")
    parser.add_argument("--size", default="500x375", help="of the JPEG files")
    rows.add_option(parser)
    arguments = parser.parse_args()
    images = max(1, arguments.images // BATCH) * BATCH
    torch.set_num_threads(1)
    print(f"Pillow {PIL.__version__}, torchvision {torchvision.__version__}; {arguments.size}, quality "
          f"{arguments.quality}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    found = []
    with tempfile.TemporaryDirectory() as root:
        folder = f"{root}/images"
        write_images(folder, 112, tuple(int(side) for side in arguments.size.split("x")), arguments.quality)
        for threads in (1, 2):
            base = theirs(folder, threads, images)
            print(f"{threads} thread{'s' if threads > 1 else ''}")
            line("torchvision", base)
            files, cached = ours(folder, threads, images), ours(folder, threads, images, 512)
            line("oodml", files, base)
            line("oodml, cache_mib: 512", cached, base)
            what = f"loader from JPEG files of {arguments.size}, {threads} thread{'s' if threads > 1 else ''}"
            for name, figures in ((what, files), (what + ", `cache_mib`", cached)):
                found.append(rows.compared(name, "torchvision's DataLoader", worked(figures), worked(base), "images/s",
                                           note="a second of processor time"))
        found += compare_caches(root, folder, 2 * images)
        seconds, wait = first_step(root)
        print(f"resnet18 on a CPU, batches of 16: first step done after {seconds:.2f} s, {100 * wait:.1f} % of the epoch "
              "waited for images")
    rows.write(arguments.json, found)


if __name__ == "__main__":
    main()
