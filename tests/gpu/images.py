"""Images to train on, without any library but the standard one: classes of coloured noise, PNG files."""
import random
import struct
import zlib


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_png(path, side, pixels):
    rows = b"".join(b"\0" + pixels[y * side * 3:(y + 1) * side * 3] for y in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def write_benchmark(folder, classes, images, side):
    """A benchmark of layout image_folder; half of the classes train."""
    draw = random.Random(0)
    for label in range(classes):
        home = folder / "images" / f"{label:03d}"
        home.mkdir(parents=True)
        colour = [draw.randrange(12) for _ in range(3)] * (side * side)  # hardly to be told apart
        for image in range(images):
            noise = draw.randbytes(side * side * 3)
            write_png(home / f"{image:03d}.png", side, bytes(c + n % 240 for c, n in zip(colour, noise)))
