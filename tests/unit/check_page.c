/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/routes.h"
#include "show/assets.h"
#include "tests/unit/shown_machine.h"

Suite *suite_page(void);

static void assert_holds(const char *page, const char *const *parts, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		ck_assert_msg(strstr(page, parts[i]), "not in the page: %s", parts[i]);
}

/* every element that is opened is closed, in order; those of HTML that need no end apart */
static void assert_nested(const char *page)
{
	static const char *const alone[] = {"!doctype", "meta", "link", "br", "wbr"};
	char open[64][16], name[16];
	unsigned depth = 0;
	for (const char *at = strchr(page, '<'); at; at = strchr(at + 1, '<')) {
		const char *end = strchr(at, '>');
		bool closes = at[1] == '/', single = end[-1] == '/';
		snprintf(name, sizeof name, "%.*s", (int)strcspn(at + 1 + closes, " >/"), at + 1 + closes);
		for (unsigned i = 0; i < ARRAY_LEN(alone); i++)
			single |= !strcmp(name, alone[i]);
		if (closes) {
			ck_assert_msg(depth && !strcmp(open[depth - 1], name), "</%s> at %.80s", name, at);
			depth--;
		} else if (!single) {
			ck_assert_uint_lt(depth, ARRAY_LEN(open));
			snprintf(open[depth++], sizeof open[0], "%s", name);
		}
	}
	ck_assert_uint_eq(depth, 0);
}

static struct gate gate;

static void there_is_work(void)
{
	all_is_known();
	struct vdisk *vdisk = snapshot_add_vdisk(&snapshot);
	SET(vdisk->share, "Backup");
	SET(vdisk->file, "<i>SRV2.vhdx");
	vdisk->judged_ms = 1;
	vdisk->image.format = IMAGE_VHDX;
	vdisk->image.type = IMAGE_DYNAMIC;
	vdisk->image.virtual_size_bytes = 5ULL << 40;
	vdisk->image.log = IMAGE_LOG_DIRTY;
	vdisk->image.hollow = YES;
	vdisk->image.problem_count = 1;
	SET(vdisk->image.problems[0].message, "The <u>table</u> is odd.");
	vdisk->opener_count = 1;
	SET(vdisk->openers[0], "10.0.0.5");
	snapshot.leases[snapshot.lease_count++] =
		(struct lease){.share = "Backup", .file = "<i>SRV2.vhdx", .server = "<s>SRV2"};
	snapshot_add_vdisk(&snapshot);
	snapshot.jobs[0] = (struct job){.number = 3,
		.kind = JOB_CREATE,
		.state = JOB_RUNNING,
		.total_bytes = 4ULL << 40,
		.done_bytes = 1ULL << 40,
		.rate_bytes_per_s = 1000000000,
		.eta_s = 3300,
		.ended_clock_ms = UNKNOWN_U64,
		.share = "Backup",
		.file = "<s>new.vhdx",
		.phase = "allocating"};
	snapshot.jobs[1] = (struct job){.number = 4,
		.kind = JOB_GROW,
		.state = JOB_FAILED,
		.total_bytes = UNKNOWN_U64,
		.done_bytes = UNKNOWN_U64,
		.rate_bytes_per_s = UNKNOWN_U64,
		.eta_s = UNKNOWN_U64,
		.ended_clock_ms = snapshot.clock_ms - 60000,
		.share = "Backup",
		.file = "b.vhdx",
		.says = "It is <b>full</b>."};
	snapshot.job_count = 2;
	gate_start(&gate);
	gate.count = 3;
	gate.newest = 2;
	gate.records[0] = (struct gate_record){.outcome = GATE_GRANTED,
		.seen = GATE_SEEN_DONE,
		.closed = true,
		.file = "seen.vhdx",
		.predicted_ms = 980,
		.measured_ms = 2345};
	gate.records[1] = (struct gate_record){.outcome = GATE_GRANTED,
		.file = "waits.vhdx",
		.predicted_ms = 15000,
		.measured_ms = UNKNOWN_U64};
	struct gate_record *record = &gate.records[gate.newest];
	*record = (struct gate_record){.outcome = GATE_STEP_TOO_LARGE,
		.times = 3,
		.clock_ms = snapshot.clock_ms,
		.step_bytes = 5ULL << 40,
		.predicted_ms = 437000};
	SET(record->share, "Backup");
	SET(record->file, "<q>x.vhdx");
	view.gate = &gate;
}

