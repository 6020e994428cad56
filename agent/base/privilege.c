/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "base/privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef PR_SET_NO_NEW_PRIVS
#define PR_SET_NO_NEW_PRIVS 38
#endif

/* Linux before 3.5 answers EINVAL. There, that uid 0 cannot come back is all there is. */
static int forbid_new_privileges(struct fault *fault)
{
	if (!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || errno == EINVAL)
		return 0;
	return fault_set(fault, -errno, "cannot forbid new privileges: %s", strerror(errno));
}

static int find_user(const char *user, uid_t *ret_uid, gid_t *ret_gid, struct fault *fault)
{
	errno = 0;
	const struct passwd *entry = getpwnam(user);
	if (!entry)
		return fault_set(fault, errno ? -errno : -ENOENT,
			"user \"%s\" is not in /etc/passwd: create it, or name another one with `user`",
			user);
	if (!entry->pw_uid || !entry->pw_gid)
		return fault_set(fault, -EINVAL,
			"user \"%s\" has the rights of root: name one without them with `user`", user);
	*ret_uid = entry->pw_uid;
	*ret_gid = entry->pw_gid;
	return 0;
}

int privilege_check(const char *user, struct fault *fault)
{
	uid_t uid;
	gid_t gid;
	return geteuid() ? 0 : find_user(user, &uid, &gid, fault);
}

/* groups first: without root neither they nor the group could be changed */
static int become(uid_t uid, gid_t gid)
{
	if (setgroups(0, NULL) || setgid(gid) || setuid(uid))
		return -errno;
	return 0;
}

static bool is_really(uid_t uid, gid_t gid)
{
	uid_t real, effective, saved;
	gid_t real_group, effective_group, saved_group;
	if (getresuid(&real, &effective, &saved) || getresgid(&real_group, &effective_group, &saved_group))
		return false;
	if (real != uid || effective != uid || saved != uid)
		return false;
	if (real_group != gid || effective_group != gid || saved_group != gid)
		return false;
	return setuid(0) && seteuid(0) && setgid(0) && !getgroups(0, NULL);
}

int privilege_drop(const char *user, struct fault *fault)
{
	if (geteuid())
		return forbid_new_privileges(fault);
	uid_t uid = 0;
	gid_t gid = 0;
	int error = find_user(user, &uid, &gid, fault);
	if (error)
		return error;
	const struct rlimit none = {0, 0};
	if (setrlimit(RLIMIT_CORE, &none))
		return fault_set(fault, -errno, "cannot forbid core dumps: %s", strerror(errno));
	error = become(uid, gid);
	if (error)
		return fault_set(fault, error, "cannot become user \"%s\": %s", user, strerror(-error));
	if (!is_really(uid, gid))
		return fault_set(
			fault, -EPERM, "became user \"%s\", but root's rights could be taken back", user);
	/* only now: a change of user clears it */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0))
		return fault_set(
			fault, -errno, "cannot tie the server's life to its parent's: %s", strerror(errno));
	return forbid_new_privileges(fault);
}
