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

#include "rr_help.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PLAY(steps) rr_play(&rr_policy, steps, COUNT(steps))

#define START WIMS_RANGE_AT_START
#define PENDING WIMS_RANGE_PENDING
#define UNAVAILABLE WIMS_RANGE_UNAVAILABLE

/* ---- P-Associated-URI ---- */

static void waits_to_be_named(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_WANT, 1, PENDING, "", NULL},
			{0, RR_ANSWER, 1, 200, "", ""},
			{4, RR_WANT, 1, PENDING, "", NULL},
			{5, RR_TICK, 0, 0, "no1 ", NULL},
			{6, RR_WANT, 1, UNAVAILABLE, "", NULL},
			/* it is asked again, ever later */
			{7, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{7, RR_WANT, 1, PENDING, "", NULL},
			{7, RR_ANSWER, 1, 200, "", "other"},
			{12, RR_TICK, 0, 0, "no1 ", NULL},
			{15, RR_TICK, 0, 0, "", NULL},
			{16, RR_TICK, 0, 0, "S1:3/3600 ", NULL},
			{16, RR_ANSWER, 1, 200, "", "bad"},
			{21, RR_TICK, 0, 0, "", NULL},
			{29, RR_TICK, 0, 0, "S1:4/3600 ", NULL},
			{29, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{3028, RR_TICK, 0, 0, "", NULL},
			{3029, RR_TICK, 0, 0, "S1:5/3600 ", NULL},
			/* nothing that is no list takes it away, but one without it does */
			{3029, RR_ANSWER, 1, 200, "", "bad"},
			{3030, RR_REFRESH, 1, 0, "S1:6/3600 ", NULL},
			{3030, RR_ANSWER, 1, 200, "", ""},
			{3031, RR_REFRESH, 1, 0, "S1:7/3600 ", NULL},
			{3031, RR_ANSWER, 1, 200, "lost1:unlisted ", "other"},
			{3031, RR_WANT, 1, UNAVAILABLE, "", NULL},
			{3033, RR_TICK, 0, 0, "S1:8/3600 ", NULL},
			{3033, RR_ANSWER, 1, 200, "ok1 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void wildcard_in_to_names_itself(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD_WILD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", ""},
			{1, RR_REFRESH, 1, 0, "S1:2/3600 ", NULL},
			{1, RR_ANSWER, 1, 200, "lost1:unlisted ", "other"},
	};

	(void)state;
	PLAY(steps);
}

/* How a core may write P-Associated-URI, and what it must not do. */
static const struct
{
	const char *list;
	enum wims_reason after; /* a 200 with it: OK, or PENDING */
	enum wims_reason last;
} lists[] = {
		{"<sip:r1-!.*!@ims.test>", WIMS_OK, WIMS_OK},
		{"sip:r1-!.*!@ims.test", WIMS_OK, WIMS_OK},
		{"<sip:r1-!.*!@ims.test>, <sip:r1@ims.test>, <tel:+15550001>", WIMS_OK, WIMS_OK},
		{"<sip:r1@ims.test>,\r\n\t<sip:r1-!.*!@ims.test>", WIMS_OK, WIMS_OK},
		{"\"a, b\" <sip:r1@ims.test>;x=\",\" , <sip:r1-!.*!@ims.test>;y", WIMS_OK, WIMS_OK},
		{"<SIP:r1-!.*!@IMS.TEST;user=phone>", WIMS_OK, WIMS_OK},
		{"<sip:r1-%21%2e%2A!@ims.test>", WIMS_OK, WIMS_OK},
		{"<sip:R1-!.*!@ims.test>", PENDING, WIMS_OK},
		{"<sip:r1-!.*!@ims.test.evil>", PENDING, WIMS_OK},
		{"<sip:r1-!.*!x@ims.test>", PENDING, WIMS_OK},
		{"<sip:r1-!.*!%zz@ims.test>", PENDING, WIMS_OK},
		{"", PENDING, WIMS_OK},
		{"<sip:r1-!.*!@ims.test", PENDING, WIMS_CORE_ANSWER_BAD},
		{"<sip:r1-!.*!@ims.test>,", PENDING, WIMS_CORE_ANSWER_BAD},
		{",<sip:r1-!.*!@ims.test>", PENDING, WIMS_CORE_ANSWER_BAD},
		{"<sip:r1-!.*!@ims.test>,\"x", PENDING, WIMS_CORE_ANSWER_BAD},
};

static enum wims_reason state_after(struct wims_pl list, enum wims_reason *last)
{
	static const struct rr_step steps[] = {{0, RR_ADD, 1, START, "S1:1/3600 ", NULL}};
	struct wims_rangereg_answer a = {.code = 200,
									 .granted = -1,
									 .min_expires = -1,
									 .retry_after = -1,
									 .associated = list,
									 .has_associated = true};
	struct wims_rangereg_view v;
	struct rr_world w;
	enum wims_reason is;

	rr_open(&w, &rr_policy);
	rr_run(&w, steps, 1);
	assert_true(wims_rangereg_answered(w.rr, w.txn[1], &a, 1));
	is = wims_rangereg_want(w.rr, rr_wildcard(1), 1, &v);
	*last = v.last;
	rr_close(&w);
	return is;
}

