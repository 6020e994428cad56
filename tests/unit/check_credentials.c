/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "base/credentials.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

Suite *suite_credentials(void);

static char folder[] = "/tmp/nasready-check.XXXXXX";
static char path[64];

static void make_folder(void)
{
	strcpy(folder, "/tmp/nasready-check.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/passwd", folder);
}

static void remove_folder(void)
{
	unlink(path);
	rmdir(folder);
}

static void write_file(const char *text, unsigned mode)
{
	autoclose int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(fchmod(fd, mode), 0);
}

/* what Apache's htdigest and `printf operator:nasready:password1 | md5sum` make of it */
START_TEST(test_set)
{
	static const unsigned char wanted[MD5_LEN] = {0xe5, 0x93, 0x31, 0x6b, 0xcc, 0xc3, 0x1b, 0x63, 0x88,
		0xda, 0x91, 0xf3, 0xd7, 0x03, 0xd0, 0xd5};
	struct credentials credentials = {.realm = "nasready"};
	ck_assert(!credentials_any(&credentials));
	ck_assert_int_eq(credentials_set(&credentials, USER_OPERATOR, TEXT("password1"), NULL), 0);
	ck_assert(credentials_any(&credentials));
	ck_assert(!credentials.given[USER_ADMIN]);
	ck_assert_mem_eq(credentials.ha1[USER_OPERATOR], wanted, MD5_LEN);
}
END_TEST

#define X43 "0123456789012345678901234567890123456789012"

static const char *const wrong_passwords[] = {
	"", "short12", "with\ttab here", "gr\xc3\xbc\xc3\x9f gott", X43 X43 X43};

START_TEST(test_set_wrong)
{
	struct credentials credentials = {.realm = "nasready"};
	struct fault fault = {""};
	ck_assert_int_eq(
		credentials_set(&credentials, USER_ADMIN, text_of(wrong_passwords[_i]), &fault), -EINVAL);
	ck_assert_msg(strstr(fault.text, "8 to 128"), "%s", fault.text);
	ck_assert(!credentials_any(&credentials));
}
END_TEST

START_TEST(test_write_and_read)
{
	struct credentials credentials = {.realm = "nasready 3f9a1c2e"}, again;
	struct stat status;
	credentials_set(&credentials, USER_OPERATOR, TEXT("password1"), NULL);
	credentials_set(&credentials, USER_ADMIN, TEXT("password2"), NULL);
	ck_assert_int_eq(credentials_write(path, &credentials, NULL), 0);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0600);
	ck_assert_int_eq(credentials_read(path, &again, NULL), 0);
	ck_assert_mem_eq(&again, &credentials, sizeof again);
	credentials.given[USER_OPERATOR] = false;
	ck_assert_int_eq(credentials_write(path, &credentials, NULL), 0);
	ck_assert_int_eq(credentials_read(path, &again, NULL), 0);
	ck_assert(!again.given[USER_OPERATOR] && again.given[USER_ADMIN]);
	credentials.given[USER_ADMIN] = false;
	ck_assert_int_eq(credentials_write(path, &credentials, NULL), 0);
	ck_assert_int_eq(access(path, F_OK), -1);
	ck_assert_int_eq(credentials_read(path, &again, NULL), 0);
	ck_assert(!credentials_any(&again));
}
END_TEST

#define HA1 "939e7578ed9e3c518a452acee763bce9"

static const char *const wrong_files[] = {
	"admin\n",
	"admin:realm\n",
	"admin:realm:\n",
	"root:realm:" HA1 "\n",
	"admin:realm:" HA1 "0\n",
	"admin:realm:939e7578ed9e3c518a452acee763bceg\n",
	"admin:realm:939E7578ED9E3C518A452ACEE763BCE9\n",
	"admin::" HA1 "\n",
	"admin:re\"alm:" HA1 "\n",
	"admin:re\\alm:" HA1 "\n",
	"admin:re\r\nalm:" HA1 "\n",
	"admin:realm:" HA1 "\nadmin:realm:" HA1 "\n",
	"admin:realm:" HA1 "\noperator:other:" HA1 "\n",
	"admin:0123456789012345678901234567890123456789012345678901234567890123:" HA1 "\n",
	"admin:realm:" HA1 ":x\n",
};

