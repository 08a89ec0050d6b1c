#!/usr/bin/env bash
# Whether commit B is slower than commit A: builds the benches of both and runs them in turn on this machine.
#
#   bash tests/bench/compare.sh A B [--only evaluation,step,splits,pixels,queue] [--runs 3] [--limit 1.10]
#
# A and B are what git calls commits; `.` is the working tree (of new files, those that git has been told of). Prints a
# table in Markdown: the processor time of both on one thread, the least of all runs, and B / A. Ends with 1 if something
# of B takes more than `limit` times as long. What the chosen benches need is built in build-compare/, where a second
# comparison finds what has not changed since; from nothing, `--only splits` costs three minutes of processor time.
# `--only pixels --images FOLDER` decodes the JPEG files of a folder.
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
readonly SOURCE PLACE="$SOURCE/build-compare"
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_BASEDIR="$PLACE"

die() { printf 'compare: %s\n' "$*" >&2; exit 2; }

[ $# -ge 2 ] || { sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }

# commit_of NAME: what git has under it; `.` is made a commit that no branch has.
commit_of() {
  local commit="$1"
  if [ "$commit" = . ]; then
    commit="$(git -C "$SOURCE" stash create)"
    commit="${commit:-HEAD}"
  fi
  git -C "$SOURCE" rev-parse --quiet --verify "$commit^{commit}" || die "git knows no commit '$1'"
}

# name_of NAME COMMIT: for people, with what stays true when branches move.
name_of() {
  local short
  short="$(git -C "$SOURCE" rev-parse --short "$2")"
  case "$2" in "$1"*) printf '%s' "$short" ;; *) printf '%s (%s)' "$1" "$short" ;; esac
}

# check_out SIDE COMMIT: in a work tree of its own, where files that are the same stay untouched.
check_out() {
  local tree="$PLACE/$1/source" commit="$2"
  if [ -e "$tree/.git" ]; then
    git -C "$tree" checkout -q --force --detach "$commit"
  else
    git -C "$SOURCE" worktree prune
    git -C "$SOURCE" worktree add -q --force --detach "$tree" "$commit"
  fi
}

# build SIDE TARGET...: those that its sources know.
build() {
  local side="$PLACE/$1" known
  shift
  cmake -S "$side/source" -B "$side/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DOODML_BENCH=ON >"$side/build.log" 2>&1 || { tail -n 20 "$side/build.log" >&2; die "cannot configure $side/source"; }
  known="$(ninja -C "$side/build" -t targets all)"
  local targets=()
  for target in "$@"; do
    if grep -q "^$target:" <<<"$known"; then targets+=("$target"); fi
  done
  ninja -C "$side/build" "${targets[@]}" >>"$side/build.log" 2>&1 || { tail -n 30 "$side/build.log" >&2; die "cannot build $side/source"; }
}

A="$1" B="$2"
shift 2
TARGETS="$(/usr/bin/python3 "$SOURCE/tests/bench/compare.py" --programs "$@")"
FROM="$(commit_of "$A")"
TO="$(commit_of "$B")"
for side in a b; do
  [ "$side" = a ] && commit="$FROM" || commit="$TO"
  printf '== building %s\n' "$commit" >&2
  check_out "$side" "$commit"
  # shellcheck disable=SC2086  # some words
  build "$side" $TARGETS
done
exec /usr/bin/python3 "$SOURCE/tests/bench/compare.py" "$PLACE/a/build/bin" "$PLACE/b/build/bin" \
  --names "$(name_of "$A" "$FROM")" "$(name_of "$B" "$TO")" "$@"
