#!/bin/sh
# Starts a throw-away PostgreSQL with PostGIS for the tests, on loopback only.
#
#   eval "$(tests/services.sh start)"   sets GEO_APP_TEST_POSTGRES
#   tests/services.sh stop              stops it and deletes its data
#
# Only lines to evaluate go to standard output; everything else to standard error.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
state="$root/var/test-services"   # holds the folder of the running cluster and its address

say() { echo "tests/services.sh: $*" >&2; }
fail() { say "$*"; exit 1; }

# PostgreSQL refuses to run as root.
unprivileged() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

newest_bin() {
    for ctl in $(ls -d /usr/lib/postgresql/*/bin/pg_ctl 2>/dev/null | sort -rV); do
        share=/usr/share/postgresql/$(basename "$(dirname "$(dirname "$ctl")")")/extension
        if [ -e "$share/postgis.control" ]; then dirname "$ctl"; return; fi
    done
}

install_packages() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 0
    say "installing postgresql and postgis"
    export DEBIAN_FRONTEND=noninteractive
    # the system's own cluster is not wanted
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
    { apt-get update && apt-get install -y --no-install-recommends postgresql postgresql-postgis; } >&2 ||
        say "they could not be installed"
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

running() {
    [ -r "$state/folder" ] && bin=$(newest_bin) && [ -n "$bin" ] &&
        unprivileged "$bin/pg_ctl" -D "$(cat "$state/folder")/data" status >/dev/null 2>&1
}

start() {
    if running; then cat "$state/exports"; return; fi
    bin=$(newest_bin)
    if [ -z "$bin" ]; then install_packages; bin=$(newest_bin); fi
    [ -n "$bin" ] || fail "PostgreSQL with PostGIS is not installed; on Debian: apt-get install postgresql postgresql-postgis"
    mkdir -p "$state"
    folder=$(unprivileged mktemp -d /tmp/treffsicher-postgres.XXXXXX)
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    echo "$password" | unprivileged tee "$folder/password" >/dev/null
    unprivileged "$bin/initdb" -D "$folder/data" -U treffsicher --auth=scram-sha-256 \
        --pwfile="$folder/password" --encoding=UTF8 --locale=C --no-sync >&2 ||
        fail "PostgreSQL could not make a cluster in $folder"
    unprivileged rm "$folder/password"
    port=$(free_port)
    # Durability is of no use to a cluster that is thrown away.
    unprivileged "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/log" \
        -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$folder -c fsync=off -c synchronous_commit=off -c full_page_writes=off" \
        start >&2 || { unprivileged cat "$folder/log" >&2; fail "PostgreSQL did not start on 127.0.0.1:$port"; }
    echo "$folder" > "$state/folder"
    (umask 077; echo "export GEO_APP_TEST_POSTGRES='postgresql://treffsicher:$password@127.0.0.1:$port/postgres'" > "$state/exports")
    say "PostgreSQL runs on 127.0.0.1:$port; stop it with: tests/services.sh stop"
    cat "$state/exports"
}

stop() {
    [ -r "$state/folder" ] || { say "nothing runs"; return; }
    folder=$(cat "$state/folder")
    if running; then unprivileged "$bin/pg_ctl" -D "$folder/data" -m immediate stop >&2; fi
    case "$folder" in /tmp/treffsicher-postgres.*) rm -rf "$folder" ;; esac
    rm -rf "$state"
}

case "${1:-}" in
    start) start ;;
    stop) stop ;;
    *) fail "say start or stop" ;;
esac
