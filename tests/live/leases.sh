# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: who owns a virtual disk, with a second server, real SMB openers, restarts and admin; and a
# backup that lies too deep, linked to where a restore finds it, also when that is killed. Uses samba.sh's smbd.
# shellcheck shell=bash

lease_seconds=8

# lease METHOD FILE BODY [CURL OPTION...]: leaves $status and $scratch/body
lease() {
  local method=$1 file=$2 body=$3
  shift 3
  ask "/v1/leases/Backup/$file" --request "$method" --data "$body" "$@"
}

body_says() {
  says "$scratch/body" "$@"
}

# ready_for FILE SERVER FILTER
ready_for() {
  ask "/v1/ready?disk=Backup/$1&server=$2" --interface 127.0.0.9 && body_says "$3"
}

leases_are() {
  ask /v1/leases && body_says '[.leases[] | "\(.file) \(.server) \(.open)"] | join(", ") == $wanted' wanted "$1"
}

check_lease() {
  lease PUT SRV1.vhdx '{"server": "SRV1"}'
  token=$(jq -r .token "$scratch/body")
  check 'the first server gets a token' [ "$status ${#token}" = '200 32' ]
  check 'to another server ready says no, with the name of the owner' wait_until 5 ready_for SRV1.vhdx SRV2 \
    '.answer == "no" and any(.findings[]; .code == "disk-foreign-lease" and .severity == "block" and
    (.message | test("belongs to SRV1")))'
  check 'to the owner it does not' ready_for SRV1.vhdx srv1 'all(.findings[]; .code != "disk-foreign-lease")'
  check 'nor to who asks about another disk' ready_for SRV2.vhdx SRV2 'all(.findings[]; .code != "disk-foreign-lease")'
  lease PUT SRV1.vhdx '{"server": "SRV2"}'
  check 'the second server is refused' eval '[ "$status" = 409 ] && body_says ".detail | test(\"belongs to SRV1\")"'
  lease DELETE SRV1.vhdx '{"token": "00000000000000000000000000000000"}'
  check 'a wrong token releases nothing' [ "$status" = 409 ]
  lease PUT srv1.VHDX "{\"server\": \"srv1\", \"token\": \"$token\"}"
  check 'the token renews, whatever the case of the names' body_says '.token == $token' token "$token"
  check 'it is shown, without its token' eval "leases_are 'SRV1.vhdx SRV1 false' && ! grep -q '$token' '$scratch/body'"
}

check_lease_restart() {
  agent_restart
  check 'after a restart it is still there' wait_until 8 leases_are 'SRV1.vhdx SRV1 false'
  lease PUT SRV1.vhdx "{\"server\": \"SRV1\", \"token\": \"$token\"}"
  check 'and its token is the same' [ "$status" = 200 ]
  check 'the record is for root alone' [ "$(stat -c %a "$scratch/lease-state/leases")" = 600 ]
}

# nobody renews, but a client has the disk open; then two have
check_lease_open() {
  : > "$scratch/mnt/smb/SRV1.vhdx"
  client_start Backup --open SRV1.vhdx
  lease PUT SRV1.vhdx "{\"server\": \"SRV1\", \"token\": \"$token\"}"
  sleep $((2 * lease_seconds))
  check "after twice its $lease_seconds s it holds, as a client has the disk open" wait_until 40 \
    leases_are 'SRV1.vhdx SRV1 true'
  client_start Backup --open SRV1.vhdx --source 127.0.0.3
  check 'a second opener is a finding, even for the owner' wait_until 70 ready_for SRV1.vhdx SRV1 \
    'any(.findings[]; .code == "disk-in-use" and (.message | test("at the same time")))'
  echo "# $(jq -r '.findings[] | select(.code == "disk-in-use").message' "$scratch/body")"
  clients_end
  check 'it ends when they are gone' wait_until 20 leases_are ''
  lease PUT SRV1.vhdx '{"server": "SRV2"}'
  check 'then the disk is free for another server' [ "$status" = 200 ]
}

check_lease_break() {
  lease DELETE SRV1.vhdx '{}'
  check 'without token and password nobody breaks a lease' [ "$status" = 401 ]
  lease DELETE SRV1.vhdx '{}' --digest --user operator:operators-word
  check 'not even operator' [ "$status" = 403 ]
  lease DELETE SRV1.vhdx '{}' --digest --user admin:admins-own-word
  check 'admin does' eval '[ "$status" = 200 ] && leases_are ""'
  check 'and the log tells who' grep -q 'break the lease of SRV1.vhdx, by admin from 127.0.0.1: done' "$scratch/agent.log"
}

