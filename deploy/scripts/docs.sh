#!/bin/sh
# docs.sh OUT: the documentation of the GRPC module as a web site in OUT; a warning is an error.
set -eu
out=$1
cd "$(dirname "$0")/../.."
swift build --target GRPC
bin=$(swift build --show-bin-path)
graphs=$(mktemp -d)
trap 'rm -rf "$graphs"' EXIT
# The C modules that GRPC and what it stands on are compiled with.
maps=
for map in $(find .build/checkouts Sources -name module.modulemap) "$bin"/C*.build/module.modulemap; do
  maps="$maps -Xcc -fmodule-map-file=$map"
done
# shellcheck disable=SC2086
swift symbolgraph-extract -module-name GRPC -minimum-access-level package -I "$bin/Modules" $maps \
  -target "$(uname -m)-unknown-linux-gnu" -output-dir "$graphs"
docc convert Sources/GRPC/GRPC.docc --additional-symbol-graph-dir "$graphs" --output-path "$out" \
  --fallback-display-name GRPC --fallback-bundle-identifier GRPC --warnings-as-errors
echo "documentation: $out"
