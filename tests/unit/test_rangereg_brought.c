/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Ranges that tokens bring, inside others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "rr_help.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define FIRST WIMS_RANGE_AT_FIRST
#define TOKEN WIMS_RANGE_BY_TOKEN
#define PENDING WIMS_RANGE_PENDING
#define UNAVAILABLE WIMS_RANGE_UNAVAILABLE
#define REFUSED WIMS_RANGE_REFUSED

static void tokens_bring_ranges(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_BEGIN, 0, 0, "", NULL},
			{0, RR_ADD_WILD, 1, TOKEN, "", NULL},
			{0, RR_END, 0, 0, "", NULL},
			{1, RR_BRING, 2, 1, "S2:1/3600 ", NULL},
			{1, RR_WANT, 2, PENDING, "", NULL},
			{1, RR_BRING, 2, 1, "", NULL},
			{2, RR_ANSWER, 2, 200, "ok2 ", NULL},
			{3, RR_MEMBERS, 2, 1, "", NULL},
			{4, RR_BRING, 3, 1, "S3:1/3600 ", NULL},
			/* the one that it is inside may be used as well */
			{4, RR_WANT, 1, PENDING, "S1:1/3600 ", NULL},
			{5, RR_ANSWER, 3, 500, "", NULL},
			{5, RR_ANSWER, 1, 200, "ok1 ", NULL},
			/* its provisioning is read again */
			{6, RR_BEGIN, 0, 0, "", NULL},
			{6, RR_ADD_WILD, 1, TOKEN, "", NULL},
			{6, RR_END, 0, 0, "", NULL},
			{7, RR_TICK, 0, 0, "S3:2/3600 ", NULL},
			{7, RR_ANSWER, 3, 403, "", NULL},
			{8, RR_WANT, 3, REFUSED, "", NULL},
			/* the member goes: it leaves, and is forgotten */
			{10, RR_MEMBERS, 2, 0, "", NULL},
			{39, RR_TICK, 0, 0, "S1:2/0 lost1:idle ", NULL},
			{39, RR_ANSWER, 1, 200, "", NULL},
			{40, RR_TICK, 0, 0, "S2:2/0 lost2:idle ", NULL},
			{41, RR_ANSWER, 2, 200, "", NULL},
			{41, RR_WANT, 2, UNAVAILABLE, "", NULL},
			{41, RR_BRING, 2, 1, "S2:1/3600 ", NULL},
			{41, RR_ANSWER, 2, 200, "ok2 ", NULL},
			/* refused, it stays so for its time, whatever tokens say */
			{60, RR_BRING, 3, 1, "", NULL},
			{60, RR_WANT, 3, REFUSED, "", NULL},
			/* no token may bring ranges any more */
			{61, RR_BEGIN, 0, 0, "", NULL},
			{61, RR_ADD_WILD, 1, FIRST, "", NULL},
			{61, RR_END, 0, 0, "lost2:removed S2:2/0 ", NULL},
	};

	(void)state;
	rr_play(&rr_policy, steps, COUNT(steps));
}

static void tokens_bring_no_more_than_they_may(void **state)
{
	struct rr_world w;
	struct wims_rangereg_in in;
	static const struct rr_step steps[] = {
			{0, RR_ADD_WILD, 1, TOKEN, "", NULL},
			{0, RR_ADD_WILD, 2, FIRST, "", NULL},
			{0, RR_BRING, 3, 1, "S3:1/3600 ", NULL},
			{0, RR_BRING, 4, 1, "S4:1/3600 ", NULL},
	};

	(void)state;
	rr_open(&w, &rr_policy);
	rr_run(&w, steps, COUNT(steps));
	rr_in(&in, 5, TOKEN);
	in.within = rr_wildcard(1);
	assert_int_equal(wims_rangereg_bring(w.rr, &in, 0), WIMS_LIMIT_REACHED);
	in.within = rr_wildcard(2); /* which is not for tokens */
	assert_int_equal(wims_rangereg_bring(w.rr, &in, 0), WIMS_IMPU_NOT_ENTITLED);
	in.within = rr_wildcard(3); /* which a token brought itself */
	assert_int_equal(wims_rangereg_bring(w.rr, &in, 0), WIMS_IMPU_NOT_ENTITLED);
	in.within = rr_wildcard(6);
	assert_int_equal(wims_rangereg_bring(w.rr, &in, 0), WIMS_IMPU_NOT_ENTITLED);
	rr_in(&in, 3, TOKEN);
	in.within = rr_wildcard(1);
	in.wwsf = WIMS_PL("another");
	assert_int_equal(wims_rangereg_bring(w.rr, &in, 0), WIMS_IMPU_NOT_ENTITLED);
	assert_string_equal(rr_actions(&w), "");
	rr_close(&w);
}

/* What tokens of one WWSF brought goes when the range around it is another's. */
static void brought_ranges_go_with_their_owner(void **state)
{
	struct rr_world w;
	struct wims_rangereg_in in;
	static const struct rr_step steps[] = {
			{0, RR_ADD_WILD, 1, TOKEN, "", NULL},
			{0, RR_BRING, 2, 1, "S2:1/3600 ", NULL},
			{1, RR_ANSWER, 2, 200, "ok2 ", NULL},
	};

	(void)state;
	rr_open(&w, &rr_policy);
	rr_run(&w, steps, COUNT(steps));
	rr_in(&in, 1, TOKEN);
	in.pilot = WIMS_PL_NONE;
	in.wwsf = WIMS_PL("another");
	wims_rangereg_begin(w.rr);
	assert_int_equal(wims_rangereg_add(w.rr, &in, w.now), WIMS_OK);
	wims_rangereg_end(w.rr, w.now);
	assert_string_equal(rr_actions(&w), "lost2:removed S2:2/0 ");
	rr_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(tokens_bring_ranges),
			cmocka_unit_test(tokens_bring_no_more_than_they_may),
			cmocka_unit_test(brought_ranges_go_with_their_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
