/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Any sequence of snapshots: no rate without its counters, none that they cannot account for. max_len: 1024
 */
#include "judge/history.h"
#include "tests/fuzz/fuzz.h"

static struct snapshot snapshot;
static struct history history;
static uint64_t most; /* that the link counted */

/* often a little more than before, as counters do */
static void move(struct text *rest, uint64_t *value)
{
	unsigned how = fuzz_choice(rest, 4);
	if (how == 1)
		*value += fuzz_choice(rest, 256) * (UINT64_C(1) << fuzz_choice(rest, 40));
	else if (how)
		*value = how == 2 ? fuzz_number(rest) : *value - fuzz_choice(rest, 256);
}

static void next(struct text *rest)
{
	struct volume *volume = &snapshot.volumes[0];
	uint64_t *const counters[] = {&snapshot.time_ms, &snapshot.cpu.user, &snapshot.cpu.idle,
		&snapshot.cpu.iowait, &snapshot.memory.dirty_bytes, &volume->size_bytes, &volume->free_bytes,
		&volume->written_bytes, &volume->delayed_bytes, &volume->journal.transactions,
		&snapshot.links[0].rx_bytes, &snapshot.links[0].errors, &snapshot.disks[0].busy_ms,
		&snapshot.disks[0].written_bytes};
	for (unsigned i = 0; i < ARRAY_LEN(counters); i++)
		move(rest, counters[i]);
	if (snapshot.links[0].rx_bytes != UNKNOWN_U64 && snapshot.links[0].rx_bytes > most)
		most = snapshot.links[0].rx_bytes;
	volume->journal.commit_s = fuzz_choice(rest, 8) ? fuzz_choice(rest, 8) : UNKNOWN_U32;
	snapshot.volume_count = fuzz_choice(rest, 16) > 0;
	strcpy(volume->id, fuzz_choice(rest, 16) ? "c" : "d");
}

static void check_percent(uint32_t hundredths)
{
	MUST(hundredths == UNKNOWN_U32 || hundredths <= 10000);
}

static void check(const struct rates *rates)
{
	const struct volume_rates *volume = &rates->volumes[0];
	check_percent(rates->cpu.busy_hundredths);
	check_percent(rates->cpu.iowait_hundredths);
	check_percent(rates->cpu.user_hundredths);
	check_percent(rates->disks[0].busy_hundredths);
	MUST(rates->disks[1].busy_hundredths == UNKNOWN_U32 && rates->links[1].rx_bytes_per_s == UNKNOWN_U64);
	/* two samples are at least a millisecond apart */
	uint64_t rate = rates->links[0].rx_bytes_per_s;
	MUST(rate == UNKNOWN_U64 || rate / 1000 <= most);
	MUST(volume->state <= VOLUME_STATE_UNKNOWN && volume->settled <= UNKNOWN);
	MUST(volume->journal_busy <= UNKNOWN && volume_state_name(volume->state));
	MUST(volume->settled != YES || volume->state == VOLUME_IDLE);
	MUST(volume->state != VOLUME_IDLE || !volume->rate_bytes_per_s);
	MUST(snapshot.volume_count || volume->state == VOLUME_STATE_UNKNOWN);
	MUST(history.count <= HISTORY_SAMPLES && history.track_count <= VOLUMES_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct rates rates;
	struct text rest = fuzz_text(data, size);
	snapshot_reset(&snapshot);
	history_reset(&history);
	most = 0;
	snapshot_add_volume(&snapshot);
	strcpy(snapshot_add_link(&snapshot)->name, "eth0");
	strcpy(snapshot_add_disk(&snapshot)->name, "sda");
	for (unsigned i = 0; rest.length && i < 100; i++) {
		next(&rest);
		history_add(&history, &snapshot, &rates);
		check(&rates);
	}
	return 0;
}
