#!/usr/bin/env bash
# Makes what is installed elsewhere: a Debian package and a tarball that runs where it is unpacked, both with the four
# programs and LibTorch, and says where they are and how large. docs/packages.md tells how to use them.
#
#   bash deploy/package.sh               set up, build the four programs, pack both
#   bash deploy/package.sh DEB           or TGZ: only one
#   bash deploy/package.sh --tree DIR    no package: what the tarball would hold, in DIR (images are made so)
#
# OODML_BUILD=DIR            build folder (default build)
# LIBTORCH=/path/to/torch    carry this LibTorch, for example a CUDA build; for a new build folder
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
BUILD="${OODML_BUILD:-$SOURCE/build}"
KINDS=(DEB TGZ)
TREE=""
case "${1:-}" in
  '') ;;
  DEB | TGZ) KINDS=("$1") ;;
  --tree) TREE="${2:?package.sh --tree wants a folder}" ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac

say() { printf '== %s\n' "$*"; }

# Only packaging needs these: manual pages, and the .deb's dependencies.
install_tools() {
  local tool missing=()
  for tool in help2man dpkg-dev file; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$tool" 2>/dev/null)" = installed ] || missing+=("$tool")
  done
  [ "${#missing[@]}" -eq 0 ] && return
  say "Debian packages: installing ${missing[*]}"
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

bash "$SOURCE/deploy/setup.sh"
install_tools
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
LOG="$BUILD-package.log"
[ -f "$BUILD/build.ninja" ] || cmake -S "$SOURCE" -B "$BUILD" -G Ninja >"$LOG" 2>&1 || { tail -n 30 "$LOG" >&2; exit 1; }
say "Building the four programs in $BUILD"
ninja -C "$BUILD" oodml oodml-coordinator oodml-worker oodml-core pages >"$LOG" 2>&1 ||
  { grep -E -A12 'FAILED|error:' "$LOG" | tail -n 60 >&2 || true; echo "package: the build failed; see $LOG" >&2; exit 1; }

if [ -n "$TREE" ]; then
  for component in programs libtorch libraries; do
    cmake --install "$BUILD" --prefix "$TREE" --strip --component "$component" >>"$LOG"
  done
  say "Ready: $TREE"
  exit
fi

rm -rf "$BUILD/packages"
for kind in "${KINDS[@]}"; do
  say "Packing: $kind"
  (cd "$BUILD" && cpack -G "$kind" >>"$LOG" 2>&1) || { tail -n 30 "$LOG" >&2; exit 1; }
done
rm -rf "$BUILD/packages/_CPack_Packages"
say "Ready:"
du -h --apparent-size "$BUILD"/packages/oodml*
