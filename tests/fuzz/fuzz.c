/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>

/* json-c has typedefs by the names of two functions of show/json.h */
#define json_object json_c_object
#define json_bool json_c_bool
#include <json-c/json.h>
#undef json_object
#undef json_bool

void fuzz_must(bool holds, const char *what, const char *file, int line)
{
	if (holds)
		return;
	fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, what);
	abort();
}

/* -- input -- */

struct text fuzz_text(const uint8_t *data, size_t size)
{
	return (struct text){(const char *)data, size};
}

struct text fuzz_piece(struct text *rest)
{
	struct text piece = {rest->at, 0};
	text_until(rest, 0, &piece);
	return piece;
}

char *fuzz_string(struct text *rest)
{
	struct text piece = fuzz_piece(rest);
	char *string = malloc(piece.length + 1);
	MUST(string != NULL);
	if (piece.length)
		memcpy(string, piece.at, piece.length);
	string[piece.length] = 0;
	return string;
}

static unsigned take_byte(struct text *rest)
{
	if (!rest->length)
		return 0;
	unsigned byte = (unsigned char)*rest->at;
	*rest = (struct text){rest->at + 1, rest->length - 1};
	return byte;
}

uint64_t fuzz_number(struct text *rest)
{
	unsigned width = take_byte(rest) % 12;
	uint64_t value = 0;
	if (width > 8)
		return width == 9 ? UINT64_MAX : width == 10 ? UINT32_MAX : UINT64_C(1) << 40;
	for (unsigned i = 0; i < width; i++)
		value |= (uint64_t)take_byte(rest) << (8 * i);
	return value;
}

unsigned fuzz_choice(struct text *rest, unsigned count)
{
	return take_byte(rest) % count;
}

/* -- promises -- */

static void check_journal(const struct journal *journal)
{
	MUST(journal->present <= UNKNOWN && journal->external <= UNKNOWN && journal->needs_check <= UNKNOWN);
	MUST(journal->mode <= JOURNAL_DATA);
	MUST_END(journal->block);
	MUST_END(journal->last_error);
	MUST_END(journal->reason);
}

static void check_volume(const struct volume *volume)
{
	MUST_END(volume->id);
	MUST_END(volume->mount);
	MUST_END(volume->device);
	MUST_END(volume->fstype);
	MUST_END(volume->block);
	MUST_END(volume->space_reason);
	MUST_END(volume->label);
	MUST_END(volume->uuid);
	MUST_END(volume->probe_reason);
	MUST_END(volume->knee_reason);
	MUST(volume->read_only <= UNKNOWN && volume->stale <= UNKNOWN && volume->probed <= UNKNOWN);
	MUST(volume->flex_bg <= UNKNOWN && volume->mount_journal_external <= UNKNOWN);
	MUST(volume->id[0] && !strchr(volume->id, '/'));
	check_journal(&volume->super);
	check_journal(&volume->journal);
}

static void check_machine(const struct snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++)
		check_volume(&snapshot->volumes[i]);
	for (uint32_t i = 0; i < snapshot->disk_count; i++) {
		const struct disk *disk = &snapshot->disks[i];
		MUST_END(disk->name);
		MUST_END(disk->model);
		MUST(disk->rotational <= UNKNOWN && disk->write_back_cache <= UNKNOWN);
	}
	for (uint32_t i = 0; i < snapshot->raid_count; i++) {
		const struct raid *raid = &snapshot->raids[i];
		MUST_END(raid->name);
		MUST_END(raid->level);
		MUST_END(raid->state);
		MUST_END(raid->sync);
		MUST(raid->degraded <= UNKNOWN);
		MUST(raid->sync_percent_hundredths == UNKNOWN_U32 || raid->sync_percent_hundredths <= 10000);
	}
	for (uint32_t i = 0; i < snapshot->link_count; i++) {
		const struct link *link = &snapshot->links[i];
		MUST_END(link->name);
		MUST_END(link->reason);
		MUST(link->up <= UNKNOWN && link->full_duplex <= UNKNOWN && link->wireless <= UNKNOWN);
		MUST(link->speed_mbps != 0);
	}
}

