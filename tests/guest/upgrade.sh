# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# The newest of the packages over the installed one, with a configuration of the owner's.
# shellcheck shell=bash

test_upgrade() {
  local deb code=0 pid
  deb=$(deb_of tail)
  pid=$(main_pid)
  printf '\n# mine\nother-ports = 4711\n' >> /etc/nasready.conf
  install -m 600 /dev/null /etc/nasready.passwd
  DEBIAN_FRONTEND=noninteractive dpkg -i "$deb" > $out/upgrade.log 2>&1 < /dev/null || code=$?
  expect code 0 $code
  expect configuration 1 "$(grep -c '^other-ports = 4711' /etc/nasready.conf)"
  expect credentials 600 "$(stat -c %a /etc/nasready.passwd)"
  verdict "an upgrade to ${deb##*/} keeps configuration and credentials"
  wait_until 20 answers /v1/status
  ask_status
  row upgrade 'version' "$(dpkg-query -W -f '${Version}' nasready)" "$(dpkg-deb -f "$deb" Version)"
  check 'the service runs the new program' [ "$(main_pid)" != "$pid" ]
}
