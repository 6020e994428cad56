/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * as2631 PROGRAM ARGUMENT...: runs an emulator of single programs with the system calls answering ENOSYS that
 * came after Linux 2.6.31. Approximate, because the filter sees the emulator's calls, not the guest's: an
 * emulated accept() is an accept4() without flags, so only one with flags is refused; prlimit64, ppoll,
 * pselect6 and epoll_pwait serve older guest calls and stay. For x86-64.
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

#define FIRST_NEWER 299 /* recvmmsg, 2.6.33; all that follow are newer still */
#define FIELD(name) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, name))
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

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
