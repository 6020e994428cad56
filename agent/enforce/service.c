/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "enforce/service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enforce/page_read.h"

#define OBJECT "libnasready-gate.so"
#define DROP_IN "nasready-gate.conf"
#define FIRST_LINE "# Written by `nasready gate enable`; `nasready gate disable` removes it.\n"

bool service_has_systemd(void)
{
	return !access("/run/systemd/system", F_OK);
}

static int check_object(const char *path, struct fault *fault)
{
	struct stat status;
	if (stat(path, &status))
		return -errno;
	if (!S_ISREG(status.st_mode) || status.st_uid || status.st_mode & (S_IWGRP | S_IWOTH))
		return fault_set(fault, -EPERM,
			"%s is not root's alone, and root's smbd would load it: chown root, chmod 644", path);
	return 0;
}

int service_find_object(char ret_path[SERVICE_PATH_LEN], struct fault *fault)
{
	static const char *const places[] = {"/" OBJECT, "/../lib/nasready/" OBJECT};
	char program[256], path[SERVICE_PATH_LEN];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
	char *slash = length > 0 ? memrchr(program, '/', (size_t)length) : NULL;
	if (!slash)
		return fault_set(fault, -ENOENT, "where this program lies is not known");
	*slash = 0;
	for (unsigned i = 0; i < ARRAY_LEN(places); i++) {
		snprintf(path, sizeof path, "%s%s", program, places[i]);
		int error = check_object(path, fault);
		if (error == -ENOENT)
			continue;
		autofree char *real = error ? NULL : realpath(path, NULL);
		if (real)
			snprintf(ret_path, SERVICE_PATH_LEN, "%s", real);
		return error;
	}
	return fault_set(fault, -ENOENT,
		OBJECT " is neither beside this program in %s nor in ../lib/nasready", program);
}

void service_path(const char *service_dir, char ret_path[SERVICE_PATH_LEN])
{
	snprintf(ret_path, SERVICE_PATH_LEN, "%s/" SERVICE_UNIT ".d/" DROP_IN, service_dir);
}

void service_text(const char *object, const char *run_dir, char ret_text[SERVICE_TEXT_MAX])
{
	bool standard = !strcmp(run_dir, RUN_DIR);
	snprintf(ret_text, SERVICE_TEXT_MAX, FIRST_LINE "[Service]\nEnvironment=\"LD_PRELOAD=%s\"\n%s%s%s",
		object, standard ? "" : "Environment=\"NASREADY_RUN_DIR=", standard ? "" : run_dir,
		standard ? "" : "\"\n");
}

/* 1: ours; 0: there is none; -EEXIST: somebody else's */
static int look_at(const char *path, struct fault *fault)
{
	char text[sizeof FIRST_LINE];
	autoclose int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0;
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof FIRST_LINE - 1);
	if (length == sizeof FIRST_LINE - 1 && !memcmp(text, FIRST_LINE, (size_t)length))
		return 1;
	return fault_set(fault, -EEXIST, "%s was not written by nasready: move it away first", path);
}

static int write_whole(const char *path, const char *text)
{
	char temporary[SERVICE_PATH_LEN + 8];
	size_t length = strlen(text);
	snprintf(temporary, sizeof temporary, "%s.new", path);
	autoclose int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd >= 0 && write(fd, text, length) == (ssize_t)length && !fsync(fd) && !rename(temporary, path))
		return 0;
	int error = errno ? -errno : -ENOSPC;
	if (fd >= 0)
		unlink(temporary);
	return error;
}

int service_write(const char *service_dir, const char *text, struct fault *fault)
{
	char path[SERVICE_PATH_LEN], folder[SERVICE_PATH_LEN];
	service_path(service_dir, path);
	int found = look_at(path, fault);
	if (found < 0)
		return found;
	snprintf(folder, sizeof folder, "%s/" SERVICE_UNIT ".d", service_dir);
	int error = mkdir(service_dir, 0755) && errno != EEXIST ? -errno : 0;
	if (!error)
		error = mkdir(folder, 0755) && errno != EEXIST ? -errno : write_whole(path, text);
	return error ? fault_set(fault, error, "cannot write %s: %s", path, strerror(-error)) : 0;
}

int service_remove(const char *service_dir, bool *ret_was_there, struct fault *fault)
{
	char path[SERVICE_PATH_LEN];
	service_path(service_dir, path);
	int found = look_at(path, fault);
	*ret_was_there = found > 0;
	if (found <= 0)
		return found;
	if (unlink(path))
		return fault_set(fault, -errno, "cannot remove %s: %s", path, strerror(errno));
	*strrchr(path, '/') = 0;
	rmdir(path); /* stays if there is more in it */
	return 0;
}

int service_control(const char *verb, struct fault *fault)
{
	const char *unit = strcmp(verb, "daemon-reload") ? SERVICE_UNIT : NULL;
	pid_t child = fork();
	if (!child) {
		execlp("systemctl", "systemctl", verb, unit, (char *)NULL);
		_exit(127);
	}
	int status = -1;
	if (child < 0 || waitpid(child, &status, 0) < 0 || status)
		return fault_set(fault, -EIO, "systemctl %s %s failed", verb, unit ? unit : "");
	return 0;
}
