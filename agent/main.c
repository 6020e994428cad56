/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "cmd/commands.h"

int main(int argc, char **argv)
{
	return commands_run(argc, argv);
}
