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
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "regevent/wims_regsub.h"
#include "sweep.h"

/* Subscriptions that live through anything: what a core may say, in any order,
 * while memory runs out now and then. */

enum
{
	EVENTS = 100000,
	IDENTITIES = 6,
	RETRY_MIN = 1000,
	RETRY_MAX = 60000,
	HOUR = 3600 * 1000
};

static uint64_t dice;

static uint32_t roll(uint32_t sides)
{
	dice = dice * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(dice >> 33) % sides;
}

static bool rolled(void *buf, size_t n)
{
	uint8_t *p = buf;

	while(n-- > 0)
		*p++ = (uint8_t)roll(256);
	return true;
}

/* Memory that one time in 50 is not there. */
static size_t live;

static void *poor_alloc(void *ctx, size_t n)
{
	const bool *poor = ctx;
	void *p = *poor && roll(50) == 0 ? NULL : malloc(n);

	live += p != NULL;
	return p;
}

static void poor_free(void *ctx, void *p)
{
	(void)ctx;
	live -= p != NULL;
	free(p);
}

/* What was seen of each identity. */
struct seen
{
	char name[40];
	bool in_flight;
	struct wims_regsub_action last;
	int64_t sent[64]; /* times, the oldest is overwritten */
	size_t count;
};

struct model
{
	struct wims_regsubs *rs;
	int64_t now;
	struct seen seen[IDENTITIES];
	struct wims_reginfo *docs[8];
};

static struct seen *of(struct model *m, struct wims_pl identity)
{
	size_t i;

	for(i = 0; i < IDENTITIES; i++)
		if(wims_pl_eq(wims_pl_str(m->seen[i].name), identity))
			return &m->seen[i];
	fail_msg("SUBSCRIBE for somebody else");
	return NULL;
}

/* One SUBSCRIBE goes out. */
static void check_sent(struct model *m, const struct wims_regsub_action *a)
{
	struct seen *s = of(m, a->identity);

	assert_int_not_equal(a->txn, s->last.txn);
	if(strcmp(a->call_id, s->last.call_id) == 0) {
		assert_int_equal(a->cseq, s->last.cseq + 1);
		assert_string_equal(a->from_tag, s->last.from_tag);
		assert_true(a->to_tag.l > 0);
	} else {
		assert_int_equal(a->cseq, 1);
		assert_int_equal(a->to_tag.l, 0);
		assert_true(a->expires > 0);
	}
	s->in_flight = true;
	s->last = *a;
	s->sent[s->count++ % 64] = m->now;
}

static void act(struct model *m)
{
	struct wims_regsub_action a;

	while(wims_regsubs_next_action(m->rs, m->now, &a))
		check_sent(m, &a);
}

static void answer(struct model *m, struct seen *s)
{
	static const int codes[] = {0,   200, 200, 200, 202, 301, 403, 408,
								423, 480, 481, 489, 500, 503, 604};
	const struct wims_regsub_answer a = {
			.code = codes[roll(sizeof(codes) / sizeof(codes[0]))],
			.granted = (int64_t)roll(9000) - 1,
			.min_expires = (int64_t)roll(9000) - 1,
			.retry_after = (int64_t)roll(200) - 1,
			.to_tag = roll(9) == 0 ? WIMS_PL("fork") : WIMS_PL("core"),
			.contact = roll(20) == 0 ? WIMS_PL_NONE : WIMS_PL("sip:scscf"),
	};
	bool taken;

	if(s->last.txn == 0)
		return;
	taken = wims_regsub_answered(m->rs, s->last.txn, &a, m->now);
	assert_true(s->in_flight || !taken);
	s->in_flight = false;
}

static void notify(struct model *m, const struct seen *s)
{
	static const char *const states[] = {
			"active",
			"active;expires=30",
			"pending",
			"",
			"terminated;reason=deactivated",
			"terminated;reason=rejected",
			"terminated;reason=probation;retry-after=3",
			"active;expires=3000",
	};
	struct wims_regsub_notify in = {
			.call_id = wims_pl_str(s->last.call_id),
			.to_tag = wims_pl_str(s->last.from_tag),
			.from_tag = roll(9) == 0 ? WIMS_PL("fork") : WIMS_PL("core"),
			.cseq = roll(1000),
			.substate = wims_pl_str(states[roll(sizeof(states) / sizeof(states[0]))]),
			.contact = WIMS_PL("sip:scscf"),
			.parsed = roll(9) == 0 ? WIMS_BODY_XML : WIMS_OK,
	};
	bool tell;

	if(in.parsed == WIMS_OK && roll(5) != 0)
		in.document = m->docs[roll(8)];
	if(wims_regsub_notify(m->rs, &in, m->now, &tell) != WIMS_OK)
		assert_false(tell);
	assert_true(!tell || in.document != NULL);
}

