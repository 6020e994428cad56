/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "cmd/timeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "cmd/look.h"
#include "common/text.h"

#define STEPS_MAX 2000 /* a night at one sample a minute, three times over */

struct steps {
	unsigned count;
	uint32_t times_s[STEPS_MAX];
};

bool timeline_is(const char *dir)
{
	struct root root;
	if (!strcmp(dir, "/") || root_open(&root, dir))
		return false;
	bool found = root_exists(&root, "base/answers/filesystems");
	root_close(&root);
	return found;
}

static int take_step(const char *name, void *arg)
{
	struct steps *steps = arg;
	struct text number = text_of(name + 1);
	if (*name == 't' && steps->count < STEPS_MAX && text_u32(number, &steps->times_s[steps->count]))
		steps->count++;
	return 0;
}

static int earlier(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return (left > right) - (left < right);
}

static int list_steps(const char *dir, struct steps *steps)
{
	struct root root;
	int error = root_open(&root, dir);
	if (error)
		return error;
	error = root_list(&root, ".", take_step, steps);
	root_close(&root);
	qsort(steps->times_s, steps->count, sizeof steps->times_s[0], earlier);
	return error;
}

static int play_step(const char *dir, uint32_t time_s, struct collector *collector, struct look *look)
{
	char base[400], step[400];
	snprintf(base, sizeof base, "%s/base", dir);
	snprintf(step, sizeof step, "%s/t%06u", dir, (unsigned)time_s);
	int error = root_open_step(&collector->root, base, step);
	if (error)
		return error;
	look_at(look, collector_pass(collector, 0));
	root_close(&collector->root);
	return 0;
}

int timeline_play(const char *dir, struct collector *collector,
	void (*moment)(const struct view *view, uint32_t time_s, void *arg), void *arg)
{
	static struct steps steps;
	static struct look look;
	struct root none = {.fd = -1, .base_fd = -1, .recorded = true};
	collector_init(collector, &none);
	look_start(&look, false);
	int error = list_steps(dir, &steps);
	for (unsigned i = 0; i < steps.count && !error; i++) {
		error = play_step(dir, steps.times_s[i], collector, &look);
		if (!error)
			moment(&look.view, steps.times_s[i], arg);
	}
	return error;
}

static void add_moment(const struct view *view, uint32_t time_s, void *arg)
{
	struct json *json = arg;
	json_object(json, NULL);
	json_u32(json, "t_s", time_s);
	represent_moment(view, json);
	json_end(json);
}

int timeline_print(const char *dir, struct collector *collector)
{
	struct json json;
	json_start(&json);
	json_list(&json, "timeline");
	int error = timeline_play(dir, collector, add_moment, &json);
	json_end(&json);
	const char *text = error ? NULL : json_text(&json, true);
	if (text)
		puts(text);
	else
		fprintf(stderr, "nasready: cannot play the timeline %s: %s\n", dir, strerror(-error));
	json_free(&json);
	return text ? EXIT_GOOD : EXIT_ERROR;
}
