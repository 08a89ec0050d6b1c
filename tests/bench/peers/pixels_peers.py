"""oodml's pixels beside those of Pillow 9.5: decoding and resizing must not differ in a byte, and the speed of both.

First a set of odd images (1 x 1 to 4000 x 50, every colour type of PNG and JPEG): decoded, through the evaluation
transform, and three regions resized to 224 x 224. Then images a second of processor time on one thread for
decode + RandomResizedCrop(224) + normalise, on JPEG files with the bytes of photographs: beside Pillow, Pillow-SIMD
where it could be built, and torchvision's own decoder with its second transforms. All sides take turns, three times;
the fastest turn of each counts.
"""

import argparse
import hashlib
import json
import math
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import warnings
import zlib

import numpy as np
import PIL
import rows
from PIL import Image

PROGRAM = os.path.join(os.environ["OODML_BIN"], "pixels_bench")
MAX_RESIZED = 32 << 20
# What Pillow writes, and PNG files of our own: colour type, bits and what else they have.
KINDS = ["1", "L", "LA", "P", "P2", "I;16", "RGB", "RGBA", "L jpeg", "RGB jpeg", "RGB jpeg 444", "RGB jpeg 422",
         "RGB progressive", "CMYK jpeg", "L progressive", "RGB low", "raw 0 1 interlaced", "raw 0 2", "raw 0 4 tRNS",
         "raw 0 8 interlaced tRNS", "raw 0 16", "raw 0 16 interlaced", "raw 2 8 interlaced", "raw 2 8 tRNS", "raw 2 16",
         "raw 2 16 interlaced gAMA", "raw 3 1", "raw 3 2 interlaced", "raw 3 4 tRNS", "raw 3 8 interlaced tRNS",
         "raw 4 8 interlaced", "raw 4 16", "raw 6 8 interlaced gAMA", "raw 6 16", "raw 3 8 short"]
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
ROUNDS = 3
GOALS = {"Pillow 9.5": 4.0, "Pillow-SIMD 9.5": 1.5, "torchvision decode_jpeg + v2": 2.0}
FAST_GOALS = {(500, 375): 1.8, (1600, 1200): 3.0}  # times exact
STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)


