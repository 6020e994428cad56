/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/represent_ready.h"

void represent_moment(const struct view *view, struct json *json)
{
	represent_answer_brief(view->assessment, json);
	json_hundredths(json, "cpu_busy_percent", view->rates->cpu.busy_hundredths);
	json_hundredths(json, "cpu_iowait_percent", view->rates->cpu.iowait_hundredths);
	json_list(json, "volumes");
	for (uint32_t i = 0; i < view->snapshot->volume_count; i++) {
		const struct volume *volume = &view->snapshot->volumes[i];
		const struct volume_rates *rates = &view->rates->volumes[i];
		json_object(json, NULL);
		json_string(json, "id", volume->id);
		json_u64(json, "free_bytes", volume->free_bytes);
		json_string(json, "state", volume_state_name(rates->state));
		json_u64(json, "rate_bytes_per_s", rates->rate_bytes_per_s);
		json_u64(json, "eta_s", rates->eta_s);
		json_tri(json, "settled", rates->settled);
		json_u64(json, "write_bytes_per_s", rates->write_bytes_per_s);
		json_end(json);
	}
	json_end(json);
}
