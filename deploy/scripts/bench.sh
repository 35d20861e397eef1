#!/bin/sh
# bench.sh DIR [--json]: builds for release and measures, the product and then the gRPC runtime beside
# its peers; DIR/bench keeps what the run makes. ONLY=product,unary,… measures less, FULL=1 more.
set -eu
dir=$1
shift
cd "$(dirname "$0")/../.."
mkdir -p "$dir/bench"
dir=$(cd "$dir" && pwd)/bench
only=${ONLY:-product,unary,latency,tls,client,stream,allocations,memory,connections}
swift build -c release
bin=$(swift build -c release --show-bin-path)
case ,$only, in
  *,product,*) "$bin/hocba-bench" "$dir" "$@" ;;
esac
grpc=$(printf '%s' "$only" | tr , '\n' | grep -v '^product$' | paste -sd, -)
[ -n "$grpc" ] || exit 0
sh deploy/scripts/packages.sh test
sh Tests/Benchmarks/build.sh "$dir/peers" release
# Ten thousand connections are as many open files.
ulimit -n "$(ulimit -H -n)"
exec python3 Tests/Benchmarks/Runner/bench.py --ours "$bin" --peers "$dir/peers" \
  --scratch "$dir/grpc" --only "$grpc" ${FULL:+--full} "$@"
