#!/usr/bin/env bash
# The whole of oodml on one machine: sets up and builds, makes a benchmark from Debian's Fashion-MNIST (70 000 real
# images), starts a coordinator and two workers on free ports, runs the smoke sweep, shows the table, stops everything.
#
#   bash deploy/demo.sh           about six minutes of training on two cores, after the build
#   bash deploy/demo.sh --study   a whole study instead: finer classes and splits of growing shift made from the images,
#                                 recall against FID, the aggregated score of each criterion, two criteria adapted to
#                                 few images, and reports with every figure; a quarter of an hour after the build
#   bash deploy/demo.sh --keep    leaves the service running and says how to talk to it
#
# OODML_DEMO=DIR   where the demo keeps its state (default: a fresh folder under /tmp)
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
KEEP=no
SWEEP=smoke
for word in "$@"; do
  case "$word" in
    --keep) KEEP=yes ;;
    --study) SWEEP=study ;;
    *) sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
done

say() { printf '\n== %s\n' "$*"; }

bash "$SOURCE/deploy/setup.sh" --programs
BIN="$SOURCE/build/bin"
STATE="${OODML_DEMO:-$(mktemp -d "${TMPDIR:-/tmp}/oodml-demo-XXXXXX")}"
mkdir -p "$STATE"

say "Benchmark: Fashion-MNIST in $STATE/benchmarks"
bash "$SOURCE/deploy/fashion_mnist.sh" "$STATE/benchmarks"

if [ "$SWEEP" = study ] && [ ! -e "$STATE/benchmarks/fashion_styles/splits.json" ]; then
  say "Benchmark: fashion_styles, and splits of growing shift between its training and test classes"
  bash "$SOURCE/deploy/fashion_styles.sh" "$STATE/benchmarks"
fi

PIDS=()
stop_service() {
  local pid
  # Workers first, so that they can report; then the coordinator.
  for pid in "${PIDS[@]:1}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${PIDS[@]:1}"; do wait "$pid" 2>/dev/null || true; done
  if [ "${#PIDS[@]}" -gt 0 ]; then
    kill -TERM "${PIDS[0]}" 2>/dev/null || true
    wait "${PIDS[0]}" 2>/dev/null || true
  fi
}
trap 'stop_service; exit 130' INT TERM

say "Service: a coordinator and two workers (logs in $STATE)"
rm -f "$STATE/port"
"$BIN/oodml-coordinator" --listen 127.0.0.1:0 --port-file "$STATE/port" --database "$STATE/coordinator.db" \
  2>"$STATE/coordinator.log" &
PIDS+=($!)
for _ in $(seq 100); do
  [ -s "$STATE/port" ] && break
  kill -0 "${PIDS[0]}" 2>/dev/null || break
  sleep 0.1
done
[ -s "$STATE/port" ] || { echo "demo: the coordinator did not start:" >&2; tail -n 5 "$STATE/coordinator.log" >&2; exit 1; }
OODML_COORDINATOR="127.0.0.1:$(cat "$STATE/port")"
export OODML_COORDINATOR
for number in 1 2; do
  "$BIN/oodml-worker" --name "demo-$number" --state-dir "$STATE/worker-$number" --benchmarks-root "$STATE/benchmarks" \
    --cpu-slots 1 --threads-per-slot 1 2>"$STATE/worker-$number.log" &
  PIDS+=($!)
done

status=0
# run_sweep FILE NAME: until it has ended.
run_sweep() {
  local started
  say "Sweep: configs/sweeps/$1.yaml"
  "$BIN/oodml" plan "$SOURCE/configs/sweeps/$1.yaml"
  started=$(date +%s)
  "$BIN/oodml" submit "$SOURCE/configs/sweeps/$1.yaml"
  "$BIN/oodml" watch "$2" --wait || status=$?
  printf '\nThe sweep took %d s.\n' $(($(date +%s) - started))
}
run_sweep "$SWEEP" "$SWEEP"

say "Results: mean and 95 % interval over seeds, on classes never seen in training"
if [ "$SWEEP" = smoke ]; then
  "$BIN/oodml" results smoke --metric e_recall@1 --metric nmi --metric mAP_c || status=$?
else
  "$BIN/oodml" results study --metric fid,e_recall@1,nmi --by criterion,split --sort criterion || status=$?
  say "The same over all shifts: the area under each figure over the FID"
  "$BIN/oodml" results study --metric e_recall@1,nmi,mAP_c --over split || status=$?
fi
table_after=$SECONDS

if [ "$SWEEP" = study ]; then
  run_sweep study_few_shot study-few-shot
  say "Adapted to two images of each test class: zero-shot, few-shot, and the gain"
  "$BIN/oodml" results study-few-shot --by criterion,split || status=$?
  say "Reports: every figure as PDF and SVG, tables, and a page of all of it"
  "$BIN/oodml" report study --kind oodml --baseline untrained -o "$STATE/report" \
    --splits "$STATE/benchmarks/fashion_styles/progression.csv" || status=$?
  "$BIN/oodml" report study-few-shot --kind few-shot -o "$STATE/few-shot-report" || status=$?
  "$BIN/oodml" curves study --filter split=1 --metric train:loss,e_recall@1 || status=$?
  if command -v chromium >/dev/null; then
    say "Both pages in headless Chromium"
    bash "$SOURCE/tests/report/open_page.sh" "$STATE/report" "$STATE/few-shot-report" || status=$?
  fi
  reports_after=$SECONDS
fi
[ "$status" -eq 0 ] || echo "demo: something did not finish; the logs are in $STATE" >&2

if [ "$KEEP" = yes ]; then
  cat <<TEXT

The service keeps running. Talk to it:
  export OODML_COORDINATOR=$OODML_COORDINATOR
  $BIN/oodml list
  $BIN/oodml show $SWEEP
  $BIN/oodml results $SWEEP --by criterion -o csv
Stop it:
  kill ${PIDS[@]:1}; kill ${PIDS[0]}
TEXT
  disown -a
else
  stop_service
  echo "Stopped. State and logs: $STATE"
fi
printf 'From the first line to the table: %d min %d s.\n' $((table_after / 60)) $((table_after % 60))
[ "$SWEEP" = smoke ] || printf 'To the reports: %d min %d s.\n' $((reports_after / 60)) $((reports_after % 60))
exit "$status"
