#!/usr/bin/env bash
# Where a build's time goes: builds into a folder of its own, without the compiler cache, and prints the processor seconds
# of each source folder, compiling and linking. Those hardly depend on what else the machine does.
#
#   bash tests/bench/build_seconds.sh [TARGET...]    all targets unless some are named
#
# FOLDER=DIR   where it builds (default build-seconds; removed first)
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"

if [ "${1:-}" = --measured ]; then # the launcher that CMake puts before each command
  shift
  TIMEFORMAT='%U %S'
  output=unknown previous=
  for word in "$@"; do
    [ "$previous" != -o ] || output="$word"
    previous="$word"
  done
  status=0
  exec 3>&1 4>&2
  times=$({ time "$@" 1>&3 2>&4; } 2>&1) || status=$?
  echo "$times $output" >>"$OODML_BUILD_SECONDS"
  exit "$status"
fi

FOLDER="${FOLDER:-$SOURCE/build-seconds}"
rm -rf "$FOLDER"
mkdir -p "$FOLDER"
export OODML_BUILD_SECONDS="$FOLDER/seconds.txt"
printf '#!/bin/sh\nexec bash "%s" --measured "$@"\n' "$SOURCE/tests/bench/build_seconds.sh" >"$FOLDER/measured"
chmod +x "$FOLDER/measured"
cmake -S "$SOURCE" -B "$FOLDER" -G Ninja -DOODML_CCACHE="$FOLDER/measured" \
  -DCMAKE_CXX_LINKER_LAUNCHER="$FOLDER/measured" >"$FOLDER/build.log" 2>&1
ninja -C "$FOLDER" "$@" >>"$FOLDER/build.log" 2>&1 || { grep -A12 -E 'FAILED|error:' "$FOLDER/build.log" >&2; exit 1; }

awk '{
  folder = $3
  if (folder ~ /\.gch$/) folder = "precompiled headers"
  else if (folder ~ /\.o$/) sub("/CMakeFiles/.*", "", folder)
  else folder = "linking"
  seconds[folder] += $1 + $2; count[folder]++; total += $1 + $2; all++
} END {
  for (folder in seconds) printf "%8.0f %5d  %s\n", seconds[folder], count[folder], folder
  printf "%8.0f %5d  in all\n", total, all
}' "$OODML_BUILD_SECONDS" | sort -k1,1nr
