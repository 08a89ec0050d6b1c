# The .deb in an empty system, by apt.
package_file="$(package deb)"
empty_root deb
give_data deb
cp "$package_file" "$ROOTS/deb/srv/oodml.deb"
cp /etc/resolv.conf "$ROOTS/deb/etc/" 2>/dev/null || true
in_root deb sh -c 'apt-get update -qq && apt-get install -y --no-install-recommends /srv/oodml.deb' >"$ROOTS/deb-apt.log" 2>&1 ||
  { tail -n 20 "$ROOTS/deb-apt.log" >&2; fail "apt install ./$(basename "$package_file")"; }
pass "apt install ./$(basename "$package_file")"

for program in oodml oodml-coordinator oodml-worker oodml-core; do
  ! in_root deb ldd "/usr/bin/$program" | grep 'not found' || fail "$program lacks libraries"
  in_root deb "$program" --version
done
pass "all libraries are there, from Debian's packages and /usr/lib/oodml"
for file in share/man/man1/oodml.1.gz share/man/man1/oodml-results.1.gz share/bash-completion/completions/oodml \
  share/zsh/vendor-completions/_oodml share/fish/vendor_completions.d/oodml.fish share/oodml/worker.toml share/oodml/python/oodml_trial.py \
  share/oodml/sweeps/smoke.yaml share/oodml/splits/fashion_mnist.json share/doc/oodml/LICENSE \
  lib/systemd/system/oodml-coordinator.service lib/systemd/system/oodml-worker.service; do
  [ -s "$ROOTS/deb/usr/$file" ] || fail "/usr/$file is missing"
done
pass "manual pages, completion files, examples, units and licence are in place"

runs_a_sweep deb /usr/bin
pass "a worker from the .deb runs trials"
in_root deb apt-get remove -y oodml >>"$ROOTS/deb-apt.log" 2>&1
left="$(find "$ROOTS/deb/usr" -name '*oodml*')"
[ -z "$left" ] || fail "apt remove left: $left"
pass "apt remove leaves nothing behind"
