#!/usr/bin/env bash
# Opens the index.html of reports in headless Chromium, without a network, as a phone and as a desktop would show it.
# Fails when a picture or the file behind a link is missing, when the page is wider than the window, asks for anything
# that is not in its folder, or writes an error to the console.
#
#   bash tests/report/open_page.sh FOLDER...
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly HERE
readonly WIDTHS=(390 1280)  # those of frames.html

[ $# -gt 0 ] || { sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
command -v chromium >/dev/null || {
  echo "open_page: chromium is not there, so that no page could be opened; bash deploy/setup.sh --build installs it" >&2
  exit 1
}
WORK=$(mktemp -d "${TMPDIR:-/tmp}/oodml-page-XXXXXX")
trap 'rm -rf "$WORK"' EXIT

# Files that links and pictures of the page name and that are not there.
missing_files() {
  local name
  grep -oE '(href|src)="[^"#]*"' "$1/index.html" | sed -E 's/^[a-z]+="//; s/"$//' | sort -u | while read -r name; do
    case "$name" in '' | data:*) continue ;; esac
    [ -e "$1/$name" ] || echo "WRONG not in the folder: $name"
  done
}

# open_page FOLDER: what is wrong with it goes to stderr.
open_page() {
  local folder="$1" copy="$WORK/copy" dom="$WORK/dom" log="$WORK/log" found
  [ -s "$folder/index.html" ] || { echo "open_page: no $folder/index.html" >&2; return 1; }
  rm -rf "$copy" && mkdir "$copy"
  cp -r "$folder/." "$copy"
  # The probe comes first in the head, so that it hears of every error.
  sed "/<head>/r $HERE/probe.html" "$folder/index.html" >"$copy/page.html"
  cp "$HERE/frames.html" "$copy/frames.html"
  timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$WORK/profile" --enable-logging=stderr \
    --host-resolver-rules='MAP * ~NOTFOUND' --virtual-time-budget=10000 --dump-dom "file://$copy/frames.html" \
    >"$dom" 2>"$log" || { echo "open_page: chromium failed:" >&2; tail -n 5 "$log" >&2; return 1; }
  found=$(
    sed -n '/<pre id="found">/,/<\/pre>/p' "$dom" | sed -E 's/<[^>]*>//g' | grep . || true
    missing_files "$folder"
    grep -oE 'CONSOLE.*' "$log" | sed 's/^/WRONG /' || true
  )
  local width
  for width in "${WIDTHS[@]}"; do
    grep -q "^$width wide: [1-9]" <<<"$found" || found+=$'\n'"WRONG shows no picture $width wide"
  done
  if grep -q '^WRONG' <<<"$found"; then
    printf 'open_page: %s/index.html\n%s\n' "$folder" "$found" >&2
    return 1
  fi
  printf '%s/index.html\n%s\n' "$folder" "$found"
}

status=0
for folder in "$@"; do open_page "$folder" || status=1; done
exit "$status"
