#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# cross/trim.sh musl|libmicrohttpd|libblkid FROM TO: a copy of unpacked sources that leaves out what no configure option
# does. Each edit must find its place, so a new upstream version that moved it is noticed.
set -eu
what=$1 from=$2 to=$3
cp -a "$from" "$to"

# edit FILE PERL: the file's date stays, or make would ask for autoconf
edit() {
  cp -p "$to/$1" "$to/$1.orig"
  perl -0pi -e "$2" "$to/$1"
  ! cmp -s "$to/$1" "$to/$1.orig" || { echo "trim: $1 of $what is not as it was: $2" >&2; exit 1; }
  touch -r "$to/$1.orig" "$to/$1"
}

# Nothing of ours has a fraction: reading and printing them is 12 KB, most of it the arithmetic that the processor
# lacks. A format with %f or %g is refused as an unknown one is (EINVAL), and verify.sh looks for the arithmetic.
trim_musl() {
  edit src/stdio/vfprintf.c 's/l = fmt_fp\(f, arg\.f, w, p, fl, t\);/goto inval;/'
  edit src/stdio/vfscanf.c 's/y = __floatscan\(f, size, 0\);/goto match_fail;/'
  # nor wide characters
  edit src/stdio/vfprintf.c "s/case '(C|S)':/case '\$1':\n\t\t\tgoto inval;/g"
  # the date of a line for syslogd, without all that strftime() knows: time zones above all
  edit src/misc/syslog.c 's/strftime\(timebuf, sizeof timebuf, "%b %e %T", &tm\);/snprintf(timebuf, sizeof timebuf, "%.3s %2d %.2d:%.2d:%.2d", "JanFebMarAprMayJunJulAugSepOctNovDec" + 3 * tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);/'
  # users and groups are those of the files; whoever else knows some is asked over a protocol of glibc's
  for table in pw gr; do
    edit src/passwd/get${table}_a.c 's/if \(!\*res && \(rv == 0 \|\| rv == ENOENT \|\| rv == ENOTDIR\)\) \{/if (0) {/'
  done
  # one thread: no others that have to change their user at the same time
  edit src/unistd/setxid.c 's/__synccall\((\w+), &c\);/$1(&c);/'
  edit src/linux/setgroups.c 's/__synccall\((\w+), &c\);/$1(&c);/'
  # times of sockets and devices in the form of old kernels: none is asked for
  edit src/misc/ioctl.c 's/if \(SIOCGSTAMP != SIOCGSTAMP_OLD && /if (0 \&\& /'
  edit src/network/recvmsg.c 's/if \(r >= 0\) __convert_scm_timestamps\(msg, orig_controllen\);//'
}

# 0.9.75 does not build without threads: one function that is always needed stands among those that are not
trim_libmicrohttpd() {
  edit src/microhttpd/daemon.c 's/(static uint64_t\nconnection_get_wait .*?\n}\n)/#endif\n$1#if defined(MHD_USE_POSIX_THREADS) || defined(MHD_USE_W32_THREADS)\n/s'
  # where in the library a program error was found, with the names of the files on the building machine
  edit src/microhttpd/internal.h 's/mhd_panic \(mhd_panic_cls, __FILE__, __LINE__, NULL\)/mhd_panic (mhd_panic_cls, "", 0, NULL)/'
}

# libblkid knows a hundred formats. The tables of probers keep the rows that $LIBBLKID_KEEPS names; what no row names,
# the linker drops.
trim_libblkid() {
  for table in superblocks/superblocks partitions/partitions topology/topology; do
    KEEPS=" $(echo $LIBBLKID_KEEPS) " edit libblkid/src/$table.c \
      's{(\*idinfos\[\] =\n\{\n)(.*?)(\n\};)}{my ($a, $b, $c) = ($1, $2, $3); $b =~ s/[^\n]*&([a-z0-9_]+)_idinfo[^\n]*/index($ENV{KEEPS}, " $1 ") < 0 ? "" : $&/ge; $a . $b . $c}se'
  done
}

"trim_$what"
