/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Leases of ranges in a registrar that several nodes share. What is asked and what
 * follows from the answer is decided by rangereg/wims_rangereg_lease.h. */

#include "rangereg/wims_rangereg_lease.h"

#include <string.h>

#include "wk_params.h"
#include "wk_proc.h"
#include "wk_rangereg.h"
#include "wk_registry_int.h"
#include "wk_registry_nodes.h"
#include "wk_state.h"
#include "wk_stats.h"

enum
{
	ASKS_EACH_TURN = 64 /* then others have their turn */
};

_Static_assert((int)WIMS_RANGEREG_DOC_MAX + (int)WIMS_RANGEREG_SEAL_LEN <= (int)WIMS_REG_DOC_MAX,
			   "documents fit into the store");
_Static_assert((int)WIMS_RANGEREG_ASK_TAG_LEN == (int)WIMS_BLOCK_TAG_LEN,
			   "tags are names of blocks");
_Static_assert((int)WK_RANGEREG_LEASE_MS <= (int)WIMS_REG_HOLD_MAX_MS,
			   "the store knows such leases");

static enum wims_reason hold(const struct wims_block *b, const struct wims_rangereg_ask *ask,
							 struct wims_reg_held *held)
{
	static char buf[WIMS_RANGEREG_DOC_MAX + WIMS_RANGEREG_SEAL_LEN];
	struct wims_pl sealed = WIMS_PL_NONE;
	const struct wims_store *st;

	if(ask->doc.l > 0 && !wims_rangereg_seal(buf, wk_flow_keys(), ask->tag, ask->doc, &sealed))
		return WIMS_CRYPTO_FAILED;
	return WK_REGISTRY_STEP(WK_STEP_HOLD, st,
							wims_store_hold(st, b, (uint16_t)wk_params.node_id, wk_boot_epoch(),
											ask->ms, sealed, held));
}

static enum wims_reason unhold(const struct wims_block *b, uint16_t node, uint32_t epoch)
{
	const struct wims_store *st;

	return WK_REGISTRY_STEP(WK_STEP_UNHOLD, st, wims_store_unhold(st, b, node, epoch));
}

static enum wims_reason ask_store(const struct wims_rangereg_ask *ask, struct wims_reg_held *held)
{
	struct wims_block b = {.range = ask->to};
	enum wims_reason r = WIMS_OK;

	memcpy(b.tag, ask->tag, sizeof(b.tag));
	memset(held, 0, offsetof(struct wims_reg_held, text));
	if(ask->kind == WIMS_RANGEREG_GIVE)
		return unhold(&b, (uint16_t)wk_params.node_id, wk_boot_epoch());
	if(ask->end_other)
		r = unhold(&b, ask->other, ask->other_epoch);
	return r == WIMS_OK ? hold(&b, ask, held) : r;
}

static void note(const struct wims_rangereg_ask *ask, enum wims_rangereg_change change,
				 uint16_t holder)
{
	switch(change) {
		case WIMS_RANGEREG_SAME:
			break;
		case WIMS_RANGEREG_TAKEN:
			wk_stats_event(WK_EV_LEASES_TAKEN);
			LM_INFO("this node registers %.*s now\n", WK_FMT(ask->to));
			break;
		case WIMS_RANGEREG_GONE:
			wk_stats_event(WK_EV_LEASES_LOST);
			LM_NOTICE("node %u registers %.*s now\n", holder, WK_FMT(ask->to));
			break;
		case WIMS_RANGEREG_UNREADABLE:
			wk_stats_event(WK_EV_LEASES_UNREADABLE);
			LM_WARN("what the registrar has about %.*s cannot be read\n", WK_FMT(ask->to));
			break;
	}
}

/* False: the store is away. */
static bool take_turn(const struct wims_rangereg_ask *ask)
{
	static struct wims_reg_held held;
	enum wims_reason r = ask_store(ask, &held);
	struct wims_rangereg_held in = {
			.ours = held.ours, .node = held.node, .epoch = held.epoch, .left_ms = held.left_ms};
	enum wims_rangereg_change change;

	in.forged = !wims_rangereg_unseal(wk_flow_keys(), ask->tag, held.doc, &in.doc);
	change = wims_rangereg_held(wk_rangereg_lock(), ask, r, &in, wk_now_ms());
	wk_rangereg_unlock();
	note(ask, change, held.node);
	return r == WIMS_OK;
}

bool wk_rangereg_lease_turn(void)
{
	static struct wims_rangereg_ask ask;
	int left = ASKS_EACH_TURN;
	bool due = true, answers = true;

	/* who is not alone with its number must not register anything */
	if(wk_registry_number_taken())
		return false;
	while(due && answers && left-- > 0) {
		if(left < ASKS_EACH_TURN - 1 && wk_registry_beat_due())
			break;
		due = wims_rangereg_next_ask(wk_rangereg_lock(), wk_now_ms(), &ask);
		wk_rangereg_unlock();
		if(due)
			answers = take_turn(&ask);
	}
	if(left < ASKS_EACH_TURN - 1)
		wk_proc_wake(); /* somebody may wait for it */
	return due && answers;
}

/* ---- a clean stop ---- */

/* The other nodes that live, by number. */
static bool follows[UINT16_MAX + 1];

static bool find_followers(void)
{
	struct wims_node_view v;
	bool any = false;
	size_t i;

	for(i = 0; wk_registry_node_at(i, &v); i++) {
		follows[v.node] = v.alive && v.node != (uint16_t)wk_params.node_id;
		any = any || follows[v.node];
	}
	return any;
}

static bool has_heir(const struct wims_wwsf_range *range)
{
	bool heir = range->nodes.count == 0;
	size_t i;

	for(i = 0; i < range->nodes.count && !heir; i++)
		heir = follows[range->nodes.at[i]];
	return heir;
}

void wk_rangereg_lease_bequeath(const struct wims_provision *pv)
{
	size_t i, j;

	if(!find_followers())
		return;
	for(i = 0; i < wims_provision_count(pv); i++) {
		const struct wims_wwsf *w = wims_provision_at(pv, i);

		for(j = 0; j < w->ranges.count; j++) {
			if(!has_heir(&w->ranges.at[j]))
				continue;
			wims_rangereg_bequeath(wk_rangereg_lock(), w->ranges.at[j].wildcard);
			wk_rangereg_unlock();
		}
	}
}

void wk_rangereg_lease_give(void)
{
	wims_rangereg_give_all(wk_rangereg_lock(), wk_now_ms());
	wk_rangereg_unlock();
	while(wk_rangereg_lease_turn())
		;
}
