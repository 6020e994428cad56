/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>
#include <string.h>

#include "judge/rules.h"

/* -- who is connected -- */

static void set_culprit(struct raised *raised, const char *kind, const char *address)
{
	snprintf(raised->address, sizeof raised->address, "%s", address);
	raised_subject(raised, "%s:%s", kind, address);
}

static void say_client(struct raised *raised, const struct client *client)
{
	if (client->open_disk_count)
		raised_message(raised, "%s has %s open over SMB%s.", client->address, client->open_disks[0],
			client->open_disk_count + client->open_disks_omitted > 1 ? " (and more disks)" : "");
	else if (client->open_files == UNKNOWN_U32)
		raised_message(raised, "%s holds %u SMB connection%s.", client->address,
			(unsigned)client->connections, client->connections == 1 ? "" : "s");
	else if (!client->open_files)
		raised_message(raised, "%s holds an SMB session without an open file.", client->address);
	else
		raised_message(raised, "%s has %u file%s open over SMB.", client->address,
			(unsigned)client->open_files, client->open_files == 1 ? "" : "s");
}

/* B22, B43, B44 */
void rule_smb_other_clients(const struct situation *now, struct sink *sink)
{
	static const char close_all[] = "Close its Explorer windows and mapped drives: each costs 10 to 20 "
					"Mbit/s of backup throughput.";
	const struct snapshot *snapshot = now->snapshot;
	/* a backup comes from somebody: from the only client there is */
	if (now->backup_runs && snapshot->client_count == 1 && !snapshot->clients_omitted)
		return;
	for (uint32_t i = 0; i < snapshot->client_count; i++) {
		const struct client *client = &snapshot->clients[i];
		if (!client->connections)
			continue;
		struct raised raised = {.remedy = close_all};
		if (client->open_disk_count)
			raised.remedy = "Let its backup end first, or give the two different hours; never "
					"share one VHDX "
					"between servers.";
		set_culprit(&raised, "smb", client->address);
		say_client(&raised, client);
		sink_add(sink, &raised);
	}
	if (!snapshot->clients_omitted)
		return;
	struct raised raised = {.remedy = close_all};
	raised_subject(&raised, "smb");
	raised_message(&raised, "%u more clients hold SMB connections.", (unsigned)snapshot->clients_omitted);
	sink_add(sink, &raised);
}

/* Also if it was the asker's: what smbd still does for the connection that is gone, it does not do for the
 * new one. */
void rule_smb_stale_connection(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->client_count; i++) {
		const struct client *client = &now->snapshot->clients[i];
		if (!client->close_wait)
			continue;
		struct raised raised = {
			.remedy = "Wait until smbd has noticed; if it never does, restart the SMB service "
				  "while no VHDX is mounted."};
		raised_subject(&raised, "smb:%s", client->address);
		raised_message(&raised,
			"%s is gone, but smbd still works for %u of its connections: it may be allocating.",
			client->address, (unsigned)client->close_wait);
		sink_add(sink, &raised);
	}
}

static void find_others(const struct situation *now, enum other_kind kind, const char *name, const char *what,
	const char *remedy, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->other_count; i++) {
		const struct other_session *other = &now->snapshot->others[i];
		if (other->kind != kind || !other->count)
			continue;
		struct raised raised = {.remedy = remedy};
		set_culprit(&raised, name, other->address);
		raised_message(&raised, "%s has %s (%u connection%s).", other->address, what,
			(unsigned)other->count, other->count == 1 ? "" : "s");
		sink_add(sink, &raised);
	}
}

/* B49 */
void rule_web_ui_open(const struct situation *now, struct sink *sink)
{
	find_others(now, OTHER_WEB_UI, "web-ui", "the NAS's web interface open",
		"Log out of the NAS's web interface and close its pages: they keep its CPU busy.", sink);
}

/* B49 */
void rule_ssh_open(const struct situation *now, struct sink *sink)
{
	find_others(now, OTHER_SSH, "ssh", "an SSH session open",
		"Log out of SSH before a VHDX is created or grown.", sink);
}

/* -- what the shares are set to -- */

static struct raised about_share(const struct share *share)
{
	struct raised raised = {0};
	raised_subject(&raised, "share:%s", share->name);
	return raised;
}

/* Samba's own default before 4.7. Without a UPS, data that Windows was told to be safe is lost in a power
 * cut. */
void rule_sync_ignored(const struct situation *now, struct sink *sink)
{
	enum tri ups = now->snapshot->ups.present;
	for (uint32_t i = 0; i < now->snapshot->share_count; i++) {
		const struct share *share = &now->snapshot->shares[i];
		if (share->strict_sync != NO || share->read_only == YES)
			continue;
		struct raised raised = about_share(share);
		raised.severity = ups == NO ? SEVERITY_BLOCK : SEVERITY_WARN;
		raised.remedy = "Set `strict sync = yes` for this share in Samba's configuration.";
		raised_message(&raised,
			"Share \"%s\" ignores it when Windows wants its data on disk (strict sync = no)%s.",
			share->name,
			ups == NO	 ? ", and there is no UPS"
			: ups == UNKNOWN ? ", and no UPS is known"
					 : "");
		sink_add(sink, &raised);
	}
}

static bool allocates(const struct share *share)
{
	return share->strict_allocate == YES && share->read_only != YES;
}

/* Measured: 0.9 s for 1 TB on a fast machine, and the connection waits. With `no`, Samba's default, a new
 * file is a hole until it is written, and nothing can time out. */
void rule_strict_allocate(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->share_count; i++) {
		const struct share *share = &now->snapshot->shares[i];
		if (!allocates(share))
			continue;
		struct raised raised = about_share(share);
		raised.remedy = "Create and grow a VHDX in the steps of `nasready plan`, or set `strict "
				"allocate = no`.";
		raised_message(&raised,
			"Share \"%s\" takes all space of a file at once (strict allocate = yes): the client "
			"waits "
			"for it, and Windows gives up after 60 s.",
			share->name);
		sink_add(sink, &raised);
	}
}

/* What is missing until smbd itself refuses, and how to get it. */
static const char *gate_missing(
	const struct enforcement *gate, const struct share *share, const char **ret_remedy)
{
	if (share->gated != YES) {
		*ret_remedy =
			"Enable it (nasready gate enable), or ask before each step: `nasready plan`, POST "
			"/v1/allocations.";
		return "the gate is not enabled for it";
	}
	if (gate->ready != YES) {
		*ret_remedy = "Look into the agent's log, mend what it names, and restart the agent.";
		return gate->reason[0] ? gate->reason : "the agent keeps no gate page";
	}
	*ret_remedy = "Restart smbd while no client is connected; `nasready gate status` tells whether that "
		      "helped.";
	return gate->preloaded == NO ? "the running smbd was started without libnasready-gate.so"
				     : "whether the running smbd has libnasready-gate.so loaded is not known";
}

void rule_gate_off(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->share_count; i++) {
		const struct share *share = &now->snapshot->shares[i];
		if (!allocates(share) || share->gate == GATE_MODE_ENFORCE)
			continue;
		struct raised raised = about_share(share);
		const char *missing = gate_missing(&now->snapshot->gate, share, &raised.remedy);
		raised_message(&raised,
			"Nothing keeps Samba from an allocation on share \"%s\" that is too large: %s.",
			share->name, missing);
		sink_add(sink, &raised);
	}
}
