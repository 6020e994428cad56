/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "system/tool.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

bool tool_find(const struct root *root, const char *name, char *ret_path, size_t size)
{
	static const char *const dirs[] = {"usr/sbin", "usr/bin", "usr/local/sbin", "usr/local/bin",
		"usr/local/samba/sbin", "usr/local/samba/bin", "opt/samba/sbin", "opt/samba/bin"};
	for (unsigned i = 0; i < ARRAY_LEN(dirs); i++) {
		int length = snprintf(ret_path, size, "/%s/%s", dirs[i], name);
		if ((size_t)length < size && root_exists(root, "%s", ret_path + 1))
			return true;
	}
	ret_path[0] = 0;
	return false;
}

static void become(int out, char *const argv[], pid_t parent)
{
	static char *const environment[] = {"LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	struct root root;
	int null = root_open(&root, "/") ? -1 : root_open_device(&root, "dev/null");
	dup2(out, STDOUT_FILENO);
	/* writing to it fails, as it is open for reading only: no matter */
	dup2(null, STDIN_FILENO);
	dup2(null, STDERR_FILENO);
	execve(argv[0], argv, environment);
	_exit(127);
}

int tool_run(int out, char *const argv[])
{
	pid_t parent = getpid(), pid = fork();
	int status;
	if (!pid)
		become(out, argv, parent);
	if (pid < 0)
		return TOOL_KILLED;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return TOOL_KILLED;
	return WIFEXITED(status) ? WEXITSTATUS(status) : TOOL_KILLED + WTERMSIG(status);
}
