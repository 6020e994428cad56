/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_ups.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "system/answer.h"

#define ASKED_MS 10000
#define UNASKED_MS 60000
#define ABSENT_MS 600000 /* nobody asks, and there was none: a fork and a wake-up a minute for nothing */
#define GIVE_UP_MS 10000 /* the child gives up after 2 s to connect and 5 s to talk */

/* A question outlives its pass, so it lives here: one collector, one set. */
static struct {
	struct answer answer;
	struct ups_target target;
	bool asking;
	bool seen;	   /* there was a UPS once: it is missed soon */
	uint64_t since_ms; /* of the last question; 0: none yet */
	int result;
	struct fault fault;
	pid_t left; /* a child that was killed but not yet gone */
} question;

/* -- whom to ask -- */

static bool is_ups_name(struct text name)
{
	for (size_t i = 0; i < name.length; i++)
		if (name.at[i] <= ' ' || name.at[i] > '~' || name.at[i] == '"' || name.at[i] == '\\')
			return false;
	return name.length < NAME_LEN;
}

static bool parse_address(struct text host, uint16_t port, struct ups_target *target)
{
	char address[ADDRESS_LEN];
	struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)&target->address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)&target->address;
	bool bracketed = host.length > 2 && host.at[0] == '[' && host.at[host.length - 1] == ']';
	if (bracketed)
		host = (struct text){host.at + 1, host.length - 2};
	if (!text_copy(address, sizeof address, host))
		return false;
	if (bracketed && inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		target->address_size = sizeof *v6;
		snprintf(target->server, sizeof target->server, "[%s]:%u", address, port);
		return true;
	}
	if (bracketed || inet_pton(AF_INET, address, &v4->sin_addr) != 1)
		return false;
	v4->sin_family = AF_INET;
	v4->sin_port = htons(port);
	target->address_size = sizeof *v4;
	snprintf(target->server, sizeof target->server, "%s:%u", address, port);
	return true;
}

/* Takes ":PORT" off the end of a host. */
static bool take_port(struct text *host, uint16_t *ret_port)
{
	uint32_t port = UPS_PORT;
	const char *colon = host->length ? memrchr(host->at, ':', host->length) : NULL;
	if (colon && !memchr(colon, ']', (size_t)(host->at + host->length - colon))) {
		struct text number = {colon + 1, (size_t)(host->at + host->length - colon - 1)};
		if (!text_u32(number, &port) || !port || port > UINT16_MAX)
			return false;
		host->length = (size_t)(colon - host->at);
	}
	*ret_port = (uint16_t)port;
	return true;
}

int ups_target_parse(struct text text, struct ups_target *ret_target, struct fault *fault)
{
	struct text host = text_trim(text), name = {host.at, 0};
	struct ups_target target = {.name = ""};
	uint16_t port;
	text_until(&host, '@', &name);
	if (!host.length)
		host = TEXT("127.0.0.1");
	if (!is_ups_name(name) || !text_copy(target.name, sizeof target.name, name) ||
		!take_port(&host, &port) || !parse_address(host, port, &target))
		return fault_set(fault, -EINVAL,
			"\"%.*s\" names no UPS: write NAME@ADDRESS:PORT, the address in digits",
			(int)(text.length < 60 ? text.length : 60), text.at);
	*ret_target = target;
	return 0;
}

/* -- what upsd says -- */

static void set_unknown(struct ups *ups)
{
	*ups = (struct ups){
		.present = UNKNOWN,
		.on_battery = UNKNOWN,
		.battery_low = UNKNOWN,
		.charge_percent = UNKNOWN_U32,
		.runtime_s = UNKNOWN_U32,
	};
}

/* what was told before it broke off is not to be trusted */
static int unknown(struct ups *ups, struct fault *fault, int result)
{
	char name[sizeof ups->name];
	memcpy(name, ups->name, sizeof name);
	set_unknown(ups);
	memcpy(ups->name, name, sizeof name);
	text_show(ups->reason, sizeof ups->reason, text_of(fault->text));
	return result;
}

struct talk {
	struct ups *ups;
	bool any, whole_list, has_status; /* any: something that upsd says */
	struct text error;		  /* the first */
};

/* Takes the quotes off; false if they are not both there. */
static bool unquote(struct text *value)
{
	*value = text_trim(*value);
	if (value->length < 2 || value->at[0] != '"' || value->at[value->length - 1] != '"')
		return false;
	*value = (struct text){value->at + 1, value->length - 2};
	return true;
}

/* status words: networked/nut, "Status data" */
static void take_status(struct ups *ups, struct text words)
{
	struct text word;
	ups->present = YES;
	while (text_word(&words, &word)) {
		if (text_is(word, "OL") && ups->on_battery == UNKNOWN)
			ups->on_battery = NO;
		else if (text_is(word, "OB") || text_is(word, "FSD"))
			ups->on_battery = YES;
		if (text_is(word, "LB") || text_is(word, "FSD"))
			ups->battery_low = YES;
	}
	if (ups->on_battery != UNKNOWN && ups->battery_low == UNKNOWN)
		ups->battery_low = NO;
}

static void take_variable(struct talk *talk, struct text line)
{
	struct ups *ups = talk->ups;
	struct text name, variable;
	uint32_t hundredths;
	if (!text_word(&line, &name) || !text_is(name, ups->name) || !text_word(&line, &variable) ||
		!unquote(&line))
		return;
	if (text_is(variable, "ups.status") && text_trim(line).length) {
		talk->has_status = true;
		take_status(ups, line);
	}
	if (text_is(variable, "battery.charge") && text_hundredths(line, &hundredths) && hundredths <= 10000)
		ups->charge_percent = hundredths / 100;
	if (text_is(variable, "battery.runtime") && text_hundredths(line, &hundredths))
		ups->runtime_s = hundredths / 100;
}

