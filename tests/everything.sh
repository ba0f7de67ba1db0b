#!/usr/bin/env bash
# Every test, the fast ones first. Installs Chromium and PostgreSQL with PostGIS where it can
# (root on Debian or Ubuntu) and says plainly what it skips where it cannot. With CI=true
# nothing may be missing: what cannot be installed fails, and so does every skipped test.
# Further arguments go to pytest: bash tests/everything.sh -k coverage
set -euo pipefail
cd "$(dirname "$0")/.."

ci() { [ "${CI:-}" = true ]; }
have_chromium() { command -v chromium >/dev/null; }

install() { # apt packages, quietly; the whole log only if it fails
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  echo "Installing $* …"
  local log; log=$(mktemp)
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1 \
    || { cat "$log" >&2; rm -f "$log"; return 1; }
  rm -f "$log"
}

missing() { # what, and what is skipped without it
  if ci; then echo "MISSING: $1 (CI skips nothing)" >&2; exit 1; fi
  echo "SKIPPED: $2, because $1"
}

have_chromium || install chromium fonts-dejavu-core || true
have_chromium || missing "chromium is not installed (apt-get install chromium)" "tests in a real browser"

[ -e var/test-services/folder ] || trap 'bash tests/services.sh stop >/dev/null 2>&1 || true' EXIT
mkdir -p var
if exports=$(bash tests/services.sh start 2>var/test-services.log); then
  eval "$exports"
else
  cat var/test-services.log >&2
  missing "PostgreSQL with PostGIS did not start (bash tests/services.sh start says why)" "the store on PostGIS"
fi

[ -d ../shared/data ] || missing "../shared/data is not there" "real open data"

python -m pytest --numprocesses 2 --dist load --maxschedchunk 2 --durations 10 --timeout 300 "$@"
