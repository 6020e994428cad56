# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# The gate in smbd switched on and off under systemd, with clients connected: the kernel's SMB client twice, on connections
# of their own. One works all the time; the other asks for 5.3 TiB at once.
# shellcheck shell=bash

gate_size=5827411627212 # 5.3 TiB
gate_beyond=2500000000000 # above the largest step, which is 2 TiB

# where we write nothing, whatever is switched: files and links of /etc, with what is in them
list_etc() {
  find /etc -type f -print0 | sort -z | xargs -0 sha256sum
  find /etc ! -type f -printf '%p %M %l\n' | sort
}

big_volume() {
  truncate -s 5937362789376 /var/lib/guest/big.img
  mkfs.ext4 -q -F -m 0 -E lazy_itable_init=1,lazy_journal_init=1,nodiscard /var/lib/guest/big.img &&
    mkdir -p /srv/big && mount -o loop,noinit_itable /var/lib/guest/big.img /srv/big && chmod 777 /srv/big
}

share_it() {
  cp /etc/samba/smb.conf $kept/smb.conf
  printf '[Big]\n  path = /srv/big\n  guest ok = yes\n  force user = root\n  read only = no\n  strict allocate = yes\n' \
    >> /etc/samba/smb.conf
  systemctl restart smbd
}

connect() {
  mkdir -p "/mnt/$1" && mount -t cifs -o username=x,password=,vers=3.0,nosharesock //127.0.0.1/Big "/mnt/$1" 2>> $out/gate.log
}

# copies and reads back, until told to stop; a line in $scratch/worked for each, "failed" if it was not so
work_on() {
  local number=0
  head -c 500000 /dev/urandom > $scratch/piece
  while [ ! -e $scratch/stop ]; do
    number=$((number + 1))
    if cp $scratch/piece "/mnt/one/piece.$number" 2>> $out/gate.log && sync -f /mnt/one &&
      cmp -s $scratch/piece "/srv/big/piece.$number"; then
      echo done
    else
      echo failed
    fi >> $scratch/worked
    rm -f "/mnt/one/piece.$number"
    sleep 0.3
  done
}

works() {
  local before
  before=$(grep -c done $scratch/worked)
  wait_until 60 eval "[ \"\$(grep -c done $scratch/worked)\" -gt $((before + 3)) ]"
}

smbd_pid() {
  systemctl show -p MainPID --value smbd
}

# loaded yes|no: the object is in the running smbd
loaded() {
  grep -q libnasready-gate.so "/proc/$(smbd_pid)/maps" && echo yes || echo no
}

# the kernel's client asks the server for that size (FileEndOfFile); leaves $said
second_sets() { # FILE SIZE
  said=$(fallocate -l "$2" "/mnt/two/$1" 2>&1) && said=done
  said=${said##*: }
}

gate_of() {
  ask_status
  field '.shares[] | select(.name == "Big") | .gate'
}

is_enforced() {
  [ "$(gate_of)" = enforce ]
}

is_refused() {
  status_says '.gate.refused >= 1 and (.gate.steps | any(.state == "refused" and (.path | endswith("/refused.vhdx"))))'
}

gate_on() {
  local pid
  pid=$(smbd_pid)
  nasready gate enable Big > $out/enable 2>&1
  expect code 0 $?
  expect smbd "$pid" "$(smbd_pid)"
  expect drop_in yes "$(systemctl show -p Environment --value smbd | grep -q LD_PRELOAD= && echo yes)"
  sed 's/^/# | /' $out/enable
  verdict 'gate enable with two clients: the drop-in is there, smbd goes on and keeps them'
  row gate 'the running smbd has the object' "$(loaded)" "$(nasready gate status | grep -q 'has libnasready' && echo yes || echo no)"
  nasready gate enable Big --restart > $out/restart 2>&1
  expect code 0 $?
  expect changed yes "$([ "$(smbd_pid)" != "$pid" ] && echo yes)"
  verdict 'gate enable --restart restarts it'
  wait_until 60 is_enforced || true
  row gate 'with the object' "$(loaded)" "$([ "$(gate_of)" = enforce ] && echo yes || echo no)"
  check 'the first client works on' works
}

gate_refuses() {
  local before said
  wait_until 60 volume_says /srv/big '.state == "idle"' || true
  before=$(stat -f -c %f /srv/big)
  second_sets refused.vhdx $gate_size
  expect said 'No space left on device' "$said"
  # the first client's pieces come and go
  expect_near free_blocks "$before" "$(stat -f -c %f /srv/big)" 1000
  verdict '5.3 TiB by the second client: no space, and none is taken'
  check 'the refusal is in the status' wait_until 20 is_refused
  row gate 'refused (nasready gate status)' "$(nasready gate status | sed -n 's/^refused so far: //p')" "$(field .gate.refused)"
  check 'the first client works on after it' works
  second_sets step.vhdx 1099511627776
  expect said done "$said"
  verdict 'a step of 1 TiB passes'
  rm -f /mnt/two/step.vhdx
}

gate_off() {
  local said
  nasready gate disable Big > $out/disable 2>&1
  expect code 0 $?
  expect list '' "$(ls /var/lib/nasready/gate.conf 2> /dev/null)"
  verdict 'gate disable'
  list_etc > $out/etc.after
  row gate 'lines of /etc that differ afterwards' "$(diff $out/etc.before $out/etc.after | grep -c '^[<>]')" 0
  second_sets off.vhdx $gate_beyond
  expect said done "$said"
  verdict 'the running smbd, which still has the object, lets 2.5 TB pass'
  rm -f /mnt/two/off.vhdx
  systemctl restart smbd
  check 'the first client works on after the next restart' works
  row gate 'the smbd started next has the object' "$(loaded)" no
}

test_gate() {
  local worker
  big_volume || { not_ok 'a volume of 5.4 TiB is made' "$(dmesg | tail -n 3)"; return; }
  share_it
  list_etc > $out/etc.before
  { connect one && connect two; } || { not_ok 'two clients mount the share' "$(cat $out/gate.log)"; return; }
  wait_until 60 status_says '.smb.connections == 2 and (.shares | any(.name == "Big"))' || true
  row gate 'TCP connections (ss)' "$(ss -Htn state established 'sport = :445' | wc -l)" "$(field .smb.connections)"
  : > $scratch/worked
  work_on &
  worker=$!
  check 'the first client works' works
  gate_on
  gate_refuses
  gate_off
  touch $scratch/stop
  wait "$worker"
  told gate "the first client's copies while it was switched on and off" "$(grep -c done $scratch/worked) good, $(grep -c failed $scratch/worked) failed"
  expect failed 0 "$(grep -c failed $scratch/worked)"
  verdict 'none of its copies failed'
  umount /mnt/one /mnt/two
  cp $kept/smb.conf /etc/samba/smb.conf
  systemctl restart smbd
  umount /srv/big
  rm -f /var/lib/guest/big.img
  rmdir /mnt/one /mnt/two /srv/big
}
