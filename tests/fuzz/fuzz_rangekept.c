/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The body of the file of range registrations. What is taken from it and saved
 * is taken from that as well, and saved as the same. */
#include "jose/wims_alg_ossl.h"
#include "rr_policy.h"

#include "fuzz.h"

enum
{
	WALL = 1000000,
	RANGES = 16,
	FILE_MAX = 2 * RANGES * WIMS_RANGEREG_LINE_MAX
};

static struct wims_rangereg *table(void)
{
	struct wims_rangereg_policy policy = rr_policy;
	struct wims_rangereg *rr;

	policy.ranges = policy.brought = policy.in_flight = RANGES;
	rr = wims_rangereg_new(&wims_env_libc, &policy, wims_random);
	FUZZ_ASSERT(rr != NULL);
	return rr;
}

/* CSeqs go on, and so does each registration: not the very same bytes, but as many
 * ranges. */
static void again(struct wims_rangereg *first)
{
	struct wims_rangereg *second = table();
	struct wims_rangereg_counts a, b;
	struct wims_buf out;
	size_t line;

	wims_buf_init(&out, &wims_env_libc, FILE_MAX);
	FUZZ_ASSERT(wims_rangereg_save(first, &out, WALL, 0));
	FUZZ_ASSERT(wims_rangereg_load(second, wims_buf_pl(&out), WALL, 0, &line) == WIMS_OK);
	wims_rangereg_counts(first, 0, &a);
	wims_rangereg_counts(second, 0, &b);
	FUZZ_ASSERT(a.registered == b.registered && b.ranges <= a.ranges);
	wims_buf_clear(&out);
	wims_rangereg_free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct wims_pl body = {(const char *)data, size};
	struct wims_rangereg *rr = table();
	struct wims_rangereg_action a;
	size_t line, sends = 0;

	(void)!wims_rangereg_load(rr, body, WALL, 0, &line);
	again(rr);
	while(wims_rangereg_next_action(rr, 20 * 1000, &a))
		sends += a.kind == WIMS_RANGEREG_SEND;
	FUZZ_ASSERT(sends <= RANGES);
	wims_rangereg_free(rr);
	return 0;
}
