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
#define FIRST WIMS_RANGE_AT_FIRST
#define PENDING WIMS_RANGE_PENDING
#define UNAVAILABLE WIMS_RANGE_UNAVAILABLE
#define REFUSED WIMS_RANGE_REFUSED

#define UNSAID WIMS_REGINFO_UNSAID
#define SHORTENED WIMS_REGINFO_SHORTENED
#define EXPIRED WIMS_REGINFO_EXPIRED
#define DEACTIVATED WIMS_REGINFO_DEACTIVATED
#define PROBATION WIMS_REGINFO_PROBATION
#define UNREGISTERED WIMS_REGINFO_UNREGISTERED
#define REJECTED WIMS_REGINFO_REJECTED

/* Each reason for which a registration may end (RFC 3680 4.7.1). */
static const struct
{
	enum wims_reginfo_event event;
	const char *text;
	const char *out;
	enum wims_reason then; /* of a WIC that comes now */
	int64_t again;         /* s until the next REGISTER */
} ends[] = {
		{UNSAID, "over", "lost1:network ", UNAVAILABLE, 2},
		{EXPIRED, "over", "lost1:network ", UNAVAILABLE, 2},
		{UNREGISTERED, "over", "lost1:network ", UNAVAILABLE, 2},
		{PROBATION, "over,after=50", "lost1:network ", UNAVAILABLE, 50},
		{PROBATION, "over,after=1", "lost1:network ", UNAVAILABLE, 2},
		{PROBATION, "over", "lost1:network ", UNAVAILABLE, 2},
		/* Retry-After is of probation only */
		{UNREGISTERED, "over,after=50", "lost1:network ", UNAVAILABLE, 2},
		{REJECTED, "over", "gone1:network ", REFUSED, 600},
};

