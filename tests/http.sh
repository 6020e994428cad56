#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/http.sh [PROGRAM]: starts the agent on a free port of the loopback interface and asks it everything that a
# client, a stranger or a broken program might. Takes half a minute, most of it waiting for slow senders to be cut.
set -euo pipefail
program=${1:-build/nasready}
passed=0 failed=0
tmp=$(mktemp -d)
agent='' server='' background=''

stop() {
  local pid
  for pid in $background $agent $server; do
    kill -KILL "$pid" 2>/dev/null || true
  done
  rm -rf "$tmp"
}
trap stop EXIT

# check WHAT COMMAND...: one test, passed if the command succeeds
check() {
  local what=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
    echo "ok - $what"
  else
    failed=$((failed + 1))
    echo "FAILED - $what"
    sed 's/^/    /' "$tmp/head" "$tmp/body" 2>/dev/null | tr -d '\0' | cut -c1-200 | head -20
  fi
}

# ask PATH [CURL OPTION...]: leaves $status, $tmp/head and $tmp/body
ask() {
  local path=$1
  shift
  : > "$tmp/head"
  : > "$tmp/body"
  status=$(curl --silent --noproxy '*' --path-as-is --max-time 10 --dump-header "$tmp/head" --output "$tmp/body" \
    --write-out '%{http_code}' "$@" "$url$path") || true
}

header() {
  tr -d '\r' < "$tmp/head" | grep -qix -- "$1"
}

body_has() {
  grep -qF -- "$1" "$tmp/body"
}

is_problem() {
  [ "$status" = "$1" ] && header 'content-type: application/problem+json; charset=utf-8' && python3 - "$tmp/body" "$@" <<'END'
import json, sys
problem = json.load(open(sys.argv[1]))
assert problem["status"] == int(sys.argv[2]) and problem["code"] == sys.argv[3], problem
assert problem["type"] == "about:blank" and problem["title"] and problem["detail"], problem
END
}

# The raw side: what curl would not do. Each command prints one word or number.
cat > "$tmp/raw.py" <<'END'
import socket, sys, time

port = int(sys.argv[1])


def connect(source="127.0.0.1"):
    return socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(source, 0))


def rest_of(s):
    data = b""
    try:
        while piece := s.recv(65536):
            data += piece
    except ConnectionError:
        pass
    return data


def send(data, close):
    """sends bytes; prints the status; "closed": hung up without one; "waits": expects more, 2 s later still"""
    s = connect()
    s.settimeout(2)
    try:
        s.sendall(data)
        if close:
            s.shutdown(socket.SHUT_WR)
    except ConnectionError:
        pass
    try:
        answer = rest_of(s)
    except TimeoutError:
        return print("waits")
    print(answer[9:12].decode() if answer.startswith(b"HTTP/1.") else "strange" if answer else "closed")


def drip(start, piece):
    """sends `start` at once, then `piece` byte by byte; prints after how many seconds it was cut"""
    s, began = connect(), time.monotonic()
    s.sendall(start)
    s.settimeout(1)
    for byte in piece * 60:
        try:
            s.sendall(bytes([byte]))
            if not s.recv(4096):
                break
        except TimeoutError:
            continue
        except ConnectionError:
            break
    print(int(time.monotonic() - began))


def silent():
    """prints after how many seconds a connection without a word is cut"""
    s, began = connect(), time.monotonic()
    s.settimeout(60)
    rest_of(s)
    print(int(time.monotonic() - began))


def hold(count, source):
    """opens connections and says nothing on them until stdin ends"""
    held = []
    for _ in range(count):
        try:
            held.append(connect(source))
        except OSError:
            pass
    print(len(held), flush=True)
    sys.stdin.read()


def pipelined():
    s = connect()
    one = b"GET /v1 HTTP/1.1\r\nHost: localhost\r\n"
    s.sendall(one + b"\r\n" + one + b"Connection: close\r\n\r\n")
    print(rest_of(s).count(b"HTTP/1.1 200 OK"))


def hang_up(count):
    """asks and does not wait for the answer"""
    for _ in range(count):
        s = connect()
        s.sendall(b"GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n")
        s.close()


text = lambda i: sys.argv[i].encode().decode("unicode_escape").encode("latin-1")
if sys.argv[2] == "send":
    send(text(3), len(sys.argv) > 4)
elif sys.argv[2] == "drip":
    drip(text(3), text(4))
elif sys.argv[2] == "silent":
    silent()
elif sys.argv[2] == "hold":
    hold(int(sys.argv[3]), sys.argv[4])
elif sys.argv[2] == "pipelined":
    pipelined()
