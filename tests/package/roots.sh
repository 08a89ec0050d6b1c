# Empty Debian 12 systems, for run.sh.

# The mirror that this machine's apt uses.
debian_mirror() {
  apt-get indextargets --format '$(REPO_URI) $(CODENAME)' | awk '$2 == "bookworm" {print $1; exit}'
}

# empty_root NAME: $ROOTS/NAME, a copy of a Debian 12 with nothing but what dpkg and apt need.
empty_root() {
  need debootstrap
  mkdir -p "$ROOTS"
  if [ ! -f "$ROOTS/debian/made" ]; then
    rm -rf "$ROOTS/debian"
    debootstrap --variant=minbase bookworm "$ROOTS/debian" "$(debian_mirror)" >"$ROOTS/debootstrap.log" 2>&1 ||
      fail "debootstrap; see $ROOTS/debootstrap.log"
    touch "$ROOTS/debian/made"
  fi
  rm -rf "${ROOTS:?}/$1"
  cp -a --reflink=auto "$ROOTS/debian" "$ROOTS/$1"
}

# in_root NAME COMMAND...: as root inside, with processes and mounts that end with the command.
in_root() {
  local root="$ROOTS/$1"
  shift
  unshare --mount --pid --fork --kill-child --mount-proc="$root/proc" chroot "$root" /usr/bin/env -i \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive ${OPENBLAS_CORETYPE:+OPENBLAS_CORETYPE=$OPENBLAS_CORETYPE} "$@"
}

# give_data NAME: the benchmark, the sweep and the script of the trial, in /srv of that root.
give_data() {
  local root="$ROOTS/$1"
  need dataset-fashion-mnist
  bash "$SOURCE/deploy/fashion_mnist.sh" "$ROOTS/links"
  mkdir -p "$root/srv/benchmarks"
  cp -rL "$ROOTS/links/fashion_mnist" "$root/srv/benchmarks/"
  cp "$HERE/trial.sh" "$SOURCE/tests/e2e/tiny.yaml" "$root/srv/"
  rm -rf "$ROOTS/links"
}

# runs_a_sweep NAME BIN: coordinator and worker inside, as a user without rights, from the folder BIN there.
runs_a_sweep() {
  local log="$ROOTS/$1-trial.log"
  in_root "$1" setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs bash /srv/trial.sh "$2" >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    fail "the sweep in $ROOTS/$1; see $log"
  }
  grep '^ok: ' "$log"
}
