#!/usr/bin/env bash
# Real servers for the tests, where there is no Docker engine. How each program is had is in services_programs.sh.
#
#   services.sh up [NAME...]     start what does not answer yet; prints the options of pytest
#   services.sh down [NAME...]   stop by pid and remove the data
#   services.sh kill NAME...     end at once and keep the data, as a power failure does
#   services.sh options          the options of pytest for what answers; nothing when nothing does
#
# Every server listens on a loopback port of its own and keeps its data in a temporary folder, with a password made
# for it. SERVICES_SHIFT=1 is a second set beside the first: each port one higher, a folder of its own.
set -euo pipefail

names=(postgresql redis minio elasticsearch tika)
shift_by="${SERVICES_SHIFT:-0}"
home="${TMPDIR:-/tmp}/village-archive-services-$(id -u)-$shift_by"
postgresql_port=$((55433 + shift_by))
redis_port=$((56380 + shift_by))
elasticsearch_port=$((59201 + shift_by))
tika_port=$((59998 + shift_by))
minio_port=$((59000 + shift_by))

# shellcheck source=tools/services_programs.sh
. "$(dirname "$(readlink -f "$0")")/services_programs.sh"
cd /

# PostgreSQL and Elasticsearch refuse to run as root.
as_postgres=() as_nobody=()
if [ "$(id -u)" = 0 ]; then
  as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  as_nobody=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi

password() { cat "$home/password"; }

folder_of() {  # NAME USER: its folder and its copy of the password, for the user it runs as
  mkdir -p "$home/$1"
  cp "$home/password" "$home/$1/password"
  if [ "$(id -u)" = 0 ]; then chown -R "$2" "$home/$1"; fi
}

in_background() {  # NAME COMMAND...: a process group of its own, its pid in a file
  local name="$1"; shift
  setsid "$@" >"$home/$name/log" 2>&1 </dev/null 9>&- &
  echo $! >"$home/$name/pid"
}

start_postgresql() {
  local data="$home/postgresql/data" bin
  bin="$(postgresql_programs)"
  if [ ! -f "$data/PG_VERSION" ]; then
    folder_of postgresql postgres
    "${as_postgres[@]}" "$bin/initdb" -D "$data" -U postgres -E UTF8 -A scram-sha-256 \
      --pwfile="$home/postgresql/password" >/dev/null
  fi
  in_background postgresql "${as_postgres[@]}" "$bin/postgres" -D "$data" -h 127.0.0.1 -p "$postgresql_port" \
    -k "$data" -c max_connections=200
}

start_redis() {
  folder_of redis root
  printf '%s\n' "bind 127.0.0.1" "port $redis_port" "requirepass $(password)" "dir $home/redis" "appendonly yes" \
    >"$home/redis/redis.conf"
  in_background redis redis-server "$home/redis/redis.conf"
}

start_minio() {
  local program
  program="$(minio_program)"
  folder_of minio root
  MINIO_ROOT_USER=minio MINIO_ROOT_PASSWORD="$(password)" in_background minio \
    "$program" server --quiet --address "127.0.0.1:$minio_port" "$home/minio/data"
}

start_tika() {
  local program
  program="$(tika_program)"
  folder_of tika root
  in_background tika java -Xmx512m -jar "$program" -h 127.0.0.1 -p "$tika_port"
}

start_elasticsearch() {
  local folder="$home/elasticsearch"
  local bin="$folder/program/bin"
  export ES_JAVA_HOME ES_JAVA_OPTS="-Xms512m -Xmx512m"
  ES_JAVA_HOME="$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")"
  if [ ! -d "$bin" ]; then
    elasticsearch_program "$folder/program"
    printf '%s\n' "discovery.type: single-node" "network.host: 127.0.0.1" "http.port: $elasticsearch_port" \
      "path.data: $folder/data" "xpack.security.enabled: true" "xpack.security.http.ssl.enabled: false" \
      "cluster.routing.allocation.disk.threshold_enabled: false" >"$folder/program/config/elasticsearch.yml"
    folder_of elasticsearch nobody
    "${as_nobody[@]}" "$bin/elasticsearch-keystore" create >/dev/null
    "${as_nobody[@]}" "$bin/elasticsearch-keystore" add -x bootstrap.password <"$home/password" >/dev/null
  fi
  rm -f "$folder/pid"
  setsid --wait "${as_nobody[@]}" "$bin/elasticsearch" -d -p "$folder/pid" >"$folder/log" 2>&1 </dev/null 9>&- || true
}

