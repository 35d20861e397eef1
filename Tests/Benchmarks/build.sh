#!/bin/sh
# build.sh OUT [debug|release]: the peers that the gRPC runtime is held against, servers and
# clients, in OUT: grpc-cpp-peer-server, grpc-cpp-peer-client (always optimised),
# grpc-swift-peer-server, grpc-swift-peer-client (for release, for measuring).
set -eu
mkdir -p "$1/cpp"
out=$(cd "$1" && pwd)
configuration=${2:-debug}
cd "$(dirname "$0")"
cp -Rp Cpp/. ../proto "$out/cpp/"
make -s -j 2 -C "$out/cpp"
# Without assertions, as for release: one of swift-nio-http2 1.46.0 (ControlFrameBuffer, a frame
# written while another one is) does not hold under load, and would take the peer down.
options=
[ "$configuration" = release ] || options='-Xswiftc -assert-config -Xswiftc Release'
build() {
  # shellcheck disable=SC2086 # a list of words
  swift build -c "$configuration" --scratch-path "$out/swift" $options "$@"
}
build
bin=$(build --show-bin-path)
for side in server client; do
  ln -sf "cpp/grpc-cpp-peer-$side" "$bin/grpc-swift-peer-$side" "$out/"
done
