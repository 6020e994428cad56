# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Removed, then purged: the service ends, the configuration stays until the purge, then nothing is left.
# shellcheck shell=bash

test_purge() {
  local code=0
  check 'before it the gate is enabled' nasready gate enable Backup
  dpkg -r nasready > $out/remove.log 2>&1 || code=$?
  expect code 0 $code
  expect running 0 "$(pgrep -c -x nasready)"
  expect configuration yes "$([ -e /etc/nasready.conf ] && echo yes)"
  verdict 'dpkg -r: it ends, the configuration stays'
  code=0
  dpkg -P nasready > $out/purge.log 2>&1 || code=$?
  expect code 0 $code
  list_files > $kept/files.after
  expect left '' "$(comm -13 $kept/files.before $kept/files.after | grep -vE '^/(mnt/cifs|srv/|etc/(passwd|group|shadow|gshadow|mdadm|subuid|subgid|.*\.lock$|\.pwd))' | xargs)"
  verdict 'dpkg -P: nothing is left'
  told package 'user after the purge' "$(getent passwd nasready || echo none)"
}
