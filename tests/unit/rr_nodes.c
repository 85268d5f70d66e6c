/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rr_nodes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
	WALL = 1700000000,
	FILE_MAX = 64 * 1024,
	ACTIONS_MAX = 200
};

#define CHECK(condition)                                                    \
	do {                                                                    \
		if(!(condition)) {                                                  \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                        \
		}                                                                   \
	} while(0)

bool rr_nodes_random(void *buf, size_t n)
{
	static uint64_t x = 88172645463325252;
	unsigned char *out = buf;

	for(; n > 0; n--) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		*out++ = (unsigned char)(x >> 40);
	}
	return true;
}

struct wims_pl rr_nodes_range(int n)
{
	static char text[RR_NODES_RANGES][32];

	snprintf(text[n], sizeof(text[n]), "sip:r%d-!.*!@ims.test", n);
	return wims_pl_str(text[n]);
}

static struct wims_pl pilot(int n)
{
	static char text[RR_NODES_RANGES][32];

	snprintf(text[n], sizeof(text[n]), "sip:r%d@ims.test", n);
	return wims_pl_str(text[n]);
}

static int number(struct wims_pl uri)
{
	int n = uri.l > 5 ? uri.p[5] - '0' : 0;

	CHECK(n > 0 && n < RR_NODES_RANGES);
	return n;
}

static struct wims_pl address(int node)
{
	static char text[RR_NODES][32];

	snprintf(text[node], sizeof(text[node]), "192.0.2.%d:5060", node + 1);
	return wims_pl_str(text[node]);
}

/* ---- the core ---- */

static struct rr_contact *contact(struct rr_nodes *w, int unit, const char *user)
{
	size_t i;

	for(i = 0; i < w->in_core[unit]; i++)
		if(strcmp(w->core[unit][i].user, user) == 0)
			return &w->core[unit][i];
	return NULL;
}

static void bind(struct rr_nodes *w, const struct rr_flight *f)
{
	struct rr_contact *c = contact(w, f->unit, f->user);

	if(f->expires == 0) {
		w->absent += c == NULL;
		if(c != NULL)
			*c = w->core[f->unit][--w->in_core[f->unit]];
		return;
	}
	if(c == NULL) {
		CHECK(w->in_core[f->unit] < RR_NODES_CONTACTS);
		c = &w->core[f->unit][w->in_core[f->unit]++];
		*c = (struct rr_contact){.node = f->node};
		memcpy(c->user, f->user, sizeof(c->user));
	}
	c->excused = f->excused;
}

struct rr_flight *rr_nodes_first(struct rr_nodes *w, int unit)
{
	struct rr_flight *first = NULL;
	size_t i;

	for(i = 0; i < RR_NODES_FLIGHT; i++) {
		struct rr_flight *f = &w->flight[i];

		if(f->node >= 0 && (unit == 0 || f->unit == unit) && (first == NULL || f->seq < first->seq))
			first = f;
	}
	return first;
}

void rr_nodes_answer(struct rr_nodes *w, struct rr_flight *f, int code, bool done)
{
	struct wims_pl list = rr_nodes_range(f->unit);
	const struct wims_rangereg_answer a = {
			.code = code,
			.granted = -1,
			.min_expires = -1,
			.retry_after = -1,
			.service_route = WIMS_PL("<sip:orig@scscf.ims.test;lr>"),
			.associated = list,
			.has_associated = true,
	};

	if(done)
		bind(w, f);
	if(code != 0 && w->node[f->node].rr != NULL && w->node[f->node].epoch == f->epoch)
		wims_rangereg_answered(w->node[f->node].rr, f->txn, &a, w->now);
	f->node = -1;
}

/* ---- what a node does ---- */

static void check_lease(struct rr_nodes *w, int node, int unit)
{
	bool holds = w->holder[unit] == node && w->now < w->until[unit];
	bool held = w->before[unit] == node && w->now < w->before_until[unit];

	CHECK(holds || held);
}

