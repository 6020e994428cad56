/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * libnasready-gate.so, preloaded into smbd: answers ENOSPC to an allocation that would outlast the client, by
 * the page that the agent writes (common/gate_page.h), and tells the agent of it and of large ones that begin
 * and end. Everything else passes untouched, and so does all of it when there is no agent. Needs no C library
 * of its own; takes no lock, allocates nothing, logs nothing, keeps no descriptor and no state but the two
 * addresses found when it was loaded.
 */
#include "common/gate_page.h"
#include "gate/syscalls.h"

#define EXPORT __attribute__((visibility("default")))
#define WEAK __attribute__((weak))

#define KEEP_SIZE 0x01 /* linux/falloc.h; both allocate, all other modes don't */
#define ZERO_RANGE 0x10
#define READ_TRIES 3
#define RUN_DIR "/run/nasready"
#define RUN_DIR_NAME "NASREADY_RUN_DIR"
#define RUN_DIR_LEN 90 /* with a name behind it it fits sockaddr_un */

/* of whatever C library the program has */
WEAK extern char **environ;
WEAK extern const char *gnu_get_libc_version(void);
WEAK extern void *dlsym(void *handle, const char *name);
extern int *__errno_location(void);

EXPORT int fallocate64(int fd, int mode, int64_t offset, int64_t length);
EXPORT int posix_fallocate64(int fd, int64_t offset, int64_t length);
#ifdef __ARM_EABI__
EXPORT int fallocate(int fd, int mode, uint64_t second, int64_t length);
EXPORT int posix_fallocate(int fd, int32_t narrow, uint64_t second, int64_t length);
#else
EXPORT int fallocate(int fd, int mode, int64_t offset, int64_t length);
EXPORT int posix_fallocate(int fd, int64_t offset, int64_t length);
#endif

struct call {
	int fd, mode;
	int64_t offset, length;
};

/* -- small things -- */

static unsigned append(char *into, unsigned at, unsigned size, const char *text)
{
	while (*text && at + 1 < size)
		into[at++] = *text++;
	into[at] = 0;
	return at;
}

static const char *run_dir(void)
{
	const char *name = RUN_DIR_NAME "=";
	for (char **at = &environ ? environ : 0; at && *at; at++) {
		unsigned i = 0;
		while (name[i] && (*at)[i] == name[i])
			i++;
		if (!name[i] && (*at)[i] == '/')
			return *at + i;
	}
	return RUN_DIR;
}

static bool path_of_fd(int fd, char *into, unsigned size)
{
	char link[32], digits[12];
	unsigned count = 0, at = append(link, 0, sizeof link, "/proc/self/fd/");
	for (unsigned value = (unsigned)fd; value || !count; value /= 10)
		digits[count++] = (char)('0' + value % 10);
	while (count)
		link[at++] = digits[--count];
	link[at] = 0;
	long length = sys_readlink(link, into, size - 1);
	if (length <= 0)
		return false;
	into[length] = 0;
	return into[0] == '/';
}

static uint64_t clock_us(int clock)
{
	struct sys_time now = sys_clock(clock);
	return (uint64_t)now.s * 1000000u + (uint32_t)now.ns / 1000u;
}

static uint64_t now_ms(void)
{
	struct sys_time now = sys_clock(SYS_CLOCK_MONOTONIC);
	return (uint64_t)now.s * 1000u + (uint32_t)now.ns / 1000000u;
}

/* The kernel's second figure in /proc/self/schedstat: for so long this program could have run, and another
 * one did. */
static uint64_t waited_ns(int schedstat)
{
	char text[80];
	uint64_t value = 0;
	long length = schedstat < 0 ? 0 : sys_pread(schedstat, text, sizeof text), at = 0;
	while (at < length && text[at] != ' ')
		at++;
	for (at++; at < length && text[at] >= '0' && text[at] <= '9'; at++)
		value = value * 10 + (uint64_t)(text[at] - '0');
	return value;
}

/* -- the page -- */

