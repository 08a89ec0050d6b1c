# The units, on paper.
need systemd
units="$(mktemp -d)"
for unit in oodml-coordinator oodml-worker; do
  # verify wants the programs to be there.
  sed "s|/usr/bin/oodml|$BUILD/bin/oodml|" "$SOURCE/deploy/systemd/$unit.service" >"$units/$unit.service"
  said="$(systemd-analyze verify --man=no "$units/$unit.service" 2>&1)" || fail "systemd-analyze verify: $said"
  [ -z "$said" ] || fail "systemd-analyze verify: $said"
  pass "systemd-analyze verify $unit.service"
  exposure="$(systemd-analyze security --offline=yes --no-pager "$units/$unit.service" | tail -n 1)"
  pass "${exposure#→ }"
done
rm -rf "$units"
