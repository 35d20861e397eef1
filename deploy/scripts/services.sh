#!/bin/sh
# services.sh start|stop|status BIN DIR: the four services as ordinary processes of this machine.
# services.sh run BIN DIR SERVICE: one of them, in the foreground.
#
# BIN holds the programs, DIR the state: passwords, logs, process ids. They listen on loopback, over
# TLS, at HOCBA_DEMO_PORT (7411) and the three ports after it.
set -eu
verb=$1 bin=$2 dir=$3
here=$(cd "$(dirname "$0")" && pwd)
first=${HOCBA_DEMO_PORT:-7411}
services='identity records signing reporting'

port_of() {
  case $1 in
    identity) echo "$first" ;;
    records) echo "$((first + 1))" ;;
    signing) echo "$((first + 2))" ;;
    reporting) echo "$((first + 3))" ;;
  esac
}

# The environment of one service: only what it declares, nothing of the shell's. Its password stands
# in a file that libpq reads.
run() {
  service=$1
  url=$(sh "$here/postgres.sh" url "$dir/postgres" \
    | sed "s/user=hocba/user=hocba_$service/; s/[&?]passfile=[^&]*//")
  set -- HOCBA_PORT="$(port_of "$service")" HOCBA_DATABASE_URL="$url" \
    PGPASSFILE="$dir/secrets/$service.pgpass" \
    HOCBA_TLS_CERTIFICATE="$dir/tls/service.crt" HOCBA_TLS_KEY="$dir/tls/service.key"
  case $service in
    identity) set -- "$@" HOCBA_ADMIN_PASSWORD_FILE="$dir/secrets/admin.password" \
      HOCBA_TRUST_FILE="$dir/pki/ca.crt" HOCBA_TRUST_CRL_FILE="$dir/pki/ca.crl" ;;
    signing) set -- "$@" HOCBA_TRUST_FILE="$dir/pki/ca.crt" HOCBA_TRUST_CRL_FILE="$dir/pki/ca.crl" \
      HOCBA_RECORDS_ADDRESS="127.0.0.1:$(port_of records)" HOCBA_RECORDS_CA="$dir/tls/ca.crt" ;;
  esac
  exec env -i PATH="$PATH" "$@" "$bin/hocba-$service"
}

running() {
  [ -s "$dir/run/$1.pid" ] || return 1
  # A process that has ended and that nobody has waited for still has an id.
  state=$(cut -d ' ' -f 3 "/proc/$(cat "$dir/run/$1.pid")/stat" 2> /dev/null) || return 1
  [ -n "$state" ] && [ "$state" != Z ]
}

healthy() {
  "$bin/hocba" health --tls-ca "$dir/tls/ca.crt" "127.0.0.1:$(port_of "$1")" > /dev/null 2>&1
}

# Who listens before ours is started is another's.
check_free() {
  ! timeout 5 openssl s_client -connect "127.0.0.1:$(port_of "$1")" < /dev/null 2> /dev/null |
    grep -q ^CONNECTED || {
    echo "Cổng $(port_of "$1") đã có một hệ thống khác dùng: hãy dừng nó, hoặc đặt HOCBA_DEMO_PORT." >&2
    echo "Another installation listens on port $(port_of "$1"): stop it, or set HOCBA_DEMO_PORT." >&2
    return 1
  }
}

wait_healthy() {
  for _ in $(seq 150); do
    healthy "$1" && return 0
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
    for service in $services; do running "$service" || check_free "$service"; done
    for service in $services; do
      running "$service" && continue
      # A session of its own: what ends the caller's does not end the service. setsid, sh and env
      # each become the next, so that the id is the service's.
      setsid sh "$0" run "$bin" "$dir" "$service" >> "$dir/log/$service.log" 2>&1 < /dev/null &
      echo $! > "$dir/run/$service.pid"
    done
    for service in $services; do wait_healthy "$service"; done ;;
  run) run "$4" ;;
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
  *) sed -n '2,7s/^# //p' "$0" >&2; exit 2 ;;
esac
