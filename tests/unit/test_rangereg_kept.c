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
#include "sweep.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define START WIMS_RANGE_AT_START
#define FIRST WIMS_RANGE_AT_FIRST
#define TOKEN WIMS_RANGE_BY_TOKEN
#define PENDING WIMS_RANGE_PENDING

enum
{
	WALL = 1700000000, /* s, when the clock of the table reads 0 */
	FILE_MAX = 64 * 1024
};

/* s after WALL on the wall clock. */
static int64_t wall(int64_t s)
{
	return (WALL + s) * 1000;
}

static void save(struct rr_world *w, struct wims_buf *file, bool written)
{
	wims_buf_init(file, &wims_env_libc, FILE_MAX);
	assert_true(wims_rangereg_save(w->rr, file, wall(w->now / 1000), w->now));
	if(written)
		wims_rangereg_saved(w->rr);
}

/* Another process, whose clock reads 0 at s on the wall clock. */
static void restart(struct rr_world *w, struct wims_pl file, int64_t s)
{
	size_t line;

	*w = (struct rr_world){.rr = wims_rangereg_new(&wims_env_libc, &rr_policy, rr_random)};
	assert_non_null(w->rr);
	assert_int_equal(wims_rangereg_load(w->rr, file, wall(s), 0, &line), WIMS_OK);
}

