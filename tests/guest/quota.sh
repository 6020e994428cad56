# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# / has quota. What a user may take is the kernel's answer to that user; the agent reports the volume.
# shellcheck shell=bash

test_quota() {
  local used_kib said
  quotaon -u / 2> /dev/null # the feature alone counts and forbids nothing
  quotaon -p / > $out/quotaon 2>&1
  told quota 'quotaon -p /' "$(grep user $out/quotaon)"
  setquota -u nobody 10240 10240 0 0 / 2> $out/setquota || { not_ok 'a quota can be set' "$(cat $out/setquota)"; return; }
  install -d -o nobody /srv/quota
  said=$(setpriv --reuid nobody --clear-groups fallocate -l 64MiB /srv/quota/large 2>&1)
  check 'a user above his quota is refused' grep -q 'quota' <<< "$said"
  told quota 'fallocate of 64 MiB by a user who may have 10' "${said#*: }" 'knows no quotas: smbd acts as root (force user) or as that user'
  used_kib=$(repquota -u / | awk '$1 == "nobody" { print $3 }')
  told quota 'used by him' "$used_kib KiB"
  ask_status
  row quota 'available on /' "$(($(stat -f -c %a /) / 256))" "$(field '.volumes[] | select(.mount == "/").available_bytes / 1048576 | floor')"
  rm -rf /srv/quota
}
