#!/usr/bin/env bash
# deploy/k8s against Kubernetes' schemas and the programs in BIN; then four ways to break it, each of which must be seen.
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
PYTHON="$(bash "$SOURCE/deploy/python_tools.sh" "$SOURCE/tests/k8s")"
WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT

check() { "$PYTHON" "$SOURCE/tests/k8s/check_manifests.py" "$1" "$OODML_BIN"; }

# broken FILE SED WORDS: the copy with that change is refused, and the words are in the reason
broken() {
  rm -rf "$WORK/k8s" && cp -r "$SOURCE/deploy/k8s" "$WORK/k8s"
  sed -i "$2" "$WORK/k8s/$1"
  if cmp -s "$WORK/k8s/$1" "$SOURCE/deploy/k8s/$1"; then echo "manifests_test: $2 changes nothing in $1"; exit 1; fi
  if check "$WORK/k8s" >"$WORK/said" 2>&1; then echo "manifests_test: $2 in $1 was not seen"; exit 1; fi
  grep -qF -- "$3" "$WORK/said" || { echo "manifests_test: not '$3' but:"; cat "$WORK/said"; exit 1; }
}

check "$SOURCE/deploy/k8s"
broken workers.yaml 's/podFailurePolicy:/podFailurePolitics:/' podFailurePolitics
broken workers.yaml 's/--exit-when-idle=600/--leave-when-idle=600/' --leave-when-idle
broken coordinator.yaml 's/targetPort: web/targetPort: page/' page
broken kustomization.yaml 's/^  - benchmarks.yaml$//' benchmarks.yaml
