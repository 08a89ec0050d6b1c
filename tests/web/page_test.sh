#!/usr/bin/env bash
# The web page in headless Chromium, before a real coordinator with a real worker and scripted trials.
#
#   bash tests/web/page_test.sh [numbers_test ...]    all of *_test.py, or those
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
SOURCE="$(cd "$HERE/../.." && pwd)"
export OODML_BIN="${OODML_BIN:-$SOURCE/build/bin}"
export OODML_SCRIPTED_TRIAL="${OODML_SCRIPTED_TRIAL:-$SOURCE/build/tests/scripted_trial}"
export OODML_SOURCE="$SOURCE" PYTHONDONTWRITEBYTECODE=1

command -v chromium >/dev/null || {
  echo "web_page_test: chromium is not there, so that the page could not be opened; bash deploy/setup.sh --build installs it" >&2
  exit 1
}
PYTHON="$(bash "$SOURCE/deploy/python_tools.sh" "$SOURCE/tests/web")" || {
  echo "web_page_test: what drives chromium is not there, so that the page could not be opened; see above" >&2
  exit 1
}
cd "$HERE"
if [ $# -gt 0 ]; then exec "$PYTHON" -m unittest "$@"; fi
exec "$PYTHON" -m unittest discover -p '*_test.py'
