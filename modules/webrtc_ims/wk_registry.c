/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registry.h"

#include <time.h>

#include "identity/wims_impu.h"
#include "provision/wims_alloc.h"
#include "provision/wims_provision.h"
#include "wk_edge.h"
#include "wk_params.h"
#include "wk_ranges.h"
#include "wk_registry_int.h"
#include "wk_registry_nodes.h"
#include "wk_registry_proc.h"
#include "wk_registry_queue.h"
#include "wk_registry_stats.h"
#include "wk_registry_store.h"
#include "wk_registry_time.h"
#include "wk_role.h"
#include "wk_state.h"

enum
{
	HELD_MS = 10 * 1000, /* an allocated IMPU waits so long for its registration */
	LEFT_MIN_US = 1000   /* with less time than that nothing is asked */
};

static int64_t began_us;

bool wk_registry_shared(void)
{
	return wk_registry_store_shared();
}

bool wk_registry_publishes(const struct wims_wwsf_range *range)
{
	return wk_registry_shared() || range->block.size > 0;
}

/* ---- life ---- */

/* An eI-CSCF only asks. */
static bool is_node(void)
{
	return wk_registry_shared() && !wk_role_icscf();
}

int wk_registry_init(void)
{
	if(wk_registry_store_init() < 0)
		return -1;
	if(wk_registry_stats_init() < 0
	   || (is_node() && wk_registry_queue_init(wk_params.queue_size) < 0)) {
		LM_ERR("no shared memory for the registrar\n");
		return -1;
	}
	if(wk_registry_shared() && wk_registry_time_init() < 0)
		return -1;
	if(!is_node())
		return 0;
	return wk_registry_nodes_init() < 0 || wk_registry_proc_reserve() < 0 ? -1 : 0;
}

void wk_registry_destroy(void)
{
	wk_registry_proc_destroy();
	wk_registry_nodes_destroy();
	wk_registry_queue_destroy();
	wk_registry_store_destroy();
	wk_registry_stats_destroy();
}

/* ---- one step ---- */

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static enum wims_reason refused;

const struct wims_store *wk_registry_begin(void)
{
	int64_t left = wk_registry_time_left();
	const struct wims_store *st = NULL;

	began_us = now_us();
	refused = wk_registry_shared() && left < LEFT_MIN_US ? WIMS_REGISTRAR_AWAY : WIMS_NOMEM;
	if(refused == WIMS_NOMEM)
		st = wk_registry_store_take(left);
	return st;
}

enum wims_reason wk_registry_refused(void)
{
	return refused;
}

enum wims_reason wk_registry_end(enum wk_registry_step step, enum wims_reason r)
{
	int64_t now = now_us();

	wk_registry_store_give();
	wk_registry_time_used(now - began_us);
	wk_registry_note(step, r, began_us, now, wk_registry_store_ignored());
	return r;
}

bool wk_registry_place(const struct wims_wwsf_range *range, struct wims_pl impu,
					   struct wk_registry_place *place)
{
	uint64_t index = 0;

	*place = (struct wk_registry_place){&range->block, WIMS_REG_CLAIMED};
	if(range->allocate == NULL)
		return true;
	if(!wims_alloc_index(range->allocate, impu, &index))
		return false;
	place->index = (int64_t)index;
	return true;
}

/* ---- what workers ask ---- */

static enum wims_reason allocate(const struct wims_wwsf_range *range, struct wims_pl owner,
								 int64_t hold_ms, uint64_t *index)
{
	const struct wims_store *st;
	int64_t at;
	enum wims_reason r = WK_REGISTRY_STEP(
			WK_STEP_ALLOCATE, st, wims_store_allocate(st, &range->block, owner, hold_ms, &at));

	*index = r == WIMS_OK ? (uint64_t)at : 0;
	return r;
}

enum wims_reason wk_registry_allocate(const struct wims_wwsf_range *range, struct wims_pl owner,
									  uint64_t *index)
{
	return allocate(range, owner, HELD_MS, index);
}

enum wims_reason wk_registry_allocated(const struct wims_wwsf_range *range, struct wims_pl owner,
									   uint64_t *index)
{
	return allocate(range, owner, 0, index);
}

enum wims_reason wk_registry_put(const struct wk_registry_in *in, struct wims_reg_put_out *out)
{
	struct wk_registry_place place;
	struct wk_edge edge;
	enum wims_reason r;

