#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# report.sh [FILE]: what could not be settled without a ReadyNAS in hand. Run it as root on the device; it changes
# nothing (jumbo frames are tried only with --mtu, for a second, and set back). Read what it wrote, /tmp/nasready-report.txt,
# before you attach it to a bug report: addresses of hardware and serial numbers are blanked, names of shares are not.
try_mtu=0
[ "${1:-}" != --mtu ] || { try_mtu=1; shift; }
out=${1:-/tmp/nasready-report.txt}
home=/etc/frontview/addons/bin/NASREADY
# pidof is not everywhere
agent_pids=$(for exe in /proc/[0-9]*/exe; do
  case $(readlink "$exe") in
    "$home/nasready"*) exe=${exe%/exe} && echo "${exe#/proc/}" ;;
  esac
done)
export agent_pids
exec 3>&1 > "$out" 2>&1

# ask WHY COMMAND: its output, at most 300 lines
ask() {
  echo
  echo "== $1"
  echo "\$ $2"
  sh -c "$2" 2>&1 | head -n 300
}

echo "nasready report 1, $(date -u '+%Y-%m-%dT%H:%M:%SZ')"
ask 'kernel, processor, how it treats unaligned access' 'uname -a; cat /proc/version /proc/cpuinfo /proc/cpu/alignment'
ask 'system calls that a kernel of its age may or may not have' 'grep -E " sys_(accept4|ppoll|pselect6|epoll_pwait|utimensat|fallocate|timerfd_create|eventfd2|signalfd4|inotify_init1|prlimit64)$" /proc/kallsyms'
ask 'page size' 'getconf PAGESIZE'
ask 'kernel configuration' 'zcat /proc/config.gz | grep -E "SECCOMP|ALIGNMENT|CGROUP|TASK_IO|JBD|EXT4|QUOTA|TIMERFD|EVENTFD|SIGNALFD|INOTIFY|AEABI|OABI"'
ask 'firmware, C library, Samba' 'cat /etc/raidiator_version /etc/debian_version; dpkg -l libc6 samba dpkg | tail -n 3; smbd -V; smbd -b | grep -iE "CONFIGFILE|LOCKDIR|fallocate"'
ask 'does smbd call fallocate or posix_fallocate (decides whether the gate can work)' 'for f in /usr/sbin/smbd /usr/lib/libsmb*; do echo "$f"; grep -aoE "(posix_)?fallocate(64)?" "$f" | sort | uniq -c; done'
ask 'file systems, RAID, volumes' 'mount; cat /proc/mdstat; lvs; df -k; cat /proc/partitions'
ask 'journal statistics' 'ls /proc/fs/jbd2 /proc/fs/ext4 /sys/fs/ext4; for f in /proc/fs/jbd2/*/info; do echo "$f"; cat "$f"; done; for f in /proc/fs/ext4/*/mb_groups; do echo "$f"; head -n 5 "$f"; done'
ask 'ext4 features of the data volume' 'dumpe2fs -h "$(awk "\$2 == \"/c\" { print \$1 }" /proc/mounts)" | grep -iE "features|block size|blocks per group|flex|journal|reserved block count"'
ask 'write-back settings' 'for f in /proc/sys/vm/dirty* /proc/sys/vm/swappiness; do echo "$f $(cat $f)"; done'
ask 'network' 'ethtool eth0; ethtool -i eth0; ip -s link show eth0; ls /sys/class/net/eth0; cat /proc/net/sockstat'
ask 'who listens' 'netstat -ltnp'
ask 'processes, limits' 'ps axww -o pid,ppid,user,ni,rss,args; ulimit -a; free; cat /proc/loadavg'
ask 'FrontView' 'ls -lR /etc/frontview | head -n 250; cat /etc/default/services; ls /etc/rc2.d /etc/rcS.d /etc/rc3.d; ls -l /frontview/bin /frontview/lib'
ask 'Samba settings' 'testparm -s 2>/dev/null | grep -vE "password|passwd"; ls -l /etc/samba /etc/frontview/samba'
ask 'smbstatus' 'smbstatus -n | head -n 30'
ask 'tools that the scripts use' 'for t in awk sed tar gzip setsid killall start-stop-daemon perl readlink df; do printf "%s " "$t"; command -v "$t" || echo MISSING; done; perl -MIO::Socket::INET -e "print \"IO::Socket::INET \$IO::Socket::INET::VERSION\n\""'
ask 'the agent itself' "$home/running.sh && echo runs; $home/nasready version; $home/nasready status; $home/nasready ready; $home/nasready gate status; ls -l $home $home/state; tail -n 40 /var/log/daemon.log | grep -i nasready"
# at boot, after an installation and after a toggle in FrontView these differ: run the report after each
ask 'who started it, with what' 'for p in $agent_pids; do ls -l /proc/$p/cwd; grep -E "^(PPid|Uid|Gid|Groups|Cap|Umask)" /proc/$p/status; tr "\0" "\n" < /proc/$p/environ | grep -viE "auth|cookie|pass|token"; done'
ask 'its memory' 'for p in $agent_pids; do echo "$p"; awk "/^(Rss|Pss|Private_Dirty):/ { s[\$1] += \$2 } END { for (k in s) print k, s[k], \"kB\" }" /proc/$p/smaps; done'
ask 'how long /c took to be mounted after boot' 'cat /proc/uptime; grep -hE "mounted filesystem|nasready" /var/log/kern.log /var/log/messages /var/log/daemon.log | tail -n 20'
if [ $try_mtu = 1 ]; then
  ask 'jumbo frames' 'old=$(cat /sys/class/net/eth0/mtu); ifconfig eth0 mtu 9000 && cat /sys/class/net/eth0/mtu; ifconfig eth0 mtu "$old"'
fi
# hardware addresses and serial numbers
sed -i -e 's/[0-9a-fA-F]\{2\}\(:[0-9a-fA-F]\{2\}\)\{5\}/xx:xx:xx:xx:xx:xx/g' -e 's/^\(Serial[^:]*:\).*/\1 xxxx/' "$out"
echo "written: $out ($(wc -l < "$out") lines); read it before you attach it to a bug report" >&3
