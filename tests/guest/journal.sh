# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# The journal of /: what it is, and that it is busy while somebody syncs.
# shellcheck shell=bash

of_root() {
  field '.volumes[] | select(.mount == "/") | '"$1"
}

transactions() {
  awk 'NR == 1 { print $1 }' /proc/fs/jbd2/vda-8/info
}

test_journal() {
  local from to began worker
  ask_status
  row 'journal of /' present "$(tune2fs -l /dev/vda | grep -q has_journal && echo true)" "$(of_root .journal.present)"
  row 'journal of /' mode "$(sed -n 's/^data=//p' /proc/fs/ext4/vda/options)" "$(of_root .journal.mode)"
  row 'journal of /' 'commit interval' "$(sed -n 's/^commit=//p' /proc/fs/ext4/vda/options)" "$(of_root .journal.commit_s)"
  row 'journal of /' 'size, free' "$(stat -f -c '%b %f' / | awk '{ printf "%.0f %d", $1 * 4096, $2 / 256 }')" \
    "$(of_root '"\(.size_bytes) \(.free_bytes / 1048576 | floor)"')"
  (while :; do
    date >> /var/tmp/synced
    sync /var/tmp/synced
  done) &
  worker=$!
  sleep 3
  from=$(transactions) began=$EPOCHREALTIME
  sleep 6
  to=$(transactions)
  ask_status
  row_near 'journal of /' 'transactions/s while somebody syncs' \
    "$(awk "BEGIN { printf \"%.1f\", ($to - $from) / ($EPOCHREALTIME - $began) }")" "$(of_root .journal.transactions_per_s)" \
    "$(((to - from) / 6 / 2 + 2))"
  told 'journal of /' 'state meanwhile' '' "$(of_root '"\(.journal.state), settled \(.settled)"')"
  kill $worker
  wait $worker 2> /dev/null
  check 'and it is idle when that ends' wait_until 30 status_says '.volumes[] | select(.mount == "/").journal.state == "idle"'
}
