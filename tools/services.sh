#!/usr/bin/env bash
# Servers for the tests, without a Docker engine: PostgreSQL and Redis from the system's packages.
# Each on a loopback port of its own, data in a temporary folder. `services.sh up` prints the options of pytest;
# `services.sh down` stops what `up` started, by its pid, and removes the data.
set -euo pipefail

home="${TMPDIR:-/tmp}/village-archive-services-$(id -u)"
postgresql_port=55433
redis_port=56380

as_postgres() {  # PostgreSQL refuses to run as root
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

programs() { find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -1; }

start_postgresql() {
  local data="$home/postgresql"
  [ -f "$data/postmaster.pid" ] && return
  mkdir -p "$data"
  if [ "$(id -u)" = 0 ]; then chown postgres "$data"; fi
  [ -f "$data/PG_VERSION" ] || as_postgres "$(programs)/initdb" -D "$data" -A trust -U postgres -E UTF8 >/dev/null
  as_postgres "$(programs)/pg_ctl" -D "$data" -w -l "$data/log" -o "-h 127.0.0.1 -p $postgresql_port -k $data" start >/dev/null
}

start_redis() {
  local data="$home/redis"
  [ -f "$data/pid" ] && return
  mkdir -p "$data"
  redis-server --bind 127.0.0.1 --port "$redis_port" --save "" --dir "$data" --pidfile "$data/pid" --daemonize yes >/dev/null
}

up() {
  mkdir -p "$home" && chmod 755 "$home"
  start_postgresql
  start_redis
  echo "--postgresql postgresql+psycopg://postgres@127.0.0.1:$postgresql_port/postgres --redis redis://127.0.0.1:$redis_port/0"
}

down() {
  [ -f "$home/postgresql/postmaster.pid" ] && as_postgres "$(programs)/pg_ctl" -D "$home/postgresql" -m fast -w stop >/dev/null
  [ -f "$home/redis/pid" ] && kill "$(cat "$home/redis/pid")"
  rm -rf "$home"
}

cd /
case "${1:-}" in
  up) up ;;
  down) down ;;
  *) echo "usage: services.sh up|down" >&2; exit 2 ;;
esac
