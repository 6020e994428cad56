/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "cmd/settings.h"

#include "collect/source_ups.h"

static int read_ports(const struct options *options, struct port_table *ports, struct fault *fault)
{
	const struct {
		enum other_kind kind;
		const char *key, *list;
	} kinds[] = {
		{OTHER_SSH, "ssh-ports", options->ssh_ports},
		{OTHER_WEB_UI, "web-ports", options->web_ports},
		{OTHER_PORT, "other-ports", options->other_ports},
	};
	connections_start_ports(ports);
	for (unsigned i = 0; i < ARRAY_LEN(kinds); i++) {
		struct fault inner = {""};
		int error = connections_set_ports(ports, kinds[i].kind, text_of(kinds[i].list), &inner);
		if (error)
			return fault_set(fault, error, "%s: %s", kinds[i].key, inner.text);
	}
	return 0;
}

static const char *given(const char *text)
{
	return *text ? text : NULL;
}

int wishes_read(const struct options *options, struct wishes *ret_wishes, struct fault *fault)
{
	struct ups_target target;
	struct fault inner = {""};
	int error = read_ports(options, &ret_wishes->ports, fault);
	if (error)
		return error;
	error = ups_target_parse(text_of(options->ups), &target, &inner);
	if (error)
		return fault_set(fault, error, "ups: %s", inner.text);
	ret_wishes->settings = (struct settings){
		.smb_conf = given(options->smb_conf),
		.ports = &ret_wishes->ports,
		.services_expected = given(options->services_expected),
		.services_unneeded = given(options->services_unneeded),
		.ups = given(options->ups),
	};
	return 0;
}
