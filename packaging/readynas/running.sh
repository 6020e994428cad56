#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# 0: the agent runs, 1: it does not
. /etc/frontview/addons/bin/NASREADY/lib.sh
agent_pid >/dev/null || exit 1
