#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/windows/run.sh [PART...]: the PowerShell module against the real agent, a real Samba and a real ext4 on a loop
# device, under PowerShell 7: PWSH, or the one that is built here from NuGet's packages. As root; without it, or without
# loop devices, the share is a folder and no Samba stands behind it. The tests themselves are run.ps1, which also runs by
# itself. Cleans up whatever happens.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
program=${NASREADY:-build/nasready} build=${BUILD:-build}/windows

build_host() {
  pwsh=$build/pwsh/pwsh
  if ! command -v dotnet > /dev/null; then
    echo 'windows: skipped, there is no dotnet SDK, with which PowerShell is built (set PWSH to one that you have)' >&2
    [ "${CI:-}" != true ] || exit 1
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
  fi
  [ ! "$pwsh" -nt tests/windows/host/pwsh.csproj ] || return 0
  DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 dotnet build tests/windows/host -c Release -v q -o "$build/pwsh" \
    "-p:BaseIntermediateOutputPath=$(realpath -m "$build/obj")/" || exit 1
  touch "$pwsh"
}
pwsh=${PWSH:-}
[ -n "$pwsh" ] || build_host
export PWSH=$(realpath "$pwsh")

can_mount() {
  [ "$(id -u)" = 0 ] && [ -e /dev/loop-control ] && losetup -f > /dev/null 2>&1 && command -v smbd > /dev/null
}
if can_mount && [ -z "${NASREADY_LIVE_APART:-}" ] && unshare --mount --propagation private true 2> /dev/null; then
  NASREADY_LIVE_APART=1 exec unshare --mount --propagation private tests/windows/run.sh "$@"
fi

loops_at_first=$(find /sys/block -maxdepth 1 -name 'loop*' | sed 's/.*loop//' | sort -n | tail -n 1)
loops_at_first=$((${loops_at_first:--1} + 1))
scratch=$(realpath "$(mktemp -d "${TMPDIR:-/tmp}/nasready-windows.XXXXXX")")
for part in lib volumes smbd; do
  # shellcheck source=/dev/null
  . "tests/live/$part.sh"
done
samba=
clean_up() {
  [ -z "${runner:-}" ] || kill -KILL "$runner" 2> /dev/null
  # SMB clients of the recorded Windows end with the folder that holds them
  rm -rf "$scratch"/machine*
  live_clean_up
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

share_configuration() {
  smb_global
  smb_share Backup "$scratch/mnt/backup" 'force user = root' 'strict sync = yes'
}

chmod 755 "$scratch"
install -m 755 "$program" "$scratch/nasready"
mkdir -p "$scratch/mnt/backup"
smb=$scratch/smb smb_port=$((30000 + RANDOM % 10000))
smb_configure share_configuration
if can_mount; then
  # lazily made: 6 TiB that take 2 MiB until they are used
  volume_make "$scratch/mnt/backup" 6T noinit_itable mkfs.ext4 -q -m 0 -E lazy_itable_init=1,lazy_journal_init=1 || exit 2
  smbd_start || { echo "windows: smbd does not start: $(tail -n 3 "$smb/out")" >&2; exit 2; }
  samba=$smb_port
else
  echo 'skipped - a real Samba and volumes: they need root, loop devices and smbd'
fi

agent_options=(--smb-conf "$smb/smb.conf" --ssh-ports 1 --web-ports 1 --services-unneeded none --services-expected none
  --ups lab@127.0.0.1:1 --severities "journal-absent=off,cache-without-ups=off,cpu-busy=off,memory-low=off,freeing=warn,journal-busy=warn,allocating=warn,allocation-orphaned=warn,smb-stale-connection=warn")
agent_options+=(--credentials "$scratch/passwd")
agent_start || exit 1
echo 'long enough for this' | "$scratch/nasready" passwd operator --credentials "$scratch/passwd" --state-dir "$(ls -d "$scratch"/state.*)"
kill -HUP "$agent"
export NASREADY_TEST_AGENT=$url NASREADY_TEST_SHARE=$scratch/mnt/backup NASREADY_TEST_SMB=$samba
export NASREADY_TEST_SCRATCH=$scratch NASREADY_TEST_PWSH=$PWSH NASREADY_TEST_PROGRAM=$scratch/nasready
find_impacket || python=
export NASREADY_TEST_PYTHON=$python POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off NO_COLOR=1 LC_ALL=C.UTF-8
# waited for, so that a signal is heard at once
"$PWSH" -NoProfile -NonInteractive -File tests/windows/run.ps1 "$@" < /dev/null &
runner=$!
wait "$runner"
