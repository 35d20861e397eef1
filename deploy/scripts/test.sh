#!/bin/sh
# test.sh DIR [swift test arguments]: every test, against a private PostgreSQL below DIR.
set -eu
dir=$1
shift
cd "$(dirname "$0")/../.."
HOCBA_PYTHON=$(sh deploy/scripts/venv.sh "$dir/venv")
sh deploy/scripts/postgres.sh start "$dir/test-postgres"
HOCBA_TEST_DATABASE=$(sh deploy/scripts/postgres.sh url "$dir/test-postgres")
export HOCBA_PYTHON HOCBA_TEST_DATABASE
trap 'sh deploy/scripts/postgres.sh stop "$dir/test-postgres"' EXIT
swift build --build-tests
if [ $# -gt 0 ]; then
  swift test --skip-build "$@"
else
  # One after the other: the system tests start processes that want the machine for themselves.
  swift test --skip-build --experimental-maximum-parallelization-width 4 --skip SystemTests
  swift test --skip-build --filter SystemTests
fi
