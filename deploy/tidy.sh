#!/usr/bin/env bash
# Runs clang-tidy (its version is pinned; it comes from PyPI) with the checks of .clang-tidy over the programs' sources.
#
#   bash deploy/tidy.sh              all of them: about twenty minutes on two cores
#   bash deploy/tidy.sh FOLDER...    those below, as core/sweep coordinator/cli
#
# `ninja -C build tidy` is the first. Sources that know LibTorch are read joined, as they are compiled.
set -euo pipefail

readonly CLANG_TIDY_VERSION=19.1.0
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
. "$SOURCE/deploy/pinned_tool.sh"
cd "$SOURCE"

TOOL="$(pinned_tool clang-tidy "$CLANG_TIDY_VERSION")"

# A folder of its own: precompiled headers of GCC, which clang cannot read, are never made in it.
cmake -S . -B build-tidy -G Ninja -DOODML_TESTS=OFF >build-tidy.log 2>&1 ||
  { tail -n 30 build-tidy.log >&2; exit 1; }
ninja -C build-tidy -t targets all | grep -oE '^proto/[^:]*\.pb\.h' | xargs ninja -C build-tidy >>build-tidy.log 2>&1 || { tail -n 30 build-tidy.log >&2; exit 1; }

/usr/bin/python3 - "$@" <<'PYTHON' >build-tidy/sources.txt
import json, os, re, sys
folders = [folder.rstrip('/') + '/' for folder in sys.argv[1:]]
for entry in json.load(open('build-tidy/compile_commands.json')):
    path = os.path.relpath(entry['file'])
    joined = '/Unity/' in path
    if not joined and not re.match(r'(core|coordinator|worker|proto/convert)/', path):
        continue
    place = re.sub(r'^build-tidy/|CMakeFiles/.*', '', path)
    if not folders or any(place.startswith(folder) for folder in folders):
        print(path)
PYTHON
[ -s build-tidy/sources.txt ] || { echo "tidy: no source below $*" >&2; exit 2; }
xargs -a build-tidy/sources.txt -P "$(nproc)" -n 1 "$TOOL" -p build-tidy --quiet \
  --extra-arg=-Wno-deprecated-declarations 2>/dev/null &&
  echo "tidy: $(wc -l <build-tidy/sources.txt) sources, nothing found"
