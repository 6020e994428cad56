#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/live/run.sh [PART...]: the real agent on real file systems in loop devices, with a real smbd and upsd: journals,
# 5.4 TiB volumes, a statfs that hangs, killed processes and clients. As root; takes about eleven minutes, or seven more
# with IDLE=1. Parts: journal machine metrics nonroot hang processes allocation inspect disks samba leases ups gate
# enforce passes probe findings work orders idle. Cleans up whatever happens; its mounts are seen by nobody else.
# no -e: a test that fails must not keep the others from running
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
program=${NASREADY:-build/nasready}

give_up() {
  echo "skipped - $1"
  echo '0 passed, 0 failed, 1 skipped'
  exit 0
}

[ "$(id -u)" = 0 ] || give_up 'all live tests: mounting needs root'
[ -e /dev/loop-control ] || give_up 'all live tests: no loop devices here (/dev/loop-control is missing)'
losetup -f > /dev/null 2>&1 || give_up "all live tests: no loop device: $(losetup -f 2>&1)"
[ -x "$program" ] || { echo "live: there is no program at $program (make)" >&2; exit 2; }

# A mount that hangs must not meet anybody else, and whatever kills this script takes its mounts along.
if [ -z "${NASREADY_LIVE_APART:-}" ] && unshare --mount --propagation private true 2> /dev/null; then
  NASREADY_LIVE_APART=1 exec unshare --mount --propagation private tests/live/run.sh "$@"
fi

for tool in curl jq setpriv setsid mkfs.ext4 mkfs.xfs mkfs.btrfs tune2fs blkid fallocate findmnt pgrep python3; do
  command -v "$tool" > /dev/null || { echo "live: $tool is missing (make deps)" >&2; exit 2; }
done

loops_at_first=$(find /sys/block -maxdepth 1 -name 'loop*' | sed 's/.*loop//' | sort -n | tail -n 1)
loops_at_first=$((${loops_at_first:--1} + 1))
scratch=$(realpath "$(mktemp -d "${TMPDIR:-/tmp}/nasready-live.XXXXXX")")
for part in lib volumes smbd journal machine nonroot hang processes reload allocation samba leases inspect disks ups gate enforce passes probe findings work orders idle; do
  # shellcheck source=/dev/null
  . "tests/live/$part.sh"
done
trap live_clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# the agent of one test runs as nobody, who must reach the program and the mount points
chmod 755 "$scratch"
install -m 755 "$program" "$scratch/nasready"
mkdir "$scratch/mnt"

parts=("$@")
if [ $# = 0 ]; then
  parts=(journal machine metrics nonroot hang processes reload allocation inspect disks samba leases ups gate enforce passes probe findings work orders)
  [ "${IDLE:-}" != 1 ] || parts+=(idle)
fi
for part in "${parts[@]}"; do
  declare -F "test_$part" > /dev/null || { echo "live: there is no part '$part'" >&2; exit 2; }
  "test_$part"
done

echo "$passed passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
[ "$failed" = 0 ]
