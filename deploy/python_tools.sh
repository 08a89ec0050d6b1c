#!/usr/bin/env bash
# Installs what the tests of a folder want from PyPI (FOLDER/requirements.txt, every package with its version), once, into
# an environment of that folder's own, and prints its Python.
#
#   bash deploy/python_tools.sh tests/web
set -euo pipefail
[ $# -eq 1 ] && [ -f "$1/requirements.txt" ] || { echo "usage: python_tools.sh FOLDER, with a requirements.txt" >&2; exit 2; }
LIST="$1/requirements.txt"
VENV="${OODML_HOME:-$HOME/.cache/oodml}/tools-$(basename "$1")"

if ! cmp -s "$LIST" "$VENV/installed"; then
  /usr/bin/python3 -m venv --clear "$VENV"
  "$VENV/bin/pip" install -q --disable-pip-version-check -r "$LIST" >"$VENV/pip.log" 2>&1 || {
    echo "python_tools: pip could not install $LIST: $(grep -m1 ERROR "$VENV/pip.log" || tail -n 1 "$VENV/pip.log")" >&2
    exit 1
  }
  cp "$LIST" "$VENV/installed"
fi
echo "$VENV/bin/python"
