#!/usr/bin/env bash
# Holds two machines with a container engine each until stdin ends: that is when the suite closes it, or is gone.
# Then nothing of them remains: their processes, mounts and networks live in namespaces that end with the first process.
# Usage: keep.sh FOLDER    prints the process id of the machines' first process
set -euo pipefail
folder=$1
here=$(dirname "$0")

unshare --pid --mount --net --fork --kill-child --mount-proc "$here/machines.sh" "$folder" </dev/null >"$folder/machines.log" 2>&1 &
holder=$!
first=''
while kill -0 $holder 2>/dev/null && [ -z "$first" ]; do
  read -r first _ <"/proc/$holder/task/$holder/children" || sleep 0.01
done
echo "$first"

cat >/dev/null
# The first process of a namespace takes all others with it; unshare waits until they are gone.
[ -z "$first" ] || kill -KILL "$first" 2>/dev/null || true
wait $holder 2>/dev/null || true
find /sys/fs/cgroup -depth -type d -path "*/${folder##*/}*" -exec rmdir {} + || true
rm -rf "$folder"
