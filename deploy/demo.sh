#!/usr/bin/env bash
# The whole of oodml on one machine: sets up and builds, makes a benchmark from Debian's Fashion-MNIST (70 000 real
# images), starts a coordinator and two workers on free ports, runs the smoke sweep, shows the table, stops everything.
#
#   bash deploy/demo.sh           about four minutes of training on two cores, after the build
#   bash deploy/demo.sh --study   a whole study instead: finer classes and splits of growing shift made from the images,
#                                 recall against FID, the aggregated score of each criterion, two criteria adapted to
#                                 few images, and reports with every figure; a quarter of an hour after the build
#   bash deploy/demo.sh --cluster what people who share a cluster have: TLS and tokens, owners and shares, a worker that is
#                                 drained, networks fetched from the coordinator; three minutes after the build
#   bash deploy/demo.sh --keep    leaves the service running and says how to talk to it
#
# All but --cluster end by themselves. Each tells the address of the web page.
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
    --cluster) exec bash "$SOURCE/deploy/demo_cluster.sh" "${@:2}" ;;
    *) sed -n '2,17s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
done

source "$SOURCE/deploy/demo_service.sh"

say "Benchmark: Fashion-MNIST in $STATE/benchmarks"
bash "$SOURCE/deploy/fashion_mnist.sh" "$STATE/benchmarks"

if [ "$SWEEP" = study ] && [ ! -e "$STATE/benchmarks/fashion_styles/splits.json" ]; then
  say "Benchmark: fashion_styles, and splits of growing shift between its training and test classes"
  bash "$SOURCE/deploy/fashion_styles.sh" "$STATE/benchmarks"
fi

stop_service_at_the_end
say "Service: a coordinator and two workers (logs in $STATE)"
start_coordinator 127.0.0.1
show_page "http://127.0.0.1:$PAGE_PORT/"
for number in 1 2; do start_worker "demo-$number" "$STATE/benchmarks"; done

status=0
# run_sweep FILE NAME: until it has ended.
run_sweep() {
  local started
  say "Sweep: configs/sweeps/$1.yaml"
  "$BIN/oodml" plan "$SOURCE/configs/sweeps/$1.yaml"
  started=$(date +%s)
  "$BIN/oodml" submit "$SOURCE/configs/sweeps/$1.yaml"
  waiting_for "$BIN/oodml" watch "$2" --wait || status=$?
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
The page: http://127.0.0.1:$PAGE_PORT/
Stop it:
  kill ${WORKERS[@]}; kill $COORDINATOR
TEXT
  trap - EXIT
  disown -a
else
  stop_service
  echo "Stopped. State and logs: $STATE"
fi
printf 'From the first line to the table: %d min %d s.\n' $((table_after / 60)) $((table_after % 60))
[ "$SWEEP" = smoke ] || printf 'To the reports: %d min %d s.\n' $((reports_after / 60)) $((reports_after % 60))
exit "$status"
