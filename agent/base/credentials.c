/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "base/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/state.h"

#define FILE_MAX 1024 /* two lines of 110 characters, and what an editor may add */
#define HEX_LEN (2 * MD5_LEN)

static const char *const names[USER_COUNT] = {[USER_OPERATOR] = "operator", [USER_ADMIN] = "admin"};

const char *user_name(enum user user)
{
	return user < USER_COUNT ? names[user] : NULL;
}

enum user user_find(struct text name)
{
	for (unsigned i = 0; i < USER_COUNT; i++)
		if (text_is(name, names[i]))
			return (enum user)i;
	return USER_NONE;
}

bool credentials_any(const struct credentials *credentials)
{
	return credentials->given[USER_OPERATOR] || credentials->given[USER_ADMIN];
}

/* Beyond ASCII, clients do not agree on the bytes that a letter is. */
static bool is_password(struct text password)
{
	for (size_t i = 0; i < password.length; i++)
		if (password.at[i] < ' ' || password.at[i] > '~')
			return false;
	return password.length >= PASSWORD_LEAST && password.length < PASSWORD_LEN;
}

int credentials_set(
	struct credentials *credentials, enum user user, struct text password, struct fault *fault)
{
	char line[REALM_LEN + PASSWORD_LEN + 16];
	if (!is_password(password))
		return fault_set(fault, -EINVAL,
			"a password has %d to %d characters of ASCII (Windows, browsers and curl send others "
			"differently)",
			PASSWORD_LEAST, PASSWORD_LEN - 1);
	int length = snprintf(line, sizeof line, "%s:%s:%.*s", names[user], credentials->realm,
		(int)password.length, password.at);
	md5(line, (size_t)length, credentials->ha1[user]);
	credentials->given[user] = true;
	explicit_bzero(line, sizeof line);
	return 0;
}

/* -- the file -- */

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool hex_parse(struct text text, unsigned char ret_bytes[MD5_LEN])
{
	if (text.length != HEX_LEN)
		return false;
	for (unsigned i = 0; i < MD5_LEN; i++) {
		int high = digit_of(text.at[2 * i]), low = digit_of(text.at[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		ret_bytes[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

/* it goes into a header, between quotes */
static bool is_realm(struct text realm)
{
	for (size_t i = 0; i < realm.length; i++)
		if (realm.at[i] < ' ' || realm.at[i] > '~' || strchr("\"\\:", realm.at[i]))
			return false;
	return realm.length && realm.length < REALM_LEN;
}

static bool parse_line(struct text line, struct credentials *credentials)
{
	struct text name, realm;
	if (!text_until(&line, ':', &name) || !text_until(&line, ':', &realm) || !is_realm(realm))
		return false;
	enum user user = user_find(name);
	if (user == USER_NONE || credentials->given[user] || !hex_parse(line, credentials->ha1[user]))
		return false;
	if (credentials->realm[0] && !text_is(realm, credentials->realm))
		return false;
	credentials->given[user] = true;
	return text_copy(credentials->realm, sizeof credentials->realm, realm);
}

int credentials_parse(struct text text, struct credentials *ret_credentials, struct fault *fault)
{
	struct credentials credentials = {.realm = ""};
	struct text line;
	for (unsigned number = 1; text_line(&text, &line); number++) {
		line = text_trim(line);
		if (line.length && !parse_line(line, &credentials))
			return fault_set(fault, -EBADMSG,
				"line %u is no user:realm:HA1 (user operator or admin, each once, the same "
				"realm): remove the file and run nasready passwd again",
				number);
	}
	*ret_credentials = credentials;
	return 0;
}

static int check_owner(int fd, const char *path, struct fault *fault)
{
	struct stat status;
	if (fstat(fd, &status))
		return fault_set(fault, -errno, "cannot look at %s: %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return fault_set(fault, -EINVAL, "%s is no file", path);
	if (status.st_mode & (S_IRWXG | S_IRWXO))
		return fault_set(fault, -EPERM, "others may read or write %s: chmod 600 it", path);
	if (status.st_uid && status.st_uid != geteuid())
		return fault_set(fault, -EPERM, "%s is not root's: chown root it", path);
	return 0;
}

int credentials_read(const char *path, struct credentials *ret_credentials, struct fault *fault)
{
	char text[FILE_MAX + 1];
	struct fault inner = {""};
	*ret_credentials = (struct credentials){.realm = ""};
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return fault_set(fault, -errno, "cannot read %s: %s", path, strerror(errno));
	int error = check_owner(fd, path, fault);
	if (error)
		return error;
	ssize_t length = read(fd, text, sizeof text);
	if (length < 0)
		return fault_set(fault, -errno, "cannot read %s: %s", path, strerror(errno));
	if (length > FILE_MAX)
		return fault_set(fault, -EFBIG, "%s is larger than %d bytes", path, FILE_MAX);
	error = credentials_parse((struct text){text, (size_t)length}, ret_credentials, &inner);
	explicit_bzero(text, sizeof text);
	return error ? fault_set(fault, error, "%s: %s", path, inner.text) : 0;
}

static size_t show_line(const struct credentials *credentials, enum user user, char *into, size_t size)
{
	size_t length = (size_t)snprintf(into, size, "%s:%s:", names[user], credentials->realm);
	for (unsigned i = 0; i < MD5_LEN; i++)
		length += (size_t)snprintf(into + length, size - length, "%02x", credentials->ha1[user][i]);
	return length + (size_t)snprintf(into + length, size - length, "\n");
}

int credentials_write(const char *path, const struct credentials *credentials, struct fault *fault)
{
	char text[USER_COUNT * (REALM_LEN + HEX_LEN + 16)];
	size_t length = 0;
	int error = 0;
	for (unsigned i = 0; i < USER_COUNT; i++)
		if (credentials->given[i])
			length += show_line(credentials, (enum user)i, text + length, sizeof text - length);
	if (length)
		error = state_write(path, text, length, 0600);
	else if (unlink(path) && errno != ENOENT)
		error = -errno;
	explicit_bzero(text, sizeof text);
	return error ? fault_set(fault, error, "cannot write %s: %s", path, strerror(-error)) : 0;
}
