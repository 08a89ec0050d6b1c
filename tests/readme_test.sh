#!/usr/bin/env bash
# The pages that people begin with: README.md is short and its tree of folders is that of the sources, and
# docs/components.md is what the catalogue says.
# To bring the latter up to date: bash tests/readme_test.sh --write
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
OODML="${OODML_BIN:-$SOURCE/build/bin}/oodml"
COMPONENTS="$SOURCE/docs/components.md"
readonly README_LIMIT=14000  # bytes; what does not fit goes into docs/

FRESH=$(mktemp)
trap 'rm -f "$FRESH"' EXIT
{
  sed '/<!-- components:/q' "$COMPONENTS"
  "$OODML" components -o markdown
  sed -n '/<!-- end of components -->/,$p' "$COMPONENTS"
} >"$FRESH"
if [ "${1:-}" = --write ]; then
  cp "$FRESH" "$COMPONENTS"
  exit
fi

status=0
if ! diff -u "$COMPONENTS" "$FRESH"; then
  echo "docs/components.md is out of date: bash tests/readme_test.sh --write" >&2
  status=1
fi
size=$(wc -c <"$SOURCE/README.md")
if [ "$size" -ge "$README_LIMIT" ]; then
  echo "README.md has $size bytes and should stay under $README_LIMIT: move what is not for a first reader to docs/" >&2
  status=1
fi

# Lines such as `core/` and, below it, `  base/   results and errors`.
folders_in_readme() {
  sed -n '/^## What is where/,/^## /p' "$SOURCE/README.md" |
    awk '/^[a-z_]+\// { top = $1; print top } /^  [a-z_]+\// { print top $1 }' | sort
}
folders_of_sources() {
  (cd "$SOURCE" && printf '%s\n' core/*/ coordinator/*/ | sort)
}
MISSING=$(comm -13 <(folders_in_readme) <(folders_of_sources))
GONE=$(folders_in_readme | while read -r folder; do [ -d "$SOURCE/$folder" ] || echo "$folder"; done)
if [ -n "$MISSING$GONE" ]; then
  echo "README.md's tree (What is where) lacks:" $MISSING "and has what is not there:" $GONE >&2
  status=1
fi
exit "$status"