ask() { curl --silent --fail --noproxy '*' --max-time 5 --output /dev/null "$@"; }

ready() {  # NAME: whether it answers, with our password
  [ -f "$home/$1/password" ] || return 1
  case "$1" in
    postgresql) PGPASSWORD="$(password)" psql -h 127.0.0.1 -p "$postgresql_port" -U postgres -c "" >/dev/null 2>&1 ;;
    redis) [ "$(REDISCLI_AUTH="$(password)" redis-cli -p "$redis_port" ping 2>/dev/null)" = PONG ] ;;
    elasticsearch) ask --user "elastic:$(password)" "127.0.0.1:$elasticsearch_port/_cluster/health?wait_for_status=yellow" ;;
    tika) ask "127.0.0.1:$tika_port/version" ;;
    minio) ask "127.0.0.1:$minio_port/minio/health/live" ;;
  esac
}

await() {  # NAME: until it answers, two minutes at most
  for _ in $(seq 240); do
    if ready "$1"; then return; fi
    sleep 0.5
  done
  say "$1 does not answer after two minutes; its last words are in $home/$1/log."
}

pid_of() {  # NAME: unless its number has gone to a program of somebody else
  local pid
  pid="$(head -1 "$home/$1/pid" 2>/dev/null)" && ps -o args= -p "$pid" | grep -qE -- "$home|127.0.0.1" && echo "$pid"
}

end() {  # NAME SIGNAL: signal its whole group, and wait until its process is gone
  local pid
  pid="$(pid_of "$1")" || return 0
  kill "-$2" -- "-$(ps -o pgid= -p "$pid" | tr -d ' ')" 2>/dev/null || return 0
  for _ in $(seq 60); do
    if ! kill -0 "$pid" 2>/dev/null; then rm -f "$home/$1/pid"; return; fi
    sleep 0.5
  done
  kill -KILL "$pid"
}

options() {
  local name
  for name in "${names[@]}"; do
    if ready "$name"; then printf -- '--%s %s ' "$(option_of "$name")" "$(url_of "$name")"; fi
  done
}

option_of() { if [ "$1" = minio ]; then echo s3; else echo "$1"; fi; }

url_of() {
  case "$1" in
    postgresql) echo "postgresql+psycopg://postgres:$(password)@127.0.0.1:$postgresql_port/postgres" ;;
    redis) echo "redis://:$(password)@127.0.0.1:$redis_port/0" ;;
    elasticsearch) echo "http://elastic:$(password)@127.0.0.1:$elasticsearch_port" ;;
    tika) echo "http://127.0.0.1:$tika_port" ;;
    minio) echo "s3://minio:$(password)@127.0.0.1:$minio_port" ;;
  esac
}

up() {
  local name
  mkdir -p "$home" && chmod 755 "$home"
  exec 9>"$home/lock" && flock 9  # two at a time would start each server twice
  [ -f "$home/password" ] || (umask 077; od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$home/password")
  install_packages
  for name in "$@"; do ready "$name" || "start_$name"; done
  for name in "$@"; do await "$name"; done
  options
  echo
}

down() {
  local name
  for name in "$@"; do
    end "$name" TERM
    rm -rf "${home:?}/$name"
  done
  if [ $# = ${#names[@]} ]; then rm -rf "$home"; fi
}

word="${1:-}"
if [ $# -gt 0 ]; then shift; fi
case "$word" in
  up | down) if [ $# = 0 ]; then set -- "${names[@]}"; fi; "$word" "$@" ;;
  kill) for name in "$@"; do end "$name" KILL; done ;;
  options) options ;;
  *) say "usage: services.sh up|down|kill|options [${names[*]}]" ;;
esac
