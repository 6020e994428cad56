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
swapped='' was_running=0

say_status() {
  if [ -r /frontview/bin/functions ]; then
    # the firmware's own, for its log and its page
    . /frontview/bin/functions
    log_status "$1" "$2"
  fi
}

# what belongs to the add-on: its name beside the old version, and its place
pieces="bin:$addons/bin/$tag ui:$addons/ui/$tag apache.conf:$apache/$tag.conf remove:$addons/$tag.remove"

# place FROM: from that folder to where they belong
place() {
  for piece in $pieces; do
    mv "$1/${piece%%:*}" "${piece#*:}" || return 1
  done
}

set_aside() {
  for piece in $pieces; do
    [ ! -e "${piece#*:}" ] || mv "${piece#*:}" "$old/${piece%%:*}" || return 1
  done
}

# the old version to its places again. What is not in $old was never moved, unless all of it was.
put_back() {
  for piece in $pieces; do
    [ -e "$old/${piece%%:*}" ] || [ -n "$swapped" ] || continue
    rm -rf "${piece#*:}"
    [ ! -e "$old/${piece%%:*}" ] || mv "$old/${piece%%:*}" "${piece#*:}" || return 1
  done
}

# the two files that others have lines in too; they may not be there yet
copy_lists() {
  for list in "$addons/addons.conf" "$services"; do
    [ ! -e "$list" ] || cp -p "$list" "$1/" || return 1
  done
}

put_lists_back() {
  for list in "$addons/addons.conf" "$services"; do
    if [ -e "$old/${list##*/}" ]; then
      mv "$old/${list##*/}" "$list" || return 1
    elif [ -n "$swapped" ]; then
      rm -f "$list"
    fi
  done
}

roll_back() {
  rm -rf "$new"
  [ -d "$old" ] || return 0
  [ -z "$swapped" ] || sh "$addons/bin/$tag/stop.sh" 2>/dev/null
  put_back && put_lists_back || { echo ": the version before lies in $old: install again"; return 0; }
  rm -rf "$old"
  [ "$was_running" = 0 ] || sh "$addons/bin/$tag/start.sh" 2>/dev/null
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
# of an installation that a power cut ended
[ ! -d "$old" ] || put_back || fail "cannot put back what lies in $old"
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

# -- in its place: from here on things are only renamed --
mkdir "$new/old" && copy_lists "$new/old" && mv "$new/old" "$old" || fail 'the root partition is full'
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