START_TEST(work)
{
	static const char *const parts[] = {"Virtual disks", "<bdi>&lt;i&gt;SRV2.vhdx</bdi>",
		"<bdi>&lt;s&gt;SRV2</bdi>", "vhdx, dynamic", "5.00 TiB", "its log must be replayed",
		"takes less space than it promises", "<bdi>The &lt;u&gt;table&lt;/u&gt; is odd.</bdi>",
		"not judged yet", "<b>Job 3</b>: create ",
		"<bdi>&lt;s&gt;new.vhdx</bdi>, <bdi>allocating</bdi>",
		"1.00 TiB of 4.00 TiB at 1000 MB/s, about <b>55 min</b> to go", "Work on disks", ">failed<",
		">60 s ago<", "<bdi>It is &lt;b&gt;full&lt;/b&gt;.</bdi>", "Asked of the gate",
		"<bdi>&lt;q&gt;x.vhdx</bdi>", ">7 min<", "step-too-large, 3 times", "<bdi>waits.vhdx</bdi>",
		">15 s<", ">waiting<", "<bdi>seen.vhdx</bdi>", ">1.0 s<", ">2.3 s<"};
	there_is_work();
	autofree char *page = printed(represent_page);
	assert_holds(page, parts, ARRAY_LEN(parts));
	assert_nested(page);
	ck_assert_ptr_null(strstr(page, "Nothing that a backup would notice"));
}
END_TEST

START_TEST(all)
{
	static const char *const parts[] = {"<!doctype html>\n<html lang=\"en\">\n",
		"<title>nas-1 - nasready</title>", "<h1><bdi>nas-1</bdi></h1>", "data-answer=\"wait\"",
		"<span class=\"word\">Wait</span>", "Do not start a backup yet: ask again in 4 min.</span>",
		"<p><bdi>It gives back space.</bdi></p>", "<bdi>Wait for that &quot;quietly&quot;.</bdi>",
		"and 2 more, for which there is no room",
		"<b>Freeing</b> on volume <bdi>/c</bdi> at 6900 MB/s", "about <b>4 min</b> to go",
		"Network: 464 Mbit/s in, 7.2 Mbit/s out",
		"<b>3.7 TB (3.40 TiB)</b> free of 5.9 TB (5.40 TiB)",
		"ordered, commits every 5 s, <b>busy</b>", "not looked for yet", "<bdi>10.0.0.5</bdi>",
		"<bdi>Backup/SRV1.vhdx</bdi>", "none: it holds the disk", "3 connections remain",
		"<bdi>/c/Backup</bdi>", "<b>degraded</b>", "recovery", "12.6&nbsp;%",
		"<bdi>WDC WD30EFRX</bdi>", "on battery", "87&nbsp;%", "21 min", "1 of 3 sources were read",
		"<bdi>it hangs</bdi>", "<meta name=\"viewport\"", "href=\"/v1\"", "href=\"/v1/status\"",
		"href=\"/metrics\"", "</html>\n"};
	all_is_known();
	autofree char *page = printed(represent_page);
	assert_holds(page, parts, ARRAY_LEN(parts));
	assert_nested(page);
	ck_assert_ptr_null(strstr(page, "style="));
	ck_assert_ptr_null(strstr(page, "onclick"));
	ck_assert_ptr_null(strstr(page, "http://"));
}
END_TEST

START_TEST(nothing)
{
	static const char *const parts[] = {"this machine", "Unknown", "Nobody judged.", "None known.",
		"Nothing that a backup would notice.", "unknown until a second look",
		"No SMB client is known.", "<dt>UPS</dt><dd>unknown"};
	nothing_is_known();
	autofree char *page = printed(represent_page);
	assert_holds(page, parts, ARRAY_LEN(parts));
	assert_nested(page);
}
END_TEST

static const struct {
	uint64_t in_mbits;
	uint32_t busy, iowait;
	const char *place, *limit;
} backups[] = {
	{300, 1000, 0, "below the 420 of an untuned backup", "the sender is"},
	{425, 9500, 3000, "as fast as backup, untuned", "The processor of the NAS is the limit"},
	{440, 1000, 3000, "faster than backup, untuned", "The disks of the NAS are the limit"},
	{470, UNKNOWN_U32, UNKNOWN_U32, "as fast as zeroing a new fixed disk", "the sender is"},
	{575, 8999, 2499, "as fast as backup, tuned", "the sender is"},
	{940, 9900, 0, "faster than backup, tuned", "The network link is the limit"},
};

