/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "jose/wims_alg_ossl.h"
#include "rr_help.h"
#include "rr_model.h"

enum
{
	EVENTS = 100000
};

static void always_so(void **state)
{
	uint64_t seed = 88172645463325252, x = seed;
	struct rr_model *m = rr_model_open(seed, EVENTS);
	struct rr_model_counts c;
	size_t i;

	(void)state;
	for(i = 0; i < EVENTS; i++) {
		unsigned char event[RR_MODEL_EVENT];

		x = x * 6364136223846793005u + 1442695040888963407u;
		memcpy(event, (const char *)&x + sizeof(x) - sizeof(event), sizeof(event));
		rr_model_step(m, event);
	}
	c = rr_model_counts(m);
	printf("%zu REGISTERs, %zu settled, %zu lost, %zu crashes\n", c.sends, c.settled, c.lost,
		   c.restarts);
	/* it has been everywhere */
	assert_true(c.sends > EVENTS / 50 && c.lost > EVENTS / 500 && c.restarts > EVENTS / 1000);
	rr_model_close(m);
}

/* REGISTERs within an hour to a core that does not answer, with WICs that ask all
 * the time. */
static size_t sends_of_an_hour(int code)
{
	struct wims_rangereg_policy policy = rr_policy;
	struct wims_rangereg_action a;
	struct wims_rangereg *rr;
	struct wims_rangereg_in in;
	struct wims_rangereg_answer answer = {.code = code, .granted = -1, .retry_after = -1};
	size_t sends = 0;
	int64_t now;
	int n;

	rr = wims_rangereg_new(&wims_env_libc, &policy, wims_random);
	assert_non_null(rr);
	for(n = 1; n <= 4; n++) {
		rr_in(&in, n, n < 3 ? WIMS_RANGE_AT_START : WIMS_RANGE_AT_FIRST);
		assert_int_equal(wims_rangereg_add(rr, &in, 0), WIMS_OK);
	}
	for(now = 0; now < 3600 * 1000; now += 50) {
		for(n = 1; n <= 4; n++)
			(void)!wims_rangereg_want(rr, rr_wildcard(n), now, NULL);
		while(wims_rangereg_next_action(rr, now, &a)) {
			if(a.kind != WIMS_RANGEREG_SEND)
				continue;
			sends++;
			if(code >= 0)
				wims_rangereg_answered(rr, a.txn, &answer, now);
		}
	}
	wims_rangereg_free(rr);
	return sends;
}

static void no_storm(void **state)
{
	/* at most one in half the longest back-off for each, and those of the beginning */
	const size_t most = 4 * (3600 * 1000 / (size_t)(rr_policy.retry_max_ms / 2) + 10);

	(void)state;
	assert_in_range(sends_of_an_hour(-1), 4 * 40, most);
	assert_in_range(sends_of_an_hour(0), 4 * 40, most);
	assert_in_range(sends_of_an_hour(503), 4 * 40, most);
	/* refused: at each end of the wait */
	assert_in_range(sends_of_an_hour(403), 4 * 4, 4 * 6);
	/* registered, but never named */
	assert_in_range(sends_of_an_hour(200), 4 * 30, most);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(always_so),
			cmocka_unit_test(no_storm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
