#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/fuzz/seeds.sh OUT: what the fuzzers begin with, OUT/FUZZER/*: each file of the recorded machines that a parser
# reads, and a few literals.
set -eu
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/../machines"

# FUZZER PATH…: that file of every machine, as it is
take() {
  fuzzer=$1
  shift
  mkdir -p "$out/$fuzzer"
  for path in "$@"; do
    for file in */$path; do
      [ ! -f "$file" ] || cp "$file" "$out/$fuzzer/$(echo "$file" | tr '/:' '__')"
    done
  done
}

# FUZZER TEXT…: printf's escapes; \0 stands between the parts of an input
say() {
  fuzzer=$1 number=0
  shift
  mkdir -p "$out/$fuzzer"
  for text in "$@"; do
    number=$((number + 1))
    printf "$text" > "$out/$fuzzer/literal-$number"
  done
}

take cpu proc/stat proc/loadavg
take memory proc/meminfo
take mounts proc/self/mountinfo proc/mounts
take disks proc/diskstats
take volumes answers/statfs
take filesystems answers/filesystems
take journal 'proc/fs/jbd2/*/info' 'proc/fs/ext4/*/options'
take raid proc/mdstat
take links proc/net/dev answers/ethtool
take tcp proc/net/tcp proc/net/tcp6
take ups answers/ups
take smbstatus answers/smbstatus
take vdisks answers/vdisks
take smb_conf answers/testparm etc/samba/smb.conf

say memory '80\n\00\n\060480000\n' '20\0\0'
say volumes 'root error Input/output error\nc 4096 100 50 40\n' '123456789' 'error it hangs'
say filesystems 'c TYPE=ext4 LABEL=a\\040b UUID=1-2 BLOCK=4096 JOURNAL=external DEVICE=8:17 MODE=data STATE=error FLEX=yes ERRORS=2 ERROR_S=1700000000 ERROR_AT=f:9\n'
say raid 'Personalities : [raid1] [raid6] [raid5] [raid4]\nmd0 : active raid5 sda1[0] sdb1[1](F)\n      100 blocks level 5, 64k chunk [3/2] [UU_]\n      [=>...]  recovery =  5.3%% (1/2) finish=1.0min speed=1K/sec\n\nunused devices: <none>\n'
say links 'up\n\01\n' 'eth0 1000 full\n' '1000\n\0full\n' 'Inter-|   Receive\n face |bytes\neth0:1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n'
say size 2TiB 5.3TiB 5.3TB 1.5GiB 18446744073709551615 1024B 0.000000000000001PiB
say text 'a\\040b\\134' 'rw,data=ordered,commit=5' 18446744073709551615 12.345 'x y\tz\n\n'
say options 'listen = [::]:8439\n# no\nlog=syslog\nseverities = mtu-small=off, ssh-open=wait\n' '22, 2222' 'mtu-small=off' 'ups@192.0.2.1:3493' 'ups@[::1]:1' 'smbd, rsync --daemon'
say access '192.0.2.0/24, 2001:db8::/32\0nas.example.org\010.0.0.5\0nas:8439\0http://nas:8439\0nas' '\0\0fe80::1%%eth0\0[::1]:1\0https://[::1]\0nas'
say credentials 'admin:nasready 3f9a1c2e:939e7578ed9e3c518a452acee763bce9\noperator:nasready 3f9a1c2e:939e7578ed9e3c518a452acee763bce9\n\0password1'
say path_rule 'nas\0Backup\0Servers/2012 R2\0SRV1' '\\\\192.168.15.106\\BackupFiles\\Servers\\WindowsImageBackup\\SRV1' '//nas/B\303\244ckup/x' '\0Backup\0\0SRV1'
say json '\010name\0\001\011<a&b>"\\\0' '\0\001\003\010\377\376\0\002\002'
say json_read '{"share": "B\\u00e4ckup", "timeout": 60, "size": "5.3TiB"}' '{"size":1024,"share":null}' '{}'
say plan '\006\0\0\0\0\0\040\0\011\011\011\002\230\072\001\074' '\007\0\0\0\0\0\0\001\0\011\006\0\0\0\0\0\020\011\002\230\072\001\074'
say units '\006\0\0\0\0\0\001\040' '\011' '\005\1\2\3\4\5'
say smb_conf '[global]\n  strict sync = no\n  smb ports = 445 139\n  include = /etc/b.conf\n[Backup]\n path = /c/Backup\n strict allocate = yes\n read only = no\n dfree command = /x\n[homes]\n\0[More]\npath=/d\n' 'Version 4.17.12-Debian'
say smbstatus '\nSamba version 3.6.25\nPID     Username      Group         Machine\n------------\n5993      b        u         pc (::ffff:10.0.0.5)\n\nService      pid     machine       Connected at\n------------\nBackup       5993   pc  Fri Jul 29 16:32:45 2011\n\nLocked files:\nPid          Uid        DenyMode   Access      R/W        Oplock           SharePath   Name   Time\n------------\n5993         65534      DENY_WRITE 0x12019f    RDWR       EXCLUSIVE+BATCH  /c/Backup   SRV1.vhdx   Fri Jul 29 16:32:50 2011\n' \
  '{"timestamp":"x","version":"4.17.12","smb_conf":"/e","sessions":{"1":{"session_id":"1","server_id":{"pid":"43"},"remote_machine":"10.0.0.5","hostname":"ipv4:10.0.0.5:46374"}},"tcons":{"2":{"service":"Backup","server_id":{"pid":"43"}}},"open_files":{"/c/Backup/S.vhdx":{"service_path":"/c/Backup","filename":"S.vhdx","opens":{"43/1":{"server_id":{"pid":"43"}}}}}}\n' \
  'PID     Username      Group         Machine\n5993\n53 ipv6::5 x\nService      pid     machine       Connected at\n'
