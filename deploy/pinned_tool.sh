# pinned_tool NAME VERSION: installs this version of a program from PyPI, once, and prints where it is. Sourced by
# format.sh and tidy.sh.
pinned_tool() {
  local name="$1" version="$2"
  local venv="${OODML_HOME:-$HOME/.cache/oodml}/$name-$version"
  if [ ! -f "$venv/installed" ]; then
    /usr/bin/python3 -m venv --clear "$venv" || return 1
    "$venv/bin/pip" install -q --disable-pip-version-check "$name==$version" >"$venv/pip.log" 2>&1 || {
      echo "pip could not install $name==$version: $(tail -n 1 "$venv/pip.log")" >&2
      return 1
    }
    touch "$venv/installed"
  fi
  echo "$venv/bin/$name"
}
