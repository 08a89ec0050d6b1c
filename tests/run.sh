#!/usr/bin/env bash
# Everything that must hold: sets the machine up, builds, runs unit, integration and end-to-end tests.
#
#   bash tests/run.sh               closes with ctest's summary
#   bash tests/run.sh --sanitize    address + undefined for everything without LibTorch, thread for coordinator and worker,
#                                   then both for the kernels that work on LibTorch's memory; OODML_SANITIZERS="asan tsan
#                                   asan-torch tsan-torch" names some of these (CMakePresets.json)
#   bash tests/run.sh --fuzz        OODML_FUZZ_INPUTS (50 000 unless set) damaged inputs for each parser: address +
#                                   undefined, then once more in the normal build, which has LibTorch's parsers
#   bash tests/run.sh --faults N    N random kills, cuts, pauses and lost messages under a cluster of ten workers, then the
#                                   whole history is checked; OODML_FAULT_SEED repeats a run's random numbers
#   bash tests/run.sh -R sweep      further words go to ctest
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$SOURCE"

sanitize() { # PRESET CTEST-WORDS...
  local preset="$1"
  shift
  printf '== Sanitizers: %s\n' "$preset"
  cmake --preset "$preset" >"build-$preset.log" 2>&1 || { tail -n 30 "build-$preset.log" >&2; exit 1; }
  cmake --build --preset "$preset" >>"build-$preset.log" 2>&1 ||
    { grep -A12 -E 'FAILED|error:' "build-$preset.log" | tail -n 60 >&2; exit 1; }
  ctest --preset "$preset" -j "$(nproc)" "$@"
}

if [ "${1:-}" = --sanitize ]; then
  shift
  bash deploy/setup.sh
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
  for preset in ${OODML_SANITIZERS:-asan tsan asan-torch tsan-torch}; do sanitize "$preset" "$@"; done
  exit
fi

if [ "${1:-}" = --fuzz ]; then
  shift
  export OODML_FUZZ_INPUTS="${OODML_FUZZ_INPUTS:-50000}" GTEST_FILTER='*FuzzTest.*'
  export ASAN_OPTIONS="max_allocation_size_mb=1024:${ASAN_OPTIONS:-}"  # no input makes a parser ask for more at once
  bash deploy/setup.sh --build
  sanitize asan -L fuzz "$@"
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
printf '== Set up and built in %d min %d s\n' $((SECONDS / 60)) $((SECONDS % 60))
ctest --test-dir build --output-on-failure -j "$(nproc)" "$@" 2>&1 | tee build/ctest.log && exit
# What failed, once more without the programs' own words around it, and ctest's summary after it.
printf '\n== What failed\n'
grep -A12 -E '^[^ ]+: Failure$|^\[  FAILED  \]|Sanitizer:' build/ctest.log | head -n 200 || true
sed -n '/% tests passed/,$p' build/ctest.log
exit 1