# disk_belongs_to FILE SERVER: leaves $disk, its id
disk_belongs_to() {
  ask /v1/disks || return
  disk=$(jq -r --arg file "$1" --arg server "$2" '.disks[] | select(.file == $file and .lease.server == $server).id' \
    "$scratch/body")
  [ -n "$disk" ] && ask / && grep -q "<bdi>$2</bdi>" "$scratch/body"
}

# disk_order METHOD BODY
disk_order() {
  ask "/v1/disks/$disk" --request "$1" --data "$2" --digest --user admin:admins-own-word
}

is_gone() {
  [ ! -e "$1" ]
}

# what the command line does as root keeps to leases, too
check_lease_work() {
  local grow=("$scratch/nasready" disk grow Backup/SRV3.vhdx 128MiB --smb-conf "$smb/smb.conf" --state-dir "$scratch/lease-state")
  "$scratch/nasready" disk create Backup/SRV3.vhdx 64MiB --smb-conf "$smb/smb.conf" --state-dir "$scratch/lease-state" \
    > /dev/null 2> "$scratch/said" || not_ok 'a disk is created' "$(cat "$scratch/said")"
  lease PUT SRV3.vhdx '{"server": "SRV3"}'
  token=$(jq -r .token "$scratch/body")
  "${grow[@]}" > "$scratch/said" 2>&1
  check 'a leased disk is not grown without its token' grep -q 'belongs to SRV3' "$scratch/said"
  check 'the list of disks and the page tell whose it is' wait_until 40 disk_belongs_to SRV3.vhdx SRV3
  disk_order DELETE '{}'
  check 'nor deleted' eval '[ "$status" = 409 ] && body_says ".detail | test(\"belongs to SRV3\")"'
  disk_order DELETE "{\"token\": \"$token\"}"
  check 'with its token it is' [ "$status" = 202 ]
  wait_until 20 is_gone "$scratch/mnt/smb/SRV3.vhdx"
  "$scratch/nasready" disk undelete Backup/SRV3.vhdx --smb-conf "$smb/smb.conf" --state-dir "$scratch/lease-state" > /dev/null 2>&1
  lease DELETE SRV3.vhdx "{\"token\": \"$token\"}"
  "${grow[@]}" > "$scratch/said" 2>&1
  check 'and is, once it is released' eval "[ $? = 0 ] && [ \"$(stat -c %s "$scratch/mnt/smb/SRV3.vhdx")\" -ge 134217728 ]"
}

# -- a backup that lies too deep --

deep='Servers/2012 R2/WindowsImageBackup/WIN-0123456789A'
disk_of_backup='Backup 2013-02-03 200002/01234567-89ab-cdef-0123-456789abcdef.vhdx'

path_command() {
  "$scratch/nasready" path --smb-conf "$smb/smb.conf" "$@" > "$scratch/said" 2>&1
}

make_backup() {
  local i
  mkdir -p "$share/$deep/${disk_of_backup%/*}" "$share/$deep/Catalog"
  "$scratch/nasready" disk create Backup/new.vhdx 64MiB --smb-conf "$smb/smb.conf" --state-dir "$scratch/lease-state" \
    > /dev/null 2>&1 && mv "$share/new.vhdx" "$share/$deep/$disk_of_backup"
  for i in $(seq 2000); do echo "$i" > "$share/$deep/Catalog/$i.xml"; done
  chmod 2770 "$share/$deep/Catalog"
  python3 -c 'import os, sys
os.setxattr(sys.argv[1], "user.DOSATTRIB", b"0x12")' "$share/$deep/Catalog"
}

# what both names show: paths, inodes, modes, attributes
tree() {
  (cd "$1" && find . -type f -printf '%P %i %s\n' -o -printf '%P %m %U %G\n' | sort)
}

# as an SMB client walks it
smb_tree() {
  smbclient -s "$smb/smb.conf" -N -p "$smb_port" //127.0.0.1/Backup -c "recurse on; ls \"$1\\*\"" 2>&1 | grep -c '\.xml\|\.vhdx'
}

