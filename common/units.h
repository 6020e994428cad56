/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Bytes, durations, rates and times for people to read. Disks are sold in TB (powers of 1000); Windows and
 * PowerShell write TB and mean TiB (powers of 1024). Here a unit means what it says, and where there is room
 * both are shown. UINT64_MAX is shown as "unknown". No locale, no time zone, no floating point; what does not
 * fit the buffer is cut.
 */
#ifndef NASREADY_COMMON_UNITS_H
#define NASREADY_COMMON_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNITS_LEN 32	   /* enough for any of these but units_bytes */
#define UNITS_BYTES_LEN 48 /* enough for units_bytes */
#define UNITS_TIME_LEN 21  /* 2026-11-22T21:04:07Z and the end */

/* "1.9 TB (1.73 TiB)"; below 1000: "512 bytes" */
void units_bytes(char *into, size_t size, uint64_t bytes);
/* "1.9 TB" */
void units_decimal(char *into, size_t size, uint64_t bytes);
/* "1.73 TiB" */
void units_binary(char *into, size_t size, uint64_t bytes);

/* "35 s", "4 min", "1 h 20 min", "2 d 3 h", to the nearest of the smallest unit shown */
void units_duration(char *into, size_t size, uint64_t seconds);

/* "58 MB/s"; one decimal below 10; "< 0.1 MB/s" for what would round to nothing */
void units_rate(char *into, size_t size, uint64_t bytes_per_s);
/* the same in "464 Mbit/s", as network people and the client's task manager count */
void units_mbits(char *into, size_t size, uint64_t bytes_per_s);

/* RFC 3339 in UTC, whole seconds; false and an empty text after the year 9999 */
bool units_time(char *into, size_t size, uint64_t clock_ms);

#endif
