"""What a figure was measured on, in a line or two."""

import os
import platform
import subprocess

FEATURES = ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile")


def processor():
    with open("/proc/cpuinfo") as file:
        facts = dict((key.strip(), value.strip()) for key, _, value in (line.partition(":") for line in file))
    features = [name for name in FEATURES if name in facts.get("flags", "").split()]
    return facts.get("model name", platform.processor()), facts.get("vendor_id", ""), features


def memory_gib():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def commit():
    folder = os.path.dirname(os.path.abspath(__file__))
    words = ["git", "-C", folder, "describe", "--always", "--dirty"]
    return subprocess.run(words, capture_output=True, text=True).stdout.strip() or "unknown"


def described(avx2_alone):
    """Without what was measured."""
    name, vendor, features = processor()
    used = "every library held to AVX2" if avx2_alone else "whatever the processor has"
    return (f"{name} ({vendor}; {' '.join(features)}), {len(os.sched_getaffinity(0))} cores used, {memory_gib():.0f} GiB, "
            f"load {os.getloadavg()[0]:.1f} at the end; {used}")
