#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Removes the add-on and all that it wrote. With -upgrade (the firmware's word for "another version comes") the
# configuration, the passwords and the agent's records stay. Disks in the shares are never touched.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 022
tag=NASREADY
addons=/etc/frontview/addons
home=$addons/bin/$tag

# drop PATTERN FILE: its lines go, the file is replaced at once
drop() {
  [ -e "$2" ] || return 0
  cp -p "$2" "$2.$tag" && sed "/$1/d" "$2" > "$2.$tag" && mv "$2.$tag" "$2" || rm -f "$2.$tag"
}

[ ! -e "$home/stop.sh" ] || sh "$home/stop.sh"
if [ "$1" = -upgrade ]; then
  for file in "$home"/*; do
    case ${file##*/} in
      nasready.conf | nasready.passwd | state) ;;
      *) rm -rf "$file" ;;
    esac
  done
else
  drop "^$tag[_=]" /etc/default/services
  rm -rf "$home" /var/run/nasready /var/run/nasready.pid
fi
drop "^$tag!!" "$addons/addons.conf"
rm -rf "$addons/ui/$tag" "/etc/frontview/apache/addons/$tag.conf" "$addons/.$tag.new" "$addons/.$tag.old"
if [ "$1" != -upgrade ]; then
  killall -USR1 apache-ssl 2>/dev/null || killall -USR1 apache2 2>/dev/null
fi
rm -f "$addons/$tag.remove"
exit 0
