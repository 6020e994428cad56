/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Judges the file of a virtual disk without mounting it, whether an agent runs or not.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/look.h"
#include "common/image_inspect.h"
#include "show/represent_image.h"
#include "system/image_file.h"

struct inspection {
	struct image_work work;
	struct image image;
	struct content content;
};

static int code_of(const struct inspection *inspection)
{
	const struct image *image = &inspection->image;
	if (image->damaged || image->format != IMAGE_VHDX)
		return EXIT_REFUSED;
	bool fixed = image->type == IMAGE_FIXED && image->hollow != YES;
	return fixed && image->clean == YES && !image->problem_count ? EXIT_GOOD : EXIT_WARNING;
}

static int print(const struct arguments *arguments, const struct inspection *inspection)
{
	struct json json;
	struct out out = {0};
	bool as_json = argument(arguments, "json") != NULL;
	if (as_json) {
		json_start(&json);
		represent_image(&inspection->image, &inspection->content, &json);
	} else {
		represent_image_text(arguments->words[0], &inspection->image, &inspection->content, &out);
	}
	int code = as_json ? print_json(arguments, &json, true) : print_out(arguments, &out);
	return code == EXIT_GOOD ? code_of(inspection) : code;
}

static int look(const char *path, struct inspection *inspection, struct fault *fault)
{
	struct root root;
	struct image_file file = {.fd = -1};
	int error = root_open(&root, "/");
	if (!error) {
		error = image_file_open(&root, AT_FDCWD, path, true, &file, fault);
		root_close(&root);
	}
	if (!error)
		error = image_inspect(&file.reader, &inspection->work, &inspection->image);
	if (!error)
		image_file_probe(&file, &inspection->image, &inspection->content);
	image_file_close(&file);
	if (error && !fault->text[0])
		fault_set(fault, error, "%s cannot be read: %s", path, strerror(-error));
	return error;
}

static int run(const struct arguments *arguments)
{
	struct fault fault = {""};
	if (!arguments->word_count)
		return cmd_wrong(arguments, "it needs the FILE of a virtual disk");
	autofree struct inspection *inspection = malloc(sizeof *inspection);
	if (!inspection)
		return cmd_failed(arguments, "no memory is left");
	return look(arguments->words[0], inspection, &fault) ? cmd_failed(arguments, fault.text)
							     : print(arguments, inspection);
}

static const struct command_option options[] = {
	{"json", NULL, "for scripts"},
	{NULL, NULL, NULL},
};

const struct subcommand command_inspect = {
	.name = "inspect",
	.says = "judge the file of a virtual disk without mounting it",
	.usage = "FILE [--json]",
	.tells =
		"Says what the file of a virtual disk is: VHDX or VHD, fixed or dynamic, closed in order or "
		"not, "
		"damaged or whole, and what is inside a fixed one. Changes nothing, replays no log, and "
		"leaves a file "
		"alone that an SMB client has open with an oplock. Exit codes: 0 a fixed VHDX in good order, "
		"1 something to know (dynamic, hollow, not closed), 2 damaged, or no VHDX, 3 it could not be "
		"read.",
	.options = options,
	.words_max = 1,
	.run = run,
};
