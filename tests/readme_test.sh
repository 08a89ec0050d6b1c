#!/usr/bin/env bash
# README's table of components is what the catalogue says. To bring it up to date: bash tests/readme_test.sh --write
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
OODML="${OODML_BIN:-$SOURCE/build/bin}/oodml"
FRESH=$(mktemp)
trap 'rm -f "$FRESH"' EXIT
{
  sed '/<!-- components:/q' "$SOURCE/README.md"
  "$OODML" components -o markdown
  sed -n '/<!-- end of components -->/,$p' "$SOURCE/README.md"
} >"$FRESH"
if [ "${1:-}" = --write ]; then
  cp "$FRESH" "$SOURCE/README.md"
elif ! diff -u "$SOURCE/README.md" "$FRESH"; then
  echo "README.md's components are out of date: bash tests/readme_test.sh --write" >&2
  exit 1
fi
