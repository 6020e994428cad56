/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The settings of the agent: one table serves the configuration file (`key = value`, '#' begins a comment)
 * and the command line (`--key value` or `--key=value`), which wins.
 */
#ifndef NASREADY_BASE_OPTIONS_H
#define NASREADY_BASE_OPTIONS_H

#include "common/fault.h"
#include "common/text.h"

#define OPTION_LEN 256
#define OPTION_ROWS_MAX 32

struct options {
	char listen[OPTION_LEN];	   /* ADDRESS:PORT */
	char allow[OPTION_LEN];		   /* more networks that may read */
	char names[OPTION_LEN];		   /* more names of this NAS */
	char user[OPTION_LEN];		   /* of the serving process */
	char state_dir[OPTION_LEN];	   /* learned figures, the install's id */
	char lease_s[OPTION_LEN];	   /* for how long a lease lasts */
	char trash_hours[OPTION_LEN];	   /* for how long deleted disks can be had back */
	char run_dir[OPTION_LEN];	   /* the gate page */
	char credentials[OPTION_LEN];	   /* path of the file of passwords */
	char log[OPTION_LEN];		   /* stderr or syslog */
	char severities[OPTION_LEN];	   /* of findings: code=severity, comma-separated */
	char client_timeout_s[OPTION_LEN]; /* of SMB clients */
	char smb_conf[OPTION_LEN];	   /* path of Samba's configuration */
	char ssh_ports[OPTION_LEN], web_ports[OPTION_LEN], other_ports[OPTION_LEN];
	char services_expected[OPTION_LEN], services_unneeded[OPTION_LEN];
	char disk_depth[OPTION_LEN];	 /* of the folders of a share that are searched for disks */
	char ups[OPTION_LEN];		 /* NAME@HOST:PORT */
	char root[OPTION_LEN];		 /* "/" or a recorded machine */
	unsigned lines[OPTION_ROWS_MAX]; /* of the file, in the order of option_rows; 0: not from there */
};

struct option_row {
	const char *key, *value_name, *standard, *says;
	unsigned offset; /* in struct options */
};

extern const struct option_row option_rows[];
extern const unsigned option_rows_count;

/* who wants to hear of each error; `text` names file, line and key */
struct complaints {
	void (*tell)(const char *text, void *arg);
	void *arg;
	unsigned count;
};

void complaints_add(struct complaints *complaints, const char *text);

void options_start(struct options *options);
/* each line in error is told, and left out; so is a file that cannot be read */
void options_read_file(struct options *options, const char *path, struct complaints *complaints);
/* the same for text that is already in memory; `name` stands in the complaints */
void options_parse(
	struct options *options, const char *text, const char *name, struct complaints *complaints);
/* `row` is one of option_rows. -EINVAL: the fault says what is wrong with the value */
int options_set(
	struct options *options, const struct option_row *row, struct text value, struct fault *fault);
const char *options_get(const struct options *options, const struct option_row *row);

#endif
