#!/usr/bin/env bash
# One machine with its engine, in namespaces of its own and in the network that machines.sh has made for it.
# When its first process is killed, the machine is gone, as if its plug were pulled.
# Usage: node.sh FOLDER NODE
set -euo pipefail
folder=$1
node=$2

if [ "${3-}" != inside ]; then
  # Not "ip netns exec", which hides the control groups.
  exec nsenter --net="/run/netns/$node" unshare --pid --mount --uts --fork --kill-child --mount-proc \
    "$0" "$folder" "$node" inside >>"$folder/$node.log" 2>&1
fi
hostname "$node"
# Engines write there. It is empty after each start.
mount -t tmpfs tmpfs /run
# Where containerd writes its stacks when it is too slow for dockerd.
export TMPDIR=$folder/disk/tmp
exec tini -- dockerd --host "unix://$folder/$node.sock" --data-root "$folder/disk/$node" \
  --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/${folder##*/}/$node"
