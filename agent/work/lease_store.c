/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/lease_store.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/loop.h"
#include "work/place.h"
#include "work/record.h"
#include "work/tree.h"

#define RECORD "leases"

void leases_load(struct leases *leases, const char *state_dir)
{
	char text[RECORD_MAX + 1];
	struct fault fault = {""};
	ssize_t length = record_read(state_dir, RECORD, text, &fault);
	int error = length <= 0 ? (int)length
				: leases_parse(leases, (struct text){text, (size_t)length},
					  clock_monotonic_ms(), &fault);
	if (error && error != -ENOENT)
		log_warning("leases: %s", fault.text);
}

void leases_keep(const struct leases *leases, const char *state_dir)
{
	char text[RECORD_MAX + 1];
	struct fault fault = {"they take too much room"};
	if (!leases_show(leases, text, sizeof text) || record_write(state_dir, RECORD, text, &fault))
		log_error("leases would not outlive the agent: %s", fault.text);
}

/* The kernel knows who has it open: a write lease on the file is for its sole opener. true also if that
 * cannot be told. */
static bool is_open(const struct lease *lease, const struct snapshot *known)
{
	const struct share *share = NULL;
	char name[TREE_NAME_LEN];
	struct stat status;
	for (uint32_t i = 0; i < known->share_count; i++)
		if (!strcmp(known->shares[i].name, lease->share))
			share = &known->shares[i];
	if (!share || share->path[0] != '/')
		return false;
	autoclose int folder = tree_open(share->path, NULL);
	int error = folder < 0 ? folder : tree_find(folder, lease->file, name);
	if (error)
		return error != -ENOENT;
	autoclose int file = place_open_file(folder, name, &status);
	return file < 0 ? file != -ENOENT : place_hold(file, name, NULL) != 0;
}

void leases_end_old(
	struct leases *leases, const char *state_dir, const struct snapshot *known, uint64_t now_ms)
{
	if (!leases_expire(leases, known, now_ms, is_open))
		return;
	log_info("a lease that was not renewed has ended: %u are left", (unsigned)leases->count);
	leases_keep(leases, state_dir);
}
