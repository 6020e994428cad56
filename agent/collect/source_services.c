/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_services.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define EVERY_MS 120000 /* a service does not come and go; a look costs four calls for each process */
#define COMM_LEN 15	/* TASK_COMM_LEN of the kernel, without the end */
#define ENTRIES_MAX 64	/* of both lists: bits of a uint64_t; the standard ones have 18 */
#define ARGUMENTS " --"

static uint64_t read_ms; /* of the last reading; 0: none yet */

bool services_next(struct text *list, struct text *ret_entry)
{
	struct text piece;
	while (text_until(list, ',', &piece)) {
		*ret_entry = text_trim(piece);
		if (ret_entry->length)
			return true;
	}
	return false;
}

/* Takes the argument off an entry; empty if it has none. */
static struct text take_argument(struct text *entry)
{
	const char *at = memmem(entry->at, entry->length, ARGUMENTS, sizeof ARGUMENTS - 1);
	struct text argument = {entry->at, 0};
	if (at) {
		argument = (struct text){at + 1, (size_t)(entry->at + entry->length - at - 1)};
		entry->length = (size_t)(at - entry->at);
	}
	return argument;
}

static bool has_argument(struct text arguments, struct text wanted)
{
	struct text argument;
	while (text_until(&arguments, 0, &argument))
		if (argument.length == wanted.length && !memcmp(argument.at, wanted.at, wanted.length))
			return true;
	return false;
}

bool services_match(struct text entry, struct text name, struct text arguments)
{
	struct text argument = take_argument(&entry);
	size_t length = entry.length < COMM_LEN ? entry.length : COMM_LEN;
	return length && name.length == length && !memcmp(name.at, entry.at, length) &&
	       (!argument.length || has_argument(arguments, argument));
}

bool services_name_in_stat(struct text stat, struct text *ret_name)
{
	const char *open = stat.length ? memchr(stat.at, '(', stat.length) : NULL;
	const char *close = stat.length ? memrchr(stat.at, ')', stat.length) : NULL;
	if (!open || !close || close <= open + 1)
		return false;
	*ret_name = (struct text){open + 1, (size_t)(close - open - 1)};
	return true;
}

struct search {
	struct pass *pass;
	struct text lists[2]; /* expected, unneeded */
	uint64_t found;	      /* bit i: entry i, counted through both lists */
	bool without_comm;    /* Linux before 2.6.33 */
	unsigned processes;
};

static bool read_name(struct search *search, const char *pid, struct text *ret_name)
{
	const struct root *root = search->pass->root;
	char *buffer = search->pass->text;
	ssize_t length =
		search->without_comm ? -ENOENT : root_read(root, buffer, SYSFS_TEXT_MAX, "proc/%s/comm", pid);
	if (length >= 0) {
		/* only the newline goes: a name may end in blanks */
		*ret_name = (struct text){buffer, (size_t)length};
		if (length && buffer[length - 1] == '\n')
			ret_name->length--;
		return true;
	}
	length = root_read(root, buffer, SYSFS_TEXT_MAX, "proc/%s/stat", pid);
	if (length < 0 || !services_name_in_stat((struct text){buffer, (size_t)length}, ret_name))
		return false;
	search->without_comm = true;
	return true;
}

/* only for the few whose name fits an entry with an argument */
static struct text read_arguments(struct search *search, const char *pid, struct text entry)
{
	char *buffer = search->pass->text + SYSFS_TEXT_MAX;
	ssize_t length = -ENOENT;
	if (take_argument(&entry).length)
		length = root_read(search->pass->root, buffer, SYSFS_TEXT_MAX, "proc/%s/cmdline", pid);
	return (struct text){buffer, length < 0 ? 0 : (size_t)length};
}

static bool is_same_name(struct text entry, struct text name)
{
	take_argument(&entry);
	return services_match(entry, name, (struct text){NULL, 0});
}

static int take_process(const char *pid, void *arg)
{
	struct search *search = arg;
	struct text name, entry;
	if (!isdigit((unsigned char)*pid) || !read_name(search, pid, &name))
		return 0;
	search->processes++;
	unsigned index = 0;
	for (unsigned i = 0; i < ARRAY_LEN(search->lists); i++) {
		struct text list = search->lists[i];
		for (; services_next(&list, &entry) && index < ENTRIES_MAX; index++)
			if (is_same_name(entry, name) &&
				services_match(entry, name, read_arguments(search, pid, entry)))
				search->found |= UINT64_C(1) << index;
	}
	return 0;
}

static void add_rows(const struct search *search, struct snapshot *snapshot)
{
	struct text entry;
	unsigned index = 0;
	for (unsigned i = 0; i < ARRAY_LEN(search->lists); i++) {
		struct text list = search->lists[i];
		bool expected = i == 0;
		for (; services_next(&list, &entry) && index < ENTRIES_MAX; index++) {
			bool running = search->found >> index & 1;
			struct service *row = running || expected ? snapshot_add_service(snapshot) : NULL;
			if (!row)
				continue;
			text_show(row->name, sizeof row->name, entry);
			row->running = running ? YES : NO;
			row->expected = expected ? YES : NO;
		}
	}
}

static void carry_over(struct pass *pass)
{
	struct snapshot *now = pass->now;
	now->service_count = pass->before->service_count;
	now->services_omitted = pass->before->services_omitted;
	memcpy(now->services, pass->before->services, now->service_count * sizeof now->services[0]);
}

static bool is_due(const struct pass *pass)
{
	return pass->root->recorded || !read_ms || (pass->asked && pass->now->time_ms - read_ms >= EVERY_MS);
}

static struct text list_of(const char *configured, const char *standard)
{
	return text_of(configured && *configured ? configured : standard);
}

int services_collect(struct pass *pass, struct fault *fault)
{
	if (!is_due(pass)) {
		carry_over(pass);
		return 0;
	}
	struct search search = {
		.pass = pass,
		.lists = {list_of(pass->settings.services_expected, SERVICES_EXPECTED),
			list_of(pass->settings.services_unneeded, SERVICES_UNNEEDED)},
	};
	int error = root_list(pass->root, "proc", take_process, &search);
	if (error == -ENOENT || (!error && !search.processes))
		return fault_set(fault, SOURCE_E_ABSENT, "/proc shows no process");
	if (error)
		return fault_set(fault, error, "cannot list /proc: %s", strerror(-error));
	read_ms = pass->now->time_ms;
	add_rows(&search, pass->now);
	return 0;
}
