#!/bin/sh
# build.sh OUT [debug|release]: the peers that the gRPC runtime is held against, servers and
# clients, in OUT: grpc-cpp-peer-server, grpc-cpp-peer-client (always optimised) and
# grpc-swift-peer-server (for release, for measuring).
set -eu
mkdir -p "$1/cpp"
out=$(cd "$1" && pwd)
configuration=${2:-debug}
cd "$(dirname "$0")"
cp -Rp Cpp/. ../proto "$out/cpp/"
make -s -j 2 -C "$out/cpp"
swift build -c "$configuration" --scratch-path "$out/swift"
bin=$(swift build -c "$configuration" --scratch-path "$out/swift" --show-bin-path)
ln -sf cpp/grpc-cpp-peer-server cpp/grpc-cpp-peer-client "$bin/grpc-swift-peer-server" "$out/"
