#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Run by the firmware, as root, in the folder into which it unpacked the add-on. Everything new is laid down beside the
# old first; what can fail fails there, with the old version still running. Then it takes the old one's place, and if
# it does not start, the old one gets it back. The owner's configuration, passwords and the agent's records are kept.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 022
here=$(pwd)
tag=NASREADY
addons=/etc/frontview/addons
apache=/etc/frontview/apache/addons
services=/etc/default/services
new=$addons/.$tag.new old=$addons/.$tag.old
kept='nasready.conf nasready.passwd state'
swapped=

say_status() {
  if [ -r /frontview/bin/functions ]; then
    # the firmware's own, for its log and its page
    . /frontview/bin/functions
    log_status "$1" "$2"
  fi
}

# place FROM: program, pages and Apache's part from that folder to where they belong
place() {
  rm -rf "$addons/bin/$tag" "$addons/ui/$tag" "$apache/$tag.conf" "$addons/$tag.remove"
  [ ! -d "$1/bin" ] || mv "$1/bin" "$addons/bin/$tag" || return 1
  [ ! -d "$1/ui" ] || mv "$1/ui" "$addons/ui/$tag" || return 1
  [ ! -e "$1/apache.conf" ] || mv "$1/apache.conf" "$apache/$tag.conf" || return 1
  [ ! -e "$1/remove" ] || mv "$1/remove" "$addons/$tag.remove" || return 1
}

# the other way; what is not there is not taken
set_aside() {
  rm -rf "$old" && mkdir "$old" || return 1
  [ ! -d "$addons/bin/$tag" ] || mv "$addons/bin/$tag" "$old/bin" || return 1
  [ ! -d "$addons/ui/$tag" ] || mv "$addons/ui/$tag" "$old/ui" || return 1
  [ ! -e "$apache/$tag.conf" ] || mv "$apache/$tag.conf" "$old/apache.conf" || return 1
  [ ! -e "$addons/$tag.remove" ] || mv "$addons/$tag.remove" "$old/remove" || return 1
  cp -p "$addons/addons.conf" "$old/addons.conf" && cp -p "$services" "$old/services"
}

roll_back() {
  if [ -n "$swapped" ]; then
    sh "$addons/bin/$tag/stop.sh" 2>/dev/null
    place "$old"
    [ ! -e "$old/addons.conf" ] || mv "$old/addons.conf" "$addons/addons.conf"
    [ ! -e "$old/services" ] || mv "$old/services" "$services"
    if [ "$was_running" = 1 ]; then
      sh "$addons/bin/$tag/start.sh" 2>/dev/null
    fi
  fi
  rm -rf "$new" "$old"
}

fail() {
  roll_back
  echo ": nasready was not installed: $1"
  say_status "nasready was not installed: $1" 1
  clean_up
  exit 1
}

clean_up() {
  cd /
  if [ -f "$here/install.sh" ] && [ -f "$here/files.tgz" ] && [ "$here" != / ]; then
    rm -rf "$here"
  fi
}

# without_lines PATTERN FILE OUT: FILE's lines that do not match, with its owner and mode
without_lines() {
  if [ -e "$2" ]; then
    cp -p "$2" "$3" || return 1
  fi
  sed "/$1/d" "$2" 2>/dev/null > "$3"
  lines=$(grep -vc "$1" "$2" 2>/dev/null)
  [ "$(wc -l < "$3")" -ge "${lines:-0}" ]
}

[ -f files.tgz ] && [ -f addons.conf ] && [ -f remove.sh ] || fail 'the package is not complete: fetch it again'
[ "$(id -u)" = 0 ] || fail 'only root can install it'

# -- beside the old one --
rm -rf "$new" "$old"
mkdir -p "$addons/bin" "$addons/ui" "$apache" "$new/tree" || fail "cannot write to $addons: is the root partition full?"
need=$(($(gzip -dc files.tgz | wc -c) / 1024 + 64))
room=$(df -kP "$addons" | awk 'NR == 2 { print $4 }')
[ "${room:-0}" -ge "$need" ] || fail "the root partition has $room KiB free and $need KiB are needed: delete old logs or add-ons"
tar -xzf files.tgz -C "$new/tree" || fail 'the root partition is full, or the package is damaged'
mv "$new/tree$addons/bin/$tag" "$new/bin" && mv "$new/tree$addons/ui/$tag" "$new/ui" &&
  mv "$new/tree$apache/$tag.conf" "$new/apache.conf" && cp remove.sh "$new/remove" || fail 'the root partition is full'
chown -R admin:admin "$new/ui" 2>/dev/null # as FrontView's own pages; no such user elsewhere
for name in $kept; do
  [ -e "$addons/bin/$tag/$name" ] || continue
  rm -rf "$new/bin/$name"
  cp -a "$addons/bin/$tag/$name" "$new/bin/$name" || fail 'the root partition is full'
done
"$new/bin/nasready" version >/dev/null || fail "the program does not run on this machine, a $(uname -m): it is for ARM"
problem=$("$new/bin/nasready" serve --check-config --config "$new/bin/nasready.conf" 2>&1) || fail "the configuration that was kept: $problem"

enabled=$(sed -n "s/^$tag=//p" "$services" 2>/dev/null | tail -n 1)
without_lines "^$tag!!" "$addons/addons.conf" "$new/addons.conf" && cat addons.conf >> "$new/addons.conf" ||
  fail 'the root partition is full'
without_lines "^$tag[_=]" "$services" "$new/services" &&
  printf '%s\n' "$tag=${enabled:-1}" "${tag}_SUPPORT=1" >> "$new/services" || fail 'the root partition is full'

# -- in its place --
was_running=0
if [ -e "$addons/bin/$tag/running.sh" ] && sh "$addons/bin/$tag/running.sh"; then
  was_running=1
  sh "$addons/bin/$tag/stop.sh"
fi
set_aside || fail "cannot move the old version aside in $addons"
swapped=1
place "$new" && mv "$new/addons.conf" "$addons/addons.conf" && mv "$new/services" "$services" ||
  fail "cannot move the new version into its place in $addons"
if [ "${enabled:-1}" = 1 ]; then
  problem=$(sh "$addons/bin/$tag/start.sh" 2>&1) || fail "it does not start: $problem"
fi
rm -rf "$new" "$old"
say_status "nasready $(awk -F'!!' '{ print $3 }' addons.conf) is installed" 0
clean_up
exit 0
