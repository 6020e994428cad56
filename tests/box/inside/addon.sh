# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# The add-on as the firmware handles it: /in/packages/*.bin unpacked, its install.sh run in that folder, all of it behind
# the filter. `addon` installs, `addon_upgrade` installs over it, `addon_remove` leaves nothing.
# shellcheck shell=bash

services=/etc/default/services

# install_bin FILE: leaves $code and the log in $out/install.log
install_bin() {
  local folder size sum header
  folder=$(mktemp -d $scratch/addon.XXXXXX)
  header=$(head -c 16384 "$1" | tr -d '\0')
  size=$(sed -n 's/.*,size=\([0-9]*\).*/\1/p' <<< "$header") sum=$(sed -n 's/.*,md5sum=\([0-9a-f]*\).*/\1/p' <<< "$header")
  tail -c +16385 "$1" > $scratch/payload.tar
  expect size "$size" "$(stat -c %s $scratch/payload.tar)"
  expect md5sum "$sum" "$(md5sum < $scratch/payload.tar | cut -d ' ' -f 1)"
  tar --warning=no-timestamp -xf $scratch/payload.tar -C "$folder"
  code=0
  (cd "$folder" && timeout 60 $only_2631 ./install.sh) > $out/install.log 2>&1 || code=$?
  rm -rf "$folder" $scratch/payload.tar
}

is_running() {
  $addon/running.sh
}

enabled() {
  grep -c '^NASREADY=1$' $services
}

test_addon() {
  local code package
  package=$(ls packages/*.bin 2> /dev/null | sort -V | head -n 1)
  [ -n "$package" ] || { skip 'the add-on: there is no package'; return; }
  cp $services $out/services.before
  cp -a /etc/passwd $out/passwd.before
  find / -xdev -path /in -prune -o -path /out -prune -o -print 2> /dev/null | sort > $out/files.before
  install_bin "$package"
  expect code 0 $code
  expect listed 1 "$(grep -c '^NASREADY!!' /etc/frontview/addons/addons.conf)"
  expect enabled 1 "$(enabled)"
  expect remove 0 "$([ -x /etc/frontview/addons/NASREADY.remove ] || [ -e /etc/frontview/addons/NASREADY.remove ]; echo $?)"
  verdict "install.sh of ${package##*/}"
  grep -v 'time stamp' $out/install.log | sed 's/^/# | /'
  wait_until 10 first_line /v1 || true
  check 'it runs after the installation' is_running
  check 'it answers' first_line /v1/status
  $addon/stop.sh
  check 'stop.sh stops it' wait_until 10 no_agent
  check 'and running.sh says so' eval '! is_running'
  $only_2631 $addon/start.sh
  $only_2631 $addon/start.sh
  wait_until 10 first_line /v1 || true
  check 'start.sh twice starts it once' wait_until 10 two_processes
  # as in a boot: the firmware starts what is enabled
  $addon/stop.sh
  wait_until 10 no_agent
  $only_2631 /etc/init.d/addons
  check 'it comes back with the next boot' wait_until 10 first_line /v1
}

# as small a partition as what is on it
test_addon_full() {
  local code package pid
  package=$(ls packages/*.bin 2> /dev/null | sort -V | tail -n 1)
  is_running || { skip 'a full partition: no add-on runs'; return; }
  pid=$(< /var/run/nasready.pid)
  cp -a /etc/frontview $scratch/frontview
  mount -t tmpfs none /etc/frontview
  mv $scratch/frontview/* /etc/frontview/
  mount -o remount,size="$(df -k /etc/frontview | awk 'NR == 2 { print $3 + 300 }')k" /etc/frontview
  install_bin "$package"
  expect code 1 $code
  expect says 1 "$(grep -c ': nasready was not installed: .* KiB free and .* KiB are needed' $out/install.log)"
  expect same_process "$pid" "$(cat /var/run/nasready.pid)"
  expect left '' "$(cd /etc/frontview/addons && ls -d .NASREADY* 2> /dev/null)"
  first_line /v1/status || differs+='it answers no more'$'\n'
  verdict 'on a full partition nothing is installed, and the old one goes on'
  sed 's/^/# | /' $out/install.log
  rm -rf $scratch/frontview
  umount /etc/frontview
}

test_addon_upgrade() {
  local code package conf=$addon/nasready.conf
  package=$(ls packages/*.bin 2> /dev/null | sort -V | tail -n 1)
  [ -x $addon/start.sh ] || { skip 'the upgrade: no add-on is installed'; return; }
  printf '\n# mine\nother-ports = 4711\n' >> $conf
  printf 'admin:some credentials\n' > $addon/nasready.passwd
  install_bin "$package"
  expect code 0 $code
  expect configuration 1 "$(grep -c '^other-ports = 4711' $conf)"
  expect credentials 'admin:some credentials' "$(cat $addon/nasready.passwd)"
  expect listed 1 "$(grep -c '^NASREADY!!' /etc/frontview/addons/addons.conf)"
  expect enabled 1 "$(enabled)"
  verdict "an upgrade to ${package##*/} keeps configuration and credentials"
  rm -f $addon/nasready.passwd
  agent_again
  check 'it answers after it' first_line /v1/status
}

test_addon_remove() {
  local code=0
  [ -e /etc/frontview/addons/NASREADY.remove ] || { skip 'the removal: no add-on is installed'; return; }
  timeout 60 $only_2631 /bin/bash /etc/frontview/addons/NASREADY.remove > $out/remove.log 2>&1 || code=$?
  expect code 0 $code
  check 'after the removal nothing runs' wait_until 10 no_agent
  find / -xdev -path /in -prune -o -path /out -prune -o -print 2> /dev/null | sort > $out/files.after
  expect left '' "$(comm -13 $out/files.before $out/files.after | grep -vE '^/(var/log|var/lib/samba|var/cache|c/|run|root)' | tr '\n' ' ')"
  expect gone '' "$(comm -23 $out/files.before $out/files.after | tr '\n' ' ')"
  expect services "$(cat $out/services.before)" "$(cat $services)"
  expect listed 0 "$(grep -c '^NASREADY!!' /etc/frontview/addons/addons.conf)"
  expect passwd "$(cat $out/passwd.before)" "$(cat /etc/passwd)"
  agreed=' no file more, no file less'
  verdict 'remove.sh leaves the system as it was'
}
