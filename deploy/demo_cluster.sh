#!/usr/bin/env bash
# What people who share a cluster have, on one machine: a coordinator with TLS, tokens of all four roles and the web
# page, and two workers that share no folder. Alice and Bob each submit a sweep on real images; a worker is drained, and
# its trial goes on on the other; then shares, tables, and the trained networks, fetched from the coordinator.
#
#   bash deploy/demo.sh --cluster             three minutes after the build; then the service stays until a key is pressed
#   bash deploy/demo.sh --cluster --no-wait   ends by itself
#
# OODML_DEMO=DIR      where the demo keeps its state (default: a fresh folder under /tmp)
# OODML_DEMO_EPOCHS=N  of each trial (default 16)
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
WAIT=yes
for word in "$@"; do
  case "$word" in
    --no-wait) WAIT=no ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
done

source "$SOURCE/deploy/demo_service.sh"
SECRETS="$STATE/secrets"

# as WHO oodml WORDS...: shows the command, and runs it with this person's token, as on a machine of theirs.
as() {
  prompt "$@"
  OODML_TOKEN_FILE="$SECRETS/$1.token" "$BIN/oodml" "${@:3}"
}
prompt() { printf '\n%s$ %s\n' "$1" "${*:2}"; }

add_submitter() { # NAME
  local token
  token=$(openssl rand -hex 24)
  (umask 077; echo "submitter $token $1" >>"$SECRETS/tokens"; echo "$token" >"$SECRETS/$1.token")
}

# write_sweep NAME CRITERION...: four trials of each criterion: two splits, two seeds.
write_sweep() {
  local name="$1"
  shift
  {
    cat <<YAML
version: 1
name: $name
trial:
  arch: small_conv_normalize
  embed_dim: 64
  crop_size: 28
  resize: 28
  images_per_class: 150
  batch_size: 112
  lr: 1.0e-3
  epochs: ${OODML_DEMO_EPOCHS:-16}
  evaluate: {every: 4, sets: [test], metrics: [e_recall@1, nmi]}
matrix:
  benchmark: [fashion_mnist]
  split: [1, 3]
  criterion:
YAML
    printf '    - %s\n' "$@"
    echo '  seed: {count: 2}'
  } >"$STATE/$name.yaml"
}

# What the coordinator knows, for the script: PYTHON of the JSON document `d` that a command prints.
look() {
  local expression="$1"
  shift
  OODML_TOKEN_FILE="$SECRETS/viewer.token" "$BIN/oodml" "$@" -o json | /usr/bin/python3 -c "import json, sys; d = json.load(sys.stdin); print($expression)"
}
# The trial that a worker is in the middle of; empty: none.
trial_on() {
  local trial
  trial=$(look "next((t for w in d['workers'] if w['id'].startswith('$1-') for t in w['running_trials']), '')" workers)
  [ -z "$trial" ] || [ "$(look "(d['trial']['progress'] or {'epoch': 0})['epoch'] >= 2" show trial "$trial")" = False ] || echo "$trial"
}
# The next one; fails where nothing is left to wait for.
next_trial_on() {
  local trial
  until trial=$(trial_on "$1") && [ -n "$trial" ]; do
    [ "$(look "sum(s['counts']['queued'] for s in d['sweeps'])" list)" != 0 ] || return 1
    sleep 0.5
  done
  echo "$trial"
}
# hand_over WORKER: drains it in the middle of a trial, until that has gone on elsewhere; again where it had just ended.
hand_over() {
  local trial attempt=1
  while [ "$attempt" = 1 ]; do
    trial=$(next_trial_on "$1") || { echo "Everything had ended before $1 could be drained."; return; }
    as operator oodml workers drain "$1" --reason "new fans"
    until [ "$(look "d['trial']['attempt'] > 1 or d['trial']['state'] == 'succeeded'" show trial "$trial")" = True ]; do
      sleep 0.5
    done
    attempt=$(look "d['trial']['attempt']" show trial "$trial")
    [ "$attempt" = 1 ] || { as viewer oodml workers; as viewer oodml history "$trial"; }
    as operator oodml workers uncordon "$1"
  done
}

