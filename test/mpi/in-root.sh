#!/usr/bin/env bash
# Runs a command in a root of make-root.sh, which has this machine's devices, its temporary files, this project and a
# Node where they are here. To be called by `unshare --mount`, so that what is mounted is the command's alone.
#
#   in-root.sh FOLDER NODE COMMAND…
set -euo pipefail
root=$1
node=$2
shift 2

# A root that is a mount can itself make places for mounts, as `ip netns` does.
mount --rbind "$root" "$root"
for folder in /proc /sys /dev "${TMPDIR:-/tmp}" "$(realpath "$(dirname "$0")/../..")"; do
  mkdir -p "$root$folder"
  mount --rbind "$folder" "$root$folder"
done
if [[ ! -e $root$node ]]; then
  mkdir -p "$(dirname "$root$node")"
  touch "$root$node"
fi
mount --bind "$node" "$root$node"
exec chroot "$root" env -C "$PWD" "$@"
