# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# systemd starts it again when it dies, whichever of its two processes.
# shellcheck shell=bash

restarted() {
  [ "$(main_pid)" != "$1" ] && [ "$(main_pid)" != 0 ] && answers /v1/status
}

served_by_another() {
  [ "$(pgrep -P "$(main_pid)" | head -n 1)" != "$1" ] && answers /v1/status
}

# for moments there are children that ask for what can hang
two_processes() {
  [ "$(pgrep -c -x nasready)" = 2 ]
}

test_service() {
  local pid server
  pid=$(main_pid)
  server=$(pgrep -P "$pid" | head -n 1)
  kill -KILL "$server"
  check 'a server that is killed is started again by the collector' wait_until 20 served_by_another "$server"
  row service 'the unit did not notice' "$pid" "$(main_pid)"
  kill -KILL "$pid"
  check 'a collector that is killed is started again by systemd' wait_until 20 restarted "$pid"
  told service 'restarts' "$(systemctl show -p NRestarts --value nasready)"
  check 'nothing of the old one is left' wait_until 20 two_processes
}
