#!/usr/bin/env bash
# Formats the C++ sources with the one clang-format that the project uses (its version is pinned; it comes from PyPI).
#
#   bash deploy/format.sh            rewrites what is not formatted
#   bash deploy/format.sh --check    names it and ends with 1
#   bash deploy/format.sh --install  only sees to it that clang-format is there (deploy/setup.sh --build does)
set -euo pipefail

readonly CLANG_FORMAT_VERSION=19.1.7
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
. "$SOURCE/deploy/pinned_tool.sh"

case "${1:-}" in
  '') WORDS=(-i) ;;
  --check) WORDS=(--dry-run --Werror) ;;
  --install) WORDS=() ;;
  *) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac

TOOL="$(pinned_tool clang-format "$CLANG_FORMAT_VERSION")"

[ "${1:-}" != --install ] || exit 0
cd "$SOURCE"
find core coordinator worker proto tests \( -name '*.h' -o -name '*.cpp' \) -print0 |
  xargs -0 -P "$(nproc)" -n 64 "$TOOL" "${WORDS[@]}" ||
  { [ "${1:-}" = --check ] && echo "format: bash deploy/format.sh puts it right" >&2; exit 1; }
