#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/record.sh [-x WORD]... OUT: records this machine as a folder for `nasready status --root OUT`: the files that
# the sources read, and in answers/ what is not a file. Runs on a NAS too: plain sh, cat, sed, grep (proc files report
# size 0, so tar would record nothing). Names of the host and its users, addresses and serial numbers are replaced
# by numbered ones. -x leaves out mounts with WORD in their line. NASREADY names the program, MACHINE another "/".
set -eu

out='' words=''
while [ $# -gt 0 ]; do
  case $1 in
    -x) [ $# -gt 1 ] || { echo 'record: -x needs a word' >&2; exit 2; }
      words="$words$2
"; shift ;;
    -*) echo "record: unknown option '$1'; use: record.sh [-x WORD]... OUT" >&2; exit 2 ;;
    *) out=$1 ;;
  esac
  shift
done
[ -n "$out" ] || { echo 'record: where to? use: record.sh [-x WORD]... OUT' >&2; exit 2; }
if [ -e "$out" ]; then
  echo "record: '$out' is already there; name another folder or remove it" >&2
  exit 1
fi
machine=${MACHINE:-/}
machine=${machine%/}
program=${NASREADY:-$(dirname "$0")/../build/nasready}
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$out/.work
mkdir "$work"
trap 'rm -rf "$work"' EXIT

# -- what must not be published: each finding becomes one line of a sed script --

h='[0-9a-fA-F]'
h4="$h$h$h$h"
pair="$h$h"
scrub=$work/scrub
: > "$scrub"

# number FORMAT: one line for each different line of the input, the longer of two with the same beginning first;
# FORMAT holds a %d or %x for its number
number() {
  n=0
  LC_ALL=C sort -ur | while IFS= read -r found; do
    n=$((n + 1))
    # shellcheck disable=SC2059
    printf "s|%s|$1|g\n" "$(printf '%s' "$found" | sed 's/[].*^$|\\[]/\\&/g')" $n
  done >> "$scrub"
}

find_in_names() {
  grep -o "$1" "$work/names" || true
}

for name in statfs filesystems testparm ups vdisks; do
  answer=$work/answer.$name
  [ -n "$machine" ] || [ ! -x "$program" ] || "$program" answer $name > "$answer" 2>/dev/null || rm -f "$answer"
done
cat "$machine/proc/self/mountinfo" "$machine/proc/mounts" "$machine/proc/net/dev" "$work"/answer.* \
  > "$work/names" 2>/dev/null || true

# kernels before 2.6.33 have no speed in sysfs
ask_ethtool() {
  for link in "$machine"/sys/class/net/*; do
    cat "$link/speed" > /dev/null 2>&1 && continue
    ethtool "${link##*/}" 2>/dev/null | sed -n "s/^[ \t]*Speed: \([0-9]*\)Mb.*/${link##*/} \1/p;s/^[ \t]*Duplex: //p" |
      tr 'A-Z\n' 'a-z ' | grep ' .* ' | sed 's/ *$//'
  done
}
[ -n "$machine" ] || ! command -v ethtool >/dev/null || ask_ethtool > "$work/answer.ethtool" || true

find_in_names "$h4$h4-$h4-$h4-$h4-$h4$h4$h4" | number '00000000-0000-0000-0000-%012d'
find_in_names "UUID=$h4-$h4\$" | number 'UUID=0000-%04d'
find_in_names "UUID=$h4-$h4 " | number 'UUID=0000-%04d '
find_in_names "$pair:$pair:$pair:$pair:$pair:$pair" | number '00:00:00:00:00:%02x'
find_in_names "enx$h4$h4$h4" | number 'enx%012d'
find_in_names '/dev/disk/by-[a-z]*/[^ ,]*' | number '/dev/disk/by-id/recorded%d'
find_in_names '[^ /,=]*:/[^ ]*' | number 'server%d:/share'
find_in_names '//[^ /]*/[^ ]*' | number '//server%d/share'
printf '%s\n' 's/\([a-z]*addr\)=[^ ,]*/\1=192.0.2.1/g' 's/\(user\(name\)*\)=[^, ]*/\1=user/g' >> "$scrub"
for place in /home /run/media /run/user /Users; do
  find_in_names " $place/[^ /]*/" | number " $place/user%d/"
  find_in_names " $place/[^ /]* " | number " $place/user%d "
  find_in_names "[^ ]$place/[^ /]* " | sed 's/^.//' | number "$place/user%d "
  find_in_names "[^ ]$place/[^ /]*/" | sed 's/^.//' | number "$place/user%d/"
