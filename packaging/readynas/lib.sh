# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For start.sh, stop.sh and running.sh. They may be called by the firmware at boot, by install.sh or from a page of
# FrontView, so nothing is expected of the environment.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 022
home=/etc/frontview/addons/bin/NASREADY
program=$home/nasready
pid_file=/var/run/nasready.pid

# the agent's process; nothing if it does not run. The number in the file may be somebody else's after a reboot.
agent_pid() {
  pid=$(cat "$pid_file" 2>/dev/null) || return 1
  [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || return 1
  case $(readlink "/proc/$pid/exe" 2>/dev/null) in
    "$program" | "$program (deleted)" | */.NASREADY.old/*) echo "$pid" ;;
    *) return 1 ;;
  esac
}
