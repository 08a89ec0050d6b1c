#!/usr/bin/env bash
# Whether the packages of deploy/package.sh work on machines that have nothing of ours; README.md here says what each
# part shows. Needs root.
#
#   bash tests/package/run.sh [tarball|deb|units|boot|images|compose]...      all unless said
#
# OODML_BUILD=DIR      build folder with packages/ (default build)
# OODML_ROOTS=DIR      where the empty systems go (default /var/tmp/oodml-roots); debian/ there is kept for the next run
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
SOURCE="$(cd "$HERE/../.." && pwd)"
BUILD="${OODML_BUILD:-$SOURCE/build}"
ROOTS="${OODML_ROOTS:-/var/tmp/oodml-roots}"
PARTS=("$@")
[ $# -gt 0 ] || PARTS=(tarball deb units boot images compose)
for part in "${PARTS[@]}"; do
  [[ "$part" =~ ^(tarball|deb|units|boot|images|compose)$ ]] || { sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
done
[ "$(id -u)" -eq 0 ] || { echo "package test: this test needs root, for chroot and debootstrap" >&2; exit 1; }

PASSED=0 SKIPPED=0
pass() { PASSED=$((PASSED + 1)); printf 'passed: %s\n' "$*"; }
skip() { SKIPPED=$((SKIPPED + 1)); printf 'left out: %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
# package KIND: the file of that kind, which has to be one.
package() {
  local found=("$BUILD"/packages/oodml*."$1")
  [ -f "${found[0]}" ] || fail "no $BUILD/packages/oodml*.$1; first: bash deploy/package.sh"
  echo "${found[0]}"
}
# need PACKAGE...: Debian packages for this test alone.
need() {
  dpkg-query -W "$@" >/dev/null 2>&1 && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
. "$HERE/roots.sh"

for part in "${PARTS[@]}"; do
  printf '== %s\n' "$part"
  . "$HERE/$part.sh"
done
printf '%d passed, 0 failed, %d skipped\n' "$PASSED" "$SKIPPED"
