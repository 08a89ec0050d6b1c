#!/usr/bin/env bash
# Everything that must hold: sets the machine up, builds, runs unit, integration and end-to-end tests.
#
#   bash tests/run.sh               closes with ctest's summary
#   bash tests/run.sh --sanitize    address + undefined for everything without LibTorch, then thread for
#                                   coordinator and worker
#   bash tests/run.sh --fuzz        OODML_FUZZ_INPUTS (50 000 unless set) damaged inputs for each parser: address +
#                                   undefined, then once more in the normal build, which has LibTorch's parsers
#   bash tests/run.sh --faults N    N random kills, cuts, pauses and lost messages under a cluster of ten workers, then the
#                                   whole history is checked; OODML_FAULT_SEED repeats a run's random numbers
#   bash tests/run.sh -R sweep      further words go to ctest
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$SOURCE"

sanitize() { # NAME SANITIZERS CTEST-WORDS...
  local folder="build-$1" sanitizers="$2"
  shift 2
  printf '== Sanitizers: %s\n' "$sanitizers"
  cmake -S . -B "$folder" -G Ninja -DOODML_TORCH=OFF -DCMAKE_BUILD_TYPE=Debug \
    "-DCMAKE_CXX_FLAGS_DEBUG=-O1 -g1 -fno-var-tracking" \
    "-DOODML_SANITIZE=$sanitizers" >"$folder.log" 2>&1 || { tail -n 30 "$folder.log" >&2; exit 1; }
  ninja -C "$folder" >>"$folder.log" 2>&1 || { grep -A12 -E 'FAILED|error:' "$folder.log" | tail -n 60 >&2; exit 1; }
  ctest --test-dir "$folder" --output-on-failure -j "$(nproc)" "$@"
}

if [ "${1:-}" = --sanitize ]; then
  shift
  bash deploy/setup.sh
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
  sanitize address address,undefined "$@"
  TSAN_OPTIONS="suppressions=$SOURCE/tests/support/tsan.supp ignore_noninstrumented_modules=1 halt_on_error=1" \
    sanitize thread thread -R 'coordinator|worker|service|proto' "$@"
  exit
fi

if [ "${1:-}" = --fuzz ]; then
  shift
  export OODML_FUZZ_INPUTS="${OODML_FUZZ_INPUTS:-50000}" GTEST_FILTER='*FuzzTest.*'
  export ASAN_OPTIONS="max_allocation_size_mb=1024:${ASAN_OPTIONS:-}"  # no input makes a parser ask for more at once
  bash deploy/setup.sh --build
  sanitize address address,undefined -L fuzz "$@"
  ctest --test-dir build --output-on-failure -j "$(nproc)" -L fuzz "$@"
  exit
fi

if [ "${1:-}" = --faults ]; then
  export OODML_FAULTS="${2:?tests/run.sh --faults wants a number}"
  shift 2
  bash deploy/setup.sh --build
  ctest --test-dir build --verbose -L faults "$@"
  exit
fi

bash deploy/setup.sh --build
ctest --test-dir build --output-on-failure -j "$(nproc)" "$@"
