#!/bin/sh
# sanitize.sh DIR [thread|address]…: the tests under a sanitizer, each with a build of its own below
# .build-NAME. Without a name: both. What a sanitizer finds ends the run.
set -eu
dir=$1
shift
[ $# -gt 0 ] || set -- thread address
cd "$(dirname "$0")/../.."
# The first report ends the process, and so the run.
export TSAN_OPTIONS=halt_on_error=1 ASAN_OPTIONS=detect_leaks=0
for sanitizer; do
  echo "== $sanitizer sanitizer"
  sh deploy/scripts/test.sh "$dir" --sanitize "$sanitizer" --scratch-path ".build-$sanitizer" \
    --skip SystemTests --skip TidyTests
done
