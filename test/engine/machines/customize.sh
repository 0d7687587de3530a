#!/usr/bin/env bash
# Adds to a Debian what base-image.sh cannot get from packages.
# Usage: customize.sh ROOT NODE PACKAGE...    ROOT: Debian's folder. PACKAGE: Python's, of which wheels are made
set -euo pipefail
root=$1
node=$(realpath "$2")
npm=$(realpath "$(dirname "$node")/../lib/node_modules/npm")
shift 2

cp "$node" "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules" "$root/usr/local/etc"
cp -r "$npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"

# npm's registry and authorities are this machine's. The rest of its settings is not taken: it may have a token.
certificates=/etc/ssl/certs/ca-certificates.crt
cp $certificates "$root$certificates"
printf 'registry=%s\ncafile=%s\n' "$("$node" "$npm/bin/npm-cli.js" config get registry)" $certificates \
  >"$root/usr/local/etc/npmrc"

# pip's packages are Debian's, as wheels: there is no index, and an app that is not installed finds nothing.
chroot "$root" python3 - /opt/wheels "$@" <"$(dirname "$0")/wheels.py"
chroot "$root" dpkg --purge --force-depends "$@" >/dev/null
printf '[global]\nno-index = true\nfind-links = /opt/wheels\n' >"$root/etc/pip.conf"