say tcp '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   0: 0100000A:01BD 0500000A:C93A 01 00000000:00000000 00:00000000 00000000     0        0 181189 1\n' \
  '\024\0\0\0\003\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
say mb_groups '\0\0\0\020#group: free  frags first [ 2^0   2^1   2^2   2^3 ]\n#0    : 32768 1     0     [ 0     0     0     4 ]\n#1    : 100   3     5     [ 1     0     0     0 ]\n#2    : I/O error\n' \
  '\002\0\0\002#0    : 0     0     32768 [ 0 ]\n#1    : 32254 1     514   [ 0 1 1 1 1 1 1 0 0 0 0 1 1 3 ]\n'
say ups 'BEGIN LIST UPS\nUPS ups "Eaton"\nEND LIST UPS\nVAR ups ups.status "OL CHRG"\nVAR ups battery.charge "98"\nVAR ups battery.runtime "1200"\n\0ups@[::1]:3493' \
  'ERR UNKNOWN-UPS\n' 'CONNECT Connection refused\n' 'VAR ups ups.status "OB LB"\nERR DATA-STALE\n'
say services '7 (a (b) c) S 1 2\0smbd, rsync --daemon, Plex Media Server\0rsync\0--daemon\0' '1 (rsync) S\0rsync --daemon\0/usr/bin/rsync\0--daemon\0'
say history '\001\001\020\002\001\001\001\003\004\001\005\024\001\001\002'
say routes '\0\004\0size=5.3TiB&share=Backup&current=1GiB&client_timeout_s=60\0nas\0text/plain\0\0' \
  'a\342\200\231b\0\004\0share=a\342\200\231b&size=1TiB\0nas\0text/plain\0\0' \
  'a\377\302\205b\0\004\0share=a\377\302\205b&size=1TiB\0nas\0text/plain\0\0' '\0\004\0volume=c&size=2TiB\0\0\0\0' '\0\003\0strict=1&server=SRV1&disk=Backup/S.vhdx\0nas\0\0\0' '\0\003\0disk=Backup/S.vhdx\0\0\0\0' \
  '\0\006\0\0nas\0\0{"share":"Backup","file":"S.vhdx","size_bytes":"1TiB"}\0\005\0\0\0\0\0' '\0\017/v1/nothing\0\0\0\0\0' '\0\02\0\0\0\0\0'