static void fly(struct rr_nodes *w, int node, const struct wims_rangereg_action *a)
{
	int unit = number(a->to);
	size_t i = 0;

	while(i < RR_NODES_FLIGHT && w->flight[i].node >= 0)
		i++;
	CHECK(i < RR_NODES_FLIGHT);
	w->flight[i] = (struct rr_flight){.node = node,
									  .unit = unit,
									  .txn = a->txn,
									  .seq = ++w->seq,
									  .expires = a->expires,
									  .epoch = w->node[node].epoch};
	memcpy(w->flight[i].user, a->contact_user, sizeof(a->contact_user));
	if(a->expires > 0) {
		check_lease(w, node, unit);
		memcpy(w->node[node].user[unit], a->contact_user, sizeof(a->contact_user));
		w->registers++;
	}
	/* what it takes out without a lease is its own */
	if(a->expires == 0 && a->contact_address.l > 0) {
		struct rr_contact *c = contact(w, unit, a->contact_user);

		check_lease(w, node, unit);
		CHECK(c == NULL || wims_pl_eq(a->contact_address, address(c->node)));
		w->removes++;
	}
}

static void tell(struct rr_nodes *w, int node, const struct wims_rangereg_action *a)
{
	int n = number(a->wildcard);

	if(a->kind == WIMS_RANGEREG_LOST) {
		CHECK(w->node[node].good[n]);
		w->node[node].good[n] = false;
		w->node[node].members[n] = 0; /* they are ended */
		w->lost++;
	} else {
		w->node[node].good[n] = w->node[node].good[n] || a->outcome == WIMS_OK;
		w->settled++;
	}
}

static void act(struct rr_nodes *w, int node)
{
	static struct wims_rangereg_action a;
	size_t n = 0;

	while(wims_rangereg_next_action(w->node[node].rr, w->now, &a)) {
		CHECK(++n < ACTIONS_MAX);
		if(a.kind == WIMS_RANGEREG_SEND)
			fly(w, node, &a);
		else if(a.kind == WIMS_RANGEREG_SUBSCRIBE)
			w->node[node].subscribed[number(a.to)] = true;
		else if(a.kind == WIMS_RANGEREG_UNSUBSCRIBE)
			w->node[node].subscribed[number(a.to)] = false;
		else
			tell(w, node, &a);
	}
}

static enum wims_reason ask_store(struct rr_nodes *w, int node, const struct wims_rangereg_ask *ask,
								  struct wims_reg_held *held)
{
	struct wims_block b = {.size = 0};
	int unit = number(ask->to);
	uint16_t id = (uint16_t)(node + 1);

	memcpy(b.tag, ask->tag, sizeof(b.tag));
	b.range = ask->to;
	wims_store_mem_at(w->memory, w->now);
	if(ask->kind == WIMS_RANGEREG_GIVE) {
		if(w->holder[unit] == node)
			w->holder[unit] = -1;
		return wims_store_unhold(&w->store, &b, id, w->node[node].epoch);
	}
	if(ask->end_other) {
		if(w->holder[unit] == ask->other - 1 && ask->other != id) {
			w->before[unit] = w->holder[unit];
			w->before_until[unit] = w->until[unit];
		}
		CHECK(wims_store_unhold(&w->store, &b, ask->other, ask->other_epoch) == WIMS_OK);
	}
	CHECK(wims_store_hold(&w->store, &b, id, w->node[node].epoch, ask->ms, ask->doc, held)
		  == WIMS_OK);
	if(held->ours) {
		w->holder[unit] = node;
		w->until[unit] = w->now + ask->ms;
	}
	return WIMS_OK;
}

