# What the demonstrations share: programs of a service as children of this script, which end with it. To be sourced, with
# SOURCE (the sources' folder) set: builds the programs into BIN, and makes STATE, a folder for all they leave.

say() { printf '\n== %s\n' "$*"; }
fail() { echo "demo: $*" >&2; exit 1; }

bash "$SOURCE/deploy/setup.sh" --programs
BIN="$SOURCE/build/bin"
STATE="${OODML_DEMO:-$(mktemp -d "${TMPDIR:-/tmp}/oodml-demo-XXXXXX")}"
mkdir -p "$STATE"

COORDINATOR=
WORKERS=()
FOREGROUND= # what the script waits for

# end_all PID...: and waits until they have ended.
end_all() {
  local pid
  for pid in "$@"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "$@"; do wait "$pid" 2>/dev/null || true; done
}

# Workers first, so that they can report; then the coordinator.
stop_service() {
  [ -z "$FOREGROUND" ] || end_all "$FOREGROUND"
  [ "${#WORKERS[@]}" -eq 0 ] || end_all "${WORKERS[@]}"
  [ -z "$COORDINATOR" ] || end_all "$COORDINATOR"
  FOREGROUND='' WORKERS=() COORDINATOR=''
}

# However the script ends, nothing of it goes on.
stop_service_at_the_end() {
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  trap stop_service EXIT
}

# waiting_for COMMAND...: its status; a signal to the script is not kept waiting for its end.
waiting_for() {
  local status=0
  "$@" &
  FOREGROUND=$!
  wait "$FOREGROUND" || status=$?
  FOREGROUND=''
  return "$status"
}

# start_coordinator HOST WORDS...: listens on free ports of HOST, for gRPC (OODML_COORDINATOR) and for browsers (PAGE_PORT).
start_coordinator() {
  local host="$1"
  shift
  rm -f "$STATE/port" "$STATE/page-port"
  "$BIN/oodml-coordinator" --listen "$host:0" --port-file "$STATE/port" --web "$host:0" --web-port-file "$STATE/page-port" \
    --database "$STATE/coordinator.db" "$@" >"$STATE/coordinator.log" 2>&1 &
  COORDINATOR=$!
  until [ -s "$STATE/port" ] && [ -s "$STATE/page-port" ]; do
    kill -0 "$COORDINATOR" 2>/dev/null || fail "the coordinator did not start: $(tail -n 5 "$STATE/coordinator.log")"
    sleep 0.1
  done
  PAGE_PORT="$(cat "$STATE/page-port")"
  OODML_COORDINATOR="$host:$(cat "$STATE/port")"
  export OODML_COORDINATOR
}

# start_worker NAME BENCHMARKS WORDS...: one slot on the CPU, its state and log in $STATE/NAME.
start_worker() {
  local name="$1" benchmarks="$2"
  shift 2
  mkdir -p "$STATE/$name"
  "$BIN/oodml-worker" --name "$name" --state-dir "$STATE/$name/state" --benchmarks-root "$benchmarks" \
    --cpu-slots 1 --threads-per-slot 1 "$@" 2>"$STATE/$name/worker.log" &
  WORKERS+=($!)
}

# show_page ADDRESS: says it, and opens it where there is a screen.
show_page() {
  echo "The web page: $1"
  if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v xdg-open >/dev/null; then
    xdg-open "$1" >/dev/null 2>&1 || true
  fi
}