check_rescue() {
  local before after code
  rescue_ms=1000
  make_backup
  path_command Backup
  check "it is told to be too long: $(sed -n 2p "$scratch/said" | cut -c10-60)" grep -q '^too-long' "$scratch/said"
  before=$(df -B1 --output=avail "$share" | tail -n 1)
  look_at_clock
  after=$now_ms
  path_command --rescue "Backup/$deep"
  code=$?
  look_at_clock
  rescue_ms=$((now_ms - after))
  echo "# $(head -n 1 "$scratch/said"); $((now_ms - after)) ms with the look at the shares; space before $before, after $(df -B1 --output=avail "$share" | tail -n 1)"
  check 'the rescue says what it did' [ $code = 0 ]
  check 'both names show the same files' [ "$(tree "$share/$deep")" = "$(tree "$share/WindowsImageBackup/WIN-0123456789A")" ]
  check 'and the same attributes of folders' python3 -c 'import os, sys
assert os.getxattr(sys.argv[1] + "/Catalog", "user.DOSATTRIB") == b"0x12"' "$share/WindowsImageBackup/WIN-0123456789A"
  path_command Backup
  check 'walked again, the second name fits' grep -qx 'fits     Backup.WindowsImageBackup.*' "$scratch/said"
  check 'an SMB client finds all 2001 files there' [ "$(smb_tree 'WindowsImageBackup\WIN-0123456789A')" = 2001 ]
  path_command --undo "Backup/$deep"
  check 'undo takes the second name away' eval "[ $? = 0 ] && [ ! -e '$share/WindowsImageBackup' ]"
  check 'and leaves the backup' [ "$(find "$share/$deep" -type f -links 1 | wc -l)" = 2001 ]
}

# killed at random: the name is there whole or not at all, and the next run goes through
check_rescue_killed() {
  local i whole=0 none=0 bad=0 original most_ms=$((rescue_ms * 3 / 2))
  original=$(tree "$share/$deep")
  for i in $(seq 40); do
    "$scratch/nasready" path --smb-conf "$smb/smb.conf" --rescue "Backup/$deep" > /dev/null 2>&1 &
    sleep "$(i_ms=$((RANDOM % most_ms)) && printf '%d.%03d' $((i_ms / 1000)) $((i_ms % 1000)))"
    kill_quietly $!
    wait $! 2> /dev/null
    if [ ! -e "$share/WindowsImageBackup/WIN-0123456789A" ]; then
      none=$((none + 1))
    elif [ "$(tree "$share/WindowsImageBackup/WIN-0123456789A")" = "$original" ]; then
      whole=$((whole + 1))
      path_command --undo "Backup/$deep"
    else
      bad=$((bad + 1))
    fi
  done
  echo "# killed 40 times: $whole times it was there whole, $none times not at all"
  check 'a rescue that is killed is never half' [ $bad = 0 ]
  path_command --rescue "Backup/$deep"
  check 'the next one goes through' [ "$(tree "$share/WindowsImageBackup/WIN-0123456789A")" = "$original" ]
  check 'and leaves nothing hidden' [ -z "$(find "$share/WindowsImageBackup" -name '.*')" ]
  path_command --undo "Backup/$deep"
  check 'the backup is as it was' [ "$(tree "$share/$deep")" = "$original" ]
}

check_rescue_refused() {
  mkdir -p "$share/Other"
  volume_make "$share/Other" 64M defaults mkfs.ext4 -q -m 0 || return 0
  mkdir -p "$share/Other/WindowsImageBackup/SRV9"
  : > "$share/Other/WindowsImageBackup/SRV9/MediaId"
  path_command --rescue Backup/Other/WindowsImageBackup/SRV9
  check 'another file system is refused' grep -q 'different file systems' "$scratch/said"
  check 'and nothing is made' [ ! -e "$share/WindowsImageBackup" ]
  volume_unmount "$share/Other"
}

test_leases() {
  local rescue_ms smb=$scratch/smb-leases smb_port=$((31000 + RANDOM % 1000)) smbd client client_log clients=() python token
  local share=$scratch/mnt/smb
  if ! command -v smbd > /dev/null || ! find_impacket; then
    not_ok 'leases' 'smbd or impacket is missing: apt-get install samba python3-impacket (make deps)'
    return 0
  fi
  volume_make "$share" 512M defaults mkfs.ext4 -q -m 0 && chmod 777 "$share"
  check 'smbd runs' smb_start
  agent_options=(--smb-conf "$smb/smb.conf" --state-dir "$scratch/lease-state" --credentials "$scratch/passwd"
    --lease-s $lease_seconds)
  echo operators-word | "$scratch/nasready" passwd operator --credentials "$scratch/passwd" --state-dir "$scratch/lease-state" > /dev/null
  echo admins-own-word | "$scratch/nasready" passwd admin --credentials "$scratch/passwd" --state-dir "$scratch/lease-state" > /dev/null
  agent_start || return 0
  check_lease
  check_lease_restart
  check_lease_open
  check_lease_break
  check_lease_work
  agent_stop
  check_rescue
  check_rescue_killed
  check_rescue_refused
  agent_options=()
  smbd_stop
  volume_unmount "$share"
}