START_TEST(backup)
{
	all_is_known();
	rates.volumes[0].state = VOLUME_IDLE;
	rates.links[0].rx_bytes_per_s = backups[_i].in_mbits * 125000;
	rates.cpu.busy_hundredths = backups[_i].busy;
	rates.cpu.iowait_hundredths = backups[_i].iowait;
	autofree char *page = printed(represent_page);
	const char *const parts[] = {"comes in at", backups[_i].place, backups[_i].limit, "420–430 Mbit/s",
		"445–495 Mbit/s", "560–590 Mbit/s"};
	assert_holds(page, parts, ARRAY_LEN(parts));
	assert_nested(page);
}
END_TEST

static const struct {
	enum verdict answer;
	enum severity severity;
	const char *part;
} answers[] = {
	{VERDICT_GO, SEVERITY_INFO, "<span>A backup may run now.</span></h2>\n<p>Nothing stands in its way."},
	{VERDICT_GO, SEVERITY_WARN, "1 thing could make it slower"},
	{VERDICT_NO, SEVERITY_BLOCK,
		"<span class=\"word\">No</span> <span>A backup must not run now.</span>"},
};

START_TEST(answer)
{
	all_is_known();
	assessment.answer = answers[_i].answer;
	assessment.findings[0].severity = answers[_i].severity;
	autofree char *page = printed(represent_page);
	assert_holds(page, &answers[_i].part, 1);
	assert_nested(page);
}
END_TEST

START_TEST(names_that_hurt)
{
	names_hurt();
	snprintf(snapshot_add_share(&snapshot)->name, SHARE_LEN, "\u202Egnp.exe" NASTY);
	SET(snapshot_add_client(&snapshot)->address, NASTY);
	SET(snapshot.ups.reason, NASTY);
	autofree char *page = printed(represent_page);
	static const char *const parts[] = {
		"<h1><bdi>&lt;script&gt;&quot;q&quot; \\ &lt;b&gt;&amp;&#39;\n" FFFD "[31m" FFFD FFFD
		"</bdi></h1>",
		"<bdi>\u202Egnp.exe&quot;q&quot;", "mmmmm"};
	assert_holds(page, parts, ARRAY_LEN(parts));
	assert_nested(page);
	ck_assert_ptr_null(strchr(page, 27));
	ck_assert_ptr_null(strstr(strstr(page, "<script") + 1, "<script"));
}
END_TEST

START_TEST(too_much)
{
	lists_overflow();
	autofree char *page = printed(represent_page);
	static const char *const parts[] = {"and 3 more", "and 4 more", "and 5 more", "and 6 more"};
	assert_holds(page, parts, ARRAY_LEN(parts));
	assert_nested(page);
}
END_TEST

START_TEST(assets_are_small)
{
	size_t sum = 0;
	ck_assert_uint_eq(assets_count, 3);
	for (unsigned i = 0; i < assets_count; i++) {
		ck_assert_uint_gt(assets[i].gzip_size, 0);
		sum += assets[i].gzip_size;
		ck_assert_ptr_eq(asset_find(assets[i].path), &assets[i]);
	}
	ck_assert_uint_le(sum, 60 * 1024);
	ck_assert_ptr_null(asset_find("/assets/"));
}
END_TEST

static const struct {
	const char *header;
	bool known;
} etags[] = {
	{NULL, false},
	{"", false},
	{"\"a\"", true},
	{"W/\"a\"", true},
	{"\"b\", \"a\"", true},
	{"*", true},
	{"a", false},
	{"\"ab\"", false},
};

START_TEST(if_none_match)
{
	ck_assert_msg(asset_is_known(etags[_i].header, "\"a\"") == etags[_i].known, "%s", etags[_i].header);
}
END_TEST

Suite *suite_page(void)
{
	Suite *suite = suite_create("page");
	TCase *tcase = tcase_create("page");
	tcase_add_test(tcase, all);
	tcase_add_test(tcase, work);
	tcase_add_test(tcase, nothing);
	tcase_add_loop_test(tcase, backup, 0, ARRAY_LEN(backups));
	tcase_add_loop_test(tcase, answer, 0, ARRAY_LEN(answers));
	tcase_add_test(tcase, names_that_hurt);
	tcase_add_test(tcase, too_much);
	tcase_add_test(tcase, assets_are_small);
	tcase_add_loop_test(tcase, if_none_match, 0, ARRAY_LEN(etags));
	suite_add_tcase(suite, tcase);
	return suite;
}
