/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registry_strays.h"

#include "identity/wims_impu.h"
#include "wk_params.h"
#include "wk_registry_int.h"
#include "wk_registry_queue.h"
#include "wk_registry_walk.h"
#include "wk_state.h"
#include "wk_stats.h"

enum
{
	PART = 100, /* entries in one step: up to 200 a second of each node, or 2,000 in a hurry */
	SLOW_MS = 500,
	FAST_MS = 50,
	OWN_MAX = 256 /* contacts of this node that are looked up after a step */
};

static struct
{
	bool on, fast;
	struct wk_registry_walk walk;
	int64_t stepped, ended;
	size_t overflows; /* of the queue, seen so far */
} strays;

/* Named while the store is asked, looked up after that. */
static struct wk_registry_news own[OWN_MAX];
static size_t owned;

void wk_registry_strays_hurry(void)
{
	strays.on = strays.fast = true;
	strays.walk = (struct wk_registry_walk){0};
}

/* No node writes another one: what others wrote must not get into a log line. */
static bool is_canonical(struct wims_pl impu)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_pl canonical;

	return wims_impu_canonical(&canonical, buf, sizeof(buf), impu) == WIMS_OK
		   && wims_pl_eq(canonical, impu);
}

/* What does not fit is found by the next walk. */
static void note_own(void *ctx, const struct wims_reg_entry *e)
{
	size_t i;

	(void)ctx;
	if(!is_canonical(e->impu))
		return;
	for(i = 0; i < e->count && owned < OWN_MAX; i++)
		if(e->contact[i].node == (uint16_t)wk_params.node_id
		   && e->contact[i].epoch == wk_boot_epoch())
			wk_registry_news_of(&own[owned++], e->impu, e->contact[i].name);
}

/* A binding is in the flow table before the store is told of it. */
static bool is_here(const struct wk_registry_news *n)
{
	static struct wims_binding_view v;
	struct wims_flows *fs = wk_flows_lock();
	struct wims_pl name = wims_pl_str(n->name);
	bool here = wims_binding_open(fs, name) > 0 || wims_binding_of_user(fs, name, &v);

	wk_flows_unlock();
	return here;
}

static void send_away(const struct wk_registry_news *n)
{
	struct wims_pl impu = {n->impu, n->impu_l};

	LM_INFO("%.*s: the registrar has the contact %s of this node, which has ended\n", WK_FMT(impu),
			n->name);
	wk_stats_event(WK_EV_REGISTRAR_STRAYS);
	wk_registry_queue_put(impu, wims_pl_str(n->name));
}

static enum wims_reason look(const struct wims_wwsf_range *range)
{
	const struct wims_store *st;
	enum wims_reason r;
	size_t i;

	owned = 0;
	r = WK_REGISTRY_STEP(
			WK_STEP_LIST, st,
			wims_store_list(st, &range->block, &strays.walk.cursor, PART, note_own, NULL));
	for(i = 0; i < owned; i++)
		if(!is_here(&own[i]))
			send_away(&own[i]);
	return r;
}

/* What the store is still to be told of is no stray. */
static bool is_due(int64_t now)
{
	size_t overflows = wk_registry_queue_overflows();

	if(wk_registry_queue_count() > 0)
		return false;
	if(overflows != strays.overflows) {
		strays.overflows = overflows;
		wk_registry_strays_hurry();
	}
	if(!strays.on)
		return now - strays.ended >= (int64_t)wk_params.registrar_reconcile * 1000;
	return now - strays.stepped >= (strays.fast ? FAST_MS : SLOW_MS);
}

void wk_registry_strays(void)
{
	int64_t now = wk_now_ms();
	const struct wims_wwsf_range *range;

	if(!is_due(now))
		return;
	strays.on = true;
	strays.stepped = now;
	range = wk_registry_walk(&strays.walk);
	if(range == NULL) {
		strays.on = strays.fast = false;
		strays.walk = (struct wk_registry_walk){0};
		strays.ended = now;
	} else {
		if(look(range) != WIMS_OK)
			strays.walk.cursor = 0; /* the rest of that block is for the next walk */
		wk_registry_walked(&strays.walk);
	}
}
