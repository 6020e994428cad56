/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/job_child.h"

const struct job_row job_table[] = {
	{JOB_NONE, NULL, false},
};
const unsigned job_table_count = ARRAY_LEN(job_table);
