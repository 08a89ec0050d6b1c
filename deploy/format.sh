#!/usr/bin/env bash
# Formats the C++ sources with the one clang-format that the project uses (its version is pinned; it comes from PyPI).
#
#   bash deploy/format.sh            rewrites what is not formatted
#   bash deploy/format.sh --check    names it and ends with 1
#   bash deploy/format.sh --install  only sees to it that clang-format is there (deploy/setup.sh --build does)
set -euo pipefail

readonly CLANG_FORMAT_VERSION=19.1.7
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="${OODML_HOME:-$HOME/.cache/oodml}/clang-format-$CLANG_FORMAT_VERSION"

case "${1:-}" in
  '') WORDS=(-i) ;;
  --check) WORDS=(--dry-run --Werror) ;;
  --install) WORDS=() ;;
  *) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac

if [ ! -f "$VENV/installed" ]; then
  /usr/bin/python3 -m venv --clear "$VENV"
  "$VENV/bin/pip" install -q --disable-pip-version-check "clang-format==$CLANG_FORMAT_VERSION" >"$VENV/pip.log" 2>&1 || {
    echo "format: pip could not install clang-format==$CLANG_FORMAT_VERSION: $(tail -n 1 "$VENV/pip.log")" >&2
    exit 1
  }
  touch "$VENV/installed"
fi

[ "${1:-}" != --install ] || exit 0
cd "$SOURCE"
find core coordinator worker proto tests \( -name '*.h' -o -name '*.cpp' \) -print0 |
  xargs -0 -P "$(nproc)" -n 64 "$VENV/bin/clang-format" "${WORDS[@]}" ||
  { [ "${1:-}" = --check ] && echo "format: bash deploy/format.sh puts it right" >&2; exit 1; }
