/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Messages from whatever claims to be smbd, and a page that anything may have written: rows stay within their
 * limits, texts end, and no path is found but below its share. max_len: 2048
 */
#include "common/gate_page.h"
#include "enforce/page_file.h"
#include "enforce/steps.h"
#include "tests/fuzz/fuzz.h"

static void check_steps(const struct enforcement *gate)
{
	MUST(gate->step_count <= GATE_STEPS_MAX);
	for (uint32_t i = 0; i < gate->step_count; i++) {
		MUST_END(gate->steps[i].path);
		MUST_END(gate->steps[i].volume);
		for (const char *at = gate->steps[i].path; *at; at++)
			MUST((unsigned char)*at >= 32 &&
				*at != 127); /* what is no UTF-8 is mended where it is shown */
	}
}

/* the same bytes as one message, and as one whose frame is right, several times over */
static void take(struct text text)
{
	static struct snapshot snapshot;
	struct gate_message message = {.kind = 0}, got;
	struct steps_now now = {1000, 1000, &snapshot};
	snapshot_reset(&snapshot);
	struct volume *volume = snapshot_add_volume(&snapshot);
	memcpy(volume->id, "c", 2);
	memcpy(volume->mount, "/c", 3);
	if (page_file_take(text.at, text.length, &got))
		steps_take(&snapshot.gate, &got, 1, &now);
	memcpy(&message, text.at, text.length < sizeof message ? text.length : sizeof message);
	for (unsigned i = 0; i < GATE_STEPS_MAX + 4; i++) {
		message.magic = GATE_MESSAGE_MAGIC;
		message.kind = GATE_MESSAGE_REFUSED + (message.kind + i) % 3;
		message.reason %= 3;
		message.path[0] = '/';
		if (!page_file_take(&message, sizeof message, &got))
			break;
		MUST_END(got.path);
		steps_take(&snapshot.gate, &got, i % 3, &now);
		check_steps(&snapshot.gate);
		steps_give_up(&snapshot.gate, "c", now.now_ms += 7000);
	}
}

static void read_page(struct text text)
{
	static struct gate_page_top top;
	memset(&top, 0, sizeof top);
	memcpy(&top, text.at, text.length < sizeof top ? text.length : sizeof top);
	gate_page_is_good(&top, text.length, top.head.written_ms);
	top.head.magic = GATE_PAGE_MAGIC;
	top.head.version = GATE_PAGE_VERSION;
	if (top.head.row_count <= SHARES_MAX)
		top.head.checksum = gate_page_checksum(&top);
	if (!gate_page_is_good(&top, sizeof top, top.head.written_ms))
		return;
	const struct gate_page_row *row = gate_page_find(&top, "/c/Backup/a.vhdx");
	MUST(!row || (row->root_length < GATE_PATH_LEN && row->root[0] == '/' &&
			     !memcmp(row->root, "/c/Backup/a.vhdx", row->root_length)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = fuzz_text(data, size);
	take(text);
	read_page(text);
	return 0;
}