def texture(width, height, channels, generator):
    """Smooth waves with noise, so that both the low and the high frequencies of a file hold something."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    planes = []
    for _ in range(channels):
        a, b, c, d = generator.uniform(0.005, 0.2, 4)
        wave = np.sin(a * x + b * y) + np.sin(c * x - d * y)
        planes.append(127 + 60 * wave + generator.normal(0, generator.uniform(0, 25), (height, width)))
    return np.clip(np.stack(planes, axis=-1), 0, 255).astype(np.uint8)


def picture(kind, size, generator):
    mode = kind.split()[0]
    if mode == "I;16":
        levels = generator.integers(0, 700, (size[1], size[0])).astype(np.uint16)
        return Image.fromarray(levels)
    channels = {"LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4, "P": 3}.get(mode, 1)
    levels = texture(*size, channels, generator)
    if mode == "P":
        return Image.fromarray(levels).quantize(int(generator.integers(2, 257)))
    if mode == "P2":
        return Image.fromarray(levels[..., 0]).quantize(int(generator.integers(2, 5)))
    if mode == "1":
        return Image.fromarray(levels[..., 0]).convert("1")
    return Image.fromarray(levels[..., 0] if channels == 1 else levels, mode)


def packed(samples, bits):
    """Rows of a PNG file, each behind a zero for the filter."""
    rows = samples.reshape(samples.shape[0], -1)
    if bits == 16:
        data = rows.astype(">u2").view(np.uint8)
    elif bits == 8:
        data = rows.astype(np.uint8)
    else:
        digits = (rows[..., None] >> np.arange(bits - 1, -1, -1)) & 1
        data = np.packbits(digits.reshape(len(rows), -1).astype(np.uint8), axis=1)
    return np.pad(data, ((0, 0), (1, 0))).tobytes()


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def raw_png(kind, size, generator):
    words = kind.split()
    colour, bits = int(words[1]), int(words[2])
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    samples = generator.integers(0, 1 << bits, (size[1], size[0], channels))
    if colour == 0 and bits == 16:
        samples //= int(generator.integers(1, 400))  # so that some levels are below 256
    passes = ADAM7 if "interlaced" in words else [(0, 0, 1, 1)]
    parts = [samples[y::dy, x::dx] for x, y, dx, dy in passes]
    data = b"".join(packed(part, bits) for part in parts if part.size)
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", *size, bits, colour, 0, 0, len(passes) > 1))
    if "gAMA" in words:
        file += chunk(b"gAMA", struct.pack(">I", 100000))
    if colour == 3:
        file += chunk(b"PLTE", generator.bytes(3 * (5 if "short" in words else 1 << bits)))
    if "tRNS" in words:
        file += chunk(b"tRNS", {0: b"\0\1", 2: b"\0\1\0\2\0\3", 3: b"\0\x80"}[colour])
    return file + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def save(image, kind, path, generator):
    words = kind.split()
    if len(words) == 1:
        image.save(path + ".png", compress_level=int(generator.integers(0, 10)))
        return path + ".png"
    options = {"quality": int(generator.integers(60, 96)), "progressive": words[1] == "progressive"}
    if words[1] == "low":
        options["quality"] = int(generator.integers(1, 20))
    if image.mode == "RGB":
        options["subsampling"] = {"444": 0, "422": 1}.get(words[-1], 2)
    image.save(path + ".jpg", **options)
    return path + ".jpg"


def sizes(count, generator):
    fixed = [(1, 1), (4000, 50), (50, 4000), (1, 64), (64, 1), (2, 2), (8, 8), (16, 16), (17, 15), (256, 256),
             (257, 255), (224, 300), (3, 1000), (1000, 3), (640, 480), (1, 4000)]
    return [fixed[i] if i < len(fixed) else tuple(int(v) for v in np.exp(generator.uniform(0, 6.6, 2)) + 1)
            for i in range(count)]


def odd_images(folder, count):
    generator = np.random.default_rng(1)
    files = []
    for i, size in enumerate(sizes(count, generator)):
        kind, path = KINDS[(i * 8) % len(KINDS)], os.path.join(folder, f"{i:04}")
        if kind.startswith("raw"):
            path += ".png"
            with open(path, "wb") as file:
                file.write(raw_png(kind, size, generator))
        else:
            path = save(picture(kind, size, generator), kind, path, generator)
        files.append((kind, path))
    return files


def sha256(image):
    return hashlib.sha256(image.tobytes()).hexdigest()


def region(width, height, k):
    top, left = height * k // 5, width * k // 7
    return left, top, left + max(1, (width - left) * (3 - k) // 3), top + max(1, (height - top) * (k + 1) // 3)


def evaluated(image):
    """torchvision's Resize(256) and CenterCrop(224)."""
    width, height = image.size
    size = (256, int(256 * height / width)) if width <= height else (int(256 * width / height), 256)
    if size[0] * size[1] > MAX_RESIZED:
        return None
    image = image.resize(size, Image.BILINEAR)
    left, top = int(round((size[0] - 224) / 2.0)), int(round((size[1] - 224) / 2.0))
    return image.crop((left, top, left + 224, top + 224))


def hashes_of_pillow(path):
    image = Image.open(path).convert("RGB")
    crops = [sha256(image.crop(region(*image.size, k)).resize((224, 224), Image.BILINEAR)) for k in range(3)]
    centre = evaluated(image)
    values = {"pixels": sha256(image), "crops": crops}
    return values if centre is None else {**values, "evaluation": sha256(centre)}


def compare(files):
    """The names of what differs."""
    out = subprocess.run([PROGRAM, "hashes", *[path for _, path in files]], check=True, capture_output=True, text=True)
    different, images = [], 0
    for (kind, path), line in zip(files, out.stdout.splitlines(), strict=True):
        ours, theirs = json.loads(line), hashes_of_pillow(path)
        stored, images = Image.open(path).mode, images + 1
        different += [f"{path} ({kind}): {name}" for name in theirs if ours.get(name) != theirs[name]]
        if ours["mode"] != stored:
            different.append(f"{path} ({kind}): mode {ours['mode']}, Pillow says {stored}")
    print(f"{images} images of {len({kind for kind, _ in files})} kinds, decoded and resized four times: "
          f"{len(different)} differ")
    return different


def crop_box(width, height):
    """torchvision's RandomResizedCrop.get_params."""
    area = width * height
    for _ in range(10):
        target = area * random.uniform(0.08, 1.0)
        aspect = math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
        w, h = int(round(math.sqrt(target * aspect))), int(round(math.sqrt(target / aspect)))
        if 0 < w <= width and 0 < h <= height:
            left, top = random.randint(0, width - w), random.randint(0, height - h)
            return left, top, left + w, top + h
    return 0, 0, width, height


