#!/usr/bin/env bash
# Makes the benchmark fashion_mnist in a benchmarks folder from Debian's package dataset-fashion-mnist:
#   bash deploy/fashion_mnist.sh BENCHMARKS_ROOT
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: fashion_mnist.sh BENCHMARKS_ROOT" >&2; exit 2; }
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
DATA=/usr/share/datasets/fashion-mnist
[ -d "$DATA" ] || { echo "fashion_mnist: $DATA is missing: apt-get install dataset-fashion-mnist" >&2; exit 1; }
mkdir -p "$1/fashion_mnist"
for part in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do
  ln -sf "$DATA/$part-ubyte.gz" "$1/fashion_mnist/"
done
cp "$SOURCE/configs/splits/fashion_mnist.json" "$1/fashion_mnist/splits.json"
cp "$SOURCE/configs/splits/fashion_mnist_classes.txt" "$1/fashion_mnist/classes.txt"
