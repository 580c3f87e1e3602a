#!/usr/bin/env bash
# Chromium and PostgreSQL for the tests that need them, where apt-get may install them; elsewhere those tests skip
# and say so.
set -u
wanted=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || wanted+=(chromium)
command -v initdb >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || wanted+=(postgresql)
[ ${#wanted[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing for the tests: ${wanted[*]}"
  apt-get update -qq >/dev/null 2>&1
  for package in "${wanted[@]}"; do
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 \
      || echo "$package could not be installed: its tests will be skipped"
  done
else
  echo "not here, so their tests will be skipped: ${wanted[*]}"
fi
