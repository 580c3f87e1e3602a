#!/usr/bin/env bash
# Chromium for the browser tests, where apt-get may install it; elsewhere those tests skip and say so.
set -u
if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing chromium for the browser tests"
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium) >/dev/null 2>&1 \
    || echo "chromium could not be installed: the browser tests will be skipped"
else
  echo "no chromium here: the browser tests will be skipped"
fi
