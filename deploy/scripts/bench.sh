#!/bin/sh
# bench.sh DIR [--json]: builds for release and measures; DIR/bench keeps what the run makes.
set -eu
dir=$1
shift
cd "$(dirname "$0")/../.."
swift build -c release
mkdir -p "$dir"
exec "$(swift build -c release --show-bin-path)/hocba-bench" "$dir/bench" "$@"