static void lists_of_the_core(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(lists); i++) {
		enum wims_reason last, is = state_after(wims_pl_str(lists[i].list), &last);

		if(is != lists[i].after || last != lists[i].last)
			fail_msg("%s: %s, %s", lists[i].list, wims_reason_text(is), wims_reason_text(last));
	}
}

/* Escapes in the wildcard, as the provisioning or as the core writes it. */
static void escapes_play_no_part(void **state)
{
	static const char *const spelled[] = {"sip:e-![0-9]{3,7}!@ims.test",
										  "sip:e-!%5B0-9%5D%7B3%2c7%7d!@ims.test"};
	size_t i;

	(void)state;
	for(i = 0; i < 4; i++) {
		struct wims_rangereg_in in;
		struct wims_rangereg_action out;
		char list[64];
		struct wims_rangereg_answer a = {.code = 200, .granted = -1, .has_associated = true};
		struct wims_rangereg *rr = wims_rangereg_new(&wims_env_libc, &rr_policy, rr_random);

		assert_non_null(rr);
		rr_in(&in, 1, START);
		in.wildcard = wims_pl_str(spelled[i & 1]);
		assert_int_equal(wims_rangereg_add(rr, &in, 0), WIMS_OK);
		assert_true(wims_rangereg_next_action(rr, 0, &out));
		snprintf(list, sizeof(list), "<%s>", spelled[i >> 1]);
		a.associated = wims_pl_str(list);
		assert_true(wims_rangereg_answered(rr, out.txn, &a, 0));
		assert_int_equal(wims_rangereg_want(rr, wims_pl_str(spelled[0]), 0, NULL), WIMS_OK);
		wims_rangereg_free(rr);
	}
}

static void more_than_is_read(void **state)
{
	static char list[WIMS_RANGEREG_ASSOCIATED_BYTES + 64];
	const char wildcard[] = "<sip:r1-!.*!@ims.test>";
	enum wims_reason last;
	size_t n, at = 0;

	(void)state;
	for(n = 1; n < WIMS_RANGEREG_ASSOCIATED_MAX; n++)
		at += (size_t)snprintf(list + at, sizeof(list) - at, "<sip:%zu@a>,", n);
	at += (size_t)snprintf(list + at, sizeof(list) - at, "%s", wildcard);
	assert_int_equal(state_after((struct wims_pl){list, at}, &last), WIMS_OK);
	/* one entry more */
	at += (size_t)snprintf(list + at, sizeof(list) - at, ",<sip:a@a>");
	assert_int_equal(state_after((struct wims_pl){list, at}, &last), PENDING);
	assert_int_equal(last, WIMS_CORE_ANSWER_BAD);
	/* too many bytes */
	memset(list, ' ', sizeof(list));
	memcpy(list, wildcard, sizeof(wildcard) - 1);
	assert_int_equal(state_after((struct wims_pl){list, WIMS_RANGEREG_ASSOCIATED_BYTES}, &last),
					 WIMS_OK);
	assert_int_equal(state_after((struct wims_pl){list, WIMS_RANGEREG_ASSOCIATED_BYTES + 1}, &last),
					 PENDING);
	assert_int_equal(last, WIMS_CORE_ANSWER_BAD);
}

/* ---- Service-Route ---- */

static const struct
{
	const char *sent, *kept;
	enum wims_reason last;
} routes[] = {
		{"<sip:orig@s;lr>", "<sip:orig@s;lr>", WIMS_OK},
		{"<sip:a;lr>,\r\n <sip:b;lr>", "<sip:a;lr>,   <sip:b;lr>", WIMS_OK},
		{"", "", WIMS_OK},
		{"<sip:a;lr>,", "", WIMS_CORE_ANSWER_BAD},
		{"<sip:a;lr", "", WIMS_CORE_ANSWER_BAD},
};

static void routes_of_the_core(void **state)
{
	static char longer[WIMS_ROUTES_MAX + 1];
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", "route,list"},
			{1, RR_REFRESH, 1, 0, "S1:2/3600 ", NULL},
	};
	size_t i;

	(void)state;
	memset(longer, 'a', sizeof(longer));
	for(i = 0; i <= COUNT(routes); i++) {
		struct wims_rangereg_answer a = {.code = 200, .granted = -1};
		struct wims_rangereg_view v;
		struct rr_world w;

		a.service_route = i < COUNT(routes) ? wims_pl_str(routes[i].sent)
											: (struct wims_pl){longer, sizeof(longer)};
		rr_open(&w, &rr_policy);
		rr_run(&w, steps, COUNT(steps));
		assert_true(wims_rangereg_answered(w.rr, w.txn[1], &a, w.now));
		assert_int_equal(wims_rangereg_want(w.rr, rr_wildcard(1), w.now, &v), WIMS_OK);
		assert_true(
				wims_pl_eq(v.service_route, wims_pl_str(i < COUNT(routes) ? routes[i].kept : "")));
		assert_int_equal(v.last, i < COUNT(routes) ? routes[i].last : WIMS_CORE_ANSWER_BAD);
		rr_close(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(waits_to_be_named), cmocka_unit_test(wildcard_in_to_names_itself),
			cmocka_unit_test(lists_of_the_core), cmocka_unit_test(escapes_play_no_part),
			cmocka_unit_test(more_than_is_read), cmocka_unit_test(routes_of_the_core),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
