#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/packaging/readynas.sh: the add-on's scripts in a root that looks like RAIDiator's, in namespaces of its own (root
# needed), with this machine's program NASREADY inside: installed as the firmware does it, twice, upgraded, on a full
# root partition, with a program that does not start, removed. There is no /c and no Samba all the while.
set -uo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${FAKE_ROOT:-}" ]; then
  [ "$(id -u)" = 0 ] || { echo 'add-on scripts skipped: not root'; exit 0; }
  FAKE_ROOT=$(mktemp -d) && export FAKE_ROOT
  NASREADY=$(realpath "${NASREADY:-build/nasready}") && export NASREADY
  unshare --mount --net --pid --fork --kill-child "$0"
  code=$?
  rm -rf --one-file-system "$FAKE_ROOT"
  exit $code
fi

root=$FAKE_ROOT/root packages=$FAKE_ROOT/packages
home=/etc/frontview/addons/bin/NASREADY
passed=0 failed=0

ok() {
  local what=$1
  shift
  if "$@" > "$FAKE_ROOT/said" 2>&1; then
    passed=$((passed + 1))
    echo "ok - $what"
  else
    failed=$((failed + 1))
    echo "FAILED - $what"
    head -5 "$FAKE_ROOT/said" | sed 's/^/    /'
  fi
}

in_root() { chroot "$root" /usr/bin/env -i TERM=dumb "$@"; }
is_not() { ! "$@"; }
says() { grep -qF -- "$1" "$FAKE_ROOT/log"; }
running() { in_root "$home/running.sh"; }
answers() { curl -fsS --noproxy '*' --max-time 5 --retry 20 --retry-connrefused --retry-delay 1 -o "$FAKE_ROOT/answer" "http://127.0.0.1:${1:-8439}/v1/status"; }
agent_pid() { cat "$root/var/run/nasready.pid"; }
# all that the device has, with content and mode; not what runs there
tree() { (cd "$root" && find etc frontview var/log -xdev -printf '%p %m\n' -type f -exec sha256sum {} + | sort); }
unchanged() { steady | diff "$FAKE_ROOT/good" -; }
steady() { tree | grep -vE '(^| )var/log/(status|some)'; }
fill_inodes() { mkdir -p "$root/var/log/some" && for ((file = 0; file < 3000; file++)); do : > "$root/var/log/some/$file" || break; done 2>/dev/null; }
once() { [ "$(grep -c "$1" "$root$2")" = 1 ]; }

make_root() {
  # an ext3 as the device has it, with few inodes; where there are no loop devices, memory
  truncate -s 24M "$FAKE_ROOT/root.img"
  mkfs.ext3 -q -F -N 2048 "$FAKE_ROOT/root.img"
  mount -o loop "$FAKE_ROOT/root.img" "$root" 2>/dev/null || mount -t tmpfs -o size=16m,nr_inodes=2048,mode=755 none "$root"
  mkdir -p "$root"/{usr,proc,dev,tmp,run,var/run,var/log,etc/default,etc/frontview/addons/bin,etc/frontview/apache/addons,frontview/bin,frontview/lib,sys}
  for link in bin sbin lib lib64; do ln -s "usr/$link" "$root/$link"; done
  mount --rbind -o ro /usr "$root/usr"
  mount -t proc none "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs -o mode=1777 none "$root/tmp" # where the firmware unpacks, and no part of the root partition
  printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'admin:x:98:98::/:/bin/sh' 'nobody:x:65534:65534::/:/bin/false' > "$root/etc/passwd"
  printf '%s\n' 'root:x:0:' 'admin:x:98:' 'nogroup:x:65534:' > "$root/etc/group"
  [ ! -e /etc/alternatives ] || cp -a /etc/alternatives "$root/etc/"
  printf '%s\n' 'NFS=0' 'NASREADYISH_X=1' 'SSH_SUPPORT=1' > "$root/etc/default/services"
  echo 'OTHER!!Other Thing!!1.0!!/bin/true!!/bin/true!!Other!!' > "$root/etc/frontview/addons/addons.conf"
  echo 'log_status() { echo "$2!!$1" >> /var/log/status; }' > "$root/frontview/bin/functions"
  : > "$root/var/log/status"
  printf '%s\n' 'sub ReadParse { %in = map { split /=/, $_, 2 } split /&/, $ENV{QUERY_STRING}; }' 1 > "$root/frontview/lib/cgi-lib.pl"
  printf '%s\n' 'sub get_default_language_strings {} sub GetServiceStatus { 1 }' \
    'sub Toggle_Service_xml { "<payload><status>success</status>$_[1]</payload>" }' \
    'sub Remove_Service_xml { "<payload><status>success</status></payload>" }' 1 > "$root/frontview/lib/addon.pl"
}

