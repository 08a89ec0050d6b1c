#!/usr/bin/env bash
# Makes the benchmark fashion_styles beside fashion_mnist in a benchmarks folder: trains a small network on seven of the
# ten kinds of clothing, divides each kind into styles that it finds alike (k-means of its features), written as PNG
# files, and makes splits of growing distance between the styles that train and those that test.
#
#   bash deploy/fashion_styles.sh BENCHMARKS_ROOT
#
# IMAGES=N        images of each kind (default 500)
# EPOCHS=N        of the network (default 8)
# STYLES=N        styles of each kind (default 6)
# SPLITS=N        splits to keep (default 6)
# OODML_BIN=DIR   where the programs are (default build/bin)
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
OODML="${OODML_BIN:-$SOURCE/build/bin}/oodml"
WORK="$(mktemp -d "${TMPDIR:-/tmp}/oodml-styles-XXXXXX")"
trap 'rm -rf "$WORK"' EXIT

bash "$SOURCE/deploy/fashion_mnist.sh" "$1"
[ ! -e "$1/fashion_styles" ] || { echo "fashion_styles: $1/fashion_styles is there already; remove it to make it again" >&2; exit 1; }

cat >"$WORK/encoder.yaml" <<TRIAL
benchmark: fashion_mnist
split: "1"
criterion: multisimilarity
arch: small_conv_normalize
embed_dim: 64
crop_size: 28
resize: 28
images_per_class: ${IMAGES:-500}
batch_size: 112
epochs: ${EPOCHS:-8}
lr: 1.0e-3
evaluate: {sets: [test], metrics: [e_recall@1], every: ${EPOCHS:-8}}
TRIAL
"$OODML" run "$WORK/encoder.yaml" --run-dir "$WORK/encoder" --benchmarks-root "$1"
mv "$WORK"/encoder/checkpoints/*/network.safetensors "$WORK/small_conv-encoder.safetensors"

BACKBONE=(--arch small_conv --weights encoder --weights-root "$WORK" --resize 28 --crop-size 28)
"$OODML" subclasses --benchmark fashion_mnist --benchmarks-root "$1" --images "${IMAGES:-500}" \
  --per-class "${STYLES:-6}" --output "$1/fashion_styles" "${BACKBONE[@]}"
# Classes are exchanged and none removed, so that every split tests on as many.
"$OODML" splits create --benchmark fashion_styles --benchmarks-root "$1" --layout image_folder "${BACKBONE[@]}" \
  --removal-iterations 0 --count "${SPLITS:-6}" --output "$1/fashion_styles/splits.json" \
  --csv "$1/fashion_styles/progression.csv"
