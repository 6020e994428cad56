# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# A clock without battery, and the last seconds of a 32-bit one. The last part: to the box's 32-bit programs, files
# that were touched after 2038 are not there.
# shellcheck shell=bash

answers_after() {
  local from to
  from=$(field .agent.uptime_s)
  sleep 25
  ask_status
  to=$(field .agent.uptime_s)
  [ "$status" = 200 ] && [ "$to" -gt "$from" ]
}

clock_at() {
  date -s "@$1" > /dev/null
  sleep 3
  ask_status
  expect year "$2" "$(field '.time[:4]')"
  expect clock_wrong "$3" "$(field '[.findings[].code] | index("clock-wrong") != null')"
  verdict "the clock says $2"
  echo "# $(field '.findings[] | select(.code == "clock-wrong").message')"
}

test_clock() {
  # not before the time that has passed since power-on: the kernel refuses that
  date -s @100000 > /dev/null
  agent_again || not_ok 'the agent starts when the clock says 1970'
  clock_at 100000 1970 true
  clock_at 2147483630 2038 false
  check 'it goes on answering when 32 bits of seconds are over' answers_after
  echo "# the time is $(field .time) then; findings: $(field '[.findings[].code] | join(" ")')"
  date -s @1795700000 > /dev/null
  sleep 3
  ask_status
  expect year "$(date +%Y)" "$(field '.time[:4]')"
  verdict 'and with a good clock again'
}