static void ask_all(struct rr_nodes *w, int node)
{
	static struct wims_rangereg_ask ask;
	static struct wims_reg_held held;
	size_t n = 0;

	while(wims_rangereg_next_ask(w->node[node].rr, w->now, &ask)) {
		struct wims_rangereg_held in = {0};
		enum wims_rangereg_change change;
		enum wims_reason is = WIMS_REGISTRAR_AWAY;

		CHECK(++n < ACTIONS_MAX);
		memset(&held, 0, offsetof(struct wims_reg_held, text));
		if(!w->node[node].cut)
			is = ask_store(w, node, &ask, &held);
		in = (struct wims_rangereg_held){held.ours,    held.node, held.epoch,
										 held.left_ms, held.doc,  false};
		change = wims_rangereg_held(w->node[node].rr, &ask, is, &in, w->now);
		CHECK(change != WIMS_RANGEREG_UNREADABLE);
		w->taken += change == WIMS_RANGEREG_TAKEN;
		w->gone += change == WIMS_RANGEREG_GONE;
		act(w, node);
	}
}

/* What it shows is what it told, but that WICs stay while the core is asked anew. */
static void check(struct rr_nodes *w, int node)
{
	int n;

	for(n = 1; n < RR_NODES_RANGES; n++) {
		enum wims_rangereg_state is = rr_nodes_state(w, node, n);

		CHECK(is != WIMS_RANGEREG_REGISTERED || w->node[node].good[n]);
		CHECK(is == WIMS_RANGEREG_REGISTERED || is == WIMS_RANGEREG_PENDING
			  || is == WIMS_RANGEREG_RETRY || is == WIMS_RANGEREG_LEAVING
			  || !w->node[node].good[n]);
	}
}

static void count_members(struct rr_nodes *w, int node)
{
	struct rr_node *it = &w->node[node];

	wims_rangereg_members(it->rr, rr_nodes_range(3), it->members[3], w->now);
}

void rr_nodes_turn(struct rr_nodes *w)
{
	int i;

	for(i = 0; i < RR_NODES; i++) {
		if(w->node[i].rr == NULL)
			continue;
		act(w, i);
		count_members(w, i);
		ask_all(w, i);
		act(w, i);
		check(w, i);
	}
}

void rr_nodes_run(struct rr_nodes *w, int64_t ms)
{
	int64_t end = w->now + ms;
	struct rr_flight *f;

	for(; w->now < end; w->now += 100) {
		rr_nodes_turn(w);
		while((f = rr_nodes_first(w, 0)) != NULL)
			rr_nodes_answer(w, f, 200, true);
	}
	rr_nodes_turn(w);
}

enum wims_rangereg_state rr_nodes_state(struct rr_nodes *w, int node, int range)
{
	static struct wims_rangereg_view v;

	CHECK(wims_rangereg_view(w->node[node].rr, rr_nodes_range(range), w->now, &v));
	return v.state;
}

/* ---- their lives ---- */

static void provision(struct rr_nodes *w, int node)
{
	int n;

	wims_rangereg_begin(w->node[node].rr);
	for(n = 1; n < RR_NODES_RANGES; n++) {
		const struct wims_rangereg_in in = {
				.wildcard = rr_nodes_range(n),
				.wwsf = WIMS_PL("wwsf"),
				.pilot = pilot(n),
				.impi = wims_pl_from(pilot(n), 4),
				.domain = WIMS_PL("ims.test"),
				.trigger = n == 3 ? WIMS_RANGE_AT_FIRST : WIMS_RANGE_AT_START,
		};

		CHECK(wims_rangereg_add(w->node[node].rr, &in, w->now) == WIMS_OK);
	}
	wims_rangereg_end(w->node[node].rr, w->now);
}

