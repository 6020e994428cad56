#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Starts the agent if it does not run. It waits for nothing: a volume that is mounted later is seen when it is there.
. /etc/frontview/addons/bin/NASREADY/lib.sh
if agent_pid >/dev/null; then
  exit 0
fi
"$program" serve --check-config --config "$home/nasready.conf" >/dev/null || exit 1
cd / || exit 1
setsid "$program" serve --config "$home/nasready.conf" </dev/null >/dev/null 2>&1 &
echo $! > "$pid_file" || echo "nasready: cannot write $pid_file" >&2
sleep 1
agent_pid >/dev/null || { echo 'nasready ended at once: /var/log/daemon.log has the reason' >&2; exit 1; }
