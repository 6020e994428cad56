/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * as2631 PROGRAM ARGUMENT...: runs a program with the system calls answering ENOSYS that came after
 * Linux 2.6.31. On ARM, inside an emulated machine, that is exact by number. On x86-64 it is for an emulator
 * of single programs, and approximate, because the filter sees the emulator's calls, not the guest's: an
 * emulated accept() is an accept4() without flags, so only one with flags is refused; prlimit64, ppoll,
 * pselect6 and epoll_pwait serve older guest calls and stay.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIELD(name) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, name))
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

#ifdef __arm__
#define FIRST_NEWER 365	      /* recvmmsg; the table of 2.6.31 ends at 364, perf_counter_open */
#define FIRST_PRIVATE 0xf0000 /* set_tls, cacheflush: as old as the ABI */
#define PSELECT6 335	      /* these three came to ARM with 2.6.32, into numbers that were kept for them */
#define PPOLL 336
#define EPOLL_PWAIT 346

static struct sock_filter rules[] = {
	FIELD(nr),
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_PRIVATE, 4, 0),
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_NEWER, 4, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PSELECT6, 3, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PPOLL, 2, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, EPOLL_PWAIT, 1, 0),
	ALLOW,
	REFUSE,
};
#else
#define FIRST_NEWER 299 /* recvmmsg, 2.6.33; all that follow are newer still */

static struct sock_filter rules[] = {
	FIELD(arch),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
	ALLOW,
	FIELD(nr),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 1),
	ALLOW,
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_accept4, 0, 3),
	FIELD(args[3]),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0),
	REFUSE,
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_NEWER, 0, 1),
	REFUSE,
	ALLOW,
};
#endif

int main(int argc, char **argv)
{
	struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
	if (argc < 2) {
		fprintf(stderr, "usage: %s PROGRAM ARGUMENT...\n", argv[0]);
		return 2;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		fprintf(stderr, "as2631: no filter: %s\n", strerror(errno));
		return 2;
	}
	execvp(argv[1], argv + 1);
	fprintf(stderr, "as2631: %s: %s\n", argv[1], strerror(errno));
	return 127;
}
