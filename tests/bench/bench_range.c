/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* bench_range COUNT...: lookups in sets of so many ranges: 70 % ".*", 20 %
 * digits, 10 % other expressions, on 100 hosts; identities at random. Each
 * figure is a line, which ranges.py reads:
 *   NAME-COUNT median p99 linear-PCRE2 linear-regexec */
#include "bench_linear.h"
#include "range/wims_ranges.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum
{
	LOOKUPS = 200000,
	LINEAR_LOOKUPS = 7, /* each goes through many ranges */
	TEXT_MAX = 80
};

/* A set, what it is compared with, and the ranges that are in all of them. */
struct bench
{
	unsigned ranges;
	char (*text)[TEXT_MAX];
	struct wims_ranges *set;
	struct wims_regex_room *room;
	struct bench_linear *linear[BENCH_ENGINES];
};

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

/* In microseconds. */
static double now_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double now(void)
{
	return now_of(CLOCK_MONOTONIC);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
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

static bool fill(struct bench *b)
{
	struct wims_range_fault fault;
	uint32_t owner;
	unsigned i;

	if((b->set = wims_ranges_new(&counted)) == NULL
	   || wims_ranges_owner(b->set, WIMS_PL("o"), WIMS_PL_NONE, &owner) != WIMS_OK)
		return false;
	for(i = 0; i < b->ranges; i++)
		if(wims_ranges_add(b->set, owner, wims_pl_str(b->text[i]), &fault) != WIMS_OK)
			return false;
	return wims_ranges_seal(b->set, &fault) == WIMS_OK;
}

/* Builds the set; prints how long it took and what a range takes beyond its text. */
static bool load(struct bench *b)
{
	double start = now_of(CLOCK_PROCESS_CPUTIME_ID), seconds;
	size_t before = live, l = 0;
	unsigned i;

	if(!fill(b))
		return false;
	seconds = (now_of(CLOCK_PROCESS_CPUTIME_ID) - start) / 1e6;
	for(i = 0; i < b->ranges; i++)
		l += strlen(b->text[i]);
	printf("range-load-%u %.4g - - -\n", b->ranges, seconds);
	printf("range-bytes-%u %.4g - - -\n", b->ranges, (double)(live - before - l) / b->ranges);
	return true;
}

/* --- lookups --- */

enum sought
{
	HIT,
	NEAR, /* has the range's literal text, and does not match its expression */
	MISS,
	SOUGHTS
};

static const char *const names[SOUGHTS] = {"range-hit", "range-near", "range-miss"};

/* A number of a range, below count; one that something does not match, if near. */
static unsigned pick(unsigned count, enum sought sought)
{
	unsigned i = roll(count);

	return sought == NEAR ? i - i % 10 + 7 + roll(3) : i;
}

static void write_identity(char *out, const char *range, unsigned i, enum sought sought)
{
	static const char *const fits[] = {"bob7", "4711", "b12xabc"};
	const char *user = range + strlen("sip:");
	unsigned of = i % 10;

	snprintf(out, TEXT_MAX, "sip:%s%.*s%s%s%s", sought == MISS ? "v" : "", (int)strcspn(user, "!"),
			 user,
			 fits[of < 7   ? 0
				  : of < 9 ? 1
						   : 2],
			 sought == NEAR ? "-" : "", strchr(range, '@'));
}

static bool wrong(const char *identity, bool found)
{
	fprintf(stderr, "%s: %s\n", identity, found ? "found" : "not found");
	return false;
}

/* Median and 99 % of lookups in the set, in microseconds. */
static bool measure_set(const struct bench *b, enum sought sought, double out[2])
{
	static double took[LOOKUPS];
	struct wims_ranges_hit hit;
	char impu[TEXT_MAX];
	unsigned i;
	size_t k;

	for(k = 0; k < LOOKUPS; k++) {
		struct wims_pl id;
		double start;

		i = pick(b->ranges, sought);
		write_identity(impu, b->text[i], i, sought);
		id = wims_pl_str(impu);
		start = now();
		if(wims_ranges_find(b->set, b->room, id, &hit) != (sought == HIT))
			return wrong(impu, sought != HIT);
		took[k] = now() - start;
	}
	qsort(took, LOOKUPS, sizeof(took[0]), ascending);
	out[0] = took[LOOKUPS / 2];
	out[1] = took[LOOKUPS / 100 * 99];
	return true;
}

/* Median of linear lookups; those in a part of the ranges count as many times as
 * it is in the whole. */
static bool measure_linear(const struct bench *b, const struct bench_linear *l, enum sought sought,
						   double *out)
{
	unsigned count = (unsigned)bench_linear_count(l), i, k;
	double took[LINEAR_LOOKUPS + 1], start;
	char impu[TEXT_MAX];

	for(k = 0; k <= LINEAR_LOOKUPS; k++) {
		i = pick(count, sought);
		write_identity(impu, b->text[i], i, sought);
		start = now();
		if(bench_linear_find(l, impu) != (sought == HIT))
			return wrong(impu, sought != HIT);
		took[k] = now() - start;
	}
	/* the first one warms up: regexec() completes what it compiled */
	qsort(took + 1, LINEAR_LOOKUPS, sizeof(took[0]), ascending);
	*out = took[1 + LINEAR_LOOKUPS / 2] * b->ranges / count;
	return true;
}

static bool measure(const struct bench *b, enum sought sought)
{
	double set[2], linear[BENCH_ENGINES];
	enum bench_engine e;

	if(!measure_set(b, sought, set))
		return false;
	for(e = 0; e < BENCH_ENGINES; e++)
		if(!measure_linear(b, b->linear[e], sought, &linear[e]))
			return false;
	printf("%s-%u %.4g %.4g %.4g %.4g\n", names[sought], b->ranges, set[0], set[1],
		   linear[BENCH_PCRE2], linear[BENCH_REGEXEC]);
	return true;
}

static const char *text_of(void *ctx, size_t i)
{
	const struct bench *b = ctx;

	return b->text[i];
}

static bool bench(unsigned ranges)
{
	struct bench b = {.ranges = ranges, .text = malloc((size_t)ranges * TEXT_MAX)};
	enum bench_engine e;
	enum sought sought;
	bool ok = false;
	unsigned i;

	if(b.text == NULL || (b.room = wims_regex_room_new(&wims_env_libc)) == NULL)
		goto out;
	for(i = 0; i < ranges; i++)
		write_range(b.text[i], i);
	ok = load(&b);
	for(e = 0; ok && e < BENCH_ENGINES; e++)
		ok = (b.linear[e] = bench_linear_new(e, text_of, &b, ranges)) != NULL;
	for(sought = 0; ok && sought < SOUGHTS; sought++)
		ok = measure(&b, sought);
out:
	for(e = 0; e < BENCH_ENGINES; e++)
		bench_linear_free(b.linear[e]);
	wims_ranges_free(b.set);
	wims_regex_room_free(b.room);
	free(b.text);
	return ok;
}

int main(int argc, char **argv)
{
	int i;

	for(i = 1; i < argc; i++)
		if(!bench((unsigned)strtoul(argv[i], NULL, 10)))
			return 1;
	return 0;
}
