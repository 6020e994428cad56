/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Having smbd started with libnasready-gate.so: a drop-in of our own for systemd's smbd.service. Nothing that
 * belongs to somebody else is edited.
 */
#ifndef NASREADY_ENFORCE_SERVICE_H
#define NASREADY_ENFORCE_SERVICE_H

#include <stdbool.h>

#include "common/fault.h"

#define SERVICE_UNIT "smbd.service"
#define SERVICE_DIR "/etc/systemd/system" /* where an administrator's drop-ins lie */
#define SERVICE_PATH_LEN 400
#define SERVICE_TEXT_MAX 1024

/* true if systemd manages this machine */
bool service_has_systemd(void);
/* Where the object is, beside this program or in lib/nasready/ of its prefix. -ENOENT: nowhere; -EPERM:
 * somebody else than root can change it, and root's smbd would load it. */
int service_find_object(char ret_path[SERVICE_PATH_LEN], struct fault *fault);

void service_path(const char *service_dir, char ret_path[SERVICE_PATH_LEN]);
/* `run_dir`: said only if it is not the standard one */
void service_text(const char *object, const char *run_dir, char ret_text[SERVICE_TEXT_MAX]);
/* Writes it, or removes it and its folder if that is empty then. Never touches a file that we did not write
 * (-EEXIST). */
int service_write(const char *service_dir, const char *text, struct fault *fault);
int service_remove(const char *service_dir, bool *ret_was_there, struct fault *fault);
/* systemctl with that word, and the unit behind it unless it is "daemon-reload" */
int service_control(const char *verb, struct fault *fault);

#endif
