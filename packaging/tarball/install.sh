#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# install.sh [--remove]: puts the program beside this script into PREFIX (/usr/local), its configuration to
# /etc/nasready.conf unless there is one, and a unit for systemd or a script for sysvinit, whichever runs here; as root.
# --remove takes all of it away but the configuration, the passwords and what the agent learned. DESTDIR is put before
# every path, and then nothing is started.
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
prefix=${PREFIX:-/usr/local} root=${DESTDIR:-}
program=$prefix/sbin/nasready object=$prefix/lib/nasready/libnasready-gate.so man=$prefix/share/man/man8/nasready.8
config=/etc/nasready.conf unit=/etc/systemd/system/nasready.service init=/etc/init.d/nasready
drop_in=/etc/systemd/system/smbd.service.d/nasready-gate.conf

fail() {
  drop_new
  echo "install.sh: $1" >&2
  exit 1
}

# what starts services here: systemd, sysv or nothing
starter() {
  if [ -d /run/systemd/system ]; then
    echo systemd
  elif command -v start-stop-daemon >/dev/null && [ -d /etc/init.d ]; then
    echo sysv
  else
    echo nothing
  fi
}

# lay MODE FROM TO: beside the old one. What can fail fails here; put_in_place only renames.
lay() {
  mkdir -p "$root${3%/*}" && cp "$2" "$root$3.new" && chmod "$1" "$root$3.new" || fail "cannot write $root$3: is the disk full?"
}

# lay_service FILE TO MODE
lay_service() {
  mkdir -p "$root${2%/*}" && sed "s|/usr/sbin/nasready|$program|" "$here/$1" > "$root$2.new" && chmod "$3" "$root$2.new" ||
    fail "cannot write $root$2: is the disk full?"
}

put_in_place() {
  for file in "$program" "$object" "$man" "$config" "$unit" "$init"; do
    [ ! -e "$root$file.new" ] || mv "$root$file.new" "$root$file"
  done
}

drop_new() {
  for file in "$program" "$object" "$man" "$config" "$unit" "$init"; do
    rm -f "$root$file.new"
  done
}

stop() {
  [ -z "$root" ] || return 0
  case $(starter) in
    systemd) systemctl disable --quiet --now nasready.service 2>/dev/null || true ;;
    sysv) [ ! -x "$init" ] || "$init" stop || true ;;
  esac
}

remove() {
  stop
  # smbd must not be started with an object that is gone
  rm -f "$root$program" "$root$object" "$root$man" "$root$unit" "$root$init" "$root$drop_in"
  rmdir "$root${object%/*}" "$root${drop_in%/*}" 2>/dev/null || true
  if [ -z "$root" ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
  elif [ -z "$root" ] && command -v update-rc.d >/dev/null; then
    update-rc.d nasready remove >/dev/null
  fi
  echo 'removed; these stay: /etc/nasready.conf, /etc/nasready.passwd, /var/lib/nasready'
}

start() {
  case $(starter) in
    systemd)
      systemctl daemon-reload
      systemctl enable --quiet nasready.service
      systemctl restart nasready.service
      ;;
    sysv)
      ! command -v update-rc.d >/dev/null || update-rc.d nasready defaults >/dev/null
      "$init" restart
      ;;
    *) echo "nothing here starts services: let this system's start-up run: $program serve --config /etc/nasready.conf --log syslog" ;;
  esac
}

[ -n "$root" ] || [ "$(id -u)" = 0 ] || fail 'only root can install it'
if [ "${1:-}" = --remove ]; then
  remove
  exit
fi
[ $# = 0 ] || fail "what is \"$1\"? usage: install.sh [--remove]"
"$here/nasready" version >/dev/null 2>&1 || fail "this program is for another processor than this machine's ($(uname -m)): fetch the right archive"
[ ! -e "$root$config" ] || problem=$("$here/nasready" serve --check-config --config "$root$config" 2>&1) ||
  fail "the configuration that is kept: $problem"
lay 755 "$here/nasready" "$program"
[ ! -e "$here/${object##*/}" ] || lay 644 "$here/${object##*/}" "$object"
lay 644 "$here/nasready.8" "$man"
[ -e "$root$config" ] || lay 644 "$here/nasready.conf" "$config"
case $root$(starter) in
  systemd) lay_service nasready.service "$unit" 644 ;;
  sysv) lay_service nasready.init "$init" 755 ;;
  nothing) ;;
  *) # for another system, whatever starts services there
    lay_service nasready.service "$unit" 644
    lay_service nasready.init "$init" 755
    ;;
esac
put_in_place
[ -n "$root" ] || start
echo "installed: $root$program"
