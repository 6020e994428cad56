# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# The .deb installed by dpkg: the service runs, as the user it should, and answers.
# shellcheck shell=bash

test_package() {
  local deb code=0
  deb=$(deb_of head)
  [ -n "$deb" ] || { not_ok 'there is a package for amd64 (make package)'; return; }
  list_files > $kept/files.before
  DEBIAN_FRONTEND=noninteractive dpkg -i "$deb" > $out/dpkg.log 2>&1 || code=$?
  expect code 0 $code
  verdict "dpkg -i ${deb##*/}"
  sed 's/^/# | /' $out/dpkg.log
  check 'the service answers' wait_until 30 ask_status
  row package 'service active' "$(systemctl is-active nasready)" "$(field 'if .agent.version then "active" else "" end')"
  row package 'enabled for the next boot' "$(systemctl is-enabled nasready)" enabled
  row package version "$(dpkg-query -W -f '${Version}' nasready | sed 's/-.*//')" "$(field .agent.version)"
  expect altered '' "$(dpkg --verify nasready)"
  verdict 'dpkg --verify: every file as shipped'
  expect user nasready "$(ps -o user= --ppid "$(main_pid)" | sort -u | head -n 1)"
  verdict 'who answers HTTP is not root'
  check 'the man page is there' test -e "$(dpkg -L nasready | grep '/man8\?/.*nasready' | head -n 1)"
  told package 'files, conffiles' "$(dpkg -L nasready | while read -r f; do [ ! -f "$f" ] || echo "$f"; done | wc -l) files, $(dpkg-query -W -f '${Conffiles}' nasready | xargs)"
}
