# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: SIGHUP while one connection is held all the time.
# shellcheck shell=bash

# hold_connection: asks over one connection, once for each line it is given; answers go to $scratch/held
hold_connection() {
  cat > "$scratch/hold.py" << 'EOF'
import http.client, sys
connection = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1]), timeout=5)
connection.connect()
socket = connection.sock
for line in sys.stdin:
    path, host = line.split()
    connection.request('GET', path, headers={'Host': host})
    answer = connection.getresponse()
    answer.read()
    print(answer.status, 'same' if connection.sock is socket else 'another', flush=True)
EOF
  mkfifo "$scratch/held.in"
  python3 "$scratch/hold.py" "${url##*:}" > "$scratch/held" < "$scratch/held.in" &
  helpers+=($!)
  exec {held_fd}> "$scratch/held.in"
  held_lines=0
}

held_has_answered() {
  [ "$(wc -l < "$scratch/held")" -ge "$held_lines" ]
}

# held PATH HOST: leaves $said
held() {
  echo "$1 $2" >&"$held_fd"
  held_lines=$((held_lines + 1))
  wait_until 5 held_has_answered || true
  said=$(tail -n 1 "$scratch/held")
}

held_says() {
  held "$1" "$2"
  [[ $said == $3 ]]
}

# configure LINE...: the new file, and the signal
configure() {
  printf '%s\n' "$@" > "$scratch/reload.conf"
  kill -HUP "$agent"
}

log_says() {
  grep -qF "$1" "$scratch/agent.log"
}

test_reload() {
  local first_server said
  printf 'severities = service-unneeded=off\n' > "$scratch/reload.conf"
  agent_options=(--config "$scratch/reload.conf" --services-expected "no-such-program")
  agent_start || return 0
  first_server=$server
  hold_connection
  check 'before: the name is refused' held_says /v1/ready nas.example.org '403 same'
  configure 'names = nas.example.org' 'severities = service-unneeded=off, sync-ignored=off'
  check 'SIGHUP: the name is known at once, on the same connection' wait_until 2 held_says /v1/ready nas.example.org '200 same'
  configure 'names = nas.example.org' 'severities = cpu-busy=off' 'lisn = 1' 'log = paper'
  check 'every error is in the log, with file, line and key' \
    wait_until 2 log_says "reload.conf:3: there is no key \"lisn\": did you mean listen?"
  check 'and the other one' log_says 'reload.conf:4: log: write stderr or syslog, not "paper"'
  check 'nothing of it was taken' held_says /v1/ready nas.example.org '200 same'
  configure 'log = syslog' 'names = other.example.org'
  check 'what only a start can change is said' wait_until 2 log_says 'log takes effect when the agent is started again'
  check 'and the rest taken' wait_until 2 held_says /v1/ready other.example.org '200 same'
  check 'the name that is gone is refused' held_says /v1/ready nas.example.org '403 same'
  rm "$scratch/reload.conf"
  kill -HUP "$agent"
  check 'a file that is missing changes nothing' wait_until 2 log_says "cannot read $scratch/reload.conf"
  check 'and the connection is still the same' held_says /v1/ready other.example.org '200 same'
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    configure 'names = last.example.org'
  done
  kill -HUP "$first_server"
  check 'many in a row' wait_until 2 held_says /v1/ready last.example.org '200 same'
  check 'the server is the same process' [ "$(pgrep -P "$agent" -u nobody)" = "$first_server" ]
  exec {held_fd}>&-
  agent_options=()
  agent_stop
  agent_start || return 0
  first_server=$(pgrep -P "$agent" -u nobody)
  kill -HUP "$agent"
  sleep 1
  ask /v1/ready
  check 'without a file SIGHUP reads the passwords again, and goes on' \
    [ "$status $(pgrep -P "$agent" -u nobody)" = "200 $first_server" ]
}
