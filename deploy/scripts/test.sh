#!/bin/sh
# test.sh DIR [swift test arguments]: every test, against a private PostgreSQL below DIR.
set -eu
dir=$1
shift
cd "$(dirname "$0")/../.."
HOCBA_PYTHON=$(sh deploy/scripts/venv.sh "$dir/venv")
sh deploy/scripts/postgres.sh start "$dir/test-postgres"
HOCBA_TEST_DATABASE=$(sh deploy/scripts/postgres.sh url "$dir/test-postgres")
HOCBA_PEERS=$dir/peers
export HOCBA_PYTHON HOCBA_TEST_DATABASE HOCBA_PEERS
trap 'sh deploy/scripts/postgres.sh stop "$dir/test-postgres"' EXIT
# Other implementations of gRPC, servers and clients.
sh Tests/Benchmarks/build.sh "$HOCBA_PEERS"
if [ $# -gt 0 ]; then
  swift test --experimental-maximum-parallelization-width 4 "$@"
else
  swift build --build-tests
  # One after the other: the system tests start processes that want the machine for themselves.
  swift test --skip-build --experimental-maximum-parallelization-width 4 --skip SystemTests --skip FuzzTests
  swift test --skip-build --filter SystemTests
  HOCBA_FUZZ_SECONDS=${HOCBA_FUZZ_SECONDS:-60} swift test --skip-build --filter FuzzTests
fi
