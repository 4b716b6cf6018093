#!/usr/bin/env bash
# Makes a folder that has another release of Debian with its MPI libraries, from the mirror that apt has here, in about a
# minute; or says why it cannot. A release that changes from day to day may be impossible to install.
#
#   make-root.sh RELEASE FOLDER
set -euo pipefail
release=$1
folder=$2
log=$folder.log

leave() {
  echo "There is no root of Debian $release: $1."
  exit 1
}

[[ ! -e $folder ]] || leave "$folder is there already"
command -v debootstrap >/dev/null || leave 'debootstrap is not installed'
[[ $(id -u) == 0 ]] || leave 'only root can make one'
unshare --mount true 2>/dev/null || leave 'nothing can be mounted here'
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}") || true
# shellcheck disable=SC2016 # what apt fills in
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Release: $codename" 2>/dev/null | head -n 1) || true
[[ $mirror ]] || leave 'apt has no mirror of Debian'

settings=(--variant=minbase --include=openmpi-bin,mpich,libstdc++6,iproute2)
settings+=(--keyring=/usr/share/keyrings/debian-archive-keyring.gpg --force-check-gpg)
mkdir -p "$(dirname "$folder")"
# In a place of its own what is mounted meanwhile leaves with it, however it ends.
if ! timeout 300 unshare --mount debootstrap "${settings[@]}" "$release" "$folder.part" "$mirror" >"$log" 2>&1; then
  rm -rf --one-file-system "$folder.part"
  leave "$(tail -n 1 "$log")"
fi
mv "$folder.part" "$folder"