static bool is_of_living_agent(int fd)
{
	sys_stat status;
	sys_flock lock;
	lock.l_type = F_RDLCK;
	lock.l_whence = 0;	       /* from the beginning ... */
	lock.l_start = lock.l_len = 0; /* ... to the end */
	return !sys_fstat(fd, &status) && S_ISREG(status.st_mode) && status.st_uid == 0 &&
	       !(status.st_mode & (S_IWGRP | S_IWOTH)) && !sys_getlk(fd, &lock) && lock.l_type == F_WRLCK;
}

static bool read_top(int fd, struct gate_page_top *top)
{
	for (unsigned i = 0; i < READ_TRIES; i++) {
		long length = sys_pread(fd, top, sizeof *top);
		if (length > 0 && gate_page_is_good(top, (uint64_t)length, now_ms()))
			return true;
	}
	return false;
}

static bool read_page(struct gate_page_top *top)
{
	char path[RUN_DIR_LEN + 16];
	unsigned at = append(path, 0, RUN_DIR_LEN, run_dir());
	append(path, at, sizeof path, "/" GATE_PAGE_NAME);
	int fd = sys_open(path);
	if (fd < 0)
		return false;
	bool good = is_of_living_agent(fd) && read_top(fd, top);
	sys_close(fd);
	return good;
}

static void tell(struct gate_message *message)
{
	struct {
		uint16_t family;
		char path[108];
	} address;
	address.family = 1; /* AF_UNIX */
	unsigned at = append(address.path, 0, RUN_DIR_LEN, run_dir());
	at = append(address.path, at, sizeof address.path, "/" GATE_SOCKET_NAME);
	message->magic = GATE_MESSAGE_MAGIC;
	sys_tell_as_root(&address, 2 + at + 1, message, sizeof *message);
}

/* -- the decision -- */

/* At most so many bytes will be taken. What the file holds already need not be taken again; of that, what may
 * lie beyond the range does not count. */
static int64_t growth_of(const struct call *call, const sys_stat *status)
{
	int64_t end = call->offset + call->length, has = (int64_t)status->st_blocks * 512;
	int64_t size = (int64_t)status->st_size;
	int64_t beyond = size > end ? size - end : 0;
	int64_t within = has > beyond ? has - beyond : 0;
	int64_t missing = end > within ? end - within : 0;
	return missing < call->length ? missing : call->length;
}

static bool is_large(const struct call *call)
{
	int64_t end;
	return call->length >= (int64_t)GATE_SMALL_BYTES && call->offset >= 0 &&
	       !(call->mode & ~(KEEP_SIZE | ZERO_RANGE)) &&
	       !__builtin_add_overflow(call->offset, call->length, &end);
}

/* true: the agent wants to know of this call; `message` is filled then, `kind` says from when on */
static bool consider(const struct call *call, struct gate_message *message)
{
	sys_stat status;
	struct gate_page_top top;
	if (sys_fstat(call->fd, &status) || !S_ISREG(status.st_mode))
		return false;
	int64_t growth = growth_of(call, &status);
	if (growth < (int64_t)GATE_SMALL_BYTES ||
		!path_of_fd(call->fd, message->path, sizeof message->path) || !read_page(&top))
		return false;
	const struct gate_page_row *row = gate_page_find(&top, message->path);
	if (!row)
		return false;
	message->growth_bytes = (uint64_t)growth;
	message->limit_bytes = row->max_step_bytes;
	message->reason = row->state == GATE_ALLOCATING ? GATE_REFUSED_ALLOCATING
			  : row->state == GATE_FREEING	? GATE_REFUSED_FREEING
							: GATE_REFUSED_STEP;
	bool refused = row->state != GATE_CALM || (uint64_t)growth > row->max_step_bytes;
	bool lasts = (uint64_t)growth >= row->tell_bytes;
	message->kind = refused ? GATE_MESSAGE_REFUSED : lasts ? GATE_MESSAGE_BEGUN : GATE_MESSAGE_ENDED;
	message->error = refused ? ENOSPC : 0;
	message->wall_us = message->cpu_us = message->wait_ns = 0;
	return true;
}

