"""torchvision's own decoder and its second transforms, on one thread: images a second of processor time.

    pixels_torchvision.py SECONDS FILE...     decode_jpeg + RandomResizedCrop(224) + flip + normalise

Started by pixels_peers.py, in the environment of the loader's comparison.
"""

import ctypes
import glob
import importlib.util
import os
import subprocess
import sys
import tempfile
import time

import torch


def stand_in_for_cuda():
    """The wheel's decoder is linked with LibTorch's CUDA libraries, which a torch for CPUs lacks. Empty ones of these
    names satisfy the linker; nothing of them is called for an image in the processor's memory."""
    if torch.version.cuda is not None:
        return
    root = os.path.dirname(importlib.util.find_spec("torchvision").origin)
    wanted = subprocess.run(["nm", "-D", "--undefined-only", *glob.glob(root + "/*.so")], check=True, capture_output=True, text=True)
    names = {line.split()[-1] for line in wanted.stdout.splitlines() if "4cuda" in line or "4CUDA" in line}
    folder = tempfile.mkdtemp()
    with open(f"{folder}/names.s", "w", encoding="utf-8") as file:
        for name in sorted(names):
            file.write(f".globl {name}\n{name}: .quad 0\n")
    for library in ("libc10_cuda.so", "libtorch_cuda.so"):
        words = ["cc", "-shared", "-nostdlib", f"-Wl,-soname,{library}", f"{folder}/names.s", "-o", f"{folder}/{library}"]
        subprocess.run(words, check=True)
        ctypes.CDLL(f"{folder}/{library}", mode=ctypes.RTLD_GLOBAL)


def main():
    seconds, paths = float(sys.argv[1]), sys.argv[2:]
    stand_in_for_cuda()
    from torchvision.io import ImageReadMode, decode_jpeg, read_file
    from torchvision.transforms import v2

    torch.set_num_threads(1)
    torch.manual_seed(1)
    transform = v2.Compose([
        v2.RandomResizedCrop(224, antialias=True), v2.RandomHorizontalFlip(), v2.ToDtype(torch.float32, scale=True),
        v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
    images, begin = 0, time.process_time()
    while time.process_time() - begin < seconds or images < len(paths):
        transform(decode_jpeg(read_file(paths[images % len(paths)]), mode=ImageReadMode.RGB))
        images += 1
    print(images / (time.process_time() - begin))


if __name__ == "__main__":
    main()
