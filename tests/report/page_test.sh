#!/usr/bin/env bash
# open_page.sh accepts a page as `oodml report` makes them, and says of each of some broken ones what is wrong with it.
#
#   bash tests/report/page_test.sh
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
WORK=$(mktemp -d "${TMPDIR:-/tmp}/oodml-pages-XXXXXX")
trap 'rm -rf "$WORK"' EXIT

# page NAME BODY: a folder with a picture and a page of this body.
page() {
  mkdir "$WORK/$1"
  printf '<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="100"><rect width="2000" height="100"/></svg>\n' \
    >"$WORK/$1/recall.svg"
  cat >"$WORK/$1/index.html" <<HTML
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Report</title>
<style>img { max-width: 100%; height: auto }</style>
</head>
<body><h1>Report</h1>
<a href="recall.svg"><img src="recall.svg" alt="recall"></a>
$2
</body>
</html>
HTML
}

status=0
# refuses NAME WORDS...: the page is not accepted, for each of these reasons.
refuses() {
  local name="$1" said words
  shift
  if said=$(bash "$HERE/open_page.sh" "$WORK/$name" 2>&1); then
    echo "page_test: '$name' was accepted" >&2
    status=1
  fi
  for words in "$@"; do
    grep -qF "WRONG $words" <<<"$said" || {
      printf "page_test: '%s' was not refused for '%s' but:\n%s\n" "$name" "$words" "$said" >&2
      status=1
    }
  done
}

page good '<a href="#top">top</a>'
bash "$HERE/open_page.sh" "$WORK/good" || status=1

page broken '<img src="fid.svg" alt="fid"><img src="broken.svg" alt="broken">
<a href="recall.pdf">pdf</a>
<div style="width: 700px">wide</div>
<script src="https://example.org/plot.js"></script>
<script>console.error("no data")</script>
<script>undefined_function()</script>'
echo '<svg' >"$WORK/broken/broken.svg"
refuses broken 'picture not shown: fid.svg' 'picture not shown: broken.svg' 'not in the folder: recall.pdf' 'page is 7' \
  'asks for https://example.org/plot.js' 'error: Uncaught ReferenceError: undefined_function' 'CONSOLE'

page empty ''
sed -i '/<img/d' "$WORK/empty/index.html"
refuses empty 'shows no picture 390 wide' 'shows no picture 1280 wide'
exit "$status"
