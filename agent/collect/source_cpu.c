/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_cpu.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

enum column { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, COLUMNS };

static uint64_t add(uint64_t a, uint64_t b)
{
	bool fits = a != UNKNOWN_U64 && b != UNKNOWN_U64 && a < UNKNOWN_U64 - b;
	return fits ? a + b : UNKNOWN_U64;
}

/* false if nothing useful can be read */
static bool parse_ticks(struct text words, struct cpu *cpu)
{
	uint64_t ticks[COLUMNS];
	struct text word;
	for (unsigned i = 0; i < COLUMNS; i++) {
		ticks[i] = UNKNOWN_U64;
		if (text_word(&words, &word))
			text_u64(word, &ticks[i]);
		else if (i == IRQ || i == SOFTIRQ)
			ticks[i] = 0; /* kernels without the column count this time as system */
	}
	cpu->user = add(ticks[USER], ticks[NICE]);
	cpu->system = add(add(ticks[SYSTEM], ticks[IRQ]), ticks[SOFTIRQ]);
	cpu->idle = ticks[IDLE];
	cpu->iowait = ticks[IOWAIT];
	cpu->steal = ticks[STEAL];
	return cpu->user != UNKNOWN_U64 || cpu->system != UNKNOWN_U64 || cpu->idle != UNKNOWN_U64;
}

static bool is_core(struct text word)
{
	uint32_t number;
	word.at += 3;
	word.length -= 3;
	return text_u32(word, &number);
}

int cpu_parse_stat(struct text stat, struct cpu *ret_cpu)
{
	struct cpu cpu = *ret_cpu;
	struct text line, word;
	uint32_t cores = 0;
	bool seen = false, read = false;
	while (text_line(&stat, &line)) {
		if (text_word(&line, &word) && text_starts(word, "cpu")) {
			if (is_core(word)) {
				cores++;
			} else if (!seen && text_is(word, "cpu")) {
				seen = true;
				read = parse_ticks(line, &cpu);
			}
		} else if (seen || cores) {
			break; /* the processors come first; the interrupts after them can be long */
		}
	}
	if (!read && !cores)
		return -EBADMSG;
	if (cores)
		cpu.cores = cores;
	*ret_cpu = cpu;
	return 0;
}

int cpu_parse_loadavg(struct text loadavg, struct cpu *ret_cpu)
{
	uint32_t *loads[] = {
		&ret_cpu->load1_hundredths, &ret_cpu->load5_hundredths, &ret_cpu->load15_hundredths};
	struct text word;
	bool read = false;
	for (unsigned i = 0; i < ARRAY_LEN(loads) && text_word(&loadavg, &word); i++)
		read |= text_hundredths(word, loads[i]);
	return read ? 0 : -EBADMSG;
}

static void read_name(const struct pass *pass, const char *path, char into[HOST_LEN])
{
	char buffer[256];
	ssize_t length = root_read(pass->root, buffer, sizeof buffer, "%s", path);
	if (length >= 0)
		text_show(into, HOST_LEN, text_trim((struct text){buffer, (size_t)length}));
}

static void read_loadavg(const struct pass *pass)
{
	char buffer[128];
	ssize_t length = root_read(pass->root, buffer, sizeof buffer, "proc/loadavg");
	if (length >= 0)
		cpu_parse_loadavg((struct text){buffer, (size_t)length}, &pass->now->cpu);
}

/* Linux 6.1 and later have a file for it; a recording of an older kernel may have one, too. */
static void read_machine(const struct pass *pass)
{
	char machine[HOST_LEN] = "";
	struct utsname name;
	read_name(pass, "proc/sys/kernel/arch", machine);
	if (!machine[0] && !pass->root->recorded && !uname(&name))
		text_show(machine, sizeof machine, text_of(name.machine));
	text_show(pass->now->machine, sizeof pass->now->machine, text_of(machine));
}

static void read_names(const struct pass *pass)
{
	const struct snapshot *before = pass->before;
	struct snapshot *now = pass->now;
	if (pass->lately) {
		memcpy(now->machine, before->machine, sizeof now->machine);
		memcpy(now->host, before->host, sizeof now->host);
		memcpy(now->kernel, before->kernel, sizeof now->kernel);
		return;
	}
	read_machine(pass);
	read_name(pass, "proc/sys/kernel/hostname", now->host);
	read_name(pass, "proc/sys/kernel/osrelease", now->kernel);
}

int cpu_collect(struct pass *pass, struct fault *fault)
{
	read_names(pass);
	read_loadavg(pass);
	ssize_t length = root_read(pass->root, pass->text, PROC_TEXT_MAX, "proc/stat");
	if (length == -EFBIG)
		return fault_set(fault, -EFBIG,
			"/proc/stat is longer than %d bytes: more processors and interrupts than nasready "
			"reads",
			PROC_TEXT_MAX);
	if (length < 0)
		return fault_set(fault, (int)length, "cannot read /proc/stat: %s", strerror((int)-length));
	int error = cpu_parse_stat((struct text){pass->text, (size_t)length}, &pass->now->cpu);
	if (error)
		fault_set(fault, error, "/proc/stat has no \"cpu\" line with numbers");
	return error;
}
