#!/bin/sh
# A development authority: one root, and certificates for people, seals and servers. Not for real
# use: its keys lie in plain files.
#
#   dev-ca.sh DIR < lines      issue; a line is kind TAB code TAB name TAB personal id TAB organisation
#   dev-ca.sh DIR revoke CODE  put a certificate on the list of revoked ones
#
# kind is `person` or `seal`: the subject's serialNumber is the personal id, or for lack of one the
# organisation. Or `server`: its name is a list of hosts and addresses, with spaces in between; who
# issues to people should not issue to servers. Writes CODE.key (PKCS#8, 0600) and CODE.crt, ca.crt
# and ca.crl; what exists is kept.
# HOCBA_DEV_KEY: p256 (default), p384 or rsa (2,048 bits), for the keys that are made.
set -eu

[ $# -ge 1 ] || { sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 64; }
fail() { echo "dev-ca.sh: $*" >&2; exit 1; }

mkdir -p "$1"
umask 077
dir=$(cd "$1" && pwd)
conf=$dir/ca.cnf
tab=$(printf '\t')

case ${HOCBA_DEV_KEY:-p256} in
  p256) key='ec -pkeyopt ec_paramgen_curve:P-256' ;;
  p384) key='ec -pkeyopt ec_paramgen_curve:P-384' ;;
  rsa) key='rsa:2048' ;;
  *) fail "HOCBA_DEV_KEY: $HOCBA_DEV_KEY" ;;
esac

# Characters that -subj takes for structure are written as themselves.
escaped() { printf %s "$1" | sed 's/[\\/+=]/\\&/g'; }

gencrl() {
  openssl ca -config "$conf" -gencrl -out "$dir/ca.crl.new" 2>/dev/null || fail 'no CRL'
  chmod 644 "$dir/ca.crl.new"
  mv "$dir/ca.crl.new" "$dir/ca.crl"
}

make_root() {
  cat > "$conf" <<EOF
[req]
distinguished_name = dn
string_mask = utf8only
utf8 = yes
prompt = no
[dn]
[root]
basicConstraints = critical, CA:TRUE, pathlen:1
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ca]
default_ca = dev
[dev]
database = $dir/ca.index
crlnumber = $dir/ca.crlnumber
certificate = $dir/ca.crt
private_key = $dir/ca.key
default_md = sha256
default_crl_days = 3650
EOF
  : > "$dir/ca.index"
  echo 01 > "$dir/ca.crlnumber"
  openssl req -x509 -config "$conf" -extensions root -days 3650 -sha256 -nodes -utf8 \
    -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout "$dir/ca.key" -out "$dir/ca.crt.new" \
    -subj '/C=VN/O=Học bạ/CN=Học bạ development CA' 2>/dev/null || fail 'no root'
  chmod 644 "$dir/ca.crt.new"
  mv "$dir/ca.crt.new" "$dir/ca.crt"
}

# What a server is called by, as the certificate has it.
alternatives() {
  for host in $1; do
    case $host in
      *:* | [0-9]*.*[0-9]) echo "IP:$host" ;;
      *) echo "DNS:$host" ;;
    esac
  done | paste -s -d , -
}

issue() { # kind code name personal-id organisation
  case $1 in
    person | seal) extensions=signer alternatives='' cn=$3 ;;
    server) extensions=server alternatives=$(alternatives "$3") cn=${3%% *} ;;
    *) fail "kind of $2: $1" ;;
  esac
  case $2 in '' | ca | .* | *[!A-Za-z0-9._-]*) fail "code: $2" ;; esac
  [ -n "$3" ] || fail "$2 has no name"
  [ ! -s "$dir/$2.crt" ] || return 0
  id=${4:-$5}
  subject="/C=VN${5:+/O=$(escaped "$5")}${id:+/serialNumber=$(escaped "$id")}/CN=$(escaped "$cn")"
  # The certificate comes last, so that one that exists has its key.
  # shellcheck disable=SC2086
  openssl req -x509 -config "$conf" -extensions "$extensions" \
    ${alternatives:+-addext "subjectAltName=$alternatives"} -days 1825 -sha256 -nodes -utf8 \
    -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -newkey $key -keyout "$dir/$2.key" \
    -out "$dir/$2.crt.new" -subj "$subject" 2> "$dir/error" || fail "$2: $(cat "$dir/error")"
  chmod 644 "$dir/$2.crt.new"
  mv "$dir/$2.crt.new" "$dir/$2.crt"
}

[ -s "$dir/ca.crt" ] || make_root
[ -s "$dir/ca.crl" ] || gencrl

case ${2:-issue} in
  issue)
    # A tab at the end or two in a row are empty fields, which `read` would join.
    separator=$(printf '\037')
    tr "$tab" "$separator" |
      while IFS=$separator read -r kind code name personal organisation || [ -n "$kind" ]; do
        issue "$kind" "$code" "$name" "$personal" "$organisation"
      done
    ;;
  revoke)
    [ -s "$dir/${3:?code}.crt" ] || fail "no certificate of $3"
    openssl ca -config "$conf" -revoke "$dir/$3.crt" 2> "$dir/error" ||
      grep -q 'Already revoked' "$dir/error" || fail "$3: $(cat "$dir/error")"
    gencrl
    ;;
  *) fail "unknown command $2" ;;
esac