done
host=$(cat "$machine/proc/sys/kernel/hostname" 2>/dev/null || true)
case $host in
  ??? | ???*) printf '%s\n' "$host" | sed 's/[].*^$|\\[]/\\&/g;s/.*/s|&|recorded|g/' >> "$scrub" ;;
esac

# -- copying --

# keep PATH...: every file of the machine that is there and can be read
keep() {
  for path in "$@"; do
    path=${path#"$machine"/}
    cat "$machine/$path" > "$work/file" 2>/dev/null || continue
    case $path in
      proc/mounts | proc/self/mountinfo)
        printf '%s' "$words" | while IFS= read -r word; do
          grep -vF -e "$word" "$work/file" > "$work/rest" || true
          cat "$work/rest" > "$work/file"
        done
        ;;
      proc/sys/kernel/hostname) echo recorded > "$work/file" ;;
    esac
    target=$out/$(printf '%s\n' "$path" | sed -f "$scrub")
    mkdir -p "${target%/*}"
    sed -f "$scrub" "$work/file" > "$target"
  done
}

# mark PATH...: a folder of which only the presence counts (and git keeps no empty ones)
mark() {
  for path in "$@"; do
    [ -d "$path" ] || continue
    target=$out/$(printf '%s\n' "${path#"$machine"/}" | sed -f "$scrub")
    mkdir -p "$target"
    [ -n "$(ls "$target")" ] || echo 'this folder is there' > "$target/recorded"
  done
}

for file in stat loadavg meminfo mounts diskstats mdstat net/dev self/mountinfo sys/kernel/hostname \
  sys/kernel/osrelease sys/vm/min_free_kbytes sys/vm/dirty_ratio \
  sys/vm/dirty_bytes sys/vm/dirty_expire_centisecs; do
  keep "$machine/proc/$file"
done
keep "$machine"/proc/fs/jbd2/*/info "$machine"/proc/fs/ext4/*/options
for name in operstate carrier mtu speed duplex type; do
  keep "$machine"/sys/class/net/*/$name
done
mark "$machine"/sys/class/net/*/wireless "$machine"/sys/class/net/*/phy80211
for disk in "$machine"/sys/block/*; do
  case ${disk##*/} in loop* | ram* | zram* | '*') continue ;; esac
  keep "$disk/size" "$disk/queue/rotational" "$disk/queue/write_cache" "$disk/device/model" \
    "$disk"/device/scsi_disk/*/cache_type "$disk/md/array_state"
  mark "$disk/device"
done
for name in journal_task errors_count last_error_time last_error_func last_error_line delayed_allocation_blocks; do
  keep "$machine"/sys/fs/ext4/*/$name
done

# -- answers: what is not a file --

