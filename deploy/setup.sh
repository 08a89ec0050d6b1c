#!/usr/bin/env bash
# Brings a Debian 12 machine to where oodml builds: Debian packages and LibTorch. Idempotent; a second run takes
# seconds. Used by deploy/demo.sh, tests/run.sh and .ci/run.
#
#   bash deploy/setup.sh              packages and LibTorch
#   bash deploy/setup.sh --programs   the same, then builds the four programs into build/bin
#   bash deploy/setup.sh --build      the same and what the tests need, then builds the programs and the tests
#
# Words after --programs and --build go to CMake.
#
# LIBTORCH=/path/to/torch   use this LibTorch instead of the PyPI wheel
# OODML_HOME=DIR            where the wheel goes (default ~/.cache/oodml)
set -euo pipefail

readonly TORCH_VERSION=2.13.0
export OODML_HOME="${OODML_HOME:-$HOME/.cache/oodml}"
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly SOURCE
readonly PACKAGES=(
  build-essential cmake ninja-build ccache git pkg-config python3-venv ca-certificates openssl
  libgrpc++-dev protobuf-compiler-grpc protobuf-compiler libprotobuf-dev libssl-dev
  libcpp-httplib-dev prometheus-cpp-dev libsqlite3-dev libyaml-cpp-dev libspdlog-dev libcli11-dev nlohmann-json3-dev libtomlplusplus-dev
  libfaiss-dev libopenblas-dev libjpeg62-turbo-dev libpng-dev libwebp-dev zlib1g-dev
  libgtest-dev libbenchmark-dev dataset-fashion-mnist gnuplot-nox
)
# What tests need beside them: a browser that opens reports and the web page. 31 packages, 120 MB to download, 390 MB
# on disk, about half a minute; with --build alone.
readonly TEST_PACKAGES=(chromium slurmctld slurmd slurm-client munge)

readonly PROGRAMS=(oodml oodml-coordinator oodml-worker oodml-core)

say() { printf '== %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# need_space FOLDER MIB: one clear line instead of a half-written install.
need_space() {
  local folder="$1" wanted="$2" free
  mkdir -p "$folder" 2>/dev/null || true
  free=$(df -Pm "$folder" | awk 'NR==2 {print $4}')
  [ "$free" -ge "$wanted" ] || die "too little disk: $folder has $free MiB free, $wanted MiB are needed"
}

# missing_packages PACKAGE...
missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

# install_packages PACKAGE...
install_packages() {
  local missing as_root=()
  mapfile -t missing < <(missing_packages "$@")
  if [ "${#missing[@]}" -eq 0 ]; then
    say "Debian packages: all $# are there"
    return
  fi
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      die "no root, and these packages are missing: ${missing[*]}; have an administrator install them"
    as_root=(sudo)
  fi
  need_space /var 2000
  say "Debian packages: installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq ||
    die "apt-get update failed: is there a network, and are Debian's package sources set?"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    die "apt-get install failed; its message is above"
}

install_libtorch() {
  if [ -n "${LIBTORCH:-}" ]; then
    [ -f "$LIBTORCH/share/cmake/Torch/TorchConfig.cmake" ] ||
      die "LIBTORCH=$LIBTORCH holds no share/cmake/Torch/TorchConfig.cmake; set it to the folder of a LibTorch"
    say "LibTorch: $LIBTORCH (yours)"
    return
  fi
  local venv="$OODML_HOME/venv" log="$OODML_HOME/pip.log"
  if [ -f "$venv/torch-$TORCH_VERSION.installed" ]; then
    say "LibTorch: $TORCH_VERSION is there ($venv)"
    return
  fi
  need_space "$OODML_HOME" 3000
  say "LibTorch: installing the PyPI wheel torch==$TORCH_VERSION into $venv"
  /usr/bin/python3 -m venv --clear "$venv" || die "cannot make $venv"
  "$venv/bin/pip" install -q --disable-pip-version-check "torch==$TORCH_VERSION" >"$log" 2>&1 ||
    die "pip could not install torch==$TORCH_VERSION: $(grep -m1 ERROR "$log" || tail -n 1 "$log")"
  touch "$venv/torch-$TORCH_VERSION.installed"
}

# build TARGET... -- [WORDS FOR CMAKE...]
build() {
  local targets=()
  while [ "$1" != -- ]; do targets+=("$1"); shift; done
  shift
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
  local log="$SOURCE/build.log"
  if [ ! -f "$SOURCE/build/build.ninja" ] || [ $# -gt 0 ]; then
    need_space "$SOURCE" 4000
    say "Configuring $SOURCE/build"
    cmake -S "$SOURCE" -B "$SOURCE/build" -G Ninja "$@" >"$log" 2>&1 ||
      { tail -n 30 "$log" >&2; die "CMake failed; the whole output is in build.log"; }
  fi
  say "Building ${targets[*]} in $SOURCE/build"
  ninja -C "$SOURCE/build" "${targets[@]}" >>"$log" 2>&1 ||
    { grep -E -A12 'FAILED|error:' "$log" | tail -n 60 >&2; die "the build failed; the whole output is in build.log"; }
}

command -v apt-get >/dev/null ||
  die "no apt-get here: this script knows Debian 12; install by your system's means: ${PACKAGES[*]}"
# timed NAME COMMAND...: says how long it took, where that is worth a line.
timed() {
  local name="$1" start=$SECONDS
  shift
  "$@"
  [ $((SECONDS - start)) -lt 5 ] || say "$name took $((SECONDS - start)) s"
}

wanted=("${PACKAGES[@]}")
[ "${1:-}" != --build ] || wanted+=("${TEST_PACKAGES[@]}")
timed "Setting up" install_packages "${wanted[@]}"
timed "LibTorch" install_libtorch
case "${1:-}" in
  --programs) shift; timed "Building the programs" build "${PROGRAMS[@]}" -- "$@" ;;
  --build)
    shift
    bash "$SOURCE/deploy/format.sh" --install || true
    for folder in web k8s; do bash "$SOURCE/deploy/python_tools.sh" "$SOURCE/tests/$folder" >/dev/null || true; done
    bash "$SOURCE/deploy/python_tools.sh" "$SOURCE/tests/pytorch" --beside-torch >/dev/null || true
    timed "Building programs and tests" build all -- "$@"
    ;;
esac
say "Ready after $SECONDS s"
