# Both units in a booted Debian 12, from the .deb, as docs/packages.md sets them up.
need systemd-container openssl
package_file="$(package deb)"
empty_root boot
give_data boot
cp "$package_file" "$ROOTS/boot/srv/oodml.deb"
cp /etc/resolv.conf "$ROOTS/boot/etc/" 2>/dev/null || true
in_root boot sh -c 'apt-get update -qq && apt-get install -y --no-install-recommends systemd systemd-sysv dbus /srv/oodml.deb' \
  >"$ROOTS/boot-apt.log" 2>&1 || { tail -n 20 "$ROOTS/boot-apt.log" >&2; fail "apt install in $ROOTS/boot"; }

rm -rf "$ROOTS/secrets"
bash "$SOURCE/deploy/cluster_secrets.sh" "$ROOTS/secrets" localhost here
mkdir -p "$ROOTS/boot/etc/oodml"
cp "$ROOTS"/secrets/{coordinator.crt,coordinator.key,tokens,ca.crt,submitter.token} "$ROOTS/boot/etc/oodml/"
cp "$ROOTS/secrets/here.token" "$ROOTS/boot/etc/oodml/worker.token"
cp "$ROOTS/boot/usr/share/oodml/coordinator.toml" "$ROOTS/boot/etc/oodml/"
cat >"$ROOTS/boot/etc/oodml/worker.toml" <<'TOML'
name = "here"
coordinator = "localhost:7070"
tls-ca = "/etc/oodml/ca.crt"
benchmarks-root = "/srv/benchmarks"
cpu-slots = 1
threads-per-slot = 1
TOML
echo '127.0.0.1 localhost' >"$ROOTS/boot/etc/hosts"  # an empty Debian has none
cp "$HERE/in_boot.sh" "$ROOTS/boot/srv/"
cat >"$ROOTS/boot/etc/systemd/system/oodml-test.service" <<'UNIT'
[Service]
Type=oneshot
ExecStart=/bin/bash /srv/in_boot.sh
ExecStopPost=/bin/systemctl poweroff --no-block
[Install]
WantedBy=multi-user.target
UNIT
in_root boot systemctl -q enable oodml-test.service oodml-coordinator.service oodml-worker.service

if ! timeout 300 systemd-nspawn -q --private-network --register=no --keep-unit -D "$ROOTS/boot" ${OPENBLAS_CORETYPE:+--setenv=OPENBLAS_CORETYPE=$OPENBLAS_CORETYPE} \
  -b >"$ROOTS/boot.log" 2>&1 && [ ! -s "$ROOTS/boot/srv/report" ]; then
  skip "no container boots here: $(tail -n 1 "$ROOTS/boot.log")"
else
  cat "$ROOTS/boot/srv/report"
  grep -q '^done$' "$ROOTS/boot/srv/report" || fail "the units in a booted container; see $ROOTS/boot/srv/report and $ROOTS/boot.log"
  pass "both units came up by READY, with tokens and key as credentials, and ran a sweep"
fi
