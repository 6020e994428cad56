/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The configuration: the file, and what the values of its keys mean. max_len: 4096
 */
#include "base/options.h"

#include <errno.h>

#include "collect/source_connections.h"
#include "collect/source_services.h"
#include "collect/source_ups.h"
#include "judge/assess.h"
#include "tests/fuzz/fuzz.h"

static void check_values(const char *text)
{
	static struct assess_overrides overrides;
	struct port_table ports;
	struct ups_target target;
	struct fault fault = {""};
	struct text list = text_of(text), entry;
	int result = assess_configure(text, &overrides, &fault);
	MUST(!result || (result == -EINVAL && fault.text[0]));
	connections_start_ports(&ports);
	connections_set_ports(&ports, OTHER_WEB_UI, text_of(text), &fault);
	MUST(ports.count <= PORTS_MAX);
	if (!ups_target_parse(text_of(text), &target, &fault)) {
		MUST_END(target.name);
		MUST_END(target.server);
		MUST(target.address_size > 0 && target.address_size <= sizeof target.address);
	}
	while (services_next(&list, &entry)) {
		MUST(entry.length);
		services_match(entry, entry, list);
	}
}

static void each_names_its_line(const char *text, void *arg)
{
	(void)arg;
	MUST(!strncmp(text, "nasready.conf:", 14));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct options options;
	struct text rest = fuzz_text(data, size);
	struct complaints complaints = {each_names_its_line, NULL, 0};
	autofree char *text = fuzz_string(&rest);
	options_start(&options);
	options_parse(&options, text, "nasready.conf", &complaints);
	for (unsigned i = 0; i < option_rows_count; i++)
		MUST(memchr((const char *)&options + option_rows[i].offset, 0, OPTION_LEN));
	check_values(text);
	return 0;
}