elif sys.argv[2] == "hang_up":
    hang_up(int(sys.argv[3]))
END

raw() {
  python3 "$tmp/raw.py" "$port" "$@"
}

start() {
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  url=http://127.0.0.1:$port
  mkdir -p "$tmp/state"
  "$program" serve --listen "127.0.0.1:$port" --state-dir "$tmp/state" --credentials "$tmp/passwd" --user nobody \
    --log stderr 2> "$tmp/log" &
  agent=$!
  for _ in $(seq 50); do
    ask /metrics
    [ "$status" = 200 ] && break
    sleep 0.1
  done
  server=$(pgrep -P "$agent" | head -1)
}

descriptors() {
  find "/proc/$server/fd" -mindepth 1 | wc -l
}

check_routes() {
  local method path
  ask /v1
  check 'GET /v1 answers JSON' header 'content-type: application/json; charset=utf-8'
  python3 -c 'import json, sys
needs = {"/v1/plan": "?size=1GiB"}
for route in json.load(sys.stdin)["routes"]: print(route["method"], route["path"] + needs.get(route["path"], ""))' < "$tmp/body" > "$tmp/routes"
  check 'GET /v1 lists itself' grep -qx 'GET /v1' "$tmp/routes"
  while read -r method path; do
    [ "$method" = GET ] || continue
    [[ $path != *{* ]] || continue # of what a list names: there may be nothing
    ask "$path"
    check "GET $path answers" [ "$status" = 200 ]
    check "GET $path answers with something" [ -s "$tmp/body" ]
    ask "$path" --head
    check "HEAD $path answers" [ "$status" = 200 ]
    check "HEAD $path tells the length" header 'content-length: [1-9][0-9]*'
  done < "$tmp/routes"
  ask /v1/status
  check 'the status is JSON that ends with a newline' python3 -c 'import json, sys
text = open(sys.argv[1]).read(); json.loads(text); assert text.endswith("}\n")' "$tmp/body"
  check 'no reply is stored' header 'cache-control: no-store'
  check 'no reply is guessed at' header 'x-content-type-options: nosniff'
  check 'no reply may load anything but its own files' header "content-security-policy: default-src 'none'; .*frame-ancestors 'none'"
  check 'nor run what stands inside it' eval '! grep -qi unsafe "$tmp/head"'
  check 'no reply passes its address on' header 'referrer-policy: no-referrer'
  ask /v1/
  check 'one slash too many is tolerated' [ "$status" = 200 ]
}

check_assets() {
  local asset etag
  ask /
  for asset in $(grep -oE '/assets/[^"]+' "$tmp/body"); do
    ask "$asset"
    check "$asset is stored for good" header 'cache-control: public, max-age=31536000, immutable'
    check "$asset is compressed" eval 'header "content-encoding: gzip" && gzip -tc "$tmp/body"'
    etag=$(tr -d '\r' < "$tmp/head" | sed -n 's/^etag: //Ip')
    ask "$asset" --header 'Accept-Encoding: gzip' --header "If-None-Match: W/\"x\", $etag"
    check "$asset is not sent twice" eval '[ "$status" = 304 ] && [ ! -s "$tmp/body" ]'
    ask "${asset%%\?*}"
    check "$asset without version is asked for again" header 'cache-control: no-cache'
  done
}

check_refusals() {
  ask /v1/jobs/4711
  check 'an unknown job is a problem' is_problem 404 no-such-job
  ask /v1/jobs/4711 -X DELETE
  check 'without a password nothing can be done' is_problem 401 credentials-needed
  ask /v1/nothing
  check 'an unknown route is a problem' is_problem 404 no-such-route
  check 'which names the route' body_has '/v1/nothing'
  ask '/%3Cscript%3E%22%0d%0aX:%20y'
  check 'a route made to hurt is a problem as well' is_problem 404 no-such-route
  ask /v1/status --request DELETE
  check 'a wrong method is a problem' is_problem 405 method-not-allowed
  check 'which names the right ones' header 'allow: GET, HEAD'
  ask /v1 --header 'Host: evil.example'
  check 'a foreign Host is a problem' is_problem 403 host-not-allowed
  check 'which names the way out' body_has names
  ask /v1 --header 'Host: LOCALHOST.:1'
  check 'Host may be in capitals, with dot and port' [ "$status" = 200 ]
  ask /v1 --http1.0 --header 'Host:'
  check 'HTTP/1.0 needs no Host' [ "$status" = 200 ]
  ask /v1 --header 'Origin: http://evil.example'
  check 'a foreign Origin is a problem' is_problem 403 origin-not-allowed
  ask /v1 --header 'Origin: null'
  check 'so is Origin null' is_problem 403 origin-not-allowed
  ask /v1 --header "Origin: $url"
  check 'its own Origin is none' [ "$status" = 200 ]
}

check_sizes() {
  ask /v1 --header "X-Long: $(head -c 20000 /dev/zero | tr '\0' a)"
  check 'a header of 20 KB is refused' [ "$status" = 431 ]
  head -c 1000000 /dev/zero | tr '\0' a | sed 's/^/X-Long: /' > "$tmp/long"
  ask /v1 --header "@$tmp/long"
  check "a header of 1 MB is refused ($status)" eval '[ "$status" = 431 ] || [ "$status" = 000 ]'
  ask "/$(head -c 20000 /dev/zero | tr '\0' a)"
  check 'a path of 20 KB is refused' [ "$status" = 414 ]
  head -c 10000000 /dev/zero > "$tmp/big"
  ask /v1 --request POST --data-binary "@$tmp/big"
  check 'a body of 10 MB is refused before it is sent' [ "$status" = 405 ]
  ask /v1 --request GET --data-binary "@$tmp/big"
  check 'a body is refused where none belongs' is_problem 413 body-too-large
  ask /v1 --request GET --data-binary 'small'
  check 'a small one too' is_problem 413 body-too-large
  ask /v1 --request GET --data-binary 'small' --header 'Transfer-Encoding: chunked'
  check 'also in chunks' is_problem 413 body-too-large
  local sent
  sent=$(curl --silent --noproxy '*' --max-time 10 --request POST --header 'Expect:' --data-binary "@$tmp/big" \
    --output "$tmp/body" --write-out '%{size_upload}' "$url/v1") || true
  check "a body of 10 MB sent all the same is not read (${sent} bytes)" [ "$sent" -lt 9000000 ]
  sent=$(curl --silent --noproxy '*' --max-time 10 --request POST --header 'Expect:' --data-binary "@$tmp/big" \
    --header 'Transfer-Encoding: chunked' --output "$tmp/body" --write-out '%{size_upload}' "$url/v1") || true
  check "nor in chunks (${sent} bytes)" [ "$sent" -lt 9000000 ]
}

# check_raw WHAT "STATUS..." BYTES [close]: one of these statuses, and the agent answers the next request. With
# `close` the sender closes its direction; the library often notices that only when its time is up ("waits").
check_raw() {
  local what=$1 wanted=" $2 " got
  shift 2
  got=$(raw send "$@")
  check "$what ($got)" [ "${wanted/ $got /}" != "$wanted" ]
  ask /v1
  check "$what: the next request is answered" [ "$status" = 200 ]
}

check_garbage() {
  local noise='\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'
  check_raw 'a TLS greeting' '400 closed' "$noise\\r\\n\\r\\n" close
  check_raw 'NULs' '400 closed waits' '\0\0\0\0\0\0\0\0\r\n\r\n' close
  check_raw 'a NUL in the request line' '200 400 404 closed' \
    'GET /\0v1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
  check_raw 'a NUL in a header' '200 400 closed' \
    'GET /v1 HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\nConnection: close\r\n\r\n'
  check_raw 'half a request' '400 closed waits' 'GET /v1 HTTP/1.1\r\nHo' close
  check_raw 'half a body' '400 405 closed waits' \
    'POST /v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf' close
  check_raw 'a line of HTTP/0.9' '400 505 closed' 'GET /v1\r\n\r\n' close
  check_raw 'HTTP/9.9' '400 505 closed' 'GET /v1 HTTP/9.9\r\nHost: localhost\r\n\r\n' close
  check_raw 'a negative length' '400 405 413 closed' \
    'POST /v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n' close
  check_raw 'a length beyond 64 bits' '400 405 413 closed' \
    'POST /v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999\r\n\r\n' close
  check_raw 'a chunk beyond 64 bits' '400 413 closed' \
    'POST /v1 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\n' close
  check_raw 'no Host in HTTP/1.1' '200 400' 'GET /v1 HTTP/1.1\r\nConnection: close\r\n\r\n'
  check_raw 'nothing at all' 'closed' '' close
  head -c 100000 /dev/urandom > "$tmp/noise"
  timeout 10 bash -c 'cat "$1" > "/dev/tcp/127.0.0.1/$2"' - "$tmp/noise" "$port" 2>/dev/null || true
  ask /v1
  check '100 KB of noise: the next request is answered' [ "$status" = 200 ]
  check 'two requests in one packet get two replies' [ "$(raw pipelined)" = 2 ]
  raw hang_up 200
  ask /v1/status
  check '200 that hang up before the reply: the next request is answered' [ "$status" = 200 ]
}

# before anybody has a password; then both get one, which it reads on SIGHUP
check_no_credentials() {
  ask /v1/jobs/1 --request DELETE
  check 'without passwords nobody may change anything' is_problem 403 no-credentials-set
  check 'and is told how to change that' body_has 'nasready passwd operator'
  check 'and is not asked for any' eval '! header "www-authenticate:.*"'
  printf 'operator:word' | "$program" passwd operator --credentials "$tmp/passwd" --state-dir "$tmp/state" > "$tmp/said"
  printf 'admin "pass"\n' | "$program" passwd admin --credentials "$tmp/passwd" --state-dir "$tmp/state" >> "$tmp/said"
  check 'the file of passwords is for its owner alone' [ "$(stat -c %a "$tmp/passwd")" = 600 ]
  check 'the realm carries the id of this install' grep -q "^admin:nasready $(cat "$tmp/state/id"):" "$tmp/passwd"
  kill -HUP "$agent"
  for _ in $(seq 30); do
    ask /v1/jobs/1 --request DELETE
    [ "$status" = 403 ] || break
    sleep 0.1
  done
  check 'a running agent takes them over on SIGHUP' is_problem 401 credentials-needed
}

# as USER PASSWORD PATH [CURL OPTION...]
as() {
  local credentials="$1:$2"
  shift 2
  ask "$@" --digest --user "$credentials"
}

# $proof: the header by which curl proves it
steal_proof() {
  proof=$(curl --silent --noproxy '*' --max-time 10 --verbose --digest --user "$1:$2" --request DELETE "$url$3" 2>&1 \
    > /dev/null | tr -d '\r' | sed -n 's/^> \(Authorization: Digest .*\)/\1/p' | tail -n 1)
}

check_digest() {
  local proof old
  ask /v1/jobs/1 --request DELETE
  check 'who says nothing is asked' is_problem 401 credentials-needed
  check 'by HTTP Digest as Windows knows it' header "www-authenticate: digest realm=\"nasready $(cat "$tmp/state/id")\",\
qop=\"auth\",nonce=\"[0-9a-f]*\",opaque=\"[^\"]*\",algorithm=md5"
  as operator operator:word /v1/jobs/1 --request DELETE
  check 'operator may what operators may' is_problem 404 no-such-job
  as admin 'admin "pass"' /v1/jobs/1 --request DELETE
  check 'admin too' is_problem 404 no-such-job
  old=$(tr -d '\r' < "$tmp/head" | sed -n 's/.*nonce="\([0-9a-f]*\)".*/\1/p' | head -n 1)
  ask /v1/jobs/1 --request DELETE --user operator:operator:word
  check 'a password in the clear is none' is_problem 401 credentials-needed
  as operator operator:word /v1/jobs/1 --request DELETE --header 'Origin: http://evil.example'
  check 'a post from a foreign page is refused, whatever it proves' is_problem 403 origin-not-allowed
  steal_proof operator operator:word /v1/jobs/1
  ask /v1/jobs/1 --request DELETE --header "$proof"
  check 'a proof that was used is refused' is_problem 401 credentials-stale
  check 'as out of date, not as wrong' header 'www-authenticate: digest .*stale="true".*'
  ask /v1/jobs/1 --request DELETE --header "${proof/nc=00000001/nc=00000002}"
  check 'also under another number' [ "$status" = 401 ]
  steal_proof operator operator:word /v1/jobs/2
  ask /v1/jobs/1 --request DELETE --header "$proof"
  check 'and one that was made for something else' [ "$status" = 401 ]
  steal_proof operator operator:word /v1/jobs/1
  proof=${proof/nonce=\"????????/nonce=\"00000000}
  ask /v1/jobs/1 --request DELETE --header "${proof/response=\"????????/response=\"00000000}"
  check 'a nonce that the agent never gave is out of date' is_problem 401 credentials-stale
  sleep 1.1 # the library's nonce is one of a second
  ask /v1/jobs/1 --request DELETE
  check 'a second later it is another nonce' eval '! header ".*nonce=\"$old\".*"'
  as operator wrong:word /v1 && check 'a wrong password hurts nobody who needs none' [ "$status" = 200 ]
}

check_attempts() {
  local i
  for i in 1 2 3 4 5; do
    as "$([ "$i" = 1 ] && echo root || echo admin)" wrong:word /v1/jobs/1 --request DELETE --interface 127.0.0.9
    check "wrong password $i is told from none" is_problem 401 credentials-wrong
  done
  as admin 'admin "pass"' /v1/jobs/1 --request DELETE --interface 127.0.0.9
  check 'after five wrong ones not even the right one is looked at' is_problem 429 too-many-attempts
  check 'for some seconds' header 'retry-after: \([1-9]\|10\)'
  as admin 'admin "pass"' /v1/jobs/1 --request DELETE
  check 'others are not concerned' is_problem 404 no-such-job
  check 'the log tells of it' grep -q 'too many wrong passwords from 127.0.0.9' "$tmp/log"
  check 'no password stands in the log' eval '! grep -q "pass\"\|:word" "$tmp/log"'
}

# in the background, while the other checks run
begin_drips() {
  raw drip 'GET /v1 HTTP/1.1\r\nHost: localhost\r\nX: ' 'a' > "$tmp/drip-header" &
  background+=" $!"
  raw drip 'POST /v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n' 'a' > "$tmp/drip-body" &
  background+=" $!"
  raw drip '' 'GET /v1' > "$tmp/drip-start" &
  background+=" $!"
  raw silent > "$tmp/silent" &
  background+=" $!"
}

was_cut() {
  local seconds
  seconds=$(cat "$1")
  [ -n "$seconds" ] && [ "$seconds" -ge 10 ] && [ "$seconds" -le 25 ]
}

end_drips() {
  # shellcheck disable=SC2086
  wait $background
  background=
  check "a header dripped in is cut ($(cat "$tmp/drip-header") s)" was_cut "$tmp/drip-header"
  check "a body dripped in is cut ($(cat "$tmp/drip-body") s)" was_cut "$tmp/drip-body"
  check "a request line dripped in is cut ($(cat "$tmp/drip-start") s)" was_cut "$tmp/drip-start"
  check "a connection without a word is cut ($(cat "$tmp/silent") s)" was_cut "$tmp/silent"
}

check_crowd() {
  local count began
  coproc holder { exec python3 "$tmp/raw.py" "$port" hold 200 127.0.0.1; }
  local pid=$holder_PID
  background+=" $pid"
  read -r count <&"${holder[0]}"
  check "200 idle connections are opened ($count)" [ "$count" = 200 ]
  began=$(date +%s%N)
  ask /v1/status --interface 127.0.0.2
  check 'somebody else is answered' [ "$status" = 200 ]
  check 'within a second' [ $(($(date +%s%N) - began)) -lt 1000000000 ]
  kill "$pid"
  wait "$pid" 2>/dev/null || true
  background=${background/ $pid/}
  ask /v1
  check 'and the first one too, when it has hung up' [ "$status" = 200 ]
}

lives() {
  kill -0 "$1" 2>/dev/null && ! grep -q '^State:.*Z' "/proc/$1/status"
}

check_end() {
  local children
  ask /v1/status
  check 'after all this the agent still answers' [ "$status" = 200 ]
  check 'the collector still lives' lives "$agent"
  check 'the server still lives, and is the first one' lives "$server"
  # half-closed connections stay until their time is up
  for _ in $(seq 40); do
    [ "$(descriptors)" -gt "$1" ] || break
    sleep 0.5
  done
  check "no descriptor is left behind ($(descriptors), $1 at first)" [ "$(descriptors)" -le "$1" ]
  check 'the log did not grow with each of them' [ "$(wc -l < "$tmp/log")" -lt 20 ]
  children=$(pgrep -P "$agent,$server" || true)
  kill -TERM "$agent"
  for _ in $(seq 20); do
    lives "$agent" || lives "$server" || break
    sleep 0.1
  done
  check 'SIGTERM ends the collector within 2 s' eval '! lives "$agent"'
  check 'and the server' eval '! lives "$server"'
  check 'and the exit code says that all is well' wait "$agent"
  agent='' server=''
  for pid in $children; do
    check "and no process is left ($pid)" eval '! lives "$pid"'
  done
  ask /v1
  check 'and the port is free' [ "$status" = 000 ]
}

command -v curl python3 pgrep > /dev/null || { echo 'http: curl, python3 or pgrep is missing (make deps)' >&2; exit 2; }
[ -x "$program" ] || { echo "http: there is no program at $program (make)" >&2; exit 2; }
start
check 'the agent starts and answers' [ "$status" = 200 ]
if [ -z "$server" ] || [ "$status" != 200 ]; then
  cat "$tmp/log"
  echo "$passed passed, $((failed + 1)) failed"
  exit 1
fi
check_no_credentials
# one request before counting: the library opens what it needs on the first
open_at_first=$(descriptors)
begin_drips
check_routes
check_assets
check_refusals
check_sizes
check_garbage
check_digest
check_attempts
check_crowd
end_drips
check_end "$open_at_first"
[ "$failed" = 0 ] || sed 's/^/log: /' "$tmp/log"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
