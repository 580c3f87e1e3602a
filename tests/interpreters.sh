#!/usr/bin/env bash
# The base and `api` on every interpreter found beside the main one; torch is tested on 3.11 only.
set -u
failed=0
for version in 3.11 3.12 3.13 3.14; do
  python="$(command -v "python$version" || true)"
  if [ -z "$python" ] || ! "$python" -c "" 2>/dev/null; then echo "python$version: not found, skipped"; continue; fi
  venv="$(mktemp -d)"
  "$python" -m venv "$venv" && "$venv/bin/python" -m pip install --quiet --upgrade "pip>=25.1" \
    && "$venv/bin/python" -m pip install --quiet --constraint constraints.txt --group test --editable '.[api,oidc,postgres,s3]' \
    && "$venv/bin/pytest" -q -m "not full and not packaging" -p no:cacheprovider || { failed=1; echo "python$version: FAILED"; }
  rm -rf "$venv"
done
exit $failed
