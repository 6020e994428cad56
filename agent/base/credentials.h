/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Who may change things on the NAS: two users, `operator` (creates and grows disks) and `admin` (also deletes
 * them and breaks leases). The file has a line for each, as Apache's htdigest writes it: user:realm:HA1, with
 * HA1 = MD5(user:realm:password) in hex (RFC 7616, section 3.4.2). HA1 is as good as the password, so the
 * file is its owner's alone. Both lines have the same realm: it is asked for before the user is known.
 */
#ifndef NASREADY_BASE_CREDENTIALS_H
#define NASREADY_BASE_CREDENTIALS_H

#include <stdbool.h>

#include "common/fault.h"
#include "common/md5.h"
#include "common/text.h"

#define REALM_LEN 64
#define PASSWORD_LEAST 8 /* characters: who hears an exchange can try passwords at leisure */
#define PASSWORD_LEN 129

enum user { USER_OPERATOR, USER_ADMIN, USER_COUNT, USER_NONE = USER_COUNT };

struct credentials {
	char realm[REALM_LEN]; /* empty: nobody has a password yet */
	bool given[USER_COUNT];
	unsigned char ha1[USER_COUNT][MD5_LEN];
};

/* "operator", "admin"; NULL for USER_NONE */
const char *user_name(enum user user);
/* USER_NONE: neither of both */
enum user user_find(struct text name);
bool credentials_any(const struct credentials *credentials);

/* -EINVAL: the fault says what a password must be */
int credentials_set(
	struct credentials *credentials, enum user user, struct text password, struct fault *fault);

/* -EBADMSG: the fault names the line; `ret` is untouched then */
int credentials_parse(struct text text, struct credentials *ret_credentials, struct fault *fault);
/* A file that is missing holds nobody. -EPERM: others than its owner (root, or who runs this) can read or
 * write it. Negative errno: `ret` holds nobody, so nothing is allowed. */
int credentials_read(const char *path, struct credentials *ret_credentials, struct fault *fault);
/* replaces the file at once, with mode 0600; removes it when nobody is left */
int credentials_write(const char *path, const struct credentials *credentials, struct fault *fault);

#endif
