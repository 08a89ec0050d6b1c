# The tarball in an empty system.
archive="$(package tar.gz)"
empty_root tarball
give_data tarball
mkdir -p "$ROOTS/tarball/opt"
tar -xzf "$archive" -C "$ROOTS/tarball/opt" --no-same-owner
mv "$ROOTS"/tarball/opt/oodml* "$ROOTS/tarball/opt/oodml"
pass "unpacked $(basename "$archive"): $(du -sh --apparent-size "$ROOTS/tarball/opt/oodml" | cut -f1)"

for program in "$ROOTS"/tarball/opt/oodml/bin/*; do
  name="/opt/oodml/bin/$(basename "$program")"
  libraries="$(in_root tarball ldd "$name")"
  ! grep 'not found' <<<"$libraries" || fail "$name lacks libraries"
  # What does not come with the tarball has to be among what every Debian has.
  foreign="$(grep '=> /' <<<"$libraries" | grep -vE '=> /opt/oodml/' |
    grep -vE '^\s*lib(c|m|dl|rt|pthread|resolv|stdc\+\+|gcc_s)\.so' || true)"
  [ -z "$foreign" ] || fail "$name takes libraries of the system: $foreign"
done
pass "all libraries come with the tarball, except glibc's, libstdc++ and libgcc"

runs_a_sweep tarball /opt/oodml/bin
pass "a worker from the tarball runs trials in an empty Debian 12"
mv "$ROOTS/tarball/opt/oodml" "$ROOTS/tarball/srv/moved"
in_root tarball /srv/moved/bin/oodml probe >/dev/null || fail "the tree does not work after it was moved"
pass "the tree works after it was moved"
