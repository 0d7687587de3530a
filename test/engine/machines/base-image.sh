#!/usr/bin/env bash
# Makes the image on which all others are built, as no registry of images can be needed here: this machine's Debian by
# mmdebstrap, with Python, with this machine's Node, and with what the images of add-ons need.
# Usage: base-image.sh TAG NODE SOCKET SOCKET    NODE: the program. SOCKET: of an engine that gets the image.
# TMPDIR: a folder for the work
set -euo pipefail
tag=$1
here=$(realpath "$(dirname "$0")")
# shellcheck source=/dev/null
. /etc/os-release

wheels=(python3-{flask,werkzeug,jinja2,markupsafe,itsdangerous,click,gunicorn,psycopg2})
packages=(ca-certificates tini libstdc++6 libatomic1 python3-venv python3-pip python-is-python3
  "${wheels[@]}" uwsgi-plugin-python3 postgresql redis-server openssl)

import() {
  docker --host "unix://$1" import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$tag"
}

mkfifo "$TMPDIR/second"
import "$4" <"$TMPDIR/second" &
mmdebstrap --quiet --variant=minbase --mode=root --skip=check/empty \
  --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=*/libLLVM*' --dpkgopt='path-exclude=*/libz3*' \
  --aptopt='Acquire::Check-Valid-Until "false"' --include="$(IFS=,; echo "${packages[*]}")" \
  --customize-hook="'$here/customize.sh' \"\$1\" '$2' ${wheels[*]}" \
  "$VERSION_CODENAME" - | tee "$TMPDIR/second" | import "$3"
wait $!
