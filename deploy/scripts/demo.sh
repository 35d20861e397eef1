#!/bin/sh
# demo.sh BIN DIR DISTRICT OUT: the whole path, from a district's workbooks to sealed transcripts.
#
# Each run begins with an empty database in the private PostgreSQL below DIR, and ends with the four
# services running, so that one can look around. DISTRICT is a folder of schools as deploy/demo/district.
set -eu
bin=$1 dir=$2 district=$3 out=$4
here=$(dirname "$0")
[ -d "$district" ] || { echo "Không có thư mục · There is no folder $district" >&2; exit 2; }
mkdir -p "$dir" "$out"
district=$(cd "$district" && pwd -P) dir=$(cd "$dir" && pwd -P) out=$(cd "$out" && pwd -P)
# What an earlier run left in our own folder would be mistaken for this one's; others' is theirs.
case $out in "$dir"/*) rm -f "$out"/*.xml ;; esac
sh "$here/prepare.sh" "$bin" "$dir"

first=${HOCBA_DEMO_PORT:-7411}
"$bin/hocba" demo --district "$district" --out "$out" --state "$dir" \
  --identity "127.0.0.1:$first" --records "127.0.0.1:$((first + 1))" \
  --signing "127.0.0.1:$((first + 2))" --reporting "127.0.0.1:$((first + 3))" \
  --tls-ca "$dir/tls/ca.crt" \
  --certificate-authority "$here/../pki/dev-ca.sh"
