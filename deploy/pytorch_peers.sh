#!/usr/bin/env bash
# Installs what tests/pytorch exports modules with (tests/pytorch/requirements.txt, from PyPI) beside the PyTorch that
# deploy/setup.sh installed, once, and prints its Python.
#
#   bash deploy/pytorch_peers.sh
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
LIST="$SOURCE/tests/pytorch/requirements.txt"
VENVS="${OODML_HOME:-$HOME/.cache/oodml}"
VENV="$VENVS/pytorch-peers"

if ! cmp -s "$LIST" "$VENV/installed"; then
  torch="$(ls -d "$VENVS"/venv/lib/python3*/site-packages 2>/dev/null | head -n 1)"
  [ -d "$torch/torch" ] || { echo "pytorch_peers: no PyTorch in $VENVS/venv; deploy/setup.sh installs it" >&2; exit 1; }
  /usr/bin/python3 -m venv --clear "$VENV"
  # Without what they depend on: that would be a second PyTorch.
  "$VENV/bin/pip" install -q --disable-pip-version-check --no-deps -r "$LIST" >"$VENV/pip.log" 2>&1 || {
    echo "pytorch_peers: pip could not install $LIST: $(grep -m1 ERROR "$VENV/pip.log" || tail -n 1 "$VENV/pip.log")" >&2
    exit 1
  }
  echo "$torch" >"$(ls -d "$VENV"/lib/python3*/site-packages)/torch_of_oodml.pth"
  cp "$LIST" "$VENV/installed"
fi
echo "$VENV/bin/python"