# the superblock of ext4: its magic number, journal features and counters stand where they belong
mkdir -p "$out/ext4_super"
{
  head -c 24 /dev/zero; printf '\002\0\0\0'; head -c 28 /dev/zero; printf '\123\357\002\0'; head -c 32 /dev/zero
  printf '\004\0\0\0\002\002\0\0'; head -c 307 /dev/zero; printf '\001\0\0\0'; head -c 585 /dev/zero
} > "$out/ext4_super/literal-1"

say vhdx_inspect '\0\0' '\01\04' '\02\02\06\0\070\010\07\0\0\0\0\0\0\0' '\04\01\03\0\0\0\0\04\0\0' '\01\04\07\040\020\04\01\02\03\04' \
  '\0\03\0\0\0\010\01\02\03\04\05\06\07\010' '\0\02\02\0\010\04\03\0\0\0' '\0\0\05\0\0\04\0\0\020\0'
say vhdx_format '\0head' '\0vhdxfilea\0b\0' '\0loge\0\0\0\0\0\020\0\0\0\0\0\0\01\0\0\0\0\0\0\0' '\01regi' '\02metadata\0\0\05\0' \
  '\03\267\357\112\260\236\321\201\112\267\211\045\270\351\104\131\023\0\0\01\0\040\0\0\0\042\0\0\0\02\0\02\0a\0b\0' \
  '\04{00112233-4455-6677-8899-aabbccddeeff}'
say ntfs_boot '\353\122\220NTFS    \0\02\010' '\353\122\220NTFS    \0\020\020'
say vdisks '\00\061: LEASE  ACTIVE    WRITE 5993 00:11:4711 0 EOF\n' 'disk a b 1 2 3 4 5\nkeep\nproblem a damage 1 b\npart 1 2 ntfs a 65536\nomitted 3 x\nend\n'
say costs 'nasready costs 1\nd9494e99-709b-43a2-8e2e-790eca105e14 1795715944642:595 1795715942306:1589\n1-2 5:15000\n' '1795715944642:595 5:1\0\011\011\011' 'nasready costs 2\n'
say gate_message 'MSRN\01\0\0\0\02\0\0\0\0\0\0\0\0\0\0\0\01\0\0\0' 'NSRGATE1\01\0\0\0\01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0/c/Backup'
# disks that qemu made, where it is installed: the VHDs are small enough to be taken as they are
if command -v qemu-img >/dev/null; then
  mkdir -p "$out/vhd_footer"
  for kind in dynamic fixed; do
    qemu-img create -q -f vpc -o "subformat=$kind,force_size" "$out/vhd_footer/$kind" 64k
    { printf '\0'; tail -c 4000 "$out/vhd_footer/$kind"; } > "$out/vhd_footer/seed-$kind"
    rm "$out/vhd_footer/$kind"
  done
fi
say vhd_footer '\07conectix' '\01x'

# a whole machine, twice
mkdir -p "$out/machine"
for machine in */; do
  one=$out/machine/${machine%/}
  for path in proc/stat proc/loadavg proc/meminfo proc/self/mountinfo proc/diskstats proc/net/dev proc/mdstat \
    answers/statfs answers/filesystems; do
    cat "$machine$path" 2>/dev/null || true
    printf '\0'
  done > "$one"
  printf '[Backup]\npath = /c/Backup\nstrict sync = no\n\0VAR ups ups.status "OB"\n' >> "$one"
  { cat "$one"; printf '\001'; cat "$one"; } > "$one-twice"
done
