# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Runs in the guest as root, at every boot, until no part is left: a part is tests/guest/NAME.sh with a function
# test_NAME. A part that ends with `reboot_now` is followed by the next one after the boot. What a part leaves in /out comes back to
# the host. `row` makes a line of the table: what the system's own tool says beside what the agent says.
# shellcheck shell=bash
set -uo pipefail
cd /in || exit 2
scratch=/run/guest kept=/var/lib/guest out=/out
mkdir -p $scratch $kept $out
# shellcheck source=tests/live/lib.sh
. tests/live/lib.sh
url=http://127.0.0.1:8439
[ -e $kept/parts ] || tr ' ' '\n' < parts > $kept/parts
[ ! -e $kept/totals ] || read -r passed failed skipped < $kept/totals

# row PART WHAT TOOL AGENT: equal texts are a test passed
row() {
  printf '%s | %s | %s | %s\n' "$1" "$2" "$3" "$4" >> $out/table
  if [ "$3" = "$4" ]; then
    ok "$1: $2: $3"
  else
    not_ok "$1: $2" "the system's own tool says: $3" "the agent says: $4"
  fi
}

# row_near PART WHAT TOOL AGENT TOLERANCE: numbers
row_near() {
  printf '%s | %s | %s | %s\n' "$1" "$2" "$3" "$4" >> $out/table
  expect_near "$2" "$3" "$4" "$5"
  verdict "$1"
}

# told PART WHAT TOOL [AGENT]: for the table alone
told() {
  printf '%s | %s | %s | %s\n' "$1" "$2" "$3" "${4:-}" >> $out/table
  echo "# $1: $2: $3${4:+ | $4}"
}

found() {
  ask_status && says $scratch/status.json '[.findings[] | select(.code == $code and (.subject | startswith($subject)))] | length > 0' \
    code "$1" subject "${2:-}"
}

not_found() {
  ! found "$@"
}

# the findings of the last status, in one line
findings() {
  field '[.findings[] | "\(.severity) \(.code) \(.subject)"] | join(", ")'
}

main_pid() {
  systemctl show -p MainPID --value nasready
}

# deb_of head|tail: the oldest or the newest of the packages
deb_of() {
  local file
  for file in packages/*.deb; do
    dpkg-deb -f "$file" Version Package 2> /dev/null | grep -q nasready && echo "$(dpkg-deb -f "$file" Version) $file"
  done | sort -V | "$1" -n 1 | cut -d ' ' -f 2
}

# all files of the system but what changes by itself
list_files() {
  find / -xdev \( -path /in -o -path /out -o -path /run -o -path /proc -o -path /tmp -o -path /var/log -o -path /var/lib/guest \
    -o -path /var/lib/samba -o -path /var/cache -o -path /var/tmp -o -path /var/lib/systemd -o -path /var/lib/dpkg \) -prune -o -print | sort
}

save_totals() {
  echo "$passed $failed $skipped" > $kept/totals
}

reboot_now() {
  save_totals
  cp -a $out/. $kept/out/ 2> /dev/null || { mkdir -p $kept/out && cp -a $out/. $kept/out/; }
  sync
  systemctl reboot "$@"
  sleep 60
}

setup() {
  cat > /etc/samba/smb.conf << 'END'
[global]
  server role = standalone server
  map to guest = Bad User
  guest account = nobody
  smb ports = 445
  disable netbios = yes
  load printers = no
  printcap name = /dev/null
[Backup]
  path = /srv/backup
  guest ok = yes
  force user = root
  read only = no
  strict allocate = yes
END
  mkdir -p /srv/backup
  systemctl restart smbd
  ip link set lo up
}

[ -e $kept/set-up ] || setup
touch $kept/set-up
while read -r part < $kept/parts && [ -n "$part" ]; do
  sed -i 1d $kept/parts
  if [ ! -e "guest/$part.sh" ]; then
    not_ok "there is no part '$part' (tests/guest/$part.sh)"
    continue
  fi
  echo "== $part"
  # shellcheck source=/dev/null
  . "guest/$part.sh"
  from=$SECONDS
  "test_$part"
  echo "# $part: $((SECONDS - from)) s"
  save_totals
done
[ ! -d $kept/out ] || cp -an $kept/out/. $out/
[ ! -e $kept/out/table ] || cat $kept/out/table $out/table 2> /dev/null | awk '!seen[$0]++' > $scratch/table && cp $scratch/table $out/table
journalctl -b -u nasready --no-pager > $out/journal 2>&1
tar -cf /dev/vdc -C $out .
echo "$passed passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
echo "GUEST-END $failed"
sync
systemctl poweroff --force
