#!/usr/bin/env bash
# Shows that the CUDA configuration compiles and links all programs, on a machine with or without a GPU. Not part of
# tests/run.sh: it brings 5 GB. Needs the build packages of deploy/setup.sh.
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
HOME_DIR="${OODML_HOME:-$HOME/.cache/oodml}"
VENV="$HOME_DIR/venv-cuda"
TOOLKIT="$HOME_DIR/cuda-toolkit"
BUILD="$SOURCE/build-cuda"
readonly TORCH_VERSION=2.14.1

bash "$SOURCE/deploy/setup.sh"
if [ ! -f "$VENV/installed" ]; then
  echo "== Installing the CUDA wheel torch==$TORCH_VERSION with its CUDA 13 wheels (5 GB)"
  /usr/bin/python3 -m venv --clear "$VENV"
  "$VENV/bin/pip" install -q --disable-pip-version-check "torch==$TORCH_VERSION" 2>&1 | grep -v WARNING || true
  touch "$VENV/installed"
fi
SITE=$(echo "$VENV"/lib/python3*/site-packages)
CU="$SITE/nvidia/cu13"
[ -d "$CU" ] || { echo "cuda_build: $CU is missing: the wheel of torch==$TORCH_VERSION here is not a CUDA build" >&2; exit 1; }

# A toolkit folder of links, put together from the wheels (and an installed nvcc where the wheels bring none).
rm -rf "$TOOLKIT"
mkdir -p "$TOOLKIT"/targets/x86_64-linux/{include,lib/stubs} "$TOOLKIT/bin"
if [ -x "$CU/bin/nvcc" ]; then
  NVCC_HOME="$CU"
else
  command -v nvcc >/dev/null || { echo "cuda_build: no nvcc in the wheels and none installed" >&2; exit 1; }
  # nvcc may be a wrapper somewhere on the path; it knows its own toolkit.
  NVCC_HOME=$(realpath "$(nvcc --dryrun -x cu /dev/null 2>&1 | sed -n 's/^#\$ _HERE_=//p')/..")
fi
ln -sf "$NVCC_HOME"/bin/* "$TOOLKIT/bin/"
[ -d "$NVCC_HOME/nvvm" ] && ln -sfn "$NVCC_HOME/nvvm" "$TOOLKIT/nvvm"
INCLUDE="$TOOLKIT/targets/x86_64-linux/include"
LIB="$TOOLKIT/targets/x86_64-linux/lib"
# Wheels first; what only the installed nvcc brings (its crt headers) after them: `cp -n` keeps the first.
for package in "$CU" "$NVCC_HOME" "$SITE/nvidia/nccl" "$SITE/nvidia/cudnn" "$SITE/nvidia/cusparselt" "$SITE/nvidia/nvshmem"; do
  [ -d "$package/include" ] && cp -rsnL "$package/include/." "$INCLUDE/"
  [ -d "$package/lib" ] || continue
  for library in "$package"/lib/*.so*; do
    ln -sf "$library" "$LIB/"
    ln -sf "$library" "$LIB/$(basename "$library" | sed 's/\.so\..*/.so/')"
  done
  for archive in "$package"/lib/*.a; do [ -e "$archive" ] && ln -sf "$archive" "$LIB/"; done
done
ln -sfn targets/x86_64-linux/include "$TOOLKIT/include"
ln -sfn targets/x86_64-linux/lib "$TOOLKIT/lib64"
# The driver's library exists only where a driver is: link against a stub with the symbols of its soname.
if [ ! -e "$LIB/stubs/libcuda.so" ]; then
  if [ -e "$CU/lib/stubs/libcuda.so" ]; then
    ln -sf "$CU/lib/stubs/libcuda.so" "$LIB/stubs/libcuda.so"
  else
    echo '' | gcc -shared -x c - -Wl,-soname,libcuda.so.1 -o "$LIB/stubs/libcuda.so"
  fi
fi

export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
export LIBTORCH="$SITE/torch" CUDACXX="$TOOLKIT/bin/nvcc"
cmake -S "$SOURCE" -B "$BUILD" -G Ninja -DOODML_CUDA=ON -DOODML_TESTS=OFF "-DTorch_DIR=$LIBTORCH/share/cmake/Torch" \
  "-DCUDA_TOOLKIT_ROOT_DIR=$TOOLKIT" "-DCUDAToolkit_ROOT=$TOOLKIT" -DTORCH_CUDA_ARCH_LIST=9.0 \
  >"$BUILD.log" 2>&1 || { tail -n 40 "$BUILD.log" >&2; exit 1; }
ninja -C "$BUILD" >>"$BUILD.log" 2>&1 || { grep -A12 -E 'FAILED|error' "$BUILD.log" | tail -n 60 >&2; exit 1; }
for program in oodml oodml-coordinator oodml-worker oodml-core; do
  [ -x "$BUILD/bin/$program" ] || { echo "cuda_build: $program was not linked" >&2; exit 1; }
  echo "linked $BUILD/bin/$program"
done
ldd "$BUILD/bin/oodml-core" | grep -E 'libtorch_cuda|libc10_cuda' ||
  { echo "cuda_build: oodml-core is not linked against LibTorch's CUDA part" >&2; exit 1; }