static const struct rr_step before[] = {
		{0, RR_BEGIN, 0, 0, "", NULL},
		{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
		{0, RR_ADD_WILD, 2, TOKEN, "", NULL},
		{0, RR_ADD, 3, FIRST, "", NULL},
		{0, RR_END, 0, 0, "", NULL},
		{0, RR_ANSWER, 1, 200, "ok1 ", "route,list"},
		{1, RR_BRING, 4, 2, "S4:1/3600 ", NULL},
		{1, RR_ANSWER, 4, 200, "ok4 ", NULL},
		{2, RR_MEMBERS, 4, 1, "", NULL},
		{2, RR_DEREGISTER, 3, 0, "", NULL},
		{3000, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
		{3000, RR_ANSWER, 1, 200, "", NULL},
};

static void goes_on_after_a_restart(void **state)
{
	static const struct rr_step after[] = {
			/* good at once */
			{0, RR_WANT, 1, WIMS_OK, "ok1 ok4 ", NULL},
			{0, RR_BEGIN, 0, 0, "", NULL},
			{0, RR_ADD, 1, START, "", NULL},
			{0, RR_ADD_WILD, 2, TOKEN, "", NULL},
			{0, RR_ADD, 3, FIRST, "", NULL},
			{0, RR_END, 0, 0, "", NULL},
			/* off by hand is off */
			{0, RR_WANT, 3, WIMS_RANGE_UNAVAILABLE, "", NULL},
			/* in the old dialog, behind all CSeqs that may have been used */
			{1, RR_TICK, 0, 0, "", NULL},
			{2, RR_TICK, 0, 0, "S1:19/3600 S4:18/3600 ", NULL},
			{3, RR_ANSWER, 1, 200, "", NULL},
	};
	struct rr_world w, next;
	struct wims_rangereg_view old, v;
	struct wims_buf file, again;

	(void)state;
	rr_open(&w, &rr_policy);
	rr_run(&w, before, COUNT(before));
	save(&w, &file, true);
	assert_true(wims_rangereg_view(w.rr, rr_wildcard(1), w.now, &old));
	restart(&next, wims_buf_pl(&file), 3010);
	rr_run(&next, after, 1);
	assert_true(wims_rangereg_view(next.rr, rr_wildcard(1), 0, &v));
	assert_string_equal(v.call_id, old.call_id);
	assert_string_equal(v.contact_user, old.contact_user);
	assert_true(wims_pl_eq(v.to, old.to) && wims_pl_eq(v.service_route, old.service_route));
	assert_int_equal(v.expires, old.expires - 3010 * 1000);
	/* and what is loaded is saved again */
	save(&next, &again, true);
	assert_true(wims_pl_starts(wims_buf_pl(&again), WIMS_PL("u\tr1@ims.test\tsip:r1@ims.test\t")));
	rr_run(&next, after + 1, COUNT(after) - 1);
	assert_string_equal(next.call_id[1], old.call_id);
	wims_buf_clear(&file);
	wims_buf_clear(&again);
	rr_close(&next);
	rr_close(&w);
}

static void keeps_what_tokens_brought(void **state)
{
	static const struct rr_step after[] = {
			{0, RR_WANT, 4, WIMS_OK, "ok1 ok2 ok4 ", NULL},
			{0, RR_BEGIN, 0, 0, "", NULL},
			{0, RR_ADD, 1, START, "", NULL},
			{0, RR_ADD_WILD, 2, TOKEN, "", NULL},
			{0, RR_END, 0, 0, "", NULL},
			/* unless the range that it is inside is no more */
			{1, RR_BEGIN, 0, 0, "", NULL},
			{1, RR_ADD, 1, START, "", NULL},
			{1, RR_END, 0, 0, "lost4:removed lost2:removed S4:1/0 S2:1/0 ", NULL},
	};
	static const struct rr_step first[] = {{1, RR_WANT, 2, PENDING, "S2:1/3600 ", NULL},
										   {1, RR_ANSWER, 2, 200, "ok2 ", ""}};
	struct rr_world w, next;
	struct wims_rangereg_view v;
	struct wims_buf file;

	(void)state;
	rr_open(&w, &rr_policy);
	rr_run(&w, before, 8);
	rr_run(&w, first, COUNT(first));
	save(&w, &file, true);
	restart(&next, wims_buf_pl(&file), 20);
	assert_true(wims_rangereg_view(next.rr, rr_wildcard(4), 0, &v));
	assert_true(v.brought);
	rr_run(&next, after, COUNT(after));
	wims_buf_clear(&file);
	rr_close(&next);
	rr_close(&w);
}

/* What is not in the provisioning any more leaves. */
static void leaves_what_is_no_more(void **state)
{
	static const struct rr_step after[] = {
			{0, RR_BEGIN, 0, 0, "ok1 ", NULL},
			{0, RR_END, 0, 0, "lost1:removed S1:1/0 ", NULL},
			{0, RR_ANSWER, 1, 200, "", NULL},
	};
	struct rr_world w, next;
	struct wims_rangereg_counts counts;
	struct wims_buf file;

	(void)state;
	rr_open(&w, &rr_policy);
	rr_run(&w, before, 6);
	save(&w, &file, true);
	restart(&next, wims_buf_pl(&file), 20);
	/* nothing was saved before it: not with the old Call-ID */
	rr_run(&next, after, COUNT(after));
	assert_string_not_equal(next.call_id[1], w.call_id[1]);
	wims_rangereg_counts(next.rr, 0, &counts);
	assert_int_equal(counts.ranges, 0);
	wims_buf_clear(&file);
	rr_close(&next);
	rr_close(&w);
}

static void begins_anew_when_expired(void **state)
{
	static const struct rr_step after[] = {
			{0, RR_BEGIN, 0, 0, "", NULL},
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_END, 0, 0, "", NULL},
	};
	struct rr_world w, next;
	struct wims_buf file;

	(void)state;
	rr_open(&w, &rr_policy);
	rr_run(&w, before, 6);
	save(&w, &file, true);
	restart(&next, wims_buf_pl(&file), 3600);
	rr_run(&next, after, COUNT(after));
	assert_string_not_equal(next.call_id[1], w.call_id[1]);
	rr_close(&next);
	/* a wall clock that was put back makes none last longer than any may */
	restart(&next, wims_buf_pl(&file), -1000000);
	assert_int_equal(wims_rangereg_want(next.rr, rr_wildcard(1), 0, NULL), WIMS_OK);
	assert_int_equal(wims_rangereg_want(next.rr, rr_wildcard(1), 1, NULL), WIMS_OK);
	next.now = (int64_t)rr_policy.expires_max * 1000;
	assert_non_null(strstr(rr_actions(&next), "lost1:expired"));
	wims_buf_clear(&file);
	rr_close(&next);
	rr_close(&w);
}

/* However often it fails to be written, and whichever of the files survives: no
 * CSeq is used twice with one Call-ID. */
static void never_goes_back(void **state)
{
	static const struct rr_step first[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
	};
	struct rr_world w;
	struct wims_buf file, unused;
	char call_id[WIMS_RANGEREG_CALL_ID_LEN + 1];
	uint32_t last = 0;
	int64_t i;

	(void)state;
	rr_open(&w, &rr_policy);
	rr_run(&w, first, COUNT(first));
	memcpy(call_id, w.call_id[1], sizeof(call_id));
	save(&w, &file, false);
	for(i = 1; strcmp(call_id, w.call_id[1]) == 0; i++) {
		const struct rr_step refresh[] = {{i, RR_REFRESH, 1, 0, NULL, NULL},
										  {i, RR_ANSWER, 1, 200, "", NULL}};

		assert_true(i < 100);
		last = w.cseq[1];
		rr_run(&w, refresh, COUNT(refresh));
		/* tried again, and never written */
		save(&w, &unused, false);
		wims_buf_clear(&unused);
	}
	rr_close(&w);
	restart(&w, wims_buf_pl(&file), 100);
	/* saved at once, as it ought to be */
	save(&w, &unused, true);
	wims_buf_clear(&unused);
	w.now = WIMS_RANGEREG_HOLD_MS;
	rr_actions(&w);
	assert_string_equal(w.call_id[1], call_id);
	assert_true(w.cseq[1] > last);
	assert_int_equal(w.cseq[1], 1 + WIMS_RANGEREG_CSEQ_AHEAD + 1);
	wims_buf_clear(&file);
	rr_close(&w);
}

/* With files that are written it stays in its dialog. */
static void stays_in_its_dialog(void **state)
{
	static const struct rr_step first[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
	};
	struct rr_world w;
	struct wims_buf file;
	char call_id[WIMS_RANGEREG_CALL_ID_LEN + 1];
	uint64_t generation;
	int64_t i;

	(void)state;
	rr_open(&w, &rr_policy);
	rr_run(&w, first, COUNT(first));
	memcpy(call_id, w.call_id[1], sizeof(call_id));
	for(i = 1; i < 100; i++) {
		const struct rr_step refresh[] = {{i, RR_REFRESH, 1, 0, NULL, NULL},
										  {i, RR_ANSWER, 1, 200, "", NULL}};

		generation = wims_rangereg_generation(w.rr);
		rr_run(&w, refresh, COUNT(refresh));
		assert_true(wims_rangereg_generation(w.rr) != generation);
		save(&w, &file, true);
		wims_buf_clear(&file);
	}
	assert_string_equal(w.call_id[1], call_id);
	assert_int_equal(w.cseq[1], 100);
	/* a question is nothing to save */
	generation = wims_rangereg_generation(w.rr);
	assert_int_equal(wims_rangereg_want(w.rr, rr_wildcard(1), w.now, NULL), WIMS_OK);
	wims_rangereg_members(w.rr, rr_wildcard(1), 7, w.now);
	assert_true(wims_rangereg_generation(w.rr) == generation);
	rr_close(&w);
}

#define HEX24 "0123456789abcdef01234567"
#define HEX32 "0123456789abcdef0123456789abcdef"
#define HEX16 "0123456789abcdef"
#define TIME "1700000100000"
#define UNIT(to, cseq, expires, min, route)                                                 \
	"u\tr1@ims.test\t" to "\tims.test\t" HEX24 "\t" HEX32 "\t" HEX16 "\t" cseq "\t" expires \
	"\t" min "\t" route "\n"
#define U UNIT("sip:r1@ims.test", "17", TIME, "0", "")
#define RANGE(wildcard, trigger, by_pilot, named, off, within) \
	"r\t" wildcard "\twwsf\t" trigger "\t" by_pilot "\t" named "\t" off "\t" within "\n"
#define R1 RANGE("sip:r1-!.*!@ims.test", "1", "1", "1", "0", "")
#define R2 RANGE("sip:r2-!.*!@ims.test", "3", "1", "1", "0", "")

static const struct
{
	const char *body;
	enum wims_reason is;
	size_t line;
	size_t ranges; /* that are in the table */
} bodies[] = {
		{"", WIMS_OK, 0, 0},
		{U, WIMS_OK, 1, 0},
		{U R1, WIMS_OK, 2, 1},
		{U R1 R2, WIMS_OK, 3, 2},
		{U R2 RANGE("sip:x!.*!@ims.test", "3", "1", "1", "0", "sip:r2-!.*!@ims.test"), WIMS_OK, 3,
		 2},
		/* the one that it is inside comes later */
		{U RANGE("sip:x!.*!@ims.test", "3", "1", "1", "0", "sip:r2-!.*!@ims.test") R2, WIMS_OK, 3,
		 2},
		/* expired: nothing but what is off */
		{UNIT("sip:r1@ims.test", "17", "1", "0", "") R1, WIMS_OK, 2, 0},
		{UNIT("sip:r1@ims.test", "17", "0", "0", "")
				 RANGE("sip:r1-!.*!@ims.test", "1", "1", "0", "1", ""),
		 WIMS_OK, 2, 1},
		{U "x", WIMS_CONFIG_SYNTAX, 2, 0},
		{U "\n", WIMS_CONFIG_SYNTAX, 2, 0},
		{"u\n", WIMS_CONFIG_SYNTAX, 1, 0},
		{R1, WIMS_CONFIG_SYNTAX, 1, 0},
		{U R1 R1, WIMS_CONFIG_SYNTAX, 3, 1},
		{U R1 "r\tsip:", WIMS_CONFIG_SYNTAX, 3, 1},
		{U RANGE("nothing", "1", "1", "1", "0", ""), WIMS_URI_BAD, 2, 0},
		{U RANGE("sip:r1-!.*!@ims.test", "0", "1", "1", "0", ""), WIMS_CONFIG_SYNTAX, 2, 0},
		{U RANGE("sip:r1-!.*!@ims.test", "4", "1", "1", "0", ""), WIMS_CONFIG_SYNTAX, 2, 0},
		{U RANGE("sip:r1-!.*!@ims.test", "1", "2", "1", "0", ""), WIMS_CONFIG_SYNTAX, 2, 0},
		{U RANGE("sip:r1-!.*!@ims.test", "1", "1", "3", "0", ""), WIMS_CONFIG_SYNTAX, 2, 0},
		{U RANGE("sip:r1-!.*!@ims.test", "1", "1", "1", "2", ""), WIMS_CONFIG_SYNTAX, 2, 0},
		{U RANGE("sip:r1-!.*!@ims.test", "01", "1", "1", "0", ""), WIMS_CONFIG_SYNTAX, 2, 0},
		/* To is no pilot, and not the wildcard */
		{U RANGE("sip:r1-!.*!@ims.test", "1", "0", "1", "0", ""), WIMS_CONFIG_SYNTAX, 2, 0},
		/* inside nothing, inside itself, inside one that a token brought */
		{U RANGE("sip:r1-!.*!@ims.test", "3", "1", "1", "0", "sip:no@ims.test"), WIMS_CONFIG_SYNTAX,
		 2, 0},
		{U RANGE("sip:r1-!.*!@ims.test", "3", "1", "1", "0", "sip:r1-!.*!@ims.test"),
		 WIMS_CONFIG_SYNTAX, 2, 0},
		{U RANGE("sip:r1-!.*!@ims.test", "1", "1", "1", "0", "sip:r2-!.*!@ims.test") R2,
		 WIMS_CONFIG_SYNTAX, 2, 0},
		{UNIT("sip:r1@ims.test", "-1", TIME, "0", ""), WIMS_CONFIG_SYNTAX, 1, 0},
		{UNIT("sip:r1@ims.test", "2147483648", TIME, "0", ""), WIMS_CONFIG_SYNTAX, 1, 0},
		{UNIT("sip:r1@ims.test", "17", "9223372036854775808", "0", ""), WIMS_CONFIG_SYNTAX, 1, 0},
		{UNIT("sip:r1@ims.test", "17", TIME, "4294967296", ""), WIMS_CONFIG_SYNTAX, 1, 0},
		{UNIT("no-scheme", "17", TIME, "0", "") R1, WIMS_URI_BAD, 2, 0},
		{"u\tr1@ims.test\tsip:r1@ims.test\tims.test\tHEX\t" HEX32 "\t" HEX16 "\t1\t" TIME "\t0\t\n",
		 WIMS_CONFIG_SYNTAX, 1, 0},
		{"u\tr1@ims.test\tsip:r1@ims.test\tims.test\t" HEX24 "\t\t\t1\t" TIME "\t0\t\n",
		 WIMS_CONFIG_SYNTAX, 1, 0},
};

static void damaged_records(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(bodies); i++) {
		struct wims_rangereg *rr = wims_rangereg_new(&wims_env_libc, &rr_policy, rr_random);
		struct wims_rangereg_counts counts;
		size_t line;
		enum wims_reason is =
				wims_rangereg_load(rr, wims_pl_str(bodies[i].body), wall(0), 0, &line);

		wims_rangereg_counts(rr, 0, &counts);
		if(is != bodies[i].is || line != bodies[i].line || counts.ranges != bodies[i].ranges)
			fail_msg("%zu: %s, line %zu, %zu ranges\n%s", i, wims_reason_text(is), line,
					 counts.ranges, bodies[i].body);
		wims_rangereg_free(rr);
	}
}

