/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* What the holder of a lease publishes, as a node that does not trust it reads it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "rr_nodes.h"
#include "scarce.h"

enum
{
	SOON_MS = RR_NODES_LEASE_MS, /* until all have asked, and done what follows */
	LONG_MS = 3 * RR_NODES_LEASE_MS
};

#define USER "0123456789abcdef01234567"
#define ID "0123456789abcdef"
#define U(fields) "u\t1\t" USER "\t192.0.2.9:5060\t" fields "\n"

/* What the store says to the next question of that node about range 1. */
static enum wims_rangereg_change answer(int node, const struct wims_rangereg_held *held)
{
	static struct wims_rangereg_ask ask;

	for(rr_world.now += RR_NODES_LEASE_MS / 4;
		wims_rangereg_next_ask(rr_world.node[node].rr, rr_world.now, &ask);)
		if(wims_pl_eq(ask.to, WIMS_PL("sip:r1@ims.test")))
			return wims_rangereg_held(rr_world.node[node].rr, &ask, WIMS_OK, held, rr_world.now);
	fail();
	return WIMS_RANGEREG_SAME;
}

static enum wims_rangereg_change tell(int node, struct wims_pl doc)
{
	return answer(node,
				  &(struct wims_rangereg_held){.node = 9, .epoch = 1, .left_ms = 3000, .doc = doc});
}

static void bad_documents_change_nothing(void **state)
{
	static const char *const bad[] = {"x",
									  "\n",
									  "u\n",
									  "u\t1\n",
									  U("1\t1"),
									  U("1\t1\t\tmore"),
									  U("2\t1\t"),
									  U("1\t-1\t"),
									  U("1\t01\t"),
									  U("1\t4294967295001\t"),
									  U("1\t1\t\x01"),
									  U("1\t1\t\x7f"),
									  "u\t2\t" USER "\t192.0.2.9:5060\t1\t1\t\n",
									  "u\t1\t" USER "0\t192.0.2.9:5060\t1\t1\t\n",
									  "u\t1\t" USER "\t192.0.2.9\t1\t1\t\n",
									  "u\t1\t" USER "\t\t1\t1\t\n",
									  "u\t1\t" USER "\t192.0.2.9:5060>\t1\t1\t\n",
									  "u\t1\t" USER "\ta b:5060\t1\t1\t\n",
									  U("1\t1\t") "p\t" USER "\n",
									  U("1\t1\t") "p\t" USER "\t:\r\n",
									  U("1\t1\t") "p\tABCDEF\t192.0.2.9:5060\n",
									  U("1\t1\t") "t\t" USER "0\n",
									  U("1\t1\t") "t\t" USER "\t1\n",
									  U("1\t1\t") "t\t" USER,
									  U("1\t1\t") "t\t" USER "\np\t" USER "\t192.0.2.9:5060\n",
									  U("1\t1\t") "r\t" ID "\tg\t0\n",
									  U("1\t1\t") "r\t" ID "\tx\t0\t" ID "\n",
									  U("1\t1\t") "r\t" ID "\tgg\t0\t" ID "\n",
									  U("1\t1\t") "r\t" ID "\tg\t-\t" ID "\n",
									  U("1\t1\t") "r\t" ID "\tg\t0\t" ID "0\n",
									  U("1\t1\t") "r\t" ID "\tg\t0\t" ID,
									  U("1\t1\t") "r\t" ID "\tg\t0\t" ID "\n\n",
									  U("1\t1\t") "r\t" ID "\tg\t0\t" ID "\np\t" USER
												  "\t192.0.2.9:5060\n",
									  U("1\t1\t") U("1\t1\t")};
	int other = (rr_world.holder[1] + 1) % RR_NODES;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if(tell(other, wims_pl_str(bad[i])) != WIMS_RANGEREG_UNREADABLE)
			fail_msg("document %zu was taken", i);
		assert_true(rr_nodes_state(&rr_world, other, 1) == WIMS_RANGEREG_REGISTERED);
	}
	/* and what is well is taken, of which our range is no part */
	assert_int_equal(tell(other, wims_pl_str(U("1\t1000\t") "p\t" USER "\t[2001:db8::1]:5060\n"
															"t\t" USER "\n"
															"r\t" ID "\tg\t0\t" ID "\n")),
					 WIMS_RANGEREG_SAME);
	assert_true(rr_nodes_state(&rr_world, other, 1) == WIMS_RANGEREG_RETRY);
}

static void one_contact_of(int node)
{
	assert_int_equal(rr_world.in_core[1], 1);
	assert_int_equal(rr_world.core[1][0].node, node);
}

