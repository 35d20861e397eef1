#!/bin/sh
# What a first start needs and nobody should have to think of: a password for each database role and
# the first administrator, a trust list, and the services' certificates. Each lies in a volume of its own, mounted only where it
# is used. Runs before every start and changes nothing that is there.
set -eu
umask 077

secret() { openssl rand -hex 24; }

# The superuser's password, as the postgres image wants it: a file that its user can read.
if [ ! -s /volumes/postgres/password ]; then
  secret > /volumes/postgres/password
  chmod 444 /volumes/postgres/password
fi
printf '*:*:*:postgres:%s\n' "$(cat /volumes/postgres/password)" > /volumes/migrate/postgres.pgpass
for service in identity records signing reporting; do
  if [ ! -s "/volumes/$service/pgpass" ]; then
    printf '*:*:*:hocba_%s:%s\n' "$service" "$(secret)" > "/volumes/$service/pgpass"
  fi
  cp "/volumes/$service/pgpass" "/volumes/migrate/$service.pgpass"
done
[ -s /volumes/identity/admin.password ] || openssl rand -base64 18 > /volumes/identity/admin.password

# Without a trust list of the office's own, signatures can be tried with a development CA.
for service in identity signing; do
  mkdir -p "/volumes/$service/trust"
done
if [ ! -s /volumes/identity/trust/ca.crt ]; then
  sh /usr/local/share/hocba/dev-ca.sh /volumes/migrate/pki < /dev/null
  for service in identity signing; do
    cp /volumes/migrate/pki/ca.crt /volumes/migrate/pki/ca.crl "/volumes/$service/trust/"
  done
fi

# Without certificates of the office's own, the services trust an authority that stays here. What is
# put in their place is in use at once.
for service in identity records signing reporting; do
  [ ! -s "/volumes/$service/tls/service.crt" ] || continue
  printf 'server\t%s\t%s localhost 127.0.0.1 ::1\n' "$service" "$service" |
    sh /usr/local/share/hocba/dev-ca.sh /volumes/migrate/tls
  mkdir -p "/volumes/$service/tls"
  cp /volumes/migrate/tls/ca.crt "/volumes/$service/tls/ca.crt"
  cp "/volumes/migrate/tls/$service.key" "/volumes/$service/tls/service.key"
  cp "/volumes/migrate/tls/$service.crt" "/volumes/$service/tls/service.crt"
done