def speed_of_pillow(paths, seconds):
    random.seed(1)
    images, begin = 0, time.process_time()
    while time.process_time() - begin < seconds or images < len(paths):
        with open(paths[images % len(paths)], "rb") as file:
            image = Image.open(file).convert("RGB")
        image = image.crop(crop_box(*image.size)).resize((224, 224), Image.BILINEAR)
        if random.random() < 0.5:
            image = image.transpose(Image.FLIP_LEFT_RIGHT)
        planes = np.asarray(image, dtype=np.float32).transpose(2, 0, 1) / np.float32(255)
        np.ascontiguousarray((planes - MEAN[:, None, None]) / STD[:, None, None])
        images += 1
    return images / (time.process_time() - begin)


def speed_of_oodml(paths, seconds, decode, epoch):
    words = [PROGRAM, "speed", str(seconds), decode, epoch, *paths]
    return float(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def photographs(folder, count, size=(500, 375)):
    generator = np.random.default_rng(2)
    paths = []
    for i in range(count):
        paths.append(os.path.join(folder, f"photo{i}.jpg"))
        Image.fromarray(texture(*size, 3, generator)).save(paths[-1], quality=90)
    return paths


def speed_in(words):
    """What another program or environment prints last."""
    return float(subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()[-1])


def sides(paths, seconds):
    """Name of each side -> its images a second, measured once."""
    here = os.path.dirname(os.path.abspath(__file__))
    found = {
        "Pillow 9.5": lambda: speed_of_pillow(paths, seconds),
        "exact": lambda: speed_of_oodml(paths, seconds, "exact", "first"),
        "exact, later epochs": lambda: speed_of_oodml(paths, seconds, "exact", "later"),
        "fast": lambda: speed_of_oodml(paths, seconds, "fast", "first"),
        "fast, later epochs": lambda: speed_of_oodml(paths, seconds, "fast", "later"),
    }
    if simd := os.environ.get("OODML_PILLOW_SIMD"):
        found["Pillow-SIMD 9.5"] = lambda: speed_in([simd, __file__, "--only-speed", str(seconds), *paths])
    if torchvision := os.environ.get("OODML_TORCHVISION"):
        found["torchvision decode_jpeg + v2"] = (
            lambda: speed_in([torchvision, here + "/pixels_torchvision.py", str(seconds), *paths]))
    return found


def measured(paths, seconds):
    best = {}
    for _ in range(ROUNDS):
        for name, measure in sides(paths, seconds / ROUNDS).items():
            best[name] = max(best.get(name, 0.0), measure())
    return best


def compare_speed(folder, seconds):
    """Rows of the table."""
    found = []
    print("decode + RandomResizedCrop(224) + normalise, one thread, images a second of processor time")
    for size in ((500, 375), (1600, 1200)):
        paths = photographs(folder, 20, size)
        best = measured(paths, seconds)
        print(f"JPEG files of {size[0]} x {size[1]}: " + ", ".join(f"{name} {rate:.0f}" for name, rate in best.items()))
        what = f"decode + crop + normalise, exact, {size[0]} x {size[1]}"
        for peer in (name for name in best if name in GOALS):
            found.append(rows.compared(what, peer, best["exact"], best[peer], "images/s", GOALS[peer]))
        found.append(rows.compared(what + ", later epochs", "Pillow 9.5", best["exact, later epochs"], best["Pillow 9.5"],
                                   "images/s"))
        fast = f"`decode: fast`, {size[0]} x {size[1]}"
        found.append(rows.compared(fast + ", first epoch", "oodml, exact", best["fast"], best["exact"], "images/s"))
        found.append(rows.compared(fast + ", later epochs", "oodml, exact", best["fast, later epochs"], best["exact"],
                                   "images/s", FAST_GOALS[size]))
        found.append(rows.compared(fast + ", later epochs", "oodml, exact, later epochs", best["fast, later epochs"],
                                   best["exact, later epochs"], "images/s"))
    for row in found:
        print(f"  {row['what']} / {row['peer']}: {row['ratio']:.1f} times")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=200, help="odd images that are compared")
    parser.add_argument("--seconds", type=float, default=5.0, help="measured for each side; 0 leaves the speed out")
    parser.add_argument("--only-speed", nargs="+", metavar="SECONDS FILE", help="print this Pillow's images a second")
    rows.add_option(parser)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # of Pillow, on transparency in palettes
    if arguments.only_speed:
        print(speed_of_pillow(arguments.only_speed[1:], float(arguments.only_speed[0])))
        return
    print(f"Pillow {PIL.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        different = compare(odd_images(folder, arguments.images))
        for line in different:
            print("  " + line)
        if arguments.seconds > 0:
            rows.write(arguments.json, compare_speed(folder, arguments.seconds))
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
