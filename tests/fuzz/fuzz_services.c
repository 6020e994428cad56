/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Names of processes, their arguments, and the lists that they are compared with. max_len: 512
 */
#include "collect/source_services.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = fuzz_text(data, size), stat = fuzz_piece(&rest), list = fuzz_piece(&rest);
	struct text name = stat, entry, text;
	bool told = services_name_in_stat(stat, &name);
	if (told)
		MUST(name.at > stat.at && name.at + name.length < stat.at + stat.length);
	while (services_next(&list, &entry)) {
		MUST(entry.length && text_trim(entry).length == entry.length);
		services_match(entry, name, rest);
		/* 15 characters are what the kernel keeps of a name */
		bool plain = entry.length < 16 && !memchr(entry.at, ' ', entry.length);
		MUST(!plain || services_match(entry, entry, (struct text){entry.at, 0}));
	}
	text = TEXT(SERVICES_UNNEEDED);
	while (services_next(&text, &entry))
		services_match(entry, name, rest);
	return 0;
}
