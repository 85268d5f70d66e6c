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

#include "rr_nodes.h"

enum
{
	EVENTS = 100000,
	CALM_EACH = 500,
	CALM_MS = 60 * 1000
};

static uint64_t chance_state = 88172645463325252;

static unsigned chance(unsigned below)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (unsigned)(chance_state >> 33) % below;
}

static int alive(const struct rr_nodes *w)
{
	int n, count = 0;

	for(n = 0; n < RR_NODES; n++)
		count += w->node[n].rr != NULL;
	return count;
}

static void answer_one(struct rr_nodes *w)
{
	static const int codes[] = {200, 200, 200, 200, 503, 403, 408, 0};
	struct rr_flight *f = rr_nodes_first(w, 1 + (int)chance(RR_NODES_RANGES - 1));
	int code = codes[chance(8)];
	struct rr_contact *c = NULL;
	size_t i;

	if(f == NULL)
		return;
	for(i = 0; i < w->in_core[f->unit]; i++)
		if(strcmp(w->core[f->unit][i].user, f->user) == 0)
			c = &w->core[f->unit][i];
	/* no Contact that is to be taken out is kept in spite of three requests */
	if(f->expires == 0 && c != NULL && (code != 200 && ++c->refused >= 2))
		code = 200;
	if(code == 403) /* a core that says that has no such Contact */
		f->expires = 0;
	rr_nodes_answer(w, f, code,
					code == 200 || code == 403 || ((code == 408 || code == 0) && chance(2) == 0));
}

static void by_hand(struct rr_nodes *w, int node, int n)
{
	struct wims_rangereg *rr = w->node[node].rr;

	if(chance(4) == 0)
		(void)!wims_rangereg_deregister(rr, rr_nodes_range(n), w->now);
	else
		(void)!wims_rangereg_register(rr, rr_nodes_range(n), w->now);
}

static void use(struct rr_nodes *w, int node)
{
	struct rr_node *it = &w->node[node];

	if(wims_rangereg_want(it->rr, rr_nodes_range(3), w->now, NULL) == WIMS_OK)
		it->members[3] = chance(2);
}

static void happen(struct rr_nodes *w)
{
	int node = (int)chance(RR_NODES), n = 1 + (int)chance(RR_NODES_RANGES - 1);
	unsigned what = chance(100);

	if(what < 40) {
		w->now += chance(400);
	} else if(what < 75) {
		answer_one(w);
	} else if(w->node[node].rr == NULL) {
		rr_nodes_start(w, node);
	} else if(what < 80) {
		use(w, node);
	} else if(what < 82) {
		w->node[node].cut = chance(3) == 0;
	} else if(what < 84) {
		rr_nodes_keep(w, node);
	} else if(what < 85) {
		if(chance(8) == 0)
			by_hand(w, node, n);
	} else if(what < 86) {
		w->now += chance(8000);
	} else if(what < 87 && chance(8) == 0 && alive(w) > 1) {
		if(chance(2) == 0)
			rr_nodes_crash(w, node);
		else
			rr_nodes_stop(w, node, chance(2) == 0);
	}
	rr_nodes_turn(w);
}

/* All is well again: each range has one Contact, of a node that is there, and each
 * node says the same of it. */
static void check_range(struct rr_nodes *w, int n)
{
	enum wims_rangereg_state first = WIMS_RANGEREG_OFF;
	static struct wims_rangereg_view v;
	size_t i, contacts = 0, members = 0;
	bool seen = false;
	int node;

	for(node = 0; node < RR_NODES; node++) {
		if(w->node[node].rr == NULL)
			continue;
		members += w->node[node].members[n];
		if(!seen)
			first = rr_nodes_state(w, node, n);
		seen = true;
		/* one of trigger "first" is wanted by whom it is used */
		if(n != 3 || first == WIMS_RANGEREG_BY_HAND)
			assert_int_equal(rr_nodes_state(w, node, n), first);
		if(w->node[node].members[n] > 0 && first != WIMS_RANGEREG_BY_HAND)
			assert_int_equal(rr_nodes_state(w, node, n), WIMS_RANGEREG_REGISTERED);
	}
	for(i = 0; i < w->in_core[n]; i++) {
		const struct rr_contact *c = &w->core[n][i];

		if(c->excused)
			continue;
		contacts++;
		assert_non_null(w->node[c->node].rr);
		assert_true(wims_rangereg_view(w->node[c->node].rr, rr_nodes_range(n), w->now, &v));
		assert_string_equal(c->user, v.contact_user);
		assert_int_equal(w->holder[n], c->node);
	}
	if(first == WIMS_RANGEREG_BY_HAND || (n == 3 && members == 0))
		assert_int_equal(contacts, 0);
	else
		assert_int_equal(contacts, 1);
	if(n != 3 && first != WIMS_RANGEREG_BY_HAND)
		assert_int_equal(first, WIMS_RANGEREG_REGISTERED);
}

