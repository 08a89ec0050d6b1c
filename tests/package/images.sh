# The images, built without a daemon. Bases cannot be pulled everywhere, so the same Debian as in the other parts takes the
# place of debian:12-slim, and the tree of the tarball that of the image that compiles.
need buildah
archive="$(package tar.gz)"
empty_root base
STORE="$ROOTS/images"
store() { buildah --root "$STORE" --runroot "$STORE-run" --storage-driver vfs "$@"; }

import_image() { # FOLDER PLACE NAME
  local container
  container="$(store from scratch)"
  store copy -q "$container" "$1" "$2" >/dev/null
  store commit -q --rm "$container" "localhost/$3" >/dev/null
}
rm -rf "$STORE" "$STORE-run" "$ROOTS/tree"
mkdir -p "$ROOTS/tree"
tar -xzf "$archive" -C "$ROOTS/tree" --strip-components=1 --no-same-owner
import_image "$ROOTS/base" / debian:12-slim
import_image "$ROOTS/tree" /opt/oodml oodml-build
pass "bases imported: Debian 12, and /opt/oodml from $(basename "$archive")"

for image in coordinator worker oodml core; do
  store build --isolation chroot --format docker -q -f "$SOURCE/docker/$image.Dockerfile" \
    --build-arg BASE=localhost/debian:12-slim --build-arg BUILD=localhost/oodml-build \
    -t "localhost/$image" "$SOURCE/docker" >"$ROOTS/image-$image.log" 2>&1 ||
    { tail -n 20 "$ROOTS/image-$image.log" >&2; fail "buildah build of $image"; }
  read -r user health entry <<<"$(store inspect --type image --format \
    '{{.Docker.Config.User}} {{index .Docker.Config.Healthcheck.Test 0}} {{index .Docker.Config.Entrypoint 0}}' "localhost/$image")"
  [ "$user" = 10001:10001 ] || fail "$image runs as '$user'"
  [ "$health" != "" ] || fail "$image says nothing of its health"
  container="$(store from "localhost/$image")"
  said="$(store run --isolation chroot "$container" -- "$entry" --version)" || fail "$image: $entry --version"
  pass "image $image: user $user, health $health, $said"
  if [ "$health" = CMD ] && [ "$image" = worker ]; then
    store run --isolation chroot "$container" -- /opt/oodml/bin/oodml-core probe || fail "$image: its health check"
    pass "image $image: its health check answers"
  fi
  store rm "$container" >/dev/null
done
rm -rf "$STORE" "$STORE-run" "$ROOTS/tree"
