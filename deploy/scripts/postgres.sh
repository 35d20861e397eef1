#!/bin/sh
# A private PostgreSQL in a folder: an ordinary cluster, reached through a unix socket only.
#
#   postgres.sh start DIR   make it if need be, start it, wait until it answers
#   postgres.sh stop DIR    stop it; the data stay
#   postgres.sh url DIR     the connection URL of its superuser
#   postgres.sh clean DIR   stop it and remove it
#
# DIR may lie anywhere. PostgreSQL does not run as root, so root's cluster belongs to the `postgres`
# user; where that user cannot reach DIR, the cluster is kept below /var/lib/postgresql and DIR says
# where (DIR/place).
set -eu

usage() {
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

[ $# -eq 2 ] || usage
command=$1
[ "$command" != start ] || mkdir -p "$2"
[ -d "$2" ] || case $command in
stop | clean) exit 0 ;;
*) echo "postgres.sh: no $2" >&2; exit 1 ;;
esac
dir=$(cd "$2" && pwd -P)
# The postgres user may not be allowed where the caller stands.
cd /

# 15 is Debian 12's version; HOCBA_POSTGRES_BIN may name another.
bin=${HOCBA_POSTGRES_BIN:-/usr/lib/postgresql/15/bin}
[ -x "$bin/initdb" ] || {
  echo "postgres.sh: no PostgreSQL in $bin (apt-get install postgresql-15)" >&2
  exit 1
}

# Commands of PostgreSQL run as the owner of the cluster.
if [ "$(id -u)" -eq 0 ]; then
  owner=postgres
  as() { runuser -u postgres -- "$@"; }
else
  owner=$(id -un)
  as() { "$@"; }
fi

# The same folder always gives the same short name.
name=hocba-$(printf %s "$dir" | cksum | cut -d ' ' -f 1)

if [ -f "$dir/place" ]; then
  place=$(cat "$dir/place")
elif as test -x "$dir"; then
  place=$dir/cluster
else
  place=/var/lib/postgresql/$name
  [ "$command" != start ] || echo "postgres.sh: user postgres cannot reach $dir, using $place" >&2
fi
data=$place/data
password=$dir/password

# The path of a unix socket has at most 107 bytes, and libpq adds /.s.PGSQL.5432 to ours.
sockets=$place/socket
if [ "$(printf %s "$sockets/.s.PGSQL.5432" | wc -c)" -gt 107 ]; then
  if [ "$owner" = postgres ]; then sockets=/run/$name; else sockets=/tmp/$name; fi
fi

make_private() {
  mkdir -p "$1"
  # In /tmp the name could have been taken by a stranger.
  [ ! -L "$1" ] && [ -O "$1" ] || [ "$(id -u)" -eq 0 ] || {
    echo "postgres.sh: $1 belongs to someone else" >&2
    exit 1
  }
  chmod "$2" "$1"
  [ "$owner" = "$(id -un)" ] || chown "$owner" "$1"
}

start() {
  make_private "$place" 0711
  # Everyone may knock (services run as root or as the user), but only with the password: it lies
  # in DIR, readable for whoever made the cluster.
  make_private "$sockets" 0711
  printf '%s\n' "$place" >"$dir/place"
  if [ ! -f "$data/PG_VERSION" ]; then
    # A cluster without PG_VERSION is what an interrupted initdb left.
    rm -rf "$data"
    secret=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
    (umask 077 && printf '*:*:*:*:%s\n' "$secret" >"$password")
    # initdb reads the password from a file that its own user can read.
    (umask 077 && printf '%s\n' "$secret" >"$place/secret")
    [ "$owner" = "$(id -un)" ] || chown "$owner" "$place/secret"
    as "$bin/initdb" --pgdata="$data" --username=hocba --pwfile="$place/secret" \
      --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-instructions >"$dir/initdb.log" ||
      { cat "$dir/initdb.log" >&2; exit 1; }
    rm -f "$place/secret"
  fi
  # Asked at the socket: a process id alone may be a dead server's. Status 2: nobody there; 1: a
  # server that is still recovering.
  answer=0
  "$bin/pg_isready" -q -h "$sockets" -p 5432 || answer=$?
  if [ "$answer" -ge 2 ]; then
    as "$bin/pg_ctl" --pgdata="$data" --log="$place/log" --wait --silent \
      --options="-c listen_addresses='' -c port=5432 -c max_connections=200 -c unix_socket_directories='$sockets'" start >/dev/null ||
      { tail -n 20 "$place/log" >&2; exit 1; }
  elif [ "$answer" -eq 1 ]; then
    "$bin/pg_isready" -q -h "$sockets" -p 5432 -t 60
  fi
  # The database of the services, once.
  psql() { PGPASSFILE=$password "$bin/psql" -X -q -A -t -h "$sockets" -p 5432 -U hocba "$@"; }
  [ "$(psql -d postgres -c "SELECT count(*) FROM pg_database WHERE datname = 'hocba'")" = 1 ] ||
    psql -d postgres -c 'CREATE DATABASE hocba'
}

stop() {
  [ -f "$data/PG_VERSION" ] || return 0
  # Fast: open transactions are rolled back, clients are disconnected.
  if as "$bin/pg_ctl" --pgdata="$data" status >/dev/null 2>&1; then
    as "$bin/pg_ctl" --pgdata="$data" --mode=fast --wait --silent stop
  fi
}

# Percent-encodes what a URL's query cannot hold.
encode() {
  printf %s "$1" | od -An -v -tx1 | tr ' ' '\n' | while read -r byte; do
    case $byte in
    '') ;;
    2d | 2e | 2f | 5f | 3[0-9] | 4[1-9a-f] | 5[0-9a] | 6[1-9a-f] | 7[0-9a])
      printf "\\$(printf %o "0x$byte")" ;;
    *) printf %%%s "$byte" ;;
    esac
  done
}

case $command in
start) start ;;
stop) stop ;;
url)
  [ -f "$dir/place" ] || { echo "postgres.sh: start it first" >&2; exit 1; }
  printf 'postgresql:///hocba?host=%s&port=5432&user=hocba&passfile=%s\n' \
    "$(encode "$sockets")" "$(encode "$password")"
  ;;
clean)
  stop
  # Only what this script makes: DIR may be anyone's.
  rm -rf "$data" "$sockets" "$place/log" "$place/secret"
  rm -f "$password" "$dir/place" "$dir/initdb.log"
  rmdir "$place" "$dir" 2>/dev/null || true
  ;;
*) usage ;;
esac
