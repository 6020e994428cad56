/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The settings of the agent: one table serves the configuration file (`key = value`, '#' begins a comment)
 * and the command line (`--key value` or `--key=value`), which wins.
 */
#ifndef NASREADY_BASE_OPTIONS_H
#define NASREADY_BASE_OPTIONS_H

#include "common/fault.h"

#define OPTION_LEN 256

struct options {
	char listen[OPTION_LEN];	   /* ADDRESS:PORT */
	char allow[OPTION_LEN];		   /* more networks that may read */
	char names[OPTION_LEN];		   /* more names of this NAS */
	char user[OPTION_LEN];		   /* of the serving process */
	char state_dir[OPTION_LEN];	   /* learned figures, the install's id */
	char credentials[OPTION_LEN];	   /* path of the file of passwords */
	char log[OPTION_LEN];		   /* stderr or syslog */
	char severities[OPTION_LEN];	   /* of findings: code=severity, comma-separated */
	char client_timeout_s[OPTION_LEN]; /* of SMB clients */
	char smb_conf[OPTION_LEN];	   /* path of Samba's configuration */
	char ssh_ports[OPTION_LEN], web_ports[OPTION_LEN], other_ports[OPTION_LEN];
	char services_expected[OPTION_LEN], services_unneeded[OPTION_LEN];
	char ups[OPTION_LEN];  /* NAME@HOST:PORT */
	char root[OPTION_LEN]; /* "/" or a recorded machine */
};

struct option_row {
	const char *key, *value_name, *standard, *says;
	unsigned offset; /* in struct options */
};

extern const struct option_row option_rows[];
extern const unsigned option_rows_count;

void options_start(struct options *options);
/* -EINVAL: the fault names file, line and key; other negative errno: the file cannot be read */
int options_read_file(struct options *options, const char *path, struct fault *fault);
/* the same for text that is already in memory; `name` stands in the faults */
int options_parse(struct options *options, const char *text, const char *name, struct fault *fault);
/* Takes "--key value" at argv[*index]; moves the index past it. -EINVAL with the fault set. */
int options_argument(struct options *options, int argc, char **argv, int *index, struct fault *fault);

#endif