static void calm(struct rr_nodes *w)
{
	int n;

	for(n = 0; n < RR_NODES; n++) {
		w->node[n].cut = false;
		if(w->node[n].rr == NULL && chance(2) == 0)
			rr_nodes_start(w, n);
	}
	rr_nodes_run(w, CALM_MS);
	for(n = 1; n < RR_NODES_RANGES; n++)
		check_range(w, n);
}

static void always_so(void **state)
{
	static struct rr_nodes w;
	size_t i;

	(void)state;
	rr_nodes_open(&w);
	for(i = 1; i <= EVENTS; i++) {
		happen(&w);
		if(i % CALM_EACH == 0)
			calm(&w);
	}
	printf("%zu REGISTERs, %zu removed, %zu leases taken, %zu gone, %zu lost, %zu crashes\n",
		   w.registers, w.removes, w.taken, w.gone, w.lost, w.crashes);
	/* it has been everywhere */
	assert_true(w.registers > EVENTS / 100 && w.removes > EVENTS / 1000 && w.taken > EVENTS / 500
				&& w.gone > EVENTS / 2000 && w.lost > EVENTS / 1000 && w.crashes > EVENTS / 2000);
	rr_nodes_close(&w);
}

/* Who was the holder keeps its subscription as long as there is a registration. */
static void a_subscription_lasts_as_long_as_the_range(void **state)
{
	static struct rr_nodes w;
	int holder, other;

	(void)state;
	rr_nodes_open(&w);
	rr_nodes_run(&w, 2000);
	holder = w.holder[1];
	other = (holder + 1) % RR_NODES;
	assert_true(wims_rangereg_register(w.node[other].rr, rr_nodes_range(1), w.now));
	rr_nodes_run(&w, RR_NODES_LEASE_MS);
	assert_int_equal(w.core[1][0].node, other);
	assert_true(w.node[holder].subscribed[1] && w.node[other].subscribed[1]);
	assert_true(wims_rangereg_deregister(w.node[other].rr, rr_nodes_range(1), w.now));
	rr_nodes_run(&w, RR_NODES_LEASE_MS);
	assert_false(w.node[holder].subscribed[1] || w.node[other].subscribed[1]);
	rr_nodes_close(&w);
}

/* The others only look at first, so that it may renew what has run out. */
static void behind_a_failure_the_holder_comes_first(void **state)
{
	static struct rr_nodes w;
	struct wims_rangereg_view v;
	int n, holder;

	(void)state;
	rr_nodes_open(&w);
	rr_nodes_run(&w, 2000);
	holder = w.holder[1];
	for(n = 0; n < RR_NODES; n++)
		w.node[n].cut = true;
	rr_nodes_run(&w, 6500);
	for(n = 0; n < RR_NODES; n++)
		w.node[n].cut = n == holder;
	rr_nodes_run(&w, RR_NODES_LEASE_MS / 4 - 100);
	for(n = 0; n < RR_NODES; n++) {
		assert_true(wims_rangereg_view(w.node[n].rr, rr_nodes_range(1), w.now, &v));
		assert_int_equal(v.role == WIMS_RANGEREG_OURS, n == holder);
	}
	rr_nodes_close(&w);
}

/* What the store says of all leases, at all nodes whose turn it is to ask. */
static void says(struct rr_nodes *w, enum wims_reason is, const struct wims_rangereg_held *held)
{
	static struct wims_rangereg_ask ask;
	int n;

	for(n = 0; n < RR_NODES; n++)
		while(wims_rangereg_next_ask(w->node[n].rr, w->now, &ask))
			wims_rangereg_held(w->node[n].rr, &ask, is, held, w->now);
}

/* The lease is somebody's whose document cannot be read; then the store is away for
 * longer than a lease. Who had it before still has the only Contact in the core. */
static void the_only_contact_stays_until_another_is_there(void **state)
{
	const struct wims_rangereg_held other = {.node = 9, .epoch = 1, .left_ms = 500, .forged = true};
	static struct rr_nodes w;
	int i;

	(void)state;
	rr_nodes_open(&w);
	rr_nodes_run(&w, 2000);
	assert_int_equal(w.in_core[1], 1);
	w.now += RR_NODES_LEASE_MS / 2;
	says(&w, WIMS_OK, &other);
	w.now += RR_NODES_LEASE_MS;
	says(&w, WIMS_REGISTRAR_AWAY, &other);
	for(i = 0; i < 100; i++) {
		rr_nodes_run(&w, 100);
		assert_true(w.in_core[1] > 0);
	}
	check_range(&w, 1);
	assert_int_equal(w.lost, 0);
	rr_nodes_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(a_subscription_lasts_as_long_as_the_range),
			cmocka_unit_test(behind_a_failure_the_holder_comes_first),
			cmocka_unit_test(the_only_contact_stays_until_another_is_there),
			cmocka_unit_test(always_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