static void one_event(struct model *m)
{
	struct seen *s = &m->seen[roll(IDENTITIES)];
	struct wims_pl name = wims_pl_str(s->name);
	uint32_t what = roll(20);

	if(what < 2)
		(void)!wims_regsub_want(m->rs, WIMS_REGSUB_FOR_RANGE, name, roll(9000), m->now);
	else if(what == 2)
		wims_regsub_drop(m->rs, WIMS_REGSUB_FOR_RANGE, name, m->now);
	else if(what < 9)
		answer(m, s);
	else if(what < 14)
		notify(m, s);
	else
		m->now += roll(what == 19 ? 200000 : 3000);
	act(m);
}

static struct wims_reginfo *document(unsigned version, bool full)
{
	char text[120];
	struct wims_reginfo *doc = NULL;

	snprintf(text, sizeof(text),
			 "<reginfo xmlns='urn:ietf:params:xml:ns:reginfo' version='%u' state='%s'/>", version,
			 full ? "full" : "partial");
	assert_int_equal(wims_reginfo_parse(&doc, &wims_env_libc, wims_pl_str(text)), WIMS_OK);
	return doc;
}

static void begin(struct model *m, const struct wims_env *env, uint64_t seed)
{
	const struct wims_regsub_policy policy = {.subscriptions = IDENTITIES - 1,
											  .expires = 7200,
											  .retry_min_ms = RETRY_MIN,
											  .retry_max_ms = RETRY_MAX};
	unsigned i;

	memset(m, 0, sizeof(*m));
	dice = seed;
	m->now = 1;
	m->rs = wims_regsubs_new(env, &policy, rolled);
	assert_non_null(m->rs);
	for(i = 0; i < IDENTITIES; i++)
		snprintf(m->seen[i].name, sizeof(m->seen[i].name), "sip:%u@ims.test", i);
	for(i = 0; i < 8; i++)
		m->docs[i] = document(i / 2, i % 2 == 0);
}

static void finish(struct model *m)
{
	unsigned i;

	wims_regsubs_free(m->rs);
	for(i = 0; i < 8; i++)
		wims_reginfo_free(m->docs[i]);
	assert_int_equal(live, 0);
}

static void test_anything(void **state)
{
	static struct model m;
	bool poor = false;
	const struct wims_env env = {&poor, poor_alloc, poor_free};
	size_t i, sends = 0;

	(void)state;
	begin(&m, &env, 4);
	for(i = 0; i < EVENTS; i++) {
		poor = i % 1000 > 500;
		one_event(&m);
	}
	poor = false;
	for(i = 0; i < IDENTITIES; i++)
		sends += m.seen[i].count;
	assert_in_range(sends, EVENTS / 20, EVENTS);
	/* all of them can still be had, and be given up */
	for(i = 0; i < IDENTITIES; i++)
		wims_regsub_drop(m.rs, WIMS_REGSUB_FOR_RANGE, wims_pl_str(m.seen[i].name), m.now);
	for(i = 0; i < 20; i++) {
		m.now += WIMS_REGSUB_ANSWER_MS;
		act(&m);
	}
	assert_false(wims_regsubs_view_at(m.rs, 0, &(struct wims_regsub_view){0}));
	finish(&m);
}

/* With a core that behaves like this, how many SUBSCRIBEs in an hour? */
static size_t in_an_hour(void (*core)(struct model *m, struct seen *s))
{
	static struct model m;
	bool poor = false;
	const struct wims_env env = {&poor, poor_alloc, poor_free};
	size_t n;

	begin(&m, &env, 7);
	assert_int_equal(
			wims_regsub_want(m.rs, WIMS_REGSUB_FOR_RANGE, wims_pl_str(m.seen[0].name), 3600, m.now),
			WIMS_OK);
	for(; m.now < HOUR; m.now += 100) {
		act(&m);
		if(m.seen[0].in_flight)
			core(&m, &m.seen[0]);
	}
	n = m.seen[0].count;
	finish(&m);
	return n;
}

