# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: what becomes of the agent's two processes when one of them dies.
# shellcheck shell=bash

has_new_server() {
  answers && find_server && [ "$server" != "$1" ]
}

test_processes() {
  local first from
  agent_start || return 0
  first=$server
  expect collector root "$(ps -o user= -p "$agent" | tr -d ' ')"
  expect server nobody "$(ps -o user= -p "$server" | tr -d ' ')"
  verdict 'each process has its user'
  look_at_clock
  from=$now_ms
  kill -KILL "$first"
  check 'a killed server is started again and answers within 5 s' wait_until 5 has_new_server "$first"
  look_at_clock
  echo "# after $((now_ms - from)) ms"
  check 'and the status is whole again' wait_until 3 answers /v1/status
  kill_quietly "$agent"
  check 'when the collector is killed, the server ends within 2 s' wait_until 2 agent_is_gone "$agent"
  agent_kill "$agent"
  agent_start || return 0
  kill -TERM "$agent"
  check 'SIGTERM ends all processes within 2 s' wait_until 2 agent_is_gone "$agent"
  check 'with exit code 0' wait "$agent"
  agent_kill "$agent"
  agent_start || return 0
  kill -INT "$agent"
  check 'SIGINT does, too' wait_until 2 agent_is_gone "$agent"
  agent_kill "$agent"
}
