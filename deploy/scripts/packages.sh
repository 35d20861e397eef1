#!/bin/sh
# packages.sh SECTION…: installs the Debian packages of these sections of deploy/packages.txt that are
# missing. Asks for nothing and touches nothing when all are there.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
missing=
for section in "$@"; do
  wanted=$(sed -n "/^\[$section\]/,/^\[/{/^[a-z0-9]/p}" "$here/packages.txt")
  for package in $wanted; do
    dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
done
[ -z "$missing" ] && exit 0
echo "Installing Debian packages:$missing"
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -qq
# shellcheck disable=SC2086 # a list of words
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing > /dev/null