# as mounts_volume_id of the program: a changed name gets a hash (FNV-1a) of the whole mount point
volume_id() {
  [ "$1" != / ] || { echo root; return; }
  from=${1#/}
  plain=$(printf '%s' "$from" | cut -b 1-42 | LC_ALL=C sed 's|/|-|g;s|[^A-Za-z0-9._-]|_|g')
  [ "$plain" = "$from" ] && [ "${from#*-}" = "$from" ] && [ "$from" != root ] && { echo "$plain"; return; }
  hash=2166136261
  for byte in $(printf '%s' "$1" | od -An -v -tu1); do
    hash=$((((hash ^ byte) * 16777619) & 4294967295))
  done
  printf '%s-%04x\n' "$plain" $((hash & 65535))
}

: > "$work/ids"
cut -d' ' -f5 "$machine/proc/self/mountinfo" 2>/dev/null | sort -u | while IFS= read -r mount; do
  new=$(printf ' %s \n' "$mount" | sed -f "$scrub" | sed 's/^ //;s/ $//')
  [ "$new" != "$mount" ] || continue
  # shellcheck disable=SC2059
  old_id=$(volume_id "$(printf "$(printf '%s' "$mount" | sed 's/%/%%/g')")")
  # shellcheck disable=SC2059
  new_id=$(volume_id "$(printf "$(printf '%s' "$new" | sed 's/%/%%/g')")")
  printf 's|^%s |%s |\n' "$old_id" "$new_id" >> "$work/ids"
done

mkdir -p "$out/answers"
if [ -r "$machine/proc/uptime" ]; then
  printf '%s %s000\n' "$(sed 's/^\([0-9]*\)\.\([0-9]*\).*/\1\20/' "$machine/proc/uptime")" "$(date +%s)" \
    > "$out/answers/time"
fi
# of Samba's configuration only what the agent reads: the rest may name people
if [ -s "$work/answer.testparm" ]; then
  grep -iE '^(Version |\[|# testparm ended)|^[ \t]*(path|directory|strict (allocate|sync)|dfree command|smb ports|read only|writeable|writable|write ok|available|printable)[ \t]*=' \
    "$work/answer.testparm" > "$work/kept" || true
  mv "$work/kept" "$work/answer.testparm"
fi
# names of files are those of servers
if [ -s "$work/answer.vdisks" ]; then
  awk '/^disk / { $3 = "SRV" ++n ".vhdx" } /^part / { $5 = "-" } { gsub(/ parent=[^ ]*/, "") } 1' \
    "$work/answer.vdisks" > "$work/kept"
  mv "$work/kept" "$work/answer.vdisks"
fi
for name in statfs filesystems ethtool testparm ups vdisks; do
  [ -s "$work/answer.$name" ] || continue
  sed -f "$work/ids" "$work/answer.$name" | sed -f "$scrub" > "$out/answers/$name"
done

# Who is connected to what listens here. Addresses but for loopback and any become numbered ones for documentation,
# as a little-endian kernel prints them: 198.51.100.N, 2001:db8::N.
record_connections() {
  awk '
    function shown(address, n) {
      if (address ~ /^0*$/ || address == "0100007F" || address == "00000000000000000000000001000000") return address
      if (!(address in number)) number[address] = ++count
      n = number[address] % 255
      if (length(address) == 8) return sprintf("%02X6433C6", n)
      return sprintf("B80D01200000000000000000%02X000000", n)
    }
    { split($2, here, ":"); split($3, there, ":") }
    FNR == 1 { if (NR != 1) print; next }
    NR == FNR { if ($4 == "0A") listens[here[2]] = 1; next }
    here[2] in listens {
      printf "%4s %s:%s %s:%s %s 00000000:00000000 00:00000000 00000000 0 0 %d 1\n",
        $1, shown(here[1]), here[2], shown(there[1]), there[2], $4, ++row
    }' "$1" "$1" > "$2"
}
for name in tcp tcp6; do
  cat "$machine/proc/net/$name" > "$work/table" 2>/dev/null || continue
  mkdir -p "$out/proc/net"
  record_connections "$work/table" "$out/proc/net/$name"
done

rm -rf "$work"
trap - EXIT
printf 'recorded %s files in %s; read them before you publish them' "$(find "$out" -type f | wc -l)" "$out"
[ -s "$out/answers/statfs" ] || printf '; without %s no answers/statfs' "$program"
echo
