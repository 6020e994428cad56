/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "system/answer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/loop.h"

#define READS_MAX 64 /* in a row: a child that never stops writing must not hold the pass up */

static size_t most_of(const struct answer *answer)
{
	return answer->most ? answer->most : ANSWER_MAX;
}

static int read_recorded(struct answer *answer, const struct root *root, const char *name)
{
	ssize_t length = root_read(root, answer->text, most_of(answer) + 1, "answers/%s", name);
	if (length < 0)
		return (int)length;
	answer->length = (size_t)length;
	answer->ended = true;
	return 0;
}

void answer_free(struct answer *answer)
{
	free(answer->text);
	answer->text = NULL;
	answer->length = 0;
}

static void shrink(struct answer *answer)
{
	char *text = realloc(answer->text, answer->length + 1);
	if (text)
		answer->text = text;
}

#define LEFT_MAX 16 /* zombies that are not waited for cost a process slot each until the agent ends */

/* A child stuck in the kernel must not keep the listening socket or the channel alive. */
static void close_inherited(int keep_out, int keep_root)
{
	for (int fd = STDERR_FILENO + 1; fd < 64; fd++)
		if (fd != keep_out && fd != keep_root)
			close(fd);
}

static void run_child(int out, const struct root *root, void (*ask)(int out, void *arg), void *arg)
{
	close_inherited(out, root->fd);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	ask(out, arg);
	_exit(0);
}

int answer_begin(struct answer *answer, const struct root *root, const char *name,
	void (*ask)(int out, void *arg), void *arg)
{
	answer_drop(answer);
	answer_free(answer);
	answer->ended = answer->overflow = false;
	answer->text = malloc(most_of(answer) + 1);
	if (!answer->text)
		return -ENOMEM;
	answer->text[0] = 0;
	if (root->recorded)
		return read_recorded(answer, root, name);
	int ends[2];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	fcntl(ends[1], F_SETFL, 0);
	answer->pid = fork();
	if (!answer->pid)
		run_child(ends[1], root, ask, arg);
	close(ends[1]);
	if (answer->pid < 0) {
		int error = -errno;
		close(ends[0]);
		answer->pid = 0;
		return error;
	}
	answer->fd = ends[0];
	return 0;
}

/* true when the child has closed its end */
static bool take_in(struct answer *answer)
{
	char spill[256];
	char *text = answer->text;
	for (unsigned i = 0; i < READS_MAX; i++) {
		size_t room = most_of(answer) - answer->length;
		ssize_t count = room ? read(answer->fd, text + answer->length, room)
				     : read(answer->fd, spill, sizeof spill);
		if (count < 0)
			return errno != EAGAIN && errno != EINTR;
		if (!count)
			return true;
		if (room)
			answer->length += (size_t)count;
		else
			answer->overflow = true;
		text[answer->length] = 0;
	}
	return false;
}

bool answer_wait(struct answer *answer, uint32_t patience_ms)
{
	uint64_t until = clock_monotonic_ms() + patience_ms;
	while (!answer->ended && answer->pid) {
		answer->ended = take_in(answer);
		uint64_t now = clock_monotonic_ms();
		if (answer->ended || now >= until)
			break;
		struct pollfd wait = {.fd = answer->fd, .events = POLLIN};
		poll(&wait, 1, (int)(until - now));
	}
	if (answer->ended && answer->pid) {
		kill(answer->pid, SIGKILL); /* a program may close its output and stay */
		waitpid(answer->pid, NULL, 0);
		answer->pid = 0;
		close(answer->fd);
		shrink(answer);
	}
	return answer->ended;
}

/* killed but not yet dead: one that is stuck in the kernel stays here as long as it takes */
static pid_t left_behind[LEFT_MAX];

void answer_reap(void)
{
	for (unsigned i = 0; i < LEFT_MAX; i++)
		if (left_behind[i] && waitpid(left_behind[i], NULL, WNOHANG))
			left_behind[i] = 0;
}

static void leave_behind(pid_t pid)
{
	for (unsigned i = 0; i < LEFT_MAX; i++)
		if (!left_behind[i]) {
			left_behind[i] = pid;
			return;
		}
}

bool answer_child_lives(pid_t pid)
{
	answer_reap();
	for (unsigned i = 0; i < LEFT_MAX; i++)
		if (pid > 0 && left_behind[i] == pid)
			return true;
	return false;
}

pid_t answer_drop(struct answer *answer)
{
	pid_t left = 0;
	if (answer->pid) {
		close(answer->fd);
		kill(answer->pid, SIGKILL);
		if (!waitpid(answer->pid, NULL, WNOHANG))
			leave_behind(left = answer->pid);
	}
	answer->pid = 0;
	return left;
}
