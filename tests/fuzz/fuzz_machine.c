/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A whole machine from its texts, seen several times: parsed, judged, and shown in every form. Within a pass
 * a NUL stands between the texts; byte 1 begins the next pass. max_len: 16384
 */
#include <stdio.h>

#include "collect/smb_conf.h"
#include "collect/source_cpu.h"
#include "collect/source_disks.h"
#include "collect/source_filesystems.h"
#include "collect/source_journal.h"
#include "collect/source_links.h"
#include "collect/source_memory.h"
#include "collect/source_mounts.h"
#include "collect/source_raid.h"
#include "collect/source_ups.h"
#include "collect/source_volumes.h"
#include "show/represent_ready.h"
#include "tests/fuzz/fuzz.h"

static struct snapshot snapshot;
static struct history history;
static struct rates rates;
static struct assess_memory memory;
static struct assessment assessment;

static bool is_disk(const char *name, void *arg)
{
	(void)arg;
	return !strpbrk(name, "0123456789");
}

static void parse(struct text rest)
{
	struct ups_target target = {.name = ""};
	struct smb_conf conf;
	struct fault fault;
	cpu_parse_stat(fuzz_piece(&rest), &snapshot.cpu);
	cpu_parse_loadavg(fuzz_piece(&rest), &snapshot.cpu);
	memory_parse(fuzz_piece(&rest), UNKNOWN_U64, &snapshot.memory);
	mounts_parse_mountinfo(fuzz_piece(&rest), &snapshot);
	disks_parse(fuzz_piece(&rest), &snapshot, is_disk, NULL);
	links_parse_dev(fuzz_piece(&rest), NULL, NULL, &snapshot);
	raid_parse_mdstat(fuzz_piece(&rest), &snapshot);
	volumes_parse_statfs(fuzz_piece(&rest), &snapshot);
	filesystems_parse(fuzz_piece(&rest), UINT32_MAX, &snapshot);
	for (uint32_t i = 0; i < snapshot.volume_count; i++)
		snapshot.volumes[i].journal = snapshot.volumes[i].super;
	smb_conf_start(&conf, &snapshot);
	smb_conf_parse(&conf, fuzz_piece(&rest));
	smb_conf_end(&conf);
	ups_parse(fuzz_piece(&rest), &target, &snapshot.ups, &fault);
	fuzz_check_snapshot(&snapshot);
}

static void check_json(const struct view *view)
{
	struct json json;
	json_start(&json);
	represent_status(view, &json);
	represent_ready(view, &json);
	fuzz_check_json(json_text(&json, false));
	json_free(&json);
}

static void check_shown(
	void (*represent)(const struct view *view, struct out *out), const struct view *view, bool plain)
{
	struct out out = {0};
	represent(view, &out);
	MUST(!out.failed && out.data && fuzz_is_utf8(out.data) && (!plain || fuzz_is_plain(out.data)));
	MUST(out.data[out.length - 1] == '\n');
	out_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = fuzz_text(data, size), pass;
	struct assess_question question = {.asker = "10.0.0.5"};
	history_reset(&history);
	assess_start(&memory, size % 2);
	for (unsigned i = 0; i < 6 && text_until(&rest, 1, &pass); i++) {
		snapshot_reset(&snapshot);
		snapshot.time_ms = 1000 + 2000 * i;
		snapshot.clock_ms = UINT64_C(1795000000000) + snapshot.time_ms;
		parse(pass);
		history_add(&history, &snapshot, &rates);
		assess_observe(&memory, &snapshot, &rates);
	}
	assess_answer(&memory, &question, &assessment);
	MUST(assessment.count <= FINDINGS_MAX && verdict_name(assessment.answer));
	struct view view = {&snapshot, &rates, snapshot.time_ms + 100, "id", 60, &assessment, NULL, NULL};
	check_json(&view);
	check_shown(represent_metrics, &view, false);
	check_shown(represent_text, &view, true);
	check_shown(represent_ready_text, &view, true);
	check_shown(represent_page, &view, false);
	return 0;
}