	*out = (struct wims_reg_put_out){0};
	if(!wk_registry_place(in->range, in->impu, &place))
		return WIMS_INTERNAL;
	if(!wk_registry_publishes(in->range))
		return WIMS_OK;
	if(wk_registry_number_taken())
		return WIMS_REGISTRAR_AWAY;
	if((r = wk_edge_write(&edge, WIMS_FLOWTOKEN_PATH, in->conn, WIMS_PL_NONE)) != WIMS_OK)
		return r;
	const struct wims_reg_put put = {
			.impu = in->impu,
			.index = place.index,
			.owner = in->owner,
			.contact = {.name = in->name,
						.flow = {edge.token, sizeof(edge.token)},
						.instance = in->instance,
						.node = (uint16_t)wk_params.node_id,
						.epoch = wk_boot_epoch(),
						.reg_id = in->instance.l > 0 ? in->reg_id : 0,
						.q = in->q,
						.left_ms = in->left_ms},
			.max_contacts = (size_t)wk_params.max_contacts,
			.since = in->since,
			.again = in->again,
			.kept = in->kept,
			.asked = in->kept ? wk_registry_store_time() : 0,
	};
	const struct wims_store *st;

	return WK_REGISTRY_STEP(in->again ? WK_STEP_AGAIN : WK_STEP_PUT, st,
							wims_store_put(st, place.block, &put, out));
}

/* The range of which the registrar is told; NULL: none. */
static const struct wims_wwsf_range *range_of(struct wims_pl impu)
{
	struct wk_range_hit hit;

	return wk_ranges_find(impu, &hit) && wims_range_registered(hit.range)
						   && wk_registry_publishes(hit.range)
				   ? hit.range
				   : NULL;
}

bool wk_registry_find(struct wims_pl impu, struct wk_registry_place *place)
{
	const struct wims_wwsf_range *range = range_of(impu);

	return range != NULL && wk_registry_place(range, impu, place);
}

enum wims_reason wk_registry_remove_now(struct wims_pl impu, struct wims_pl name)
{
	struct wk_registry_place place;
	const struct wims_store *st;

	if(!wk_registry_find(impu, &place))
		return WIMS_OK;
	return WK_REGISTRY_STEP(WK_STEP_REMOVE, st,
							wims_store_remove(st, place.block, impu, place.index, name));
}

static void remove_here(struct wims_pl impu, struct wims_pl name)
{
	enum wims_reason r = wk_registry_remove_now(impu, name);

	if(r != WIMS_OK)
		LM_ERR("the contact %.*s of %.*s stays in the registrar: %s\n", WK_FMT(name), WK_FMT(impu),
			   wims_reason_text(r));
}

void wk_registry_remove(struct wims_pl impu, struct wims_pl name)
{
	if(!wk_registry_shared()) {
		remove_here(impu, name);
		return;
	}
	wk_registry_queue_put(impu, name);
	wk_registry_proc_wake();
}

/* ---- queries ---- */

static int ringing_q(const struct wims_reg_contact *c)
{
	return c->q == WIMS_Q_NONE ? WIMS_Q_MAX : c->q;
}

/* Those on nodes that live, the highest q first. */
static void keep_alive(struct wims_reg_entry *e)
{
	char address[WIMS_REG_ADDRESS_MAX + 1];
	size_t i, at, n = 0;

	for(i = 0; i < e->count; i++) {
		const struct wims_reg_contact c = e->contact[i];

		if(!wk_registry_node(c.node, c.epoch, address))
			continue;
		for(at = n++; at > 0 && ringing_q(&e->contact[at - 1]) < ringing_q(&c); at--)
			e->contact[at] = e->contact[at - 1];
		e->contact[at] = c;
	}
	e->count = n;
}

enum wims_reason wk_registry_query_all(struct wims_pl impu, struct wims_reg_entry *entry)
{
	const struct wims_wwsf_range *range = range_of(impu);
	struct wk_registry_place place;
	const struct wims_store *st;

	entry->count = 0;
	if(range == NULL)
		return WIMS_TARGET_UNKNOWN;
	if(!wk_registry_place(range, impu, &place))
		return WIMS_TARGET_UNREGISTERED; /* its block allocates others */
	return WK_REGISTRY_STEP(WK_STEP_QUERY, st,
							wims_store_query(st, place.block, impu, place.index, entry));
}

enum wims_reason wk_registry_query(struct wims_pl impu, struct wims_reg_entry *entry)
{
	enum wims_reason r = wk_registry_query_all(impu, entry);

	/* an eI-CSCF does not know which nodes live: the one that takes the request does */
	if(r != WIMS_OK || wk_role_icscf())
		return r;
	keep_alive(entry);
	return entry->count > 0 ? WIMS_OK : WIMS_TARGET_UNREGISTERED;
}