static void reply(struct model *m, struct seen *s, int code)
{
	const struct wims_regsub_answer a = {.code = code,
										 .granted = -1,
										 .min_expires = 7201,
										 .retry_after = 0,
										 .to_tag = WIMS_PL("core"),
										 .contact = WIMS_PL("sip:scscf")};

	s->in_flight = false;
	wims_regsub_answered(m->rs, s->last.txn, &a, m->now);
}

static void tell(struct model *m, struct seen *s, const char *substate, size_t doc)
{
	bool told;
	const struct wims_regsub_notify in = {.call_id = wims_pl_str(s->last.call_id),
										  .to_tag = wims_pl_str(s->last.from_tag),
										  .from_tag = WIMS_PL("core"),
										  .cseq = (uint32_t)m->now,
										  .substate = wims_pl_str(substate),
										  .contact = WIMS_PL("sip:scscf"),
										  .document = m->docs[doc]};

	(void)!wims_regsub_notify(m->rs, &in, m->now, &told);
}

static void dead(struct model *m, struct seen *s)
{
	(void)m;
	s->in_flight = false;
}

static void busy(struct model *m, struct seen *s)
{
	reply(m, s, 503);
}

static void brief(struct model *m, struct seen *s)
{
	reply(m, s, 423);
}

static void forgetful(struct model *m, struct seen *s)
{
	reply(m, s, s->last.cseq > 1 ? 481 : 200);
	tell(m, s, "active;expires=1", 0);
}

static void ending(struct model *m, struct seen *s)
{
	reply(m, s, 200);
	tell(m, s, "terminated;reason=deactivated", 0);
}

static void partial(struct model *m, struct seen *s)
{
	reply(m, s, 200);
	tell(m, s, "active", 1);
	m->now += 100;
	tell(m, s, "active", 3);
}

static void quick(struct model *m, struct seen *s)
{
	reply(m, s, 200);
	tell(m, s, "active;expires=0", 0);
}

static void test_no_storm(void **state)
{
	(void)state;
	assert_in_range(in_an_hour(dead), 20, 70);
	assert_in_range(in_an_hour(busy), 50, 130);
	assert_in_range(in_an_hour(brief), 50, 150);
	assert_in_range(in_an_hour(ending), 50, 130);
	assert_in_range(in_an_hour(partial), 50, 300);
	assert_in_range(in_an_hour(forgetful), 50, 300);
	assert_in_range(in_an_hour(quick), 50, 300);
}

/* ---- Subscription-State, spoilt ---- */

static void one_mutant(void *ctx, struct wims_pl input)
{
	static struct model m;
	struct wims_regsub_notify in = {.from_tag = WIMS_PL("core"),
									.cseq = 1,
									.substate = input,
									.contact = WIMS_PL("sip:scscf")};
	enum wims_reason r;
	bool told;

	begin(&m, ctx, 9);
	assert_int_equal(
			wims_regsub_want(m.rs, WIMS_REGSUB_FOR_RANGE, wims_pl_str(m.seen[0].name), 1, m.now),
			WIMS_OK);
	act(&m);
	in.call_id = wims_pl_str(m.seen[0].last.call_id);
	in.to_tag = wims_pl_str(m.seen[0].last.from_tag);
	r = wims_regsub_notify(m.rs, &in, m.now, &told);
	assert_true(r == WIMS_OK || r == WIMS_REQUEST_MALFORMED);
	m.now += HOUR;
	act(&m);
	finish(&m);
}

static void test_mutants(void **state)
{
	bool poor = false;
	struct wims_env env = {&poor, poor_alloc, poor_free};

	(void)state;
	sweep(WIMS_PL("terminated ; reason=probation;retry-after=4294967295 ;expires=0"), one_mutant,
		  &env);
}

static void test_no_memory(void **state)
{
	struct wims_regsub_policy policy = {.subscriptions = 1, .retry_min_ms = 1, .retry_max_ms = 1};
	bool poor = true;
	const struct wims_env env = {&poor, poor_alloc, poor_free};
	size_t i, made = 0;

	(void)state;
	for(i = 0; i < 1000; i++) {
		struct wims_regsubs *rs = wims_regsubs_new(&env, &policy, rolled);

		made += rs != NULL;
		wims_regsubs_free(rs);
		assert_int_equal(live, 0);
	}
	assert_in_range(made, 500, 999);
	wims_regsubs_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_anything),
			cmocka_unit_test(test_no_storm),
			cmocka_unit_test(test_mutants),
			cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