static void more_than_fit(void **state)
{
	struct wims_rangereg_policy policy = rr_policy;
	struct wims_rangereg *rr;
	struct wims_buf small;
	struct rr_world w;
	size_t line;

	(void)state;
	policy.ranges = 1;
	rr = wims_rangereg_new(&wims_env_libc, &policy, rr_random);
	assert_int_equal(wims_rangereg_load(rr, wims_pl_str(U R1 R2), wall(0), 0, &line),
					 WIMS_LIMIT_REACHED);
	wims_rangereg_free(rr);
	rr_open(&w, &rr_policy);
	rr_run(&w, before, 6);
	wims_buf_init(&small, &wims_env_libc, WIMS_RANGEREG_LINE_MAX - 1);
	assert_false(wims_rangereg_save(w.rr, &small, wall(0), w.now));
	assert_int_equal(wims_buf_pl(&small).l, 0);
	rr_close(&w);
}

/* A mutant is refused, or what it says is kept as it is. */
static void one_mutant(void *ctx, struct wims_pl body)
{
	struct wims_rangereg *rr = wims_rangereg_new(&wims_env_libc, &rr_policy, rr_random);
	struct wims_rangereg_action a;
	struct wims_buf out;
	size_t line, n = 0;

	(void)ctx;
	(void)!wims_rangereg_load(rr, body, wall(0), 0, &line);
	wims_buf_init(&out, &wims_env_libc, FILE_MAX);
	assert_true(wims_rangereg_save(rr, &out, wall(0), 0));
	while(wims_rangereg_next_action(rr, 3600 * 1000, &a))
		assert_true(++n < 20);
	wims_buf_clear(&out);
	wims_rangereg_free(rr);
}

static void mutants(void **state)
{
	(void)state;
	assert_true(sweep(wims_pl_str(U R1 R2 RANGE("sip:x!.*!@ims.test", "3", "1", "1", "0",
												"sip:r2-!.*!@ims.test")),
					  one_mutant, NULL)
				> 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(goes_on_after_a_restart),
			cmocka_unit_test(keeps_what_tokens_brought),
			cmocka_unit_test(leaves_what_is_no_more),
			cmocka_unit_test(begins_anew_when_expired),
			cmocka_unit_test(never_goes_back),
			cmocka_unit_test(stays_in_its_dialog),
			cmocka_unit_test(damaged_records),
			cmocka_unit_test(more_than_fit),
			cmocka_unit_test(mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
