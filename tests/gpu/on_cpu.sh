#!/usr/bin/env bash
# The checks of tests/gpu.sh on the CPU, small, with the programs in BIN.
set -euo pipefail
PYTHON="${OODML_HOME:-$HOME/.cache/oodml}/venv/bin/python"
[ -x "$PYTHON" ] || { echo "on_cpu: no PyTorch in $PYTHON (LIBTORCH is set?): nothing is checked"; exit 77; }
exec "$PYTHON" -W ignore "$(dirname "${BASH_SOURCE[0]}")/check.py" --bin "$1" --device cpu --quick
