/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The network links but loopback, those that are up first: counters, speed, duplex. Links beyond LINKS_MAX,
 * and such with a name that does not fit, are counted as omitted. The counters of a 32-bit kernel start
 * again at 0 after 4 GiB. A link that is down is asked for nothing but its state and mtu.
 */
#ifndef NASREADY_COLLECT_SOURCE_LINKS_H
#define NASREADY_COLLECT_SOURCE_LINKS_H

#include "collect/source.h"
#include "common/text.h"

/* /proc/net/dev: adds a row with its counters for each link. `ask_up` says whether a link is up (NULL: nobody
 * knows), which decides the order. Having no link is no error; -EBADMSG if the text is no such table. */
int links_parse_dev(struct text dev, enum tri (*ask_up)(const char *name, void *arg), void *arg,
	struct snapshot *snapshot);
/* from sysfs's operstate and carrier; an empty text for what cannot be read */
enum tri links_parse_up(struct text operstate, struct text carrier);
/* from sysfs's speed and duplex; a duplex without a speed is no knowledge */
void links_parse_speed(struct text speed, struct text duplex, struct link *link);
/* a recording's answers/ethtool, lines "eth0 1000 full"; false if it has none for this link */
bool links_parse_ethtool(struct text answer, struct link *link);

int links_collect(struct pass *pass, struct fault *fault);

#endif
