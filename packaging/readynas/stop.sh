#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Stops the agent: asks, waits at most 5 s, ends it.
. /etc/frontview/addons/bin/NASREADY/lib.sh
pid=$(agent_pid) || { rm -f "$pid_file"; exit 0; }
kill "$pid"
for _ in 1 2 3 4 5; do
  agent_pid >/dev/null || break
  sleep 1
done
kill -9 "$pid" 2>/dev/null
rm -f "$pid_file"
exit 0