static void check_smb(const struct snapshot *snapshot)
{
	MUST_END(snapshot->smb.server);
	MUST_END(snapshot->smb.reason);
	MUST(snapshot->smb.smb_port_count <= ARRAY_LEN(snapshot->smb.smb_ports));
	for (uint32_t i = 0; i < snapshot->client_count; i++) {
		const struct client *client = &snapshot->clients[i];
		MUST_END(client->address);
		MUST(client->open_disk_count <= OPEN_DISKS_MAX);
		for (uint32_t j = 0; j < client->open_disk_count; j++)
			MUST_END(client->open_disks[j]);
	}
	for (uint32_t i = 0; i < snapshot->share_count; i++) {
		const struct share *share = &snapshot->shares[i];
		MUST_END(share->name);
		MUST_END(share->path);
		MUST_END(share->volume);
		MUST(share->name[0] && share->path[0]);
		MUST(share->strict_allocate <= UNKNOWN && share->strict_sync <= UNKNOWN);
		MUST(share->dfree_command <= UNKNOWN && share->read_only <= UNKNOWN);
	}
}

void fuzz_check_snapshot(const struct snapshot *snapshot)
{
	MUST(snapshot->volume_count <= VOLUMES_MAX && snapshot->disk_count <= DISKS_MAX);
	MUST(snapshot->raid_count <= RAIDS_MAX && snapshot->link_count <= LINKS_MAX);
	MUST(snapshot->client_count <= CLIENTS_MAX && snapshot->other_count <= OTHERS_MAX);
	MUST(snapshot->share_count <= SHARES_MAX && snapshot->service_count <= SERVICES_MAX);
	MUST(snapshot->source_count <= SOURCES_MAX);
	check_machine(snapshot);
	check_smb(snapshot);
}

/* bytes of the character at `at` as RFC 3629 has it; 0: none */
static unsigned utf8_length(const unsigned char *at, uint32_t *ret_character)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned length = *at < 0x80	? 1
			  : *at >= 0xf8 ? 0
			  : *at >= 0xf0 ? 4
			  : *at >= 0xe0 ? 3
			  : *at >= 0xc0 ? 2
					: 0;
	uint32_t character = length < 2 ? *at : *at & (0x7fu >> length);
	for (unsigned i = 1; i < length; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (at[i] & 0x3f);
	}
	*ret_character = character;
	bool surrogate = character >= 0xd800 && character < 0xe000;
	return length && (character < least[length] || character > 0x10ffff || surrogate) ? 0 : length;
}

bool fuzz_is_utf8(const char *text)
{
	uint32_t character;
	for (unsigned length; *text; text += length)
		if (!(length = utf8_length((const unsigned char *)text, &character)))
			return false;
	return true;
}

bool fuzz_is_plain(const char *text)
{
	uint32_t c;
	for (unsigned length; *text; text += length) {
		if (!(length = utf8_length((const unsigned char *)text, &c)))
			return false;
		if ((c < ' ' && c != '\n') || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
			(c >= 0x2066 && c <= 0x2069))
			return false;
	}
	return true;
}

void fuzz_check_json(const char *text)
{
	MUST(text != NULL && fuzz_is_utf8(text));
	struct json_tokener *tokener = json_tokener_new();
	MUST(tokener != NULL);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	struct json_c_object *root = json_tokener_parse_ex(tokener, text, (int)strlen(text) + 1);
	MUST(root && json_tokener_get_error(tokener) == json_tokener_success);
	json_object_put(root);
	json_tokener_free(tokener);
}

void fuzz_check_member(const char *text, const char *name, const char *value)
{
	struct json_c_object *root = json_tokener_parse(text), *member = NULL;
	MUST(root && json_object_object_get_ex(root, name, &member));
	MUST(!strcmp(json_object_get_string(member), value));
	json_object_put(root);
}
