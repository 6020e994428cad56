/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * /proc/stat and /proc/loadavg. max_len: 4096
 */
#include "collect/source_cpu.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = fuzz_text(data, size);
	struct cpu before, cpu;
	memset(&before, 0xff, sizeof before);
	cpu = before;
	if (cpu_parse_stat(text, &cpu))
		MUST(!memcmp(&cpu, &before, sizeof cpu));
	else
		MUST(memcmp(&cpu, &before, sizeof cpu) != 0);
	MUST(cpu.cores == UNKNOWN_U32 || cpu.cores <= size);
	MUST(cpu.load1_hundredths == UNKNOWN_U32);
	cpu = before;
	if (cpu_parse_loadavg(text, &cpu))
		MUST(!memcmp(&cpu, &before, sizeof cpu));
	MUST(cpu.user == UNKNOWN_U64 && cpu.cores == UNKNOWN_U32);
	return 0;
}
