/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The listening socket, made before privileges are dropped.
 */
#ifndef NASREADY_BASE_LISTEN_H
#define NASREADY_BASE_LISTEN_H

#include "common/fault.h"

#define LISTEN_SHOWN_LEN 80

/* `where` is ADDRESS:PORT, [ADDRESS]:PORT, :PORT or PORT; an address that is left out, or [::], is all of
 * them, IPv4 included (0.0.0.0 where the kernel has no IPv6). A listening, non-blocking descriptor that the
 * caller owns, or a negative errno with the fault set. */
int listen_open(const char *where, struct fault *fault);
/* is it written as listen_open wants it? -EINVAL with the fault set */
int listen_check(const char *where, struct fault *fault);
/* the address for a browser on this machine: http://127.0.0.1:8439/ */
void listen_show(int fd, char *ret_url, size_t size);

#endif
