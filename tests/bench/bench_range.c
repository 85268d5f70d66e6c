/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Lookups in sets of ranges: 70 % ".*", 20 % digits, 10 % other expressions, on
 * 100 hosts; identities at random. The exit status is 1 when a goal is missed. */
#include "range/wims_ranges.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum
{
	LOOKUPS = 200000,
	TEXT_MAX = 80
};

/* One size of a set, with its goals in microseconds. */
struct size
{
	unsigned ranges;
	double hit_max;
};

static const struct size sizes[] = {{1000, 0.5}, {100000, 1}, {1000000, 2}};

static const double miss_max = 0.3;
static const double load_seconds_max = 5;
static const double bytes_max = 200;

/* --- memory that is counted --- */

static size_t live;

static void *counted_alloc(void *ctx, size_t n)
{
	void *p = malloc(n);

	(void)ctx;
	live += malloc_usable_size(p);
	return p;
}

static void counted_free(void *ctx, void *p)
{
	(void)ctx;
	live -= malloc_usable_size(p);
	free(p);
}

static const struct wims_env counted = {.alloc = counted_alloc, .free = counted_free};

/* --- helpers --- */

static uint64_t seed = 1;

static unsigned roll(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)((seed >> 33) * n >> 31);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static bool row(const char *name, unsigned ranges, double value, double p99, const char *unit,
				double most)
{
	printf("%-12s %8u  %7.2f %-6s (p99 %.2f)  goal %g  %s\n", name, ranges, value, unit, p99, most,
		   value <= most ? "met" : "MISSED");
	return value <= most;
}

/* --- the set --- */

static void write_range(char *out, unsigned i)
{
	unsigned of = i % 10, who = roll(1u << 30), host = i % 100;

	if(of < 7)
		snprintf(out, TEXT_MAX, "sip:u%x-%u!.*!@h%u.test", who, i, host);
	else if(of < 9)
		snprintf(out, TEXT_MAX, "sip:u%x-%u![0-9]{4}!@h%u.test", who, i, host);
	else
		snprintf(out, TEXT_MAX, "sip:u%x-%u!(a%u|b[0-9]+)x[a-f]{2,4}!@h%u.test", who, i, i, host);
}

static struct wims_ranges *load(char (*text)[TEXT_MAX], unsigned count)
{
	struct wims_ranges *rs = wims_ranges_new(&counted);
	struct wims_range_fault fault;
	uint32_t owner;
	unsigned i;

	if(rs == NULL || wims_ranges_owner(rs, WIMS_PL("o"), WIMS_PL_NONE, &owner) != WIMS_OK)
		return NULL;
	for(i = 0; i < count; i++)
		if(wims_ranges_add(rs, owner, wims_pl_str(text[i]), &fault) != WIMS_OK)
			return NULL;
	return wims_ranges_seal(rs, &fault) == WIMS_OK ? rs : NULL;
}

/* An identity of the i-th range, or one beside it. */
static void write_identity(char *out, const char *range, unsigned i, bool hit)
{
	static const char *const fits[] = {"bob7", "4711", "b12xabc"};
	const char *user = range + strlen("sip:");
	unsigned of = i % 10;

	snprintf(out, TEXT_MAX, "sip:%s%.*s%s%s", hit ? "" : "v", (int)strcspn(user, "!"), user,
			 fits[(of >= 7) + (of >= 9)], strchr(range, '@'));
}

static bool measure(const struct wims_ranges *rs, struct wims_regex_room *room,
					char (*text)[TEXT_MAX], const struct size *size, bool hit)
{
	static double took[LOOKUPS];
	struct wims_ranges_hit found;
	char impu[TEXT_MAX];
	size_t k;

	for(k = 0; k < LOOKUPS; k++) {
		unsigned i = roll(size->ranges);
		struct wims_pl id;
		double start;

		write_identity(impu, text[i], i, hit);
		id = wims_pl_str(impu);
		start = now();
		if(wims_ranges_find(rs, room, id, &found) != hit) {
			printf("%s: %s\n", impu, hit ? "not found" : "found");
			return false;
		}
		took[k] = now() - start;
	}
	qsort(took, LOOKUPS, sizeof(took[0]), ascending);
	return row(hit ? "range-hit" : "range-miss", size->ranges, took[LOOKUPS / 2],
			   took[LOOKUPS / 100 * 99], "us", hit ? size->hit_max : miss_max);
}

static bool bench(const struct size *size)
{
	char(*text)[TEXT_MAX] = malloc((size_t)size->ranges * TEXT_MAX);
	struct wims_regex_room *room = wims_regex_room_new(&wims_env_libc);
	struct wims_ranges *rs = NULL;
	double start, seconds, bytes;
	bool ok = false;
	size_t l = 0;
	unsigned i;

	if(text == NULL || room == NULL)
		goto out;
	for(i = 0; i < size->ranges; i++) {
		write_range(text[i], i);
		l += strlen(text[i]);
	}
	start = now();
	if((rs = load(text, size->ranges)) == NULL)
		goto out;
	seconds = (now() - start) / 1e6;
	bytes = ((double)live - (double)l) / size->ranges;
	ok = row("range-load", size->ranges, seconds, seconds, "s", load_seconds_max);
	ok = row("range-bytes", size->ranges, bytes, bytes, "bytes", bytes_max) && ok;
	ok = measure(rs, room, text, size, true) && ok;
	ok = measure(rs, room, text, size, false) && ok;
out:
	wims_ranges_free(rs);
	wims_regex_room_free(room);
	free(text);
	return ok;
}

int main(void)
{
	bool ok = true;
	size_t i;

	for(i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		ok = bench(&sizes[i]) && ok;
	return ok ? 0 : 1;
}
