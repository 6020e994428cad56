/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * System calls without a C library: what libnasready-gate.so needs, for amd64, arm64 and ARM EABI. All return
 * the result or a negative errno, as the kernel does. None is newer than Linux 2.6.31.
 */
#ifndef NASREADY_GATE_SYSCALLS_H
#define NASREADY_GATE_SYSCALLS_H

#include <asm/stat.h>
#include <asm/unistd.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <stddef.h>
#include <stdint.h>

#if defined __x86_64__

static inline long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

#elif defined __aarch64__

static inline long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;
	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}

#elif defined __ARM_EABI__

static inline long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	register long r7 __asm__("r7") = number;
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;
	register long r3 __asm__("r3") = d;
	register long r4 __asm__("r4") = e;
	register long r5 __asm__("r5") = f;
	__asm__ volatile("swi 0"
			 : "+r"(r0)
			 : "r"(r7), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
			 : "memory");
	return r0;
}

#else
#error "gate/syscalls.h knows amd64, arm64 and ARM EABI"
#endif

#ifdef __ARM_EABI__ /* 32 bits: large numbers take two registers, the first of them an even one */

typedef struct stat64 sys_stat;
typedef struct flock64 sys_flock;
struct sys_time {
	int32_t s, ns;
};
#define SYS_STAT __NR_fstat64
#define SYS_FCNTL __NR_fcntl64
#define SYS_GETLK F_GETLK64
#define SYS_GETGID __NR_getgid32
#define SYS_LOW(value) ((long)(uint32_t)(uint64_t)(value))
#define SYS_HIGH(value) ((long)(uint32_t)((uint64_t)(value) >> 32))

static inline long sys_pread(int fd, void *into, unsigned long size)
{
	return sys_call(__NR_pread64, fd, (long)into, (long)size, 0, 0, 0);
}

static inline long sys_fallocate(int fd, int mode, int64_t offset, int64_t length)
{
	return sys_call(__NR_fallocate, fd, mode, SYS_LOW(offset), SYS_HIGH(offset), SYS_LOW(length),
		SYS_HIGH(length));
}

#else

typedef struct stat sys_stat;
typedef struct flock sys_flock;
struct sys_time {
	int64_t s, ns;
};
#define SYS_STAT __NR_fstat
#define SYS_FCNTL __NR_fcntl
#define SYS_GETLK F_GETLK
#define SYS_GETGID __NR_getgid

static inline long sys_pread(int fd, void *into, unsigned long size)
{
	return sys_call(__NR_pread64, fd, (long)into, (long)size, 0, 0, 0);
}

static inline long sys_fallocate(int fd, int mode, int64_t offset, int64_t length)
{
	return sys_call(__NR_fallocate, fd, mode, (long)offset, (long)length, 0, 0);
}

#endif

static inline int sys_open(const char *path)
{
	return (int)sys_call(
		__NR_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0, 0, 0);
}

static inline void sys_close(int fd)
{
	sys_call(__NR_close, fd, 0, 0, 0, 0, 0);
}

static inline int sys_fstat(int fd, sys_stat *into)
{
	return (int)sys_call(SYS_STAT, fd, (long)into, 0, 0, 0, 0);
}

static inline int sys_getlk(int fd, sys_flock *lock)
{
	return (int)sys_call(SYS_FCNTL, fd, SYS_GETLK, (long)lock, 0, 0, 0);
}

static inline long sys_readlink(const char *path, char *into, unsigned long size)
{
	return sys_call(__NR_readlinkat, AT_FDCWD, (long)path, (long)into, (long)size, 0, 0);
}

/* of the clock with that number (linux/time.h); zero if it is not there */
static inline struct sys_time sys_clock(int clock)
{
	struct sys_time now = {0, 0};
	sys_call(__NR_clock_gettime, clock, (long)&now, 0, 0, 0, 0);
	return now;
}

#define SYS_CLOCK_MONOTONIC 1
#define SYS_CLOCK_THREAD_CPUTIME 3

/* -- one datagram to the agent -- */

struct sys_part {
	const void *at;
	unsigned long length;
};

struct sys_msghdr {
	const void *address;
	int address_length;
	const struct sys_part *parts;
	unsigned long part_count;
	const void *control;
	unsigned long control_length;
	unsigned flags;
};

struct sys_credentials { /* a cmsghdr with a ucred behind it */
	unsigned long length;
	int level, type;
	int32_t pid;
	uint32_t uid, gid;
};

/* If it can be sent at once, and by a process that is root or could become root again, as smbd while it works
 * as its client's user: the kernel lets nobody else say that it is root (unix(7), SCM_CREDENTIALS). */
static inline void sys_tell_as_root(
	const void *address, unsigned address_length, const void *what, unsigned long length)
{
	const struct sys_part part = {what, length};
	const struct sys_credentials credentials = {
		.length = offsetof(struct sys_credentials, pid) + 12,
		.level = 1, /* SOL_SOCKET */
		.type = 2,  /* SCM_CREDENTIALS */
		.pid = (int32_t)sys_call(__NR_getpid, 0, 0, 0, 0, 0, 0),
		.uid = 0,
		.gid = (uint32_t)sys_call(SYS_GETGID, 0, 0, 0, 0, 0, 0),
	};
	const struct sys_msghdr header = {
		address, (int)address_length, &part, 1, &credentials, sizeof credentials, 0};
	int fd = (int)sys_call(__NR_socket, 1 /* AF_UNIX */, 2 /* SOCK_DGRAM */ | O_CLOEXEC, 0, 0, 0, 0);
	if (fd < 0)
		return;
	sys_call(__NR_sendmsg, fd, (long)&header, 0x4040 /* MSG_DONTWAIT | MSG_NOSIGNAL */, 0, 0, 0);
	sys_close(fd);
}

#endif
