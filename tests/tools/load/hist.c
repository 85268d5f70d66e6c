/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "hist.h"

#include <stdlib.h>

/* Values below 2 * HALF have a bucket each. Above, each power of two has HALF
 * buckets, so a bucket is 1/1024 of its value wide at most. */
enum
{
	HALF_BITS = 10,
	HALF = 1 << HALF_BITS,
	VALUE_BITS = 42,
	BUCKETS = HALF * (VALUE_BITS - HALF_BITS + 1),
	MEMBER = 32 /* name of a member */
};

struct wl_hist
{
	uint64_t count[BUCKETS];
	uint64_t total;
	int64_t min, max;
	double sum;
};

struct wl_hist *wl_hist_new(void)
{
	return calloc(1, sizeof(struct wl_hist));
}

void wl_hist_free(struct wl_hist *h)
{
	free(h);
}

static unsigned bucket_of(uint64_t v)
{
	unsigned shift;

	if(v < 2 * HALF)
		return (unsigned)v;
	shift = 63U - (unsigned)__builtin_clzll(v) - HALF_BITS;
	return shift * HALF + (unsigned)(v >> shift);
}

/* The largest value in it. */
static int64_t upper_edge(unsigned bucket)
{
	unsigned shift;

	if(bucket < 2 * HALF)
		return (int64_t)bucket;
	shift = bucket / HALF - 1;
	return (int64_t)((((uint64_t)bucket - (uint64_t)shift * HALF + 1) << shift) - 1);
}

void wl_hist_add(struct wl_hist *h, int64_t ns)
{
	if(ns < 0)
		ns = 0;
	if(ns > WL_HIST_MAX_NS)
		ns = WL_HIST_MAX_NS;
	h->count[bucket_of((uint64_t)ns)]++;
	if(h->total == 0 || ns < h->min)
		h->min = ns;
	if(ns > h->max)
		h->max = ns;
	h->sum += (double)ns;
	h->total++;
}

int64_t wl_hist_percentile(const struct wl_hist *h, double percent)
{
	double want = percent / 100.0 * (double)h->total;
	uint64_t seen = 0;
	unsigned i;

	if(h->total == 0)
		return 0;
	for(i = 0; i < BUCKETS; i++) {
		seen += h->count[i];
		/* a hair below: 99.9 % of 1000 is 999, whatever the binary fraction says */
		if(seen > 0 && (double)seen >= want - 1e-9 * (double)h->total)
			return upper_edge(i) < h->max ? upper_edge(i) : h->max;
	}
	return h->max;
}

static double us(int64_t ns)
{
	return (double)ns / 1000.0;
}

void wl_hist_print_times(FILE *to, const struct wl_hist *h, const char *name)
{
	static const struct
	{
		const char *name;
		double percent;
	} rows[] = {{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p999", 99.9}};
	unsigned i;

	fprintf(to, "\"%s\":{\"min\":%.1f", name, us(h->min));
	for(i = 0; i < sizeof rows / sizeof rows[0]; i++)
		fprintf(to, ",\"%s\":%.1f", rows[i].name, us(wl_hist_percentile(h, rows[i].percent)));
	fprintf(to, ",\"max\":%.1f,\"mean\":%.1f}", us(h->max),
			h->total > 0 ? h->sum / (double)h->total / 1000.0 : 0.0);
}

void wl_hist_print(FILE *to, const struct wl_hist *h, const char *suffix)
{
	const char *comma = "";
	char name[MEMBER];
	unsigned i;

	snprintf(name, sizeof(name), "us%s", suffix);
	wl_hist_print_times(to, h, name);
	fprintf(to, ",\"hist%s\":[", suffix);
	for(i = 0; i < BUCKETS; i++) {
		if(h->count[i] == 0)
			continue;
		fprintf(to, "%s[%.1f,%llu]", comma, us(upper_edge(i)), (unsigned long long)h->count[i]);
		comma = ",";
	}
	fputc(']', to);
}
