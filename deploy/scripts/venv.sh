#!/bin/sh
# venv.sh DIR: a Python environment with deploy/requirements.txt, made once and again when the list
# changes. Prints the path of its interpreter.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
if ! cmp -s "$here/requirements.txt" "$1/requirements.txt"; then
  rm -rf "$1"
  python3 -m venv "$1"
  "$1/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt" >&2
  cp "$here/requirements.txt" "$1/requirements.txt"
fi
echo "$1/bin/python"
