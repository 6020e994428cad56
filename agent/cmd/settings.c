/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "cmd/settings.h"

#include <errno.h>
#include <string.h>

#include "base/listen.h"
#include "base/privilege.h"
#include "collect/source_ups.h"
#include "collect/source_vdisks.h"
#include "judge/assess.h"
#include "judge/outlook.h"
#include "serve/access.h"

#define TRASH_HOURS 24
#define LEASE_S_MAX 31536000	   /* a year */
#define TRASH_HOURS_MAX (366 * 24) /* a year: longer is a mistake */

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
		.disk_depth = given(options->disk_depth),
		.ups = given(options->ups),
	};
	return 0;
}

static const char *find_given(const struct arguments *arguments, unsigned row)
{
	const struct command_option *own = arguments->command->options;
	for (unsigned i = 0; own && own[i].name; i++)
		if (!strcmp(own[i].name, option_rows[row].key))
			return arguments->values[i];
	return arguments->keys[row];
}

void settings_read(
	const struct arguments *arguments, struct options *ret_options, struct complaints *complaints)
{
	const char *file = argument(arguments, "config"), *value;
	options_start(ret_options);
	if (file)
		options_read_file(ret_options, file, complaints);
	for (unsigned i = 0; i < option_rows_count; i++) {
		struct fault inner, fault;
		if (!(value = find_given(arguments, i)))
			continue;
		ret_options->lines[i] = 0;
		if (!options_set(ret_options, &option_rows[i], text_of(value), &inner))
			continue;
		fault_set(&fault, 0, "--%s: %s", option_rows[i].key, inner.text);
		complaints_add(complaints, fault.text);
	}
}

/* -- each value by itself -- */

static int check_allow(const char *value, struct fault *fault)
{
	struct access access;
	access_start(&access, "");
	return access_allow(&access, value, fault);
}

static int check_names(const char *value, struct fault *fault)
{
	struct access access;
	access_start(&access, "");
	return access_add_names(&access, value, fault);
}

static int check_severities(const char *value, struct fault *fault)
{
	struct assess_overrides overrides;
	return assess_configure(value, &overrides, fault);
}

static int check_timeout(const char *value, struct fault *fault)
{
	uint32_t seconds;
	if (text_u32(text_of(value), &seconds) && seconds && seconds <= CLIENT_TIMEOUT_MAX_S)
		return 0;
	return fault_set(fault, -EINVAL, "write a number of seconds from 1 to %d, not \"%.40s\"",
		CLIENT_TIMEOUT_MAX_S, value);
}

static int check_lease(const char *value, struct fault *fault)
{
	uint32_t seconds;
	if (text_u32(text_of(value), &seconds) && seconds && seconds <= LEASE_S_MAX)
		return 0;
	return fault_set(
		fault, -EINVAL, "write a number of seconds from 1 to %d, not \"%.40s\"", LEASE_S_MAX, value);
}

uint64_t settings_lease_s(const struct options *options)
{
	uint32_t seconds = LEASE_S_MAX;
	text_u32(text_of(options->lease_s), &seconds);
	return seconds;
}

static int check_trash(const char *value, struct fault *fault)
{
	uint32_t hours;
	if (text_u32(text_of(value), &hours) && hours <= TRASH_HOURS_MAX)
		return 0;
	return fault_set(fault, -EINVAL, "write a number of hours from 0 to %d, not \"%.40s\"",
		TRASH_HOURS_MAX, value);
}

uint64_t settings_trash_s(const struct options *options)
{
	uint32_t hours = TRASH_HOURS;
	text_u32(text_of(options->trash_hours), &hours);
	return (uint64_t)(hours > TRASH_HOURS_MAX ? TRASH_HOURS_MAX : hours) * 3600;
}

static int check_log(const char *value, struct fault *fault)
{
	if (!strcmp(value, "stderr") || !strcmp(value, "syslog"))
		return 0;
	return fault_set(fault, -EINVAL, "write stderr or syslog, not \"%.40s\"", value);
}

static int check_ports(const char *value, struct fault *fault)
{
	struct port_table ports;
	connections_start_ports(&ports);
	return connections_set_ports(&ports, OTHER_PORT, text_of(value), fault);
}

static int check_ups(const char *value, struct fault *fault)
{
	struct ups_target target;
	return ups_target_parse(text_of(value), &target, fault);
}

static int check_depth(const char *value, struct fault *fault)
{
	unsigned depth;
	return vdisks_depth_parse(value, &depth, fault);
}

static const struct {
	const char *key;
	int (*check)(const char *value, struct fault *fault);
} checks[] = {
	{"listen", listen_check},
	{"allow", check_allow},
	{"names", check_names},
	{"severities", check_severities},
	{"client-timeout-s", check_timeout},
	{"lease-s", check_lease},
	{"trash-hours", check_trash},
	{"user", privilege_check},
	{"log", check_log},
	{"ssh-ports", check_ports},
	{"web-ports", check_ports},
	{"other-ports", check_ports},
	{"disk-depth", check_depth},
	{"ups", check_ups},
};

static int check(const struct options *options, unsigned row, struct fault *fault)
{
	for (unsigned i = 0; i < ARRAY_LEN(checks); i++)
		if (!strcmp(checks[i].key, option_rows[row].key))
			return checks[i].check(options_get(options, &option_rows[row]), fault);
	return 0;
}

void settings_check(const struct options *options, const char *file, struct complaints *complaints)
{
	struct wishes wishes;
	struct fault together;
	for (unsigned i = 0; i < option_rows_count; i++) {
		struct fault inner, fault;
		if (!check(options, i, &inner))
			continue;
		if (options->lines[i])
			fault_set(&fault, 0, "%s:%u: %s: %s", file, options->lines[i], option_rows[i].key,
				inner.text);
		else
			fault_set(&fault, 0, "--%s: %s", option_rows[i].key, inner.text);
		complaints_add(complaints, fault.text);
	} /* only when each is good by itself can they be too many together */
	if (!complaints->count && wishes_read(options, &wishes, &together))
		complaints_add(complaints, together.text);
}
