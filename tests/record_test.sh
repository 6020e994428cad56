#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/record_test.sh: what tests/record.sh makes of a machine's connections: the agent reads the same from the
# recording, and no address of the machine's network is in it.
set -euo pipefail
cd "$(dirname "$0")/.."

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
machine=$tmp/machine
mkdir -p "$machine/proc/net" "$machine/proc/self"
printf 'cpu  1 2 3 4 5 6 7 8\n' > "$machine/proc/stat"
printf '100.00 90.00\n' > "$machine/proc/uptime"
# 10.1.2.3 twice and 10.1.2.4 once on port 445, one outgoing connection, 10.1.2.3 on port 22
cat > "$machine/proc/net/tcp" <<'END'
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:01BD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12 1
   2: 0902010A:01BD 0302010A:C001 01 00000000:00000000 00:00000000 00000000     0        0 13 1
   3: 0902010A:01BD 0302010A:C002 01 00000000:00000000 00:00000000 00000000     0        0 14 1
   4: 0902010A:01BD 0402010A:C003 01 00000000:00000000 00:00000000 00000000     0        0 15 1
   5: 0902010A:C004 0402010A:01BD 01 00000000:00000000 00:00000000 00000000  1000        0 16 1
   6: 0902010A:0016 0302010A:C005 01 00000000:00000000 00:00000000 00000000     0        0 17 1
END
MACHINE=$machine tests/record.sh "$tmp/out" > "$tmp/log"
said=$("${NASREADY:-build/nasready}" status --json --root "$tmp/out" | jq -c '[.smb.connections, [.smb.clients[] | .address, .connections],
  [.other_sessions[] | select(.kind == "ssh") | .address, .count]]')
wanted='[3,["198.51.100.2",2,"198.51.100.3",1],["198.51.100.2",1]]'
[ "$said" = "$wanted" ] || { echo "record: the recording says $said, not $wanted" >&2; exit 1; }
! grep -rlE '02010A|1000' "$tmp/out/proc/net" || { echo 'record: an address or user is still in there' >&2; exit 1; }
echo 'record: 3 connections recorded and read again, no address of the network among them'
