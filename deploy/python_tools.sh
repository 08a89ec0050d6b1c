#!/usr/bin/env bash
# Installs what the tests of a folder want from PyPI (FOLDER/requirements.txt, every package with its version), once, into
# an environment of that folder's own, and prints its Python.
#
#   bash deploy/python_tools.sh tests/web
#   bash deploy/python_tools.sh tests/pytorch --beside-torch   with the PyTorch that deploy/setup.sh installed, and of the
#                                                              packages' own needs only what the list names
set -euo pipefail
[ $# -ge 1 ] && [ -f "$1/requirements.txt" ] || { echo "usage: python_tools.sh FOLDER, with a requirements.txt" >&2; exit 2; }
LIST="$1/requirements.txt"
VENVS="${OODML_HOME:-$HOME/.cache/oodml}"
VENV="$VENVS/tools-$(basename "$1")"
WORDS=()
TORCH=""
if [ "${2:-}" = --beside-torch ]; then
  WORDS=(--no-deps)  # else there would be a second PyTorch
  TORCH="$(ls -d "$VENVS"/venv/lib/python3*/site-packages 2>/dev/null | head -n 1)"
  [ -d "$TORCH/torch" ] || { echo "python_tools: no PyTorch in $VENVS/venv; deploy/setup.sh installs it" >&2; exit 1; }
fi

if ! cmp -s "$LIST" "$VENV/installed"; then
  /usr/bin/python3 -m venv --clear "$VENV"
  "$VENV/bin/pip" install -q --disable-pip-version-check "${WORDS[@]}" -r "$LIST" >"$VENV/pip.log" 2>&1 || {
    echo "python_tools: pip could not install $LIST: $(grep -m1 ERROR "$VENV/pip.log" || tail -n 1 "$VENV/pip.log")" >&2
    exit 1
  }
  [ -z "$TORCH" ] || echo "$TORCH" >"$(ls -d "$VENV"/lib/python3*/site-packages)/torch_of_oodml.pth"
  cp "$LIST" "$VENV/installed"
fi
echo "$VENV/bin/python"
