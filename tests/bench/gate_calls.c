/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * For tests/bench/gate.py: gate_calls FILE BYTES CALLS PAUSE_US: "MEDIAN_NS P99_NS CALLS ERRNO" of the
 * processor that fallocate() took, of those calls that ended as most did. Between two calls it waits without
 * sleeping.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CALLS_MAX 100000

static long took[CALLS_MAX], same[CALLS_MAX];
static int ended[CALLS_MAX];

static long now_ns(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000L + now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	const long *left = a, *right = b;
	return (*left > *right) - (*left < *right);
}

static int commonest(int count)
{
	int best = 0, most = 0;
	for (int i = 0; i < count && i < 50; i++) {
		int times = 0;
		for (int k = 0; k < count; k++)
			times += ended[k] == ended[i];
		if (times > most) {
			most = times;
			best = ended[i];
		}
	}
	return best;
}

int main(int count, char **words)
{
	int fd = count == 5 ? open(words[1], O_RDWR | O_CREAT | O_CLOEXEC, 0644) : -1;
	if (fd < 0)
		return 2;
	int calls = atoi(words[3]) < CALLS_MAX ? atoi(words[3]) : CALLS_MAX, kept = 0;
	for (int i = 0; i < calls; i++) {
		long began = now_ns(CLOCK_THREAD_CPUTIME_ID);
		ended[i] = fallocate(fd, 0, 0, atoll(words[2])) ? errno : 0;
		took[i] = now_ns(CLOCK_THREAD_CPUTIME_ID) - began;
		for (long until = now_ns(CLOCK_MONOTONIC) + atol(words[4]) * 1000;
			now_ns(CLOCK_MONOTONIC) < until;)
			;
	}
	int as_most = commonest(calls);
	for (int i = 0; i < calls; i++)
		if (ended[i] == as_most)
			same[kept++] = took[i];
	qsort(same, (size_t)kept, sizeof same[0], compare);
	printf("%ld %ld %d %d\n", same[kept / 2], same[kept * 99 / 100], kept, as_most);
	return 0;
}
