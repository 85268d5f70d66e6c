/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registry_round.h"

#include "wk_params.h"
#include "wk_provision.h"
#include "wk_registry_nodes.h"
#include "wk_registry_stats.h"
#include "wk_registry_store.h"
#include "wk_registry_strays.h"
#include "wk_registry_sync.h"
#include "wk_registry_walk.h"
#include "wk_state.h"

enum
{
	FAST_PART = 32, /* contacts; then the rest of a turn has its turn */
	PART_MAX = 64,
	PART_MS = 250,   /* behind a part that takes longer comes a smaller one */
	SLICE_MS = 50,   /* of a slow round a part each */
	FAST_ROUNDS = 2, /* the second finds what other nodes had not told by the first */
	FAST_GAP_MS = 3000,
	PURGE_PART = 200, /* entries */
	GONE_MS = 60000   /* a node that did not beat for longer comes back with nothing */
};

/* ---- again ---- */

static struct
{
	bool on, fast;
	size_t part; /* contacts at once, at the most */
	uint32_t from;
	int64_t began, ended;
	unsigned fast_left; /* fast rounds */
	uint64_t seen;      /* of what makes them due */
} rounds;

/* Grows when the store may have lost something, or a range be another block. */
static uint64_t troubles(void)
{
	return wk_registry_away_count() + wk_registry_store_breaks() + wk_provision_taken();
}

static void look_for_trouble(void)
{
	uint64_t now = troubles();

	if(now == rounds.seen)
		return;
	rounds.seen = now;
	rounds.fast_left = FAST_ROUNDS;
	wk_registry_strays_hurry();
	if(rounds.on && !rounds.fast)
		rounds.on = false;
}

/* A round that takes long is not followed by another one at once: a store of which
 * only a part is away stays usable. */
static bool may_begin(int64_t now)
{
	int64_t took = rounds.ended - rounds.began;

	if(rounds.fast_left > 0)
		return rounds.ended == 0 || rounds.fast_left == FAST_ROUNDS
					   ? now - rounds.ended >= took
					   : now - rounds.ended >= FAST_GAP_MS;
	return now - rounds.began >= (int64_t)wk_params.registrar_reconcile * 1000;
}

static void begin(int64_t now)
{
	rounds.on = true;
	rounds.fast = rounds.fast_left > 0;
	rounds.fast_left -= rounds.fast;
	rounds.part = 1;
	rounds.from = 0;
	rounds.began = now;
}

/* So many that a slow round takes as long as it may. */
static size_t slow_part(void)
{
	struct wims_flow_counts counts;

	wims_flow_counts(wk_flows_lock(), &counts);
	wk_flows_unlock();
	return counts.bindings * SLICE_MS / ((size_t)wk_params.registrar_reconcile * 900) + 1;
}

static void size_part(int64_t took)
{
	if(took > PART_MS)
		rounds.part = rounds.part / 2 + 1;
	else if(rounds.part < PART_MAX)
		rounds.part *= 2;
}

static bool go_on(void)
{
	static int64_t last;
	int64_t now = wk_now_ms();
	size_t n;

	if(!rounds.fast && now - last < SLICE_MS)
		return false;
	last = now;
	n = rounds.fast ? FAST_PART : slow_part();
	rounds.on = wk_registry_again(&rounds.from, n < rounds.part ? n : rounds.part);
	size_part(wk_now_ms() - now);
	if(!rounds.on)
		rounds.ended = wk_now_ms();
	return rounds.on && rounds.fast;
}

/* ---- purges ---- */

/* One node's contacts, block by block. */
static struct
{
	bool on;
	uint16_t node;
	uint32_t epoch;
	struct wk_registry_walk walk;
	bool own_done;
} purge;

static void begin_purge(uint16_t node, uint32_t epoch)
{
	purge.on = true;
	purge.node = node;
	purge.epoch = epoch;
	purge.walk = (struct wk_registry_walk){0};
}

static void purge_some(void)
{
	const struct wims_wwsf_range *range = wk_registry_walk(&purge.walk);
	const struct wims_store *st;
	size_t removed = 0;
	enum wims_reason r;

	/* one that is back has told again what it has, or does so now */
	if(range == NULL || (purge.epoch == 0 && wk_registry_lives(purge.node))) {
		purge.on = false;
		return;
	}
	r = WK_REGISTRY_STEP(WK_STEP_PURGE, st,
						 wims_store_purge(st, &range->block, purge.node, purge.epoch,
										  &purge.walk.cursor, PURGE_PART, &removed));
	if(removed > 0)
		LM_INFO("%zu contacts that node %d had are gone from the registrar\n", removed,
				(int)purge.node);
	if(r != WIMS_OK)
		purge.on = false; /* those that are left expire */
	else
		wk_registry_walked(&purge.walk);
}

/* First what an earlier start of this node has left; then whoever has gone. */
static bool purge_due(void)
{
	uint16_t node;

	/* what has this node's number is then a living one's */
	if(wk_registry_number_taken())
		return false;
	if(!purge.on && !purge.own_done) {
		purge.own_done = true;
		begin_purge((uint16_t)wk_params.node_id, wk_boot_epoch());
	} else if(!purge.on && wk_registry_gone(GONE_MS, &node)) {
		begin_purge(node, 0);
	}
	return purge.on;
}

void wk_registry_round_anew(void)
{
	rounds.on = false;
	rounds.ended = 0;
	rounds.fast_left = FAST_ROUNDS;
}

bool wk_registry_round(void)
{
	bool more = false;

	look_for_trouble();
	if(rounds.on || may_begin(wk_now_ms())) {
		if(!rounds.on)
			begin(wk_now_ms());
		more = go_on();
	}
	if(purge_due())
		purge_some();
	wk_registry_strays();
	return more || purge.on;
}
