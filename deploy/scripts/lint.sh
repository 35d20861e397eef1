#!/bin/sh
# lint.sh DIR: what can be checked without building. lint.sh --format: formats instead.
set -eu
cd "$(dirname "$0")/../.."
# Generated code is left out: it is made anew, never repaired.
swift_files() {
  git ls-files --cached --others --exclude-standard -- '*.swift' | grep -v -e '^Sources/API/' -e '/Generated/'
}
if [ "$1" = --format ]; then
  swift_files | xargs swift format -i
  exit 0
fi
swift_files | xargs swift format lint --strict
python=$(sh deploy/scripts/venv.sh "$1/venv")
(cd proto && "$(dirname "$python")/buf" lint)
for script in $(git ls-files -- '*.sh' .ci/run); do sh -n "$script"; done
# Generated code must be what the generator makes of proto/ now.
if [ -n "${CI:-}" ]; then
  sh deploy/scripts/generate.sh
  git diff --exit-code -- Sources/API Sources/CAPI Sources/CPlugin Tests/CTestProto Tests/ProtobufTests \
    Tests/CInterop Tests/Interop
fi
echo "lint: clean"