package() { packaging/readynas/build.sh "$1" "$2" "$packages/$2.bin"; }

# install NAME: as the firmware does
install() {
  rm -rf "$root/tmp/addon"
  mkdir "$root/tmp/addon"
  dd if="$packages/$1.bin" bs=16384 skip=1 status=none | tar -xf - -C "$root/tmp/addon"
  in_root /bin/sh -c 'cd /tmp/addon && ./install.sh' > "$FAKE_ROOT/log" 2>&1
}

mount -t proc none /proc
mkdir "$root" "$packages"
make_root
ip link set lo up
export SOURCE_DATE_EPOCH=1700000000
package "$NASREADY" 0.1.0
package "$NASREADY" 0.2.0
printf '#!/bin/sh\n[ "$1" = version ] || [ "$2" = --check-config ]\n' > "$FAKE_ROOT/stub"
package "$FAKE_ROOT/stub" 0.3.0
printf 'no program' > "$FAKE_ROOT/stub"
package "$FAKE_ROOT/stub" 0.4.0
tree > "$FAKE_ROOT/before"

ok 'it installs' install 0.1.0
cat "$FAKE_ROOT/log"
ok 'and runs' running
ok 'and answers, without /c and without Samba' answers
ok 'the service is on' once '^NASREADY=1$' /etc/default/services
ok 'the add-on is listed once' once '^NASREADY!!NasReady!!0.1.0!!' /etc/frontview/addons/addons.conf
ok 'beside the others' once '^OTHER!!' /etc/frontview/addons/addons.conf
ok 'whose services stay, those with a like name too' once '^NASREADYISH_X=1$' /etc/default/services
ok 'FrontView is told' grep -q '^0!!nasready 0.1.0 is installed' "$root/var/log/status"
ok 'its pages belong to admin' [ "$(stat -c %u:%g "$root/etc/frontview/addons/ui/NASREADY/NASREADY.html")" = 98:98 ]
ok 'the unpacked package is gone' [ ! -e "$root/tmp/addon" ]
ok 'the server has no rights' [ "$(ps -o user= --ppid "$(agent_pid)" | head -1)" = nobody ]
in_root QUERY_STRING=OPERATION=get "$home/../../ui/NASREADY/NASREADY_HANDLER.pl" > "$FAKE_ROOT/xml"
ok 'FrontView is told the state' grep -qE '<NASREADY_STATE><value>(go|wait|no)' "$FAKE_ROOT/xml"
ok 'as XML' python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parseString(open(sys.argv[1]).read().split("\n\n", 1)[1])' "$FAKE_ROOT/xml"

pid=$(agent_pid)
ok 'start.sh twice' in_root "$home/start.sh"
ok 'is one agent' [ "$(agent_pid)" = "$pid" ]
ok 'stop.sh stops it' in_root "$home/stop.sh"
ok 'it is gone' is_not running
ok 'stop.sh twice is fine' in_root "$home/stop.sh"
echo $$ > "$root/var/run/nasready.pid"
ok 'somebody else with its number is not it' is_not running
ok 'and start.sh starts it' in_root "$home/start.sh"

ok 'it installs twice' install 0.1.0
ok 'and runs' running
ok 'and is listed once' once '^NASREADY!!' /etc/frontview/addons/addons.conf
ok 'and its services stand there once' once '^NASREADY=' /etc/default/services

echo 'listen = 127.0.0.1:9000' >> "$root$home/nasready.conf"
echo 'operator:nasready:0123456789abcdef0123456789abcdef' > "$root$home/nasready.passwd"
chmod 600 "$root$home/nasready.passwd"
id=$(find "$root$home/state" -type f -exec sha256sum {} + | sort)
ok 'an upgrade installs' install 0.2.0
ok 'with the new version' once '^NASREADY!!NasReady!!0.2.0!!' /etc/frontview/addons/addons.conf
ok 'and answers where the owner wanted' answers 9000
ok 'passwords are kept' grep -q '^operator:nasready:' "$root$home/nasready.passwd"
ok 'for root alone' [ "$(stat -c %a "$root$home/nasready.passwd")" = 600 ]
ok 'the records are kept' [ "$(find "$root$home/state" -type f -exec sha256sum {} + | sort)" = "$id" ]

