# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# An smbd on the loopback interface, with its own configuration and databases below $smb, on $smb_port. For tests/live/run.sh
# and tests/windows/run.sh, after lib.sh.
# shellcheck shell=bash

# smb_global [LINE...]: the configuration's first section, with those lines at its end
smb_global() {
  local option
  echo '[global]'
  for option in lock state cache pid; do
    echo "  $option directory = $smb/$option"
  done
  sed 's/^    //' << END
      private dir = $smb/private
      ncalrpc dir = $smb/ncalrpc
      server role = standalone server
      map to guest = Bad User
      guest account = nobody
      passdb backend = smbpasswd:$smb/private/smbpasswd
      log file = $smb/log
      smb ports = $smb_port
      interfaces = lo
      bind interfaces only = yes
      disable netbios = yes
      load printers = no
      printing = bsd
      printcap name = /dev/null
END
  [ $# = 0 ] || printf '  %s\n' "$@"
}

# smb_share NAME PATH [LINE...]: one that takes all space at once, for everybody
smb_share() {
  printf '[%s]\n  path = %s\n  guest ok = yes\n  read only = no\n  strict allocate = yes\n' "$1" "$2"
  shift 2
  [ $# = 0 ] || printf '  %s\n' "$@"
}

# smb_configure CONFIGURATION: the folders, and $smb/smb.conf
smb_configure() {
  mkdir -p -m 700 "$smb" "$smb"/{private,lock,state,cache,pid,ncalrpc} && "$1" > "$smb/smb.conf"
}

port_is_open() {
  ss -Htln "sport = :$smb_port" | grep -q .
}

# smbd_start [COMMAND...]: under that command, or as it is; leaves its main process in $smbd. A group of its own: smbd
# answers SIGTERM with one to its whole group.
smbd_start() {
  daemon_start "$smb/out" "$@" smbd -F --no-process-group -s "$smb/smb.conf"
  smbd=$daemon
  wait_until 40 port_is_open
}

smbd_stop() {
  agent_kill "$smbd"
  wait_until 10 eval '! port_is_open'
}

# leaves the Python that has it in $python
find_impacket() {
  for python in python3 /usr/bin/python3; do
    "$python" -c 'import impacket' 2> /dev/null && return
  done
  return 1
}