static void take_line(struct talk *talk, struct text line)
{
	struct text word, rest = line;
	if (!text_word(&rest, &word))
		return;
	bool begin = text_starts(line, "BEGIN LIST UPS"), end = text_starts(line, "END LIST UPS");
	talk->whole_list |= end;
	talk->any |= begin || end;
	if (text_is(word, "ERR") && text_word(&rest, &word)) {
		talk->any = true;
		if (!talk->error.length)
			talk->error = word;
	} else if (text_is(word, "VAR")) {
		talk->any = true;
		take_variable(talk, rest);
	} else if (text_is(word, "UPS") && text_word(&rest, &word) && !talk->ups->name[0] &&
		   is_ups_name(word)) {
		text_copy(talk->ups->name, sizeof talk->ups->name, word);
	}
}

static int explain(const struct talk *talk, const struct ups_target *target, struct fault *fault)
{
	struct ups *ups = talk->ups;
	char code[32];
	text_show(code, sizeof code, talk->error);
	if (talk->error.length && !strcmp(code, "UNKNOWN-UPS"))
		fault_set(fault, 0, "upsd on %s knows no UPS \"%s\": `upsc -l` lists them", target->server,
			ups->name);
	else if (!strcmp(code, "DATA-STALE") || !strcmp(code, "DRIVER-NOT-CONNECTED"))
		fault_set(fault, 0, "upsd has lost the UPS \"%s\" (%s): look at its cable and driver",
			ups->name, code);
	else if (talk->error.length)
		fault_set(fault, 0, "upsd on %s refuses to tell: %s", target->server, code);
	else if (talk->any)
		fault_set(fault, 0, "upsd on %s stopped in mid-sentence", target->server);
	else
		fault_set(fault, 0, "what answers on %s does not talk like upsd", target->server);
	return unknown(ups, fault, SOURCE_E_STALE);
}

int ups_parse(struct text text, const struct ups_target *target, struct ups *ret_ups, struct fault *fault)
{
	struct talk talk = {.ups = ret_ups};
	struct text line;
	set_unknown(ret_ups);
	memcpy(ret_ups->name, target->name, sizeof ret_ups->name);
	if (text_starts(text, "CONNECT ")) {
		fault_set(fault, 0, "no upsd answers on %s", target->server);
		return unknown(ret_ups, fault, SOURCE_E_ABSENT);
	}
	/* a line without its newline is not whole */
	while (text.length && memchr(text.at, '\n', text.length) && text_line(&text, &line))
		take_line(&talk, line);
	if (talk.has_status) {
		if (ret_ups->on_battery == UNKNOWN)
			snprintf(ret_ups->reason, sizeof ret_ups->reason,
				"the UPS says neither OL (on line) nor OB (on battery)");
		return 0;
	}
	if (talk.whole_list && !talk.error.length && !ret_ups->name[0]) {
		ret_ups->present = NO;
		snprintf(ret_ups->reason, sizeof ret_ups->reason, "upsd on %s has no UPS", target->server);
		return 0;
	}
	return explain(&talk, target, fault);
}

/* -- the source -- */

static bool is_due(const struct pass *pass)
{
	bool absent = question.result == SOURCE_E_ABSENT;
	uint64_t every_ms = pass->asked && (question.seen || !absent) ? ASKED_MS
			    : pass->asked || !absent		      ? UNASKED_MS
								      : ABSENT_MS;
	return pass->root->recorded || !question.since_ms ||
	       pass->now->time_ms - question.since_ms >= every_ms;
}

static int begin(struct pass *pass, struct fault *fault)
{
	int error = ups_target_parse(
		text_of(pass->settings.ups ? pass->settings.ups : ""), &question.target, fault);
	if (error)
		return error;
	question.since_ms = pass->now->time_ms;
	answer_child_lives(question.left);
	error = answer_begin(&question.answer, pass->root, "ups", ups_ask, &question.target);
	question.asking = !error;
	if (error == -ENOENT)
		return fault_set(fault, SOURCE_E_ABSENT, "answers/ups is not in this recording");
	return error ? fault_set(fault, error, "no child to ask for the UPS: %s", strerror(-error)) : 0;
}

static void take_answer(struct pass *pass, bool ended)
{
	struct text text = {question.answer.text, question.answer.length};
	if (ended || text.length) {
		question.result = ups_parse(text, &question.target, &pass->now->ups, &question.fault);
	} else {
		set_unknown(&pass->now->ups);
		fault_set(&question.fault, 0, "upsd on %s does not answer", question.target.server);
		question.result = unknown(&pass->now->ups, &question.fault, SOURCE_E_STALE);
	}
	question.seen |= !question.result;
	question.left = answer_drop(&question.answer);
	question.asking = false;
}

int ups_collect(struct pass *pass, struct fault *fault)
{
	struct ups *ups = &pass->now->ups;
	*ups = pass->before->ups;
	if (!question.asking && is_due(pass)) {
		int error = begin(pass, fault);
		if (error) {
			set_unknown(ups);
			question.result = error;
			question.fault = *fault;
			return unknown(ups, fault, error);
		}
	}
	return 0;
}

int ups_finish(struct pass *pass, struct fault *fault)
{
	bool ended = question.asking && answer_wait(&question.answer, pass->patience_ms);
	if (ended || (question.asking && pass->now->time_ms - question.since_ms >= GIVE_UP_MS))
		take_answer(pass, ended);
	if (question.result)
		*fault = question.fault;
	if (!question.asking || question.result || pass->now->ups.present != UNKNOWN)
		return question.result;
	fault_set(fault, 0, "upsd on %s is still being asked", question.target.server);
	return unknown(&pass->now->ups, fault, SOURCE_E_STALE);
}
