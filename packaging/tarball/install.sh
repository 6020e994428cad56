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
program=$prefix/sbin/nasready
unit=/etc/systemd/system/nasready.service init=/etc/init.d/nasready

fail() {
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

# lay MODE FROM TO: complete or not at all
lay() {
  mkdir -p "$root${3%/*}"
  cp "$2" "$root$3.new" && chmod "$1" "$root$3.new" && mv "$root$3.new" "$root$3" || {
    rm -f "$root$3.new"
    fail "cannot write $root$3: is the disk full?"
  }
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
  rm -f "$root$program" "$root$unit" "$root$init" "$root$prefix/share/man/man8/nasready.8"
  if [ -z "$root" ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
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
lay 755 "$here/nasready" "$program"
lay 644 "$here/nasready.8" "$prefix/share/man/man8/nasready.8"
[ -e "$root/etc/nasready.conf" ] || lay 644 "$here/nasready.conf" /etc/nasready.conf
for file in nasready.service nasready.init; do
  sed "s|/usr/sbin/nasready|$program|" "$here/$file" > "${TMPDIR:-/tmp}/$file.$$"
  case $file in
    *.service) to=$unit mode=644 ;;
    *) to=$init mode=755 ;;
  esac
  case $root$(starter)$file in
    *systemdnasready.service | *sysvnasready.init) lay $mode "${TMPDIR:-/tmp}/$file.$$" "$to" ;;
    *) [ -z "$root" ] || lay $mode "${TMPDIR:-/tmp}/$file.$$" "$to" ;;
  esac
  rm -f "${TMPDIR:-/tmp}/$file.$$"
done
[ -n "$root" ] || start
echo "installed: $root$program"
