#!/bin/sh
# Generates Sources/API and Sources/CAPI from proto/, Sources/CPlugin from protoc's own files, and
# the messages of Tests/ProtobufTests and Tests/Interop. Needs protobuf-compiler, protobuf-c-compiler, libprotoc-dev
# and libprotobuf-c-dev.
set -eu
cd "$(dirname "$0")/../.."
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
export LC_ALL=C

# compile NAME SWIFT-FOLDER C-FOLDER OPTIONS FILE…: NAME is that of the C module.
compile() {
  name=$1 swift=$2 c=$3 options=$4
  shift 4
  out=$temporary/$name
  mkdir "$out"
  protoc --plugin="$generator" --hocba_out="$out" --hocba_opt="c=$name$options" \
    -I proto -I Tests/ProtobufTests/proto -I Tests/proto -I /usr/include "$@"
  mv "$out/$name.proto" "$temporary/"
  protoc-c -I "$temporary" -I /usr/include --c_out="$out" "$temporary/$name.proto"
  mv "$out/$name.h" "$out/$name.pb-c.h" "$c/include/"
  mv "$out/$name.pb-c.c" "$c/"
  # What a proto no longer asks for goes too; Support is written by hand.
  find "$swift" -mindepth 1 -maxdepth 1 ! -name Support -exec rm -rf {} +
  mv "$out"/* "$swift/"
}

# protoc's own files, with which the generator is built.
own="google/protobuf/descriptor google/protobuf/compiler/plugin"
mkdir "$temporary/plugin"
for file in $own; do
  protoc-c -I /usr/include --c_out="$temporary/plugin" "/usr/include/$file.proto"
  for suffix in h c; do
    folder=Sources/CPlugin
    test $suffix = c || folder=$folder/include
    mkdir -p "$folder/$(dirname "$file")"
    mv "$temporary/plugin/$file.pb-c.$suffix" "$folder/$file.pb-c.$suffix"
  done
done

swift build --product protoc-gen-hocba
generator=protoc-gen-hocba=$(swift build --show-bin-path)/protoc-gen-hocba

well_known="any duration empty field_mask timestamp wrappers"
# shellcheck disable=SC2046,SC2086
compile CAPI Sources/API Sources/CAPI "" \
  $(printf 'google/protobuf/%s.proto ' $well_known) $(cd proto && find * -name '*.proto' | sort)

compile CTestProto Tests/ProtobufTests/Generated Tests/CTestProto ",import=API,c-import=CAPI" \
  $(cd Tests/ProtobufTests/proto && find * -name '*.proto' | sort)

compile CInterop Tests/Interop/Generated Tests/CInterop "" \
  $(cd Tests/proto && find * -name '*.proto' | sort)