/* A holder that comes back with nothing learns from it what it had. */
static void a_restart_without_a_file_goes_on(void **state)
{
	int holder = rr_world.holder[1];

	(void)state;
	rr_nodes_crash(&rr_world, holder);
	rr_nodes_start(&rr_world, holder);
	rr_nodes_run(&rr_world, LONG_MS);
	one_contact_of(holder);
	assert_int_equal(rr_world.lost, 0);
	assert_int_equal(rr_world.absent, 0);
}

/* Neither as an answer about another node's lease, nor as what one before has left. */
static void a_forged_document_is_none(void **state)
{
	static const struct wims_pl doc =
			WIMS_PL(U("1\t1000\t<sip:o@evil.example;lr>") "r\t" ID "\tg\t0\t" ID "\n");
	struct wims_rangereg_held held = {
			.node = 9, .epoch = 1, .left_ms = 3000, .doc = doc, .forged = true};
	int other = (rr_world.holder[1] + 1) % RR_NODES;
	struct wims_rangereg_view v;

	(void)state;
	assert_int_equal(answer(other, &held), WIMS_RANGEREG_UNREADABLE);
	assert_true(rr_nodes_state(&rr_world, other, 1) == WIMS_RANGEREG_REGISTERED);
	held.doc = WIMS_PL_NONE;
	assert_int_equal(answer(other, &held), WIMS_RANGEREG_UNREADABLE);
	held.doc = doc;
	held.ours = true;
	assert_int_equal(answer(other, &held), WIMS_RANGEREG_TAKEN);
	assert_true(wims_rangereg_view(rr_world.node[other].rr, rr_nodes_range(1), rr_world.now, &v));
	assert_false(wims_pl_eq(v.service_route, WIMS_PL("<sip:o@evil.example;lr>")));
}

static void a_document_too_long_is_none(void **state)
{
	static char text[WIMS_RANGEREG_DOC_MAX + 100];
	static const char line[] = "r\t" ID "\tg\t0\t" ID "\n";
	size_t n = sizeof(U("1\t1\t")) - 1;

	(void)state;
	memcpy(text, U("1\t1\t"), n);
	for(; n <= WIMS_RANGEREG_DOC_MAX; n += sizeof(line) - 1)
		memcpy(text + n, line, sizeof(line) - 1);
	assert_int_equal(tell((rr_world.holder[1] + 1) % RR_NODES, (struct wims_pl){text, n}),
					 WIMS_RANGEREG_UNREADABLE);
}

/* A Service-Route that cannot be kept is as if there were none; never a table that
 * is broken. */
static void memory_may_run_out(void **state)
{
	static struct wims_rangereg_ask ask;
	const struct wims_rangereg_policy policy = {.ranges = 8,
												.in_flight = 2,
												.expires = 3600,
												.answer_ms = 3000,
												.retry_min_ms = 1000,
												.retry_max_ms = 4000,
												.lease_ms = RR_NODES_LEASE_MS,
												.address = WIMS_PL("192.0.2.1:5060")};
	const struct wims_rangereg_in in = {.wildcard = rr_nodes_range(1),
										.wwsf = WIMS_PL("wwsf"),
										.pilot = WIMS_PL("sip:r1@ims.test"),
										.impi = WIMS_PL("r1@ims.test"),
										.domain = WIMS_PL("ims.test"),
										.trigger = WIMS_RANGE_AT_START};
	const struct wims_rangereg_held held = {
			.node = 9, .epoch = 1, .left_ms = 3000, .doc = WIMS_PL(U("1\t9000\t<sip:o@s;lr>"))};
	struct wims_rangereg_view v;
	struct scarce s;
	bool all = false;
	size_t n;

	(void)state;
	for(n = 0; n < 100 && !all; n++) {
		struct wims_rangereg *rr;

		scarce_init(&s, n);
		rr = wims_rangereg_new(&s.env, &policy, rr_nodes_random);
		if(rr != NULL && wims_rangereg_add(rr, &in, 1) == WIMS_OK) {
			assert_true(wims_rangereg_next_ask(rr, 1, &ask));
			assert_int_equal(wims_rangereg_held(rr, &ask, WIMS_OK, &held, 1), WIMS_RANGEREG_SAME);
			assert_true(wims_rangereg_view(rr, in.wildcard, 1, &v));
			assert_int_equal(v.role, WIMS_RANGEREG_OTHER);
			all = v.service_route.l > 0;
			assert_true(all || v.last == WIMS_NOMEM);
		}
		wims_rangereg_free(rr);
		assert_int_equal(s.live, 0);
	}
	assert_true(all && n > 5);
}