/* the real call, and what it took */
static void measure(
	const struct call *call, int (*real)(const struct call *call), struct gate_message *message)
{
	int schedstat = message->kind == GATE_MESSAGE_BEGUN ? sys_open("/proc/self/schedstat") : -1;
	uint64_t wait_ns = waited_ns(schedstat), wall_us = clock_us(SYS_CLOCK_MONOTONIC);
	uint64_t cpu_us = clock_us(SYS_CLOCK_THREAD_CPUTIME);
	message->error = real(call);
	message->cpu_us = clock_us(SYS_CLOCK_THREAD_CPUTIME) - cpu_us;
	message->wall_us = clock_us(SYS_CLOCK_MONOTONIC) - wall_us;
	message->wait_ns = schedstat < 0 ? GATE_WAIT_UNKNOWN : waited_ns(schedstat) - wait_ns;
	if (schedstat >= 0)
		sys_close(schedstat);
}

/* the real call, if it may be: 0 or a positive errno */
static int perform(const struct call *call, int (*real)(const struct call *call))
{
	struct gate_message message;
	if (!is_large(call) || !consider(call, &message))
		return real(call);
	if (message.kind != GATE_MESSAGE_ENDED)
		tell(&message);
	if (message.kind == GATE_MESSAGE_REFUSED)
		return ENOSPC;
	measure(call, real, &message);
	message.kind = GATE_MESSAGE_ENDED;
	tell(&message);
	return message.error;
}

/* -- what it replaces -- */

/* The C library's posix_fallocate writes zeros where the file system cannot allocate; fallocate is nothing
 * but the system call. */
static int (*real_posix64)(int fd, int64_t offset, int64_t length);
#ifdef __ARM_EABI__
static int (*real_posix32)(int fd, int32_t offset, int32_t length);
#endif

__attribute__((constructor)) static void find_real(void)
{
	void *next = (void *)-1; /* RTLD_NEXT */
	if (!&dlsym)
		return;
#ifdef __ARM_EABI__
	if (&gnu_get_libc_version) {
		real_posix32 = (int (*)(int, int32_t, int32_t))dlsym(next, "posix_fallocate");
		real_posix64 = (int (*)(int, int64_t, int64_t))dlsym(next, "posix_fallocate64");
		return;
	}
#endif
	real_posix64 = (int (*)(int, int64_t, int64_t))dlsym(next, "posix_fallocate");
}

static int real_fallocate(const struct call *call)
{
	long result = sys_fallocate(call->fd, call->mode, call->offset, call->length);
	return result < 0 ? (int)-result : 0;
}

static int real_posix(const struct call *call)
{
	return real_posix64 ? real_posix64(call->fd, call->offset, call->length) : real_fallocate(call);
}

static int with_errno(int error)
{
	if (!error)
		return 0;
	*__errno_location() = error;
	return -1;
}

EXPORT int fallocate64(int fd, int mode, int64_t offset, int64_t length)
{
	return with_errno(perform(&(struct call){fd, mode, offset, length}, real_fallocate));
}

EXPORT int posix_fallocate64(int fd, int64_t offset, int64_t length)
{
	return perform(&(struct call){fd, 0, offset, length}, real_posix);
}

#ifdef __ARM_EABI__

/* Here off_t has 32 bits in glibc and 64 in musl; arguments of 64 bits begin at an even register or lie on
 * the stack. So both forms of the two calls share their registers, and which of them it was says the library.
 */

static int real_posix_narrow(const struct call *call)
{
	return real_posix32 ? real_posix32(call->fd, (int32_t)call->offset, (int32_t)call->length)
			    : real_fallocate(call);
}

EXPORT int fallocate(int fd, int mode, uint64_t second, int64_t length)
{
	if (!&gnu_get_libc_version)
		return fallocate64(fd, mode, (int64_t)second, length);
	return fallocate64(fd, mode, (int32_t)(uint32_t)second, (int32_t)(uint32_t)(second >> 32));
}

EXPORT int posix_fallocate(int fd, int32_t narrow, uint64_t second, int64_t length)
{
	if (!&gnu_get_libc_version)
		return posix_fallocate64(fd, (int64_t)second, length);
	return perform(&(struct call){fd, 0, narrow, (int32_t)(uint32_t)second}, real_posix_narrow);
}

#else

EXPORT int fallocate(int fd, int mode, int64_t offset, int64_t length)
{
	return fallocate64(fd, mode, offset, length);
}

EXPORT int posix_fallocate(int fd, int64_t offset, int64_t length)
{
	return posix_fallocate64(fd, offset, length);
}

#endif
