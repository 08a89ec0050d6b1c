#!/usr/bin/env bash
# Installs what tests/web drives Chromium with (tests/web/requirements.txt, from PyPI), once, and prints its Python.
#
#   bash deploy/page_tools.sh
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
LIST="$SOURCE/tests/web/requirements.txt"
VENV="${OODML_HOME:-$HOME/.cache/oodml}/page-tools"

if ! cmp -s "$LIST" "$VENV/installed"; then
  /usr/bin/python3 -m venv --clear "$VENV"
  "$VENV/bin/pip" install -q --disable-pip-version-check -r "$LIST" >"$VENV/pip.log" 2>&1 || {
    echo "page_tools: pip could not install $LIST: $(grep -m1 ERROR "$VENV/pip.log" || tail -n 1 "$VENV/pip.log")" >&2
    exit 1
  }
  cp "$LIST" "$VENV/installed"
fi
echo "$VENV/bin/python"
