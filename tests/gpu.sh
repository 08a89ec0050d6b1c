#!/usr/bin/env bash
# What needs a GPU: builds the core against the LibTorch of this machine's PyTorch, and checks it there. For a machine with
# CUDA, PyTorch, CMake and ninja, but no network; takes eight minutes at the most. What it lacks of C++ libraries comes from
# the folder that tests/gpu/carry.sh made on a Debian machine.
#
#   bash tests/gpu.sh                          build, then every check on cuda:0
#   bash tests/gpu.sh --device cpu --quick     as far as a CPU goes, small
#
# Further words go to tests/gpu/check.py (--only NAME, --minutes N, ...). Environment: PYTHON (one with torch),
# GPU_LIBRARIES (the carried folder), BUILD (default build-gpu).
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
PYTHON="${PYTHON:-python3}"
BUILD="${BUILD:-$SOURCE/build-gpu}"
CARRIED="${GPU_LIBRARIES:-$SOURCE/gpu-libraries}"
readonly PROGRAMS=(oodml-core golden_replay)

TORCH=$("$PYTHON" -c 'import torch; print(torch.__path__[0])') ||
  { echo "gpu: $PYTHON has no torch; set PYTHON to one that has" >&2; exit 1; }
CONFIGURE=(-DOODML_CORE_ONLY=ON -DOODML_WERROR=OFF "-DTorch_DIR=$TORCH/share/cmake/Torch")
if [ -d "$CARRIED" ]; then
  LIB="$CARRIED/usr/lib/x86_64-linux-gnu"
  export PATH="$PATH:$CARRIED/usr/bin" LD_LIBRARY_PATH="$LIB:${LD_LIBRARY_PATH:-}"
  export PKG_CONFIG_PATH="$LIB/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$CARRIED"
  CONFIGURE+=("-DCMAKE_PREFIX_PATH=$CARRIED/usr" "-DCMAKE_LIBRARY_PATH=$LIB" "-DCMAKE_BUILD_RPATH=$LIB")
fi
if command -v nvcc >/dev/null; then
  CUDA_HOME="${CUDA_HOME:-$(realpath "$(dirname "$(command -v nvcc)")/..")}"
  CONFIGURE+=("-DCUDA_TOOLKIT_ROOT_DIR=$CUDA_HOME" "-DCUDAToolkit_ROOT=$CUDA_HOME" "-DTORCH_CUDA_ARCH_LIST=9.0")
fi

SECONDS=0
cmake -S "$SOURCE" -B "$BUILD" -G Ninja "${CONFIGURE[@]}" >"$BUILD.log" 2>&1 || { tail -n 40 "$BUILD.log" >&2; exit 1; }
cmake --build "$BUILD" --target "${PROGRAMS[@]}" >>"$BUILD.log" 2>&1 ||
  { grep -A12 -E 'FAILED|error' "$BUILD.log" | tail -n 60 >&2; exit 1; }
echo "== Built in $SECONDS s"
exec "$PYTHON" "$SOURCE/tests/gpu/check.py" --bin "$BUILD/bin" --spent "$SECONDS" "$@"