void rr_nodes_start(struct rr_nodes *w, int node)
{
	const struct wims_rangereg_policy policy = {
			.ranges = 8,
			.in_flight = 2,
			.expires = 3600,
			.expires_max = 7200,
			.answer_ms = 3000,
			.confirm_ms = 5000,
			.retry_min_ms = 1000,
			.retry_max_ms = 4000,
			.refused_ms = 3000,
			.grace_ms = 1000,
			.subscribe = true,
			.lease_ms = RR_NODES_LEASE_MS,
			.node = (uint16_t)(node + 1),
			.address = address(node),
	};
	struct rr_node *it = &w->node[node];
	size_t line;

	it->rr = wims_rangereg_new(&wims_env_libc, &policy, rr_nodes_random);
	CHECK(it->rr != NULL);
	it->epoch++;
	it->cut = false;
	memset(it->good, 0, sizeof(it->good));
	memset(it->members, 0, sizeof(it->members));
	memset(it->subscribed, 0, sizeof(it->subscribed));
	CHECK(wims_rangereg_load(it->rr, wims_buf_pl(&it->file), w->now + WALL, w->now, &line)
		  == WIMS_OK);
	provision(w, node);
}

void rr_nodes_keep(struct rr_nodes *w, int node)
{
	struct rr_node *it = &w->node[node];

	wims_buf_clear(&it->file);
	CHECK(wims_rangereg_save(it->rr, &it->file, w->now + WALL, w->now));
	wims_rangereg_saved(it->rr);
}

/* Its Contact that the core has, or will have, but no document names: nobody but
 * the node that is no more knew of it. */
static void excuse(struct rr_nodes *w, int node, int unit)
{
	struct rr_contact *c = contact(w, unit, w->node[node].user[unit]);
	static struct wims_rangereg_view v;
	size_t i;

	if(!wims_rangereg_view(w->node[node].rr, rr_nodes_range(unit), w->now, &v)
	   || v.role == WIMS_RANGEREG_OURS)
		return;
	if(c != NULL)
		c->excused = true;
	for(i = 0; i < RR_NODES_FLIGHT; i++)
		if(w->flight[i].node == node && w->flight[i].unit == unit)
			w->flight[i].excused = true;
}

void rr_nodes_crash(struct rr_nodes *w, int node)
{
	int n;

	for(n = 1; n < RR_NODES_RANGES; n++)
		excuse(w, node, n);
	wims_rangereg_free(w->node[node].rr);
	w->node[node].rr = NULL;
	w->crashes++;
}

void rr_nodes_stop(struct rr_nodes *w, int node, bool leave)
{
	if(leave)
		wims_rangereg_leave_all(w->node[node].rr, w->now);
	act(w, node);
	ask_all(w, node);
	act(w, node);
	rr_nodes_keep(w, node);
	rr_nodes_crash(w, node);
}

void rr_nodes_open(struct rr_nodes *w)
{
	size_t i;
	int n;

	memset(w, 0, sizeof(*w));
	w->now = 1000;
	w->memory = wims_store_mem_new(&wims_env_libc, 16, rr_nodes_random);
	CHECK(w->memory != NULL);
	w->store = wims_store_mem(w->memory);
	for(i = 0; i < RR_NODES_FLIGHT; i++)
		w->flight[i].node = -1;
	for(n = 0; n < RR_NODES_RANGES; n++)
		w->holder[n] = w->before[n] = -1;
	for(n = 0; n < RR_NODES; n++) {
		wims_buf_init(&w->node[n].file, &wims_env_libc, FILE_MAX);
		rr_nodes_start(w, n);
	}
}

void rr_nodes_close(struct rr_nodes *w)
{
	int n;

	for(n = 0; n < RR_NODES; n++) {
		wims_rangereg_free(w->node[n].rr);
		wims_buf_clear(&w->node[n].file);
	}
	wims_store_mem_free(w->memory);
}

struct rr_nodes rr_world;

int rr_nodes_setup(void **state)
{
	(void)state;
	rr_nodes_open(&rr_world);
	rr_nodes_run(&rr_world, 2000);
	return 0;
}

int rr_nodes_teardown(void **state)
{
	(void)state;
	rr_nodes_close(&rr_world);
	return 0;
}
