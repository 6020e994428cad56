/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/kinds.h"

const struct job_row job_table[] = {
	{JOB_CREATE, job_create},
	{JOB_GROW, job_grow},
	{JOB_DELETE, job_delete},
	{JOB_UNDELETE, job_undelete},
	{JOB_TIDY, job_tidy},
	{JOB_PROBE, job_probe},
};
const unsigned job_table_count = ARRAY_LEN(job_table);
