#!/usr/bin/env bash
# Writes manual pages (by help2man, from the --help texts) and shell completion files as the tree of a share folder.
# Run by the build's target `pages`, which `cmake --install` and cpack bring up to date.
#
#   bash deploy/write_pages.sh BIN SHARE      BIN holds the programs
#
# Each command of oodml has a page of its own: oodml-results(1).
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
BIN="$1" SHARE="$2"
command -v help2man >/dev/null ||
  { echo "write_pages: help2man is missing: apt-get install help2man" >&2; exit 1; }

rm -rf "$SHARE"
mkdir -p "$SHARE/man/man1" "$SHARE/bash-completion/completions" "$SHARE/zsh/vendor-completions" "$SHARE/fish/vendor_completions.d"
"$BIN/oodml" completion bash >"$SHARE/bash-completion/completions/oodml"
"$BIN/oodml" completion zsh >"$SHARE/zsh/vendor-completions/_oodml"
"$BIN/oodml" completion fish >"$SHARE/fish/vendor_completions.d/oodml.fish"

page() { # NAME PROGRAM SUMMARY HELP-OPTION...
  local name="$1" program="$2" summary="$3" version
  shift 3
  version="$("$BIN/$program" --version)"
  # The page is about NAME; the program itself knows only its own.
  help2man --no-info --name "$summary" --version-string "$name ${version#* }" "$@" "$BIN/$program" |
    sed "1,3s/^\.TH [^ ]*/.TH ${name^^}/" | gzip -9n >"$SHARE/man/man1/$name.1.gz"
}

for program in oodml oodml-coordinator oodml-worker oodml-core; do
  [ -x "$BIN/$program" ] || continue
  page "$program" "$program" "$("$BIN/$program" --help | sed -n '1s/\.$//p')"
done

# Names and summaries of the commands, from the completion: ... -a submit -d 'Submit a sweep: ...'
sed -n "s/^complete -c oodml -n __fish_use_subcommand -a \([a-z]*\) -d '\(.*\)'$/\1 \2/p" "$SHARE/fish/vendor_completions.d/oodml.fish" |
  sed "s/\\\\'/'/g" | while read -r command summary; do
    # Commands of oodml-core have no help where that is not built.
    "$BIN/oodml" "$command" --help >/dev/null 2>&1 || continue
    page "oodml-$command" oodml "$summary" --help-option "$command --help"
  done
