#!/bin/sh
# services.sh start|stop|status BIN DIR: the four services as ordinary processes of this machine.
#
# BIN holds the programs, DIR the state: passwords, logs, process ids. They listen on loopback, at
# HOCBA_DEMO_PORT (7411) and the three ports after it.
set -eu
verb=$1 bin=$2 dir=$3
here=$(cd "$(dirname "$0")" && pwd)
first=${HOCBA_DEMO_PORT:-7411}
services='identity records signing reporting'

# The environment of one service: only what it declares, nothing of the shell's. Its password stands
# in a file that libpq reads.
start_one() {
  service=$1 port=$2
  url=$(sh "$here/postgres.sh" url "$dir/postgres" \
    | sed "s/user=hocba/user=hocba_$service/; s/[&?]passfile=[^&]*//")
  set -- HOCBA_PORT="$port" HOCBA_DATABASE_URL="$url" PGPASSFILE="$dir/secrets/$service.pgpass"
  case $service in
    identity) set -- "$@" HOCBA_ADMIN_PASSWORD_FILE="$dir/secrets/admin.password" \
      HOCBA_TRUST_FILE="$dir/pki/ca.crt" HOCBA_TRUST_CRL_FILE="$dir/pki/ca.crl" ;;
    signing) set -- "$@" HOCBA_TRUST_FILE="$dir/pki/ca.crt" HOCBA_TRUST_CRL_FILE="$dir/pki/ca.crl" \
      HOCBA_RECORDS_ADDRESS="127.0.0.1:$((first + 1))" ;;
  esac
  env -i PATH="$PATH" "$@" setsid "$bin/hocba-$service" > "$dir/log/$service.log" 2>&1 < /dev/null &
  echo $! > "$dir/run/$service.pid"
}

running() { [ -s "$dir/run/$1.pid" ] && kill -0 "$(cat "$dir/run/$1.pid")" 2> /dev/null; }

wait_healthy() {
  for _ in $(seq 150); do
    "$bin/hocba" health "127.0.0.1:$2" > /dev/null 2>&1 && return 0
    running "$1" || break
    sleep 0.2
  done
  echo "hocba-$1 did not come up; its log ends:" >&2
  tail -5 "$dir/log/$1.log" >&2
  return 1
}

case $verb in
  start)
    mkdir -p "$dir/log" "$dir/run"
    port=$first
    for service in $services; do
      running "$service" || start_one "$service" "$port"
      port=$((port + 1))
    done
    port=$first
    for service in $services; do
      wait_healthy "$service" "$port"
      port=$((port + 1))
    done ;;
  stop)
    for service in $services; do
      if running "$service"; then kill "$(cat "$dir/run/$service.pid")"; fi
    done
    for service in $services; do
      for _ in $(seq 300); do running "$service" || break; sleep 0.1; done
      rm -f "$dir/run/$service.pid"
    done ;;
  status)
    for service in $services; do
      if running "$service"; then echo "$service: running"; else echo "$service: stopped"; fi
    done ;;
  *) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
esac
