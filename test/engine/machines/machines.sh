#!/usr/bin/env bash
# The first process in the machines' namespaces: a network of two machines, 10.77.0.1 and 10.77.0.2, and an engine on each.
# 10.77.0.254 is the suite. Nothing here is seen outside, but for the files in FOLDER and control groups of its name.
set -euo pipefail
folder=$1

# Names of networks are files there. A resolver's file may lie there, too.
resolver=$(realpath /etc/resolv.conf)
cp "$resolver" "$folder/resolv.conf"
mount -t tmpfs tmpfs /run
[ -e "$resolver" ] || install -D "$folder/resolv.conf" "$resolver"

# Images lie in memory where there is enough: many small files, of which nothing has to be removed afterwards.
mkdir "$folder/disk"
if [ "$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)" -gt $((8 * 1024 ** 2)) ]; then
  mount -t tmpfs -o size=6g tmpfs "$folder/disk"
fi
mkdir "$folder/disk/tmp"

ip link set lo up
ip link add lan type bridge
ip addr add 10.77.0.254/24 dev lan
ip link set lan up
# Engines on several machines talk by vxlan: a kernel without it is found out here.
ip link add probe type vxlan id 1 dstport 4789
ip link delete probe

for number in 1 2; do
  node=node$number
  ip netns add $node
  ip link add $node type veth peer name eth0 netns $node
  ip link set $node master lan up
  ip -n $node link set lo up
  ip -n $node addr add 10.77.0.$number/24 dev eth0
  ip -n $node link set eth0 up
  "$(dirname "$0")/node.sh" "$folder" $node &
done
wait
