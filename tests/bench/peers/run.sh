#!/usr/bin/env bash
# Side by side with the Python packages people use for the same work, in one run on one machine:
#
#   bash tests/bench/peers/run.sh evaluation [--sizes 5924x100,20000x3700] [--threads 2] [--runs 3]
#   bash tests/bench/peers/run.sh kmeans [--sizes 5924x100,...] [--spread 20000x1000] [--threads 2] [--runs 3]
#   bash tests/bench/peers/run.sh step [--seconds 0.5] [--threads 1] [--cells npair/npair,lifted/lifted]
#   bash tests/bench/peers/run.sh fid [--threads 2]
#   bash tests/bench/peers/run.sh pixels [--images 200] [--seconds 5]
#   bash tests/bench/peers/run.sh loader [--images 1120] [--size 500x375] [--quality 90]
#   bash tests/bench/peers/run.sh training [--networks small_conv,resnet18,resnet50] [--threads 2] [--runs 2]
#   bash tests/bench/peers/run.sh map [--images 5000] [--threads 2] [--runs 3] [--benchmarks-root ~/benchmarks]
#   bash tests/bench/peers/run.sh start [--runs 3] [--trials 1000] [--slots 8] [--folder /var/tmp]
#   bash tests/bench/peers/run.sh queue [--trials 1000000] [--folder /var/tmp]
#   bash tests/bench/peers/run.sh logs [RUN_DIR]
#   bash tests/bench/peers/run.sh all [--avx2] [--only CASE,...]     every goal of docs/performance.md as a table in Markdown
#
# Needs a build with -DOODML_BENCH=ON in build/ (or its bin in OODML_BIN), and a network once: the packages go into a virtual environment of their own.
# OODML_HOME=DIR  where it is (default ~/.cache/oodml)
set -euo pipefail

PACKAGES=(torch==2.13.0 pytorch-metric-learning==2.9.0 faiss-cpu==1.15.1 scikit-learn==1.9.1 numpy==2.4.6)
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly HERE
readonly HOME_DIR="${OODML_HOME:-$HOME/.cache/oodml}"
VENV="$HOME_DIR/venv-peers"
export OODML_BIN="${OODML_BIN:-$HERE/../../../build/bin}"

die() { printf 'peers: %s\n' "$*" >&2; exit 1; }

# All of PACKAGES, in these versions (a local mark as in 2.13.0+cpu aside).
are_there() {
  [ -x "$VENV/bin/python" ] && "$VENV/bin/python" - "${PACKAGES[@]}" <<'PYTHON'
import sys
from importlib.metadata import PackageNotFoundError, version
try:
    sys.exit(any(version(name).split("+")[0] != wanted for name, wanted in (p.split("==") for p in sys.argv[1:])))
except PackageNotFoundError:
    sys.exit(1)
PYTHON
}

install_peers() {
  local log="$HOME_DIR/pip-peers.log"
  are_there && return
  mkdir -p "$HOME_DIR"
  printf '== installing %s into %s\n' "${PACKAGES[*]}" "$VENV"
  /usr/bin/python3 -m venv --clear "$VENV" || die "cannot make $VENV"
  "$VENV/bin/pip" install -q --disable-pip-version-check "${PACKAGES[@]}" >"$log" 2>&1 ||
    die "pip could not install them: $(grep -m1 ERROR "$log" || tail -n 1 "$log")"
}

# also VARIABLE FOLDER PACKAGE...: the Python of that environment goes to the variable, nothing where it cannot be made.
also() {
  local -n python="$1"
  python=""
  if (VENV="$2" && PACKAGES=("${@:3}") && install_peers); then python="$2/bin/python"; fi
}

[ "${1:-}" != all ] || exec /usr/bin/python3 "$HERE/all.py" "${@:2}"

case "${1:-}" in
  evaluation) PROGRAM=near_rows_bench ;;  # and oodml-core
  kmeans) PROGRAM=kmeans_bench ;;
  step) PROGRAM=step_bench ;;
  fid) PROGRAM=shift_bench ;;
  pixels)
    PROGRAM=pixels_bench
    VENV="$HOME_DIR/venv-pillow"  # of the release whose pixels are the reference
    PACKAGES=(pillow==9.5.0 numpy==1.26.4)
    ;;
  logs)
    PROGRAM=oodml-core
    VENV="$HOME_DIR/venv-tensorboard"
    PACKAGES=(tensorboard==2.21.0 numpy==2.4.6 pillow==13.0.0)
    ;;
  loader | training)
    PROGRAM=loader_bench
    [ "$1" = loader ] || PROGRAM=oodml-core
    VENV="$HOME_DIR/venv-loader"
    PACKAGES=(torch==2.13.0 torchvision==0.28.0 pillow==9.5.0 numpy==1.26.4)
    ;;
  start)
    PROGRAM=oodml-worker
    VENV="$HOME_DIR/venv-start"
    PACKAGES=(torch==2.13.0 hyperqueue==0.27.0 numpy==2.4.6)
    ;;
  queue) PROGRAM=scale_bench ;;  # no peer
  map)
    PROGRAM=map_bench
    VENV="$HOME_DIR/venv-umap"
    PACKAGES=(umap-learn==0.5.12 scikit-learn==1.9.1 numpy==2.4.6)
    ;;
  *) die "what is compared? all, evaluation, kmeans, step, fid, pixels, loader, training, start, queue, map or logs" ;;
esac
[ -x "$OODML_BIN/$PROGRAM" ] || die "no $OODML_BIN/$PROGRAM; build it with -DOODML_BENCH=ON, or set OODML_BIN"
[ "$1" != queue ] || exec /usr/bin/python3 "$HERE/queue_peers.py" "${@:2}"
install_peers
# Two further environments: what cannot be installed is left out of the comparison.
if [ "$1" = pixels ]; then
  also VENV_SIMD "$HOME_DIR/venv-pillow-simd" pillow-simd==9.5.0.post2 numpy==1.26.4  # built here, with libjpeg's headers
  also VENV_TORCHVISION "$HOME_DIR/venv-loader" torch==2.13.0 torchvision==0.28.0 pillow==9.5.0 numpy==1.26.4
  export OODML_PILLOW_SIMD="$VENV_SIMD" OODML_TORCHVISION="$VENV_TORCHVISION"
fi
exec "$VENV/bin/python" "$HERE/$1_peers.py" "${@:2}"
