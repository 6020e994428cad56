/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "work/obey.h"

static bool cancel(struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer)
{
	const struct job *job = jobs_find(obey->jobs, order->number);
	(void)known;
	answer->job = order->number;
	if (jobs_cancel(obey->jobs, order->number))
		return true;
	if (!job)
		return obey_refuse(answer, ORDER_UNKNOWN_JOB, "there is no job %u: GET /v1/jobs lists them",
			(unsigned)order->number);
	return true; /* it has ended: what was wanted is so */
}

const struct order_row order_table[] = {
	{ORDER_CANCEL, cancel},
};
const unsigned order_table_count = ARRAY_LEN(order_table);