/* It is told whose Contact was taken out, also by the one behind that node. */
static void who_is_followed_twice_does_not_repeat_it(void **state)
{
	int holder = rr_world.holder[1], next;

	(void)state;
	rr_world.node[holder].cut = true;
	rr_nodes_run(&rr_world, LONG_MS);
	next = rr_world.holder[1];
	rr_nodes_crash(&rr_world, next);
	rr_nodes_run(&rr_world, LONG_MS);
	assert_int_not_equal(rr_world.holder[1], next);
	rr_world.node[holder].cut = false;
	rr_nodes_run(&rr_world, SOON_MS);
	one_contact_of(rr_world.holder[1]);
	assert_int_not_equal(rr_world.holder[1], holder);
	assert_int_equal(rr_world.absent, 0);
}

/* What is published is older than what the holder knows. */
static void nor_does_who_could_not_tell(void **state)
{
	int dead = rr_world.holder[1], next;
	struct rr_flight *f;

	(void)state;
	rr_nodes_crash(&rr_world, dead);
	while((f = rr_nodes_first(&rr_world, 1)) == NULL || f->expires > 0) {
		if(f != NULL)
			rr_nodes_answer(&rr_world, f, 200, true);
		rr_world.now += 100;
		rr_nodes_turn(&rr_world);
	}
	next = f->node;
	rr_nodes_crash(&rr_world, 3 - dead - next);
	rr_world.node[next].cut = true;
	rr_nodes_run(&rr_world, LONG_MS);
	rr_world.node[next].cut = false;
	rr_nodes_run(&rr_world, LONG_MS);
	one_contact_of(next);
	assert_int_equal(rr_world.absent, 0);
}

/* It was there again behind that: it must not stay. */
static void what_came_behind_it_is_taken_out(void **state)
{
	int holder = rr_world.holder[1], other = (holder + 1) % RR_NODES;
	struct rr_flight *f, late;

	(void)state;
	assert_true(wims_rangereg_refresh(rr_world.node[holder].rr, rr_nodes_range(1), rr_world.now));
	rr_nodes_turn(&rr_world);
	f = rr_nodes_first(&rr_world, 1);
	assert_non_null(f);
	late = *f;
	f->node = -1; /* on its way */
	rr_world.node[holder].cut = true;
	assert_true(wims_rangereg_register(rr_world.node[other].rr, rr_nodes_range(1), rr_world.now));
	rr_nodes_run(&rr_world, 1000);
	one_contact_of(other);
	rr_nodes_answer(&rr_world, &late, 200, true);
	assert_int_equal(rr_world.in_core[1], 2);
	rr_world.node[holder].cut = false;
	rr_nodes_run(&rr_world, SOON_MS);
	one_contact_of(other);
	assert_int_equal(rr_world.absent, 0);
}

static void a_restart_does_not_repeat_it(void **state)
{
	int holder = rr_world.holder[1], other = (holder + 1) % RR_NODES;

	(void)state;
	rr_nodes_keep(&rr_world, holder);
	rr_nodes_crash(&rr_world, holder);
	rr_nodes_run(&rr_world, LONG_MS);
	rr_nodes_start(&rr_world, holder);
	rr_nodes_run(&rr_world, SOON_MS);
	one_contact_of(rr_world.holder[1]);
	assert_int_not_equal(rr_world.holder[1], holder);
	assert_int_equal(rr_world.absent, 0);
	/* and what it registers later is its own again */
	assert_true(wims_rangereg_register(rr_world.node[holder].rr, rr_nodes_range(1), rr_world.now));
	rr_nodes_run(&rr_world, SOON_MS);
	one_contact_of(holder);
	assert_true(wims_rangereg_register(rr_world.node[other].rr, rr_nodes_range(1), rr_world.now));
	rr_nodes_run(&rr_world, SOON_MS);
	one_contact_of(other);
	assert_int_equal(rr_world.absent, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rr_nodes_setup, rr_nodes_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			TEST(bad_documents_change_nothing),   TEST(a_restart_without_a_file_goes_on),
			TEST(a_forged_document_is_none),      TEST(a_document_too_long_is_none),
			cmocka_unit_test(memory_may_run_out), TEST(who_is_followed_twice_does_not_repeat_it),
			TEST(nor_does_who_could_not_tell),    TEST(what_came_behind_it_is_taken_out),
			TEST(a_restart_does_not_repeat_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
