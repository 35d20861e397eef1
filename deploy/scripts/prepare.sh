#!/bin/sh
# prepare.sh BIN DIR: an empty installation: the private PostgreSQL below DIR with a new database,
# passwords, development CAs, and the four services running. What was there before is gone.
set -eu
bin=$1 dir=$2
here=$(dirname "$0")
mkdir -p "$dir/secrets" "$dir/log" "$dir/run"
chmod 700 "$dir/secrets"

# What has been done, in the manner of `hocba demo`.
step() { echo "✓ $*"; }

sh "$here/postgres.sh" start "$dir/postgres"
sh "$here/services.sh" stop "$bin" "$dir"
url=$(sh "$here/postgres.sh" url "$dir/postgres")
# A failed statement must end the run: half a database would make a half demo. Notices are of no use.
sql() {
  LC_ALL=C PGOPTIONS='-c client_min_messages=warning' psql -X -q -v ON_ERROR_STOP=1 \
    "$(echo "$url" | sed 's#///hocba?#///postgres?#')" -c "$1"
}
sql 'DROP DATABASE IF EXISTS hocba WITH (FORCE)'
sql "CREATE DATABASE hocba ENCODING 'UTF8' TEMPLATE template0 LOCALE 'C.UTF-8'"
for service in identity records signing reporting; do
  [ -s "$dir/secrets/$service.pgpass" ] || (
    umask 077
    printf '*:*:*:hocba_%s:%s\n' "$service" "$(openssl rand -hex 24)" > "$dir/secrets/$service.pgpass"
  )
done
[ -s "$dir/secrets/admin.password" ] || (umask 077; openssl rand -base64 18 > "$dir/secrets/admin.password")
"$bin/hocba" migrate --database "$url" --role-passfiles "$dir/secrets" > "$dir/log/migrate.log"
step "Cơ sở dữ liệu trống · An empty database"

# The authority is kept, so that documents of earlier runs can be verified; not where somebody has
# tried revocation, since the revoked would be missing among the signers.
! grep -qs '^R' "$dir/pki/ca.index" || rm -rf "$dir/pki"
sh "$here/../pki/dev-ca.sh" "$dir/pki" < /dev/null
# Another one for the services themselves: who may sign is not who may serve.
printf 'server\tservice\tlocalhost 127.0.0.1 ::1\n' | sh "$here/../pki/dev-ca.sh" "$dir/tls"
sh "$here/services.sh" start "$bin" "$dir"
step "Tổ chức chứng thực thử nghiệm, bốn dịch vụ · Development CA, four services"
