# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: counting results, running agents and asking them. What was started is noted in an array at
# once, so that live_clean_up (volumes.sh) can undo it whenever the script ends. Functions answer in variables, because
# what a subshell notes is lost.
# shellcheck shell=bash

passed=0 failed=0 skipped=0
agents=() helpers=() agent_options=()
agent='' server='' url='' state=''

# -- results --

ok() {
  passed=$((passed + 1))
  echo "ok $((passed + failed)) - $1"
}

# not_ok WHAT [DETAIL...]: every detail on a line of its own
not_ok() {
  local line
  failed=$((failed + 1))
  echo "not ok $((passed + failed)) - $1"
  shift
  for line; do
    [ -z "$line" ] || printf '%s\n' "$line" | cut -c1-300 | sed 's/^/#   /'
  done
}

skip() {
  skipped=$((skipped + 1))
  echo "skipped - $1"
}

# check WHAT COMMAND...: passed if the command succeeds
check() {
  local what=$1
  shift
  if "$@" > /dev/null; then ok "$what"; else not_ok "$what" "failed: $*"; fi
}

# expect NAME WANTED GOT: one of several comparisons that make up one test, which `verdict WHAT` ends
differs='' agreed=''
expect() {
  if [ "$2" = "$3" ]; then agreed+=" $1=$3"; else differs+="$1: expected \"$2\", the agent says \"$3\""$'\n'; fi
}

# expect_near NAME WANTED GOT TOLERANCE: numbers
expect_near() {
  if jq -en --arg a "$2" --arg b "$3" --arg by "$4" '($a | tonumber) - ($b | tonumber) | fabs <= ($by | tonumber)' \
    > /dev/null 2>&1; then
    agreed+=" $1=$3/$2"
  else
    differs+="$1: expected \"$2\" (by $4), the agent says \"$3\""$'\n'
  fi
}

verdict() {
  if [ -z "$differs" ]; then ok "$1:$agreed"; else not_ok "$1" "${differs%$'\n'}"; fi
  differs='' agreed=''
}

# -- time --

# leaves $now_ms; no process is started for it
look_at_clock() {
  local now=${EPOCHREALTIME/[^0-9]/}
  now_ms=$((now / 1000))
}

# wait_until SECONDS COMMAND...: asks every 0.1 s; false when the time is up
wait_until() {
  local until
  look_at_clock
  until=$((now_ms + $1 * 1000))
  shift
  until "$@"; do
    look_at_clock
    [ "$now_ms" -lt "$until" ] || return 1
    sleep 0.1
  done
}

# -- the agent --

lives() {
  [ -r "/proc/$1/status" ] && ! grep -q '^State:.*Z' "/proc/$1/status" 2> /dev/null
}

# every process of the agent, a child left behind as well: each agent is a session of its own
agent_processes() {
  local pid
  for pid in $(pgrep -s "$1"); do
    if lives "$pid"; then echo "$pid"; fi
  done
}

agent_is_gone() {
  [ -z "$(agent_processes "$1")" ]
}

# as above, but for children that no signal can reach, because they are stuck in the kernel
agent_is_gone_or_stuck() {
  local pid
  for pid in $(agent_processes "$1"); do
    if [ "$pid" = "$1" ] || ! grep -q '^State:.*D' "/proc/$pid/status" 2> /dev/null; then return 1; fi
  done
}