say "Secrets: an authority, a certificate, a token for each person and machine ($SECRETS)"
rm -rf "$SECRETS"
bash "$SOURCE/deploy/cluster_secrets.sh" "$SECRETS" localhost rack-1 rack-2
for name in alice bob; do add_submitter "$name"; done
sed 's/ [0-9a-f]\{40,\} / ... /' "$SECRETS/tokens"

stop_service_at_the_end
say "Service: a coordinator and two workers with folders of their own (logs in $STATE)"
export OODML_TLS_CA="$SECRETS/ca.crt"
start_coordinator localhost --tls-cert "$SECRETS/coordinator.crt" --tls-key "$SECRETS/coordinator.key" \
  --tokens "$SECRETS/tokens" --heartbeat-seconds 1 --lease-seconds 10
for worker in rack-1 rack-2; do
  bash "$SOURCE/deploy/fashion_mnist.sh" "$STATE/$worker/benchmarks"
  start_worker "$worker" "$STATE/$worker/benchmarks" --token-file "$SECRETS/$worker.token"
done
PAGE="https://localhost:$PAGE_PORT/"
echo "The web page from now on: $PAGE"
started=$SECONDS

say "Two people, two sweeps; what both want is run once"
write_sweep alice-study "untrained: {criterion: multisimilarity, epochs: 0}" multisimilarity
write_sweep bob-study "margin: {criterion: {name: margin, beta: 1.2}, miner: distance}" multisimilarity
as alice oodml submit "$STATE/alice-study.yaml"
as bob oodml submit "$STATE/bob-study.yaml"
as viewer oodml list

say "rack-1 is drained: what it runs goes on on rack-2 from its checkpoint, which the coordinator has"
hand_over rack-1

say "Shares: who had least of late goes first, divided by his weight"
as operator oodml shares bob --weight 2

say "Until both have ended"
status=0
for sweep in alice-study bob-study; do
  prompt viewer oodml watch "$sweep" --wait
  OODML_TOKEN_FILE="$SECRETS/viewer.token" waiting_for "$BIN/oodml" watch "$sweep" --wait || status=$?
done
[ "$status" -eq 0 ] || echo "demo: something did not finish; the logs are in $STATE" >&2

say "What came of it: mean and 95 % interval over seeds, on classes never seen in training"
as alice oodml results alice-study --by criterion,split
as bob oodml results bob-study --by criterion,split

say "The best network of each of Alice's trials, from the coordinator"
as alice oodml fetch alice-study --what best --where criterion=multisimilarity -o "$STATE/networks"
find "$STATE/networks" -name network.safetensors -printf '%9s  %p\n' | sort -k2

say "$((SECONDS - started)) s from the first submission"
show_page "$PAGE"
cat <<TEXT
Its certificate is of the demonstration's own authority ($SECRETS/ca.crt): a browser asks before it goes on.
Log in with a token: what may be done is what its role allows.
  look only     $(cat "$SECRETS/viewer.token")
  as Alice      $(cat "$SECRETS/alice.token")
  as operator   $(cat "$SECRETS/operator.token")
Or from a terminal:
  export OODML_COORDINATOR=$OODML_COORDINATOR OODML_TLS_CA=$OODML_TLS_CA OODML_TOKEN_FILE=$SECRETS/alice.token
  $BIN/oodml list
Networks: $STATE/networks; everything else that was left: $STATE
TEXT
if [ "$WAIT" = yes ]; then
  echo "The service goes on until a key is pressed, or Ctrl-C."
  if [ -t 0 ]; then read -r -s -n 1 || true; else waiting_for sleep infinity || true; fi
fi
exit "$status"