START_TEST(test_wrong_file)
{
	struct credentials credentials;
	struct fault fault = {""};
	write_file(wrong_files[_i], 0600);
	ck_assert_int_eq(credentials_read(path, &credentials, &fault), -EBADMSG);
	ck_assert_msg(strstr(fault.text, path) && strstr(fault.text, "nasready passwd"), "%s", fault.text);
	ck_assert(!credentials_any(&credentials));
}
END_TEST

static const unsigned loose_modes[] = {0644, 0640, 0604, 0620, 0602, 0610};

START_TEST(test_loose_file)
{
	struct credentials credentials;
	struct fault fault = {""};
	write_file("admin:realm:" HA1 "\n", loose_modes[_i]);
	ck_assert_int_eq(credentials_read(path, &credentials, &fault), -EPERM);
	ck_assert_msg(strstr(fault.text, "chmod 600"), "%s", fault.text);
	ck_assert(!credentials_any(&credentials));
	chmod(path, 0600);
	ck_assert_int_eq(credentials_read(path, &credentials, NULL), 0);
	ck_assert(credentials.given[USER_ADMIN]);
}
END_TEST

START_TEST(test_odd_files)
{
	struct credentials credentials;
	char link[96];
	char large[1200];
	memset(large, '\n', sizeof large - 1);
	large[sizeof large - 1] = 0;
	write_file(large, 0600);
	ck_assert_int_eq(credentials_read(path, &credentials, NULL), -EFBIG);
	write_file("", 0600);
	ck_assert_int_eq(credentials_read(path, &credentials, NULL), 0);
	snprintf(link, sizeof link, "%s/link", folder);
	ck_assert_int_eq(symlink(path, link), 0);
	ck_assert_int_eq(credentials_read(link, &credentials, NULL), -ELOOP);
	unlink(link);
	ck_assert_int_eq(mkfifo(link, 0600), 0);
	ck_assert_int_eq(credentials_read(link, &credentials, NULL), -EINVAL);
	unlink(link);
	ck_assert_int_eq(credentials_read(folder, &credentials, NULL), -EINVAL);
	ck_assert_int_lt(credentials_write("/nonexistent/passwd",
				 &(struct credentials){.realm = "r", .given = {true}}, NULL),
		0);
}
END_TEST

START_TEST(test_users)
{
	ck_assert_int_eq(user_find(TEXT("admin")), USER_ADMIN);
	ck_assert_int_eq(user_find(TEXT("operator")), USER_OPERATOR);
	ck_assert_int_eq(user_find(TEXT("Admin")), USER_NONE);
	ck_assert_int_eq(user_find(TEXT("")), USER_NONE);
	ck_assert_str_eq(user_name(USER_ADMIN), "admin");
	ck_assert_ptr_null(user_name(USER_NONE));
}
END_TEST

Suite *suite_credentials(void)
{
	Suite *suite = suite_create("credentials");
	TCase *tcase = tcase_create("credentials");
	tcase_add_checked_fixture(tcase, make_folder, remove_folder);
	tcase_add_test(tcase, test_set);
	tcase_add_loop_test(tcase, test_set_wrong, 0, (int)ARRAY_LEN(wrong_passwords));
	tcase_add_test(tcase, test_write_and_read);
	tcase_add_loop_test(tcase, test_wrong_file, 0, (int)ARRAY_LEN(wrong_files));
	tcase_add_loop_test(tcase, test_loose_file, 0, (int)ARRAY_LEN(loose_modes));
	tcase_add_test(tcase, test_odd_files);
	tcase_add_test(tcase, test_users);
	suite_add_tcase(suite, tcase);
	return suite;
}