# ask PATH [CURL OPTION...]: leaves $status, $took (seconds) and $scratch/body
ask() {
  local path=$1 answer
  shift
  answer=$(curl --silent --noproxy '*' --max-time 5 --output "$scratch/body" --write-out '%{http_code} %{time_total}' \
    "$@" "$url$path") || true
  status=${answer% *} took=${answer#* }
}

answers() {
  ask "${1:-/v1}" && [ "$status" = 200 ]
}

find_server() {
  local pid
  server=
  for pid in $(pgrep -P "$agent"); do
    # the collector's other children are root's, or live for a moment
    if [ "$(ps -o uid= -p "$pid" | tr -d ' ')" = "$(id -u nobody)" ]; then server=$pid; fi
  done
  [ -n "$server" ]
}

agent_has_begun() {
  answers || ! lives "$agent"
}

# agent_start [COMMAND...]: under that command (setpriv), or as it is, with $agent_options; leaves $agent, $server,
# $url and $state
agent_start() {
  local port
  for _ in 1 2 3; do
    port=$((20000 + RANDOM % 10000))
    state=$(mktemp -d "$scratch/state.XXXXXX")
    chown nobody "$state"
    url=http://127.0.0.1:$port
    # the signal: should this script be killed, the agent must not stay
    setsid "$@" setpriv --pdeathsig TERM "$scratch/nasready" serve --listen "127.0.0.1:$port" --state-dir "$state" --run-dir "$state" \
      --user nobody "${agent_options[@]}" 2>> "$scratch/agent.log" < /dev/null &
    agent=$!
    agents+=("$agent")
    if wait_until 5 agent_has_begun && lives "$agent" && find_server; then return 0; fi
    lives "$agent" && break # else the port may have been taken
  done
  not_ok "the agent starts and answers" "$(tail -n 5 "$scratch/agent.log")"
  agent_kill "$agent"
  return 1
}

# agent_restart: what it remembers is gone, and what it asks for only now and then it asks for at once
agent_restart() {
  agent_stop
  agent_start
}

# daemon_start LOG COMMAND...: a session of its own, as the agents have, and ended like them; leaves $daemon
daemon_start() {
  local log=$1
  shift
  setsid setpriv --pdeathsig TERM "$@" > "$log" 2>&1 < /dev/null &
  daemon=$!
  agents+=("$daemon")
}

# kills without the shell's obituary
kill_quietly() {
  disown "$1" 2> /dev/null || true
  kill -KILL "$1" 2> /dev/null || true
}

# a helper of ours with all that it started; one that has ended may have left its number to somebody else
helper_kill() {
  case " $(pgrep -P $$ | tr '\n' ' ') " in
    *" $1 "*) kill_tree "$1" ;;
  esac
}

kill_tree() {
  local child
  for child in $(pgrep -P "$1"); do
    kill_tree "$child"
  done
  kill_quietly "$1"
}

agent_kill() {
  local pid
  for pid in $(agent_processes "$1"); do
    kill_quietly "$pid"
  done
  wait_until 2 agent_is_gone_or_stuck "$1" || true
}

agent_stop() {
  kill -TERM "$agent" 2> /dev/null || true
  wait_until 3 agent_is_gone "$agent" || true
  agent_kill "$agent"
}

# -- what it answers --

# leaves the status in $scratch/status.json
ask_status() {
  ask /v1/status
  [ "$status" = 200 ] && mv "$scratch/body" "$scratch/status.json"
}

# field FILTER: of the status; null is "null"
field() {
  jq -r "$1" "$scratch/status.json"
}

# find_volume MOUNT: that volume of the status becomes $scratch/volume.json
find_volume() {
  jq -e --arg mount "$1" '.volumes[] | select(.mount == $mount)' "$scratch/status.json" > "$scratch/volume.json"
}

of_volume() {
  jq -r "$1" "$scratch/volume.json"
}

# status_says FILTER [NAME VALUE]...: asks; true if the filter holds, in which $NAME is a text
status_says() {
  ask_status && says "$scratch/status.json" "$@"
}

# says FILE FILTER [NAME VALUE]...
says() {
  local file=$1 filter=$2 arguments=()
  shift 2
  while [ $# -ge 2 ]; do
    arguments+=(--arg "$1" "$2")
    shift 2
  done
  jq -e "${arguments[@]}" "$filter" "$file" > /dev/null
}

# volume_says MOUNT FILTER: asks; true if the filter holds for that volume
volume_says() {
  ask_status && find_volume "$1" && jq -e "$2" "$scratch/volume.json" > /dev/null
}