static void ends_of_a_registration(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(ends); i++) {
		int64_t again = 100 + ends[i].again;
		const struct rr_step steps[] = {
				{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
				{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
				/* of another node's Contact */
				{100, RR_NEWS, 1, (int)ends[i].event, "", "over,others"},
				{100, RR_NEWS, 1, (int)ends[i].event, ends[i].out, ends[i].text},
				/* and once more, of the range */
				{100, RR_NEWS_RANGE, 1, (int)ends[i].event, "", "over"},
				{100, RR_WANT, 1, (int)ends[i].then, "", NULL},
				{again - 1, RR_TICK, 0, 0, "", NULL},
				/* a registration begins anew */
				{again, RR_TICK, 0, 0, "S1:1/3600 ", NULL},
				{again, RR_ANSWER, 1, 200, "ok1 ", NULL},
		};

		PLAY(steps);
	}
}

/* Nobody of a range that the first WIC registers wants it back. */
static void ends_for_the_last(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, FIRST, "", NULL},
			{0, RR_WANT, 1, PENDING, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{1, RR_MEMBERS, 1, 1, "", NULL},
			{2, RR_NEWS, 1, PROBATION, "lost1:network ", "over,after=100"},
			{3, RR_MEMBERS, 1, 0, "", NULL},
			{102, RR_TICK, 0, 0, "", NULL},
			{103, RR_WANT, 1, PENDING, "S1:1/3600 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void deactivated_begins_at_once(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{100, RR_NEWS, 1, DEACTIVATED, "lost1:network S1:1/3600 ", "over"},
			{100, RR_WANT, 1, PENDING, "", NULL},
			{101, RR_ANSWER, 1, 200, "ok1 ", NULL},
			/* but not for ever */
			{102, RR_NEWS, 1, DEACTIVATED, "lost1:network ", "over"},
			{103, RR_TICK, 0, 0, "", NULL},
			{104, RR_TICK, 0, 0, "S1:1/3600 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void range_is_taken_away(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ADD_TO_1, 2, START, "", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{0, RR_NEWS_RANGE, 2, 0, "ok2 ", NULL},
			/* this one alone */
			{100, RR_NEWS_RANGE, 1, REJECTED, "gone1:network ", "over"},
			{100, RR_WANT, 1, REFUSED, "", NULL},
			{100, RR_WANT, 2, WIMS_OK, "", NULL},
			{200, RR_NEWS_RANGE, 1, 0, "ok1 ", NULL},
			{300, RR_NEWS_RANGE, 1, UNREGISTERED, "lost1:network ", "over"},
			{300, RR_WANT, 1, UNAVAILABLE, "", NULL},
			{359, RR_TICK, 0, 0, "", NULL},
			{360, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{360, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{400, RR_NEWS_RANGE, 1, PROBATION, "lost1:network ", "over,after=10"},
			{410, RR_TICK, 0, 0, "S1:3/3600 ", NULL},
			{410, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{500, RR_NEWS_RANGE, 1, DEACTIVATED, "lost1:network S1:4/3600 ", "over"},
			{500, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{501, RR_NEWS_RANGE, 1, DEACTIVATED, "lost1:network ", "over"},
	};

	(void)state;
	PLAY(steps);
}

static void news_name_it(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_WANT, 1, PENDING, "", NULL},
			/* not before it is registered */
			{0, RR_NEWS_RANGE, 1, 0, "", NULL},
			{1, RR_ANSWER, 1, 200, "", ""},
			{1, RR_NEWS, 1, 0, "", NULL},
			{3, RR_NEWS_RANGE, 1, 0, "ok1 ", NULL},
			{5, RR_TICK, 0, 0, "", NULL},
			/* what was named so needs no list */
			{6, RR_REFRESH, 1, 0, "S1:2/3600 ", NULL},
			{6, RR_ANSWER, 1, 200, "", "other"},
			{100, RR_TICK, 0, 0, "", NULL},
			{100, RR_NEWS, 1, UNREGISTERED, "lost1:network ", "over"},
			{102, RR_TICK, 0, 0, "S1:1/3600 ", NULL},
			{102, RR_ANSWER, 1, 200, "", "other"},
			/* and is named anew each time */
			{107, RR_TICK, 0, 0, "", NULL},
			{108, RR_NEWS_RANGE, 1, 0, "ok1 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void shortened_is_refreshed_sooner(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{10, RR_NEWS, 1, SHORTENED, "", "expires=100"},
			{59, RR_TICK, 0, 0, "", NULL},
			{61, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{61, RR_ANSWER, 1, 500, "", ""},
			/* none that is longer counts, nor one of others */
			{62, RR_NEWS, 1, 0, "", "expires=1000"},
			{62, RR_NEWS, 1, SHORTENED, "", "expires=5,others"},
			{63, RR_TICK, 0, 0, "S1:3/3600 ", NULL},
			{63, RR_ANSWER, 1, 503, "", "after=1000"},
			{110, RR_TICK, 0, 0, "", NULL},
			{111, RR_TICK, 0, 0, "lost1:expired ", NULL},
	};

	(void)state;
	PLAY(steps);
}

/* A little less than known does not put the refresh off. */
static void shortened_is_no_delay(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", "granted=100,list"},
			{40, RR_NEWS, 1, 0, "", "expires=58"},
			{49, RR_TICK, 0, 0, "", NULL},
			{50, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

/* To is the wildcard: what is said of it is said of the registration. */
static void wildcard_in_to(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD_WILD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "", "other"},
			{1, RR_NEWS_RANGE, 1, 0, "ok1 ", NULL},
			{100, RR_NEWS_RANGE, 1, REJECTED, "gone1:network ", "over"},
			{700, RR_TICK, 0, 0, "S1:1/3600 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void of_nobody(void **state)
{
	static const char *const nobody[] = {"", "sip:r2@ims.test", "sip:r1@other.test", "none",
										 "sip:%zz@ims.test"};
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
	};
	struct rr_world w;
	size_t i;

	(void)state;
	rr_open(&w, &rr_policy);
	rr_run(&w, steps, COUNT(steps));
	for(i = 0; i < COUNT(nobody); i++) {
		struct wims_reginfo_news n = {.state = WIMS_REGINFO_TERMINATED};

		n.aor = wims_pl_str(nobody[i]);
		wims_rangereg_news(w.rr, &n, 0);
		n.wildcard = n.aor;
		wims_rangereg_news(w.rr, &n, 0);
	}
	assert_string_equal(rr_actions(&w), "");
	assert_int_equal(wims_rangereg_want(w.rr, rr_wildcard(1), 0, NULL), WIMS_OK);
	rr_close(&w);
}

/* A document about the pilot of range 1, which names that wildcard or none. */
static void document(struct rr_world *w, const char *state, const char *named)
{
	struct wims_reginfo *doc = NULL;
	char text[1024];

	snprintf(text, sizeof(text),
			 "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"1\" state=\"%s\">"
			 "<registration aor=\"sip:r1@ims.test\" id=\"a\" state=\"active\"/>"
			 "%s</reginfo>",
			 state, named);
	assert_int_equal(wims_reginfo_parse(&doc, &wims_env_libc, wims_pl_str(text)), WIMS_OK);
	wims_rangereg_document(w->rr, doc, w->now);
	wims_reginfo_free(doc);
}

#define NAMES_2                                                                    \
	"<registration aor=\"sip:r2-x@ims.test\" id=\"b\" state=\"active\">"           \
	"<wildcardedIdentity xmlns=\"urn:3gpp:ns:extRegExp:1.0\">sip:r2-!.*!@ims.test" \
	"</wildcardedIdentity></registration>"

/* What a 200 lists stays; what only a NOTIFY named, a later one may take away. */
static void left_out_of_the_full_state(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ADD_TO_1, 2, START, "", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 sub1 ", "list"},
	};
	struct wims_rangereg_policy policy = rr_policy;
	struct rr_world w;

	(void)state;
	policy.subscribe = true;
	rr_open(&w, &policy);
	rr_run(&w, steps, COUNT(steps));
	document(&w, "full", NAMES_2);
	assert_string_equal(rr_actions(&w), "ok2 ");
	document(&w, "partial", "");
	assert_string_equal(rr_actions(&w), "");
	document(&w, "full", NAMES_2);
	assert_string_equal(rr_actions(&w), "");
	document(&w, "full", "");
	assert_string_equal(rr_actions(&w), "lost2:network ");
	assert_int_equal(wims_rangereg_want(w.rr, rr_wildcard(1), w.now, NULL), WIMS_OK);
	assert_int_equal(wims_rangereg_want(w.rr, rr_wildcard(2), w.now, NULL), UNAVAILABLE);
	document(&w, "full", NAMES_2);
	assert_string_equal(rr_actions(&w), "ok2 ");
	rr_close(&w);
}

static void subscribes_while_registered(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ADD_TO_1, 2, FIRST, "", NULL},
			{0, RR_ADD, 3, FIRST, "", NULL},
			/* once for both ranges */
			{0, RR_ANSWER, 1, 200, "ok1 sub1 ", NULL},
			{0, RR_NEWS_RANGE, 2, 0, "ok2 ", NULL},
			{1, RR_REFRESH, 1, 0, "S1:2/3600 ", NULL},
			{1, RR_ANSWER, 1, 200, "", NULL},
			{2, RR_REFRESH, 1, 0, "S1:3/3600 ", NULL},
			{2, RR_ANSWER, 1, 200, "sub1 ", "list,route"},
			{3, RR_REFRESH, 1, 0, "S1:4/3600 ", NULL},
			{3, RR_ANSWER, 1, 200, "", "list,route"},
			{4, RR_REFRESH, 1, 0, "S1:5/3600 ", NULL},
			{4, RR_ANSWER, 1, 200, "sub1 ", "list,route2"},
			{5, RR_NEWS, 1, UNREGISTERED, "lost1:network lost2:network unsub1 ", "over"},
			{7, RR_TICK, 0, 0, "S1:1/3600 ", NULL},
			{7, RR_ANSWER, 1, 200, "ok1 sub1 ", NULL},
			{8, RR_LEAVE_ALL, 0, 0, "S1:2/0 unsub1 ", NULL},
	};
	struct wims_rangereg_policy policy = rr_policy;

	(void)state;
	policy.subscribe = true;
	rr_play(&policy, steps, COUNT(steps));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(ends_of_a_registration),
			cmocka_unit_test(ends_for_the_last),
			cmocka_unit_test(deactivated_begins_at_once),
			cmocka_unit_test(range_is_taken_away),
			cmocka_unit_test(news_name_it),
			cmocka_unit_test(shortened_is_refreshed_sooner),
			cmocka_unit_test(shortened_is_no_delay),
			cmocka_unit_test(wildcard_in_to),
			cmocka_unit_test(of_nobody),
			cmocka_unit_test(left_out_of_the_full_state),
			cmocka_unit_test(subscribes_while_registered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