steady > "$FAKE_ROOT/good"
pid=$(agent_pid)
head -c 64M /dev/zero > "$root/var/log/big" 2>/dev/null
ok 'on a full root partition it does not install' is_not install 0.1.0
ok 'and says why' says 'root partition'
ok 'FrontView is told, too' grep -q '^1!!nasready was not installed: .*root partition' "$root/var/log/status"
truncate -s -$(($(stat -c %s "$NASREADY") / 2)) "$root/var/log/big"
ok 'on one that is nearly full neither' is_not install 0.1.0
rm -f "$root/var/log/big"
ok 'the version before is as it was' unchanged
ok 'and was never stopped' [ "$(agent_pid)" = "$pid" ]
ok 'it runs' running

# what the count of free space does not tell: at each number of free inodes it is installed or nothing has changed
whole_or_not() {
  local free
  fill_inodes
  for ((free = 0; free < 60; free++)); do
    ! install 0.2.0 || { echo "# installed with $free free inodes" > "$FAKE_ROOT/enough" && return; }
    says ': nasready was not installed: ' && unchanged && running && answers 9000 || { echo "with $free:" && cat "$FAKE_ROOT/log" && return 1; }
    rm -f "$root/var/log/some/$free"
  done
  return 1
}
ok 'with too few inodes it is installed whole or not at all, and then the old one runs' whole_or_not

cat "$FAKE_ROOT/enough"
rm -rf "$root/var/log/some"

# what cannot be moved stops it half-way
mount --bind "$root/etc/frontview/addons/ui/NASREADY" "$root/etc/frontview/addons/ui/NASREADY"
ok 'a folder that cannot be moved' is_not install 0.1.0
umount "$root/etc/frontview/addons/ui/NASREADY"
ok 'is said' says 'cannot move the old version aside'
ok 'the version before is as it was' unchanged
ok 'and runs again' answers 9000
mkdir "$root/etc/frontview/addons/.NASREADY.old"
in_root "$home/stop.sh"
mv "$root$home" "$root/etc/frontview/addons/.NASREADY.old/bin" # a power cut at the worst moment
ok 'an installation that was cut short' install 0.2.0
ok 'is done again, with all that the owner had' unchanged

ok 'a version that ends at once is not installed' is_not install 0.3.0
ok 'and the reason is given' says 'it does not start: nasready ended at once'
ok 'the version before is as it was' unchanged
ok 'and runs again' running
ok 'and answers' answers 9000
ok 'a program for another machine is not installed' is_not install 0.4.0
ok 'and the reason is given' says 'the program does not run on this machine'
echo 'listne = 1' >> "$root$home/nasready.conf"
ok 'nor a version that does not take the configuration' is_not install 0.1.0
ok 'and the line is named' says 'listne'
ok 'the one before still runs' running
sed -i '/listne/d' "$root$home/nasready.conf"
ok 'the version before is as it was' unchanged

sed -i 's/^NASREADY=1/NASREADY=0/' "$root/etc/default/services"
in_root "$home/stop.sh"
ok 'an upgrade of a service that is off' install 0.1.0
ok 'leaves it off' is_not running
ok 'and says so to FrontView' once '^NASREADY=0$' /etc/default/services

ok 'remove -upgrade' in_root /bin/sh /etc/frontview/addons/NASREADY.remove -upgrade
ok 'keeps what is the owner'\''s, and only that' [ "$(ls "$root$home" | tr '\n' ' ')" = 'nasready.conf nasready.passwd state ' ]
ok 'the next install takes it over' install 0.2.0
ok 'that is the configuration' grep -q 9000 "$root$home/nasready.conf"
in_root "$home/start.sh"
ok 'remove' in_root /bin/sh /etc/frontview/addons/NASREADY.remove
ok 'stops it' is_not pgrep -f "$home/nasready"
: > "$root/var/log/status"
tree > "$FAKE_ROOT/after"
ok 'and leaves nothing' diff <(grep -v 'addons/ui ' "$FAKE_ROOT/before") <(grep -v 'addons/ui ' "$FAKE_ROOT/after")
[ "$failed" = 0 ] || cat "$FAKE_ROOT/log"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
