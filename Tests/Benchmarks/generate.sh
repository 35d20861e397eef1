#!/bin/sh
# generate.sh DIR: makes Sources/PeerMessages/Generated anew from ../proto. DIR keeps the build of
# the generators, which come from the packages themselves.
set -eu
mkdir -p "$1"
scratch=$(cd "$1" && pwd)
cd "$(dirname "$0")"
for product in protoc-gen-swift protoc-gen-grpc-swift-2; do
  swift build --scratch-path "$scratch" --product $product
done
bin=$(swift build --scratch-path "$scratch" --show-bin-path)
options=Visibility=Package,UseAccessLevelOnImports=true,FileNaming=DropPath
generated=Sources/PeerMessages/Generated
rm -rf $generated
mkdir $generated
# shellcheck disable=SC2046
protoc -I ../proto \
  --plugin="$bin/protoc-gen-swift" --swift_out=$generated --swift_opt=$options \
  --plugin="$bin/protoc-gen-grpc-swift-2" \
  --grpc-swift-2_out=$generated --grpc-swift-2_opt=$options \
  $(cd ../proto && find * -name '*.proto' | sort)
# A proto without messages or without services has a file with nothing in it all the same.
rm $generated/empty.grpc.swift $generated/messages.grpc.swift $generated/test.pb.swift
