/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What is shown of a machine: one table of fields for each noun. JSON and metrics walk the same rows, in
 * their order, so a field that is added here appears in both. A field without `key` is no member in JSON
 * (counters, of which JSON shows the rates); one without `metric` is none in Prometheus.
 */
#ifndef NASREADY_SHOW_REPRESENT_FIELDS_H
#define NASREADY_SHOW_REPRESENT_FIELDS_H

#include "show/represent.h"

enum field_kind {
	FIELD_STRING, /* char[]; empty: unknown. As a metric: 1, with the text as label */
	FIELD_TRI,    /* enum tri */
	FIELD_WORD, /* an enum, shown by `words`. As a metric: one for each word, 1 for the one that holds */
	FIELD_U32,
	FIELD_U64,
	FIELD_HUNDREDTHS, /* uint32_t */
	FIELD_MS,	  /* uint32_t, shown as seconds */
	FIELD_AGE,	  /* uint64_t, monotonic time in ms, 0: never; shown as the ms since then */
	FIELD_AGE_S,	  /* the same, shown as seconds */
	FIELD_CLOCK,	  /* uint64_t, wall clock in ms, 0: unknown; shown as a time */
	FIELD_UP,	  /* enum source_state; 1 if it is SOURCE_OK */
	FIELD_FIXED,	  /* `fixed`; NULL: null */
	FIELD_OBJECT,	  /* `fields`, as an object of their own in JSON */
};

enum field_base { FROM_SNAPSHOT, FROM_RATES };

struct field {
	const char *key;
	enum field_kind kind;
	enum field_base base;
	unsigned offset; /* in the row of the snapshot or of the rates */
	const char *metric, *help;
	unsigned decimals; /* the metric is the value / 10^decimals, */
	unsigned times;	   /* times this, if not 0 */
	bool counter;
	bool info;		  /* a label of the noun's info metric */
	const char *const *words; /* NULL in between: unknown */
	const char *fixed;
	const struct field *fields;
	unsigned count; /* of words or fields */
};

struct noun {
	const char *key;
	const char *label; /* of its metrics; the value is the first field. NULL: one object, not a list */
	const struct field *fields;
	unsigned field_count;
	unsigned rows, row_size, row_count; /* in struct snapshot */
	unsigned rates, rate_size;	    /* in struct rates */
	unsigned omitted;		    /* in struct snapshot; with omitted_key only */
	const char *omitted_key, *omitted_metric;
	const char *info_metric, *info_help;
};

extern const struct noun noun_cpu, noun_memory, noun_volumes, noun_links, noun_disks, noun_raid, noun_sources;
/* who uses the machine */
extern const struct noun noun_shares, noun_vdisks, noun_smb, noun_clients, noun_services, noun_ups;

/* "default" or "learned" */
const char *cost_source_name(enum cost_source source);
const char *other_kind_name(enum other_kind kind);

struct row {
	const void *bases[2]; /* by enum field_base */
	uint64_t now_ms;
};

unsigned noun_count(const struct noun *noun, const struct view *view);
unsigned noun_omitted(const struct noun *noun, const struct view *view);
struct row noun_row(const struct noun *noun, const struct view *view, unsigned index);

/* the text of a FIELD_STRING, FIELD_WORD or FIELD_FIXED; NULL: unknown */
const char *field_text(const struct field *field, const struct row *row);
/* the value of any other kind but FIELD_OBJECT; UNKNOWN_U64: unknown */
uint64_t field_number(const struct field *field, const struct row *row);

#endif
