#!/usr/bin/env bash
# Inside an empty system: a coordinator and a worker of BIN run the sweep /srv/tiny.yaml to its table.
#   bash trial.sh BIN
set -euo pipefail
BIN="$1"
export HOME; HOME="$(mktemp -d)"
cd "$HOME"
for tool in cc c++ python3 cmake; do
  ! command -v "$tool" >/dev/null || { echo "this system is not empty: it has $tool"; exit 1; }
done

"$BIN/oodml-coordinator" --listen 127.0.0.1:0 --port-file port --database coordinator.db >coordinator.out 2>coordinator.log &
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
[ -s port ] || { cat coordinator.log; exit 1; }
export OODML_COORDINATOR; OODML_COORDINATOR="127.0.0.1:$(cat port)"

"$BIN/oodml-worker" --name chroot --state-dir worker --benchmarks-root /srv/benchmarks --cpu-slots 1 --threads-per-slot 1 \
  2>worker.log &
worker=$!
"$BIN/oodml" submit /srv/tiny.yaml
timeout 600 "$BIN/oodml" watch tiny --wait || { cat worker.log; "$BIN/oodml" logs 1 || true; exit 1; }
"$BIN/oodml" results tiny --metric e_recall@1,nmi --strict
"$BIN/oodml" version --json
"$BIN/oodml" version --json | grep -q '"libtorch": "[0-9]' || { echo "oodml version tells no LibTorch"; exit 1; }
kill -TERM "$worker"
wait "$worker"
echo "ok: a sweep of six trials from $BIN, worker drained"
