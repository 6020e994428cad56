# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: what the gate in smbd lets pass, with a real smbd and real clients: a plain copy, all of it
# written, and a growing dynamic VHDX, while the volume is settled, while space is being allocated and while it is being
# freed. COPY_GB=50 copies so much (it must fit where TMPDIR lies) while the volume is settled; 2 otherwise, and always in
# the other states. Uses what enforce.sh has.
# shellcheck shell=bash

# takes a quarter of a GiB after another, or gives them back, until it is killed
keep_moving() { # allocating|freeing
  local at=0 step=268435456
  [ "$1" = allocating ] || at=$(stat -c %s "$big/elsewhere")
  while :; do
    if [ "$1" = allocating ]; then
      fallocate -o "$at" -l $step "$big/elsewhere" || break
      at=$((at + step))
    else
      at=$((at - step))
      [ $at -gt 0 ] && truncate -s "$at" "$big/elsewhere" || break
    fi
    sleep 0.3
  done
}

page_says() { # STATE
  volume_says "$big" ".state == \"$1\""
}

# the server has read what lies in the share as the client has it
copy_passes() { # GB
  local from=$SECONDS
  truncate -s $(($1 * 1000000000)) "$scratch/copy.bin"
  head -c 40000000 /dev/urandom | dd of="$scratch/copy.bin" conv=notrunc status=none
  smbclient -s "$smb/smb.conf" -N -p "$smb_port" //127.0.0.1/Backup -c "put $scratch/copy.bin copy.bin" > "$smb/put" 2>&1 ||
    differs+="the copy: $(tail -n 1 "$smb/put")"$'\n'
  cmp -s "$scratch/copy.bin" "$big/copy.bin" || differs+='what was copied is not the same'$'\n'
  expect written yes "$([ $(($(stat -c '%b * 512' "$big/copy.bin"))) -ge $(($1 * 1000000000)) ] && echo yes)"
  echo "# $1 GB were copied and compared in $((SECONDS - from)) s"
  rm -f "$big/copy.bin" "$scratch/copy.bin"
}

# NUMBER of the first of four blocks that get their first data now
disk_grows() {
  local number before
  before=$(stat -c %s "$big/dynamic.vhdx")
  expect grown '4 blocks' "$("$python" tests/live/grow_vhdx.py "$smb_port" Backup dynamic.vhdx "$1" 4 2>&1 | tail -n 1)"
  expect larger_by 134217728 "$(($(stat -c %s "$big/dynamic.vhdx") - before))"
  qemu-img check -f vhdx "$big/dynamic.vhdx" > "$scratch/check" 2>&1 || differs+="qemu-img check: $(head -n 2 "$scratch/check")"$'\n'
  for number in "$1" $(($1 + 3)); do
    qemu-io -r -f vhdx -c "read -P $((number + 1)) $((number * 33554432)) 33554432" "$big/dynamic.vhdx" 2>&1 | grep -q 'read 33554432' ||
      differs+="block $number is not what was written"$'\n'
  done
}

databases_work() {
  expect sessions yes "$(smbstatus -s "$smb/smb.conf" -p > "$scratch/smbstatus" 2>&1 && echo yes)"
  expect complaints '' "$(grep -hE 'No space left|ENOSPC|DISK_FULL' "$smb"/log* "$smb/out" 2> /dev/null | head -n 1)"
}

check_passes_while() { # STATE COPY_GB FIRST_BLOCK
  local worker=''
  if [ "$1" != idle ]; then
    keep_moving "$1" &
    worker=$!
    helpers+=("$worker")
  fi
  check "the volume is $1" wait_until 60 page_says "$1"
  # the helper is at work in all of it: this one would be refused
  [ "$1" = idle ] || { client_steps refused.vhdx 2147483648; expect a_large_step STATUS_DISK_FULL "$(took 2)"; }
  ask_status
  refused=$(field .gate.refused)
  copy_passes "$2"
  disk_grows "$3"
  databases_work
  ask_status
  expect refused_meanwhile 0 "$(($(field .gate.refused) - refused))"
  [ -z "$worker" ] || helper_kill "$worker"
  verdict "$1: a copy of $2 GB, a dynamic VHDX that grows by four blocks, smbd's databases"
}

test_passes() {
  local big big_file smb=$scratch/smb smb_port=$((31000 + RANDOM % 1000)) smbd python retry_after state share refused
  local object=$scratch/libnasready-gate.so copy_gb=${COPY_GB:-2}
  command -v smbd > /dev/null && find_impacket && command -v qemu-io > /dev/null ||
    { not_ok 'what the gate in smbd lets pass' 'smbd, impacket or qemu-io is missing (make deps)'; return 0; }
  if [ "$(df -B1000000000 --output=avail "$scratch" | tail -n 1)" -lt $((copy_gb + 5)) ]; then
    skip "a copy of $copy_gb GB: $scratch has no room for it (set TMPDIR)"
    return 0
  fi
  big_make || return 0
  mkdir -m 777 "$big/other" && chmod 777 "$big"
  install -m 644 "$(dirname "$program")/libnasready-gate.so" "$object"
  smb_configure enforce_configuration
  agent_options=(--smb-conf "$smb/smb.conf" --client-timeout-s "$enforce_client_s")
  agent_start || return 0
  check 'smbd runs with the object' smbd_start env LD_PRELOAD="$object" NASREADY_RUN_DIR="$state"
  check_gate_command
  qemu-img create -q -f vhdx -o subformat=dynamic,block_size=33554432 "$big/dynamic.vhdx" 2T && chmod 666 "$big/dynamic.vhdx"
  wait_until 40 page_is_calm || true
  check_passes_while idle "$copy_gb" 0
  : > "$big/elsewhere"
  check_passes_while allocating 2 10
  fallocate -l 500000000000 "$big/elsewhere"
  wait_until 60 calm || true
  check_passes_while freeing 2 200
  agent_stop
  agent_options=()
  smbd_stop
  volume_unmount "$big"
}
