/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>

#include "common/units.h"
#include "judge/rules.h"

#define LINK_GOOD_MBPS 1000 /* B38: only 1 or 10 Gbit/s */

static void show_speed(char into[UNITS_LEN], uint32_t mbps)
{
	if (mbps % 1000)
		snprintf(into, UNITS_LEN, "%u Mbit/s", (unsigned)mbps);
	else
		snprintf(into, UNITS_LEN, "%u Gbit/s", (unsigned)mbps / 1000);
}

static struct raised about_link(const struct link *link)
{
	struct raised raised = {0};
	raised_subject(&raised, "link:%s", link->name);
	return raised;
}

static bool is_good(const struct link *link)
{
	return link->up == YES && link->wireless != YES && link->full_duplex == YES &&
	       link->speed_mbps != UNKNOWN_U32 && link->speed_mbps >= LINK_GOOD_MBPS;
}

/* By which link the backup comes is not known: where there is a good one, a bad one beside it only warns. */
static bool one_is_good(const struct snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->link_count; i++)
		if (is_good(&snapshot->links[i]))
			return true;
	return false;
}

/* B24 */
void rule_link_wireless(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->link_count; i++) {
		const struct link *link = &now->snapshot->links[i];
		if (link->up != YES || link->wireless != YES)
			continue;
		struct raised raised = about_link(link);
		raised.minor = one_is_good(now->snapshot);
		raised.remedy = "Connect the NAS by cable, and let the backup use that.";
		raised_message(&raised, "Link %s is wireless: too unstable for a mounted VHDX.", link->name);
		sink_add(sink, &raised);
	}
}

/* B38 */
void rule_link_half_duplex(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->link_count; i++) {
		const struct link *link = &now->snapshot->links[i];
		if (link->up != YES || link->full_duplex != NO || link->wireless == YES)
			continue;
		struct raised raised = about_link(link);
		raised.minor = one_is_good(now->snapshot);
		raised.remedy = "Set both ends of the cable to negotiate by themselves, and replace cable or "
				"switch port "
				"if that does not help.";
		raised_message(
			&raised, "Link %s runs in half duplex: it will lose packets under load.", link->name);
		sink_add(sink, &raised);
	}
}

/* B38. Wireless links have their own finding, whatever speed they claim. */
void rule_link_slow(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->link_count; i++) {
		const struct link *link = &now->snapshot->links[i];
		char speed[UNITS_LEN];
		if (link->up != YES || link->speed_mbps >= LINK_GOOD_MBPS || link->wireless == YES)
			continue;
		struct raised raised = about_link(link);
		raised.remedy =
			"Use a port, a switch and a cable (Cat 5e or better, all eight wires) for 1 Gbit/s.";
		show_speed(speed, link->speed_mbps);
		raised_message(&raised, "Link %s runs at %s only: backups need 1 Gbit/s.", link->name, speed);
		sink_add(sink, &raised);
	}
}

/* A3, B24: a good cable has none at all. 6 in a minute, or one in each of the fast samples of 10 s. */
#define LINK_ERRORS_PER_S_HUNDREDTHS 10

void rule_link_errors(const struct situation *now, struct sink *sink)
{
	uint32_t window_ms = now->rates->cpu.window_ms; /* that of all rates */
	for (uint32_t i = 0; i < now->snapshot->link_count; i++) {
		const struct link *link = &now->snapshot->links[i];
		uint32_t rate = now->rates->links[i].errors_per_s_hundredths;
		if (link->up != YES || rate == UNKNOWN_U32 || rate < LINK_ERRORS_PER_S_HUNDREDTHS)
			continue;
		struct raised raised = about_link(link);
		raised.held_ms = window_ms == UNKNOWN_U32 ? 0 : window_ms;
		raised.remedy = "Replace the cable, then the switch port; such a link damages restores, too.";
		raised_message(&raised, "Link %s has %u.%u damaged packets/s.", link->name,
			(unsigned)rate / 100, (unsigned)rate / 10 % 10);
		sink_add(sink, &raised);
	}
}

/* B10: jumbo frames brought 10 to 20 Mbit/s */
#define MTU_JUMBO 9000

/* Only where it can help: a link that tells its speed is a real one. */
void rule_mtu_small(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->link_count; i++) {
		const struct link *link = &now->snapshot->links[i];
		if (!is_good(link) || link->mtu >= MTU_JUMBO)
			continue;
		struct raised raised = about_link(link);
		raised.remedy = "If NAS, switch and Windows all can, set 9000 on all of them: it brings 10 "
				"to 20 Mbit/s.";
		raised_message(&raised, "Link %s sends packets of %u bytes, no jumbo frames.", link->name,
			(unsigned)link->mtu);
		sink_add(sink, &raised);
	}
}
