/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_regevent.h"

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "jose/wims_alg_ossl.h"
#include "wk_env.h"
#include "wk_hdr.h"
#include "wk_leg.h"
#include "wk_originate.h"
#include "wk_params.h"
#include "wk_rangereg.h"
#include "wk_state.h"
#include "wk_stats.h"
#include "wk_watch.h"

enum
{
	RETRY_MIN_MS = 2000,
	RETRY_MAX_MS = 300 * 1000,
	SENDS_EACH_TICK = 20 /* a core that is back is not flooded */
};

struct shared
{
	gen_lock_t order; /* around a NOTIFY and what it brings; taken before all others */
	gen_lock_t lock;
	struct wims_regsubs *table;
};

static struct shared *shared;

static struct wims_regsubs *take_lock(void)
{
	lock_get(&shared->lock);
	return shared->table;
}

static void give_lock(void)
{
	lock_release(&shared->lock);
}

/* ---- life ---- */

int wk_regevent_init(void)
{
	const struct wims_regsub_policy policy = {
			.subscriptions = (size_t)wk_params.max_subscriptions,
			.for_ranges = (size_t)wk_params.max_ranges,
			.expires = (uint32_t)wk_params.reg_event_expires,
			.retry_min_ms = RETRY_MIN_MS,
			.retry_max_ms = RETRY_MAX_MS,
	};

	shared = shm_malloc(sizeof(*shared));
	if(shared != NULL)
		*shared = (struct shared){.table = NULL};
	if(shared == NULL || lock_init(&shared->order) == NULL || lock_init(&shared->lock) == NULL
	   || (shared->table = wims_regsubs_new(wk_shm_env(), &policy, wims_random)) == NULL) {
		LM_ERR("no shared memory for subscriptions\n");
		return -1;
	}
	return 0;
}

void wk_regevent_destroy(void)
{
	if(shared == NULL)
		return;
	wims_regsubs_free(shared->table);
	shm_free(shared);
	shared = NULL;
}

/* ---- what is wanted ---- */

enum wims_reason wk_regevent_want(struct wims_pl identity, enum wims_regsub_for who,
								  uint32_t expires)
{
	enum wims_reason r = wims_regsub_want(take_lock(), who, identity, expires, wk_now_ms());

	give_lock();
	return r;
}

void wk_regevent_subscribe(struct wims_pl identity, uint32_t expires)
{
	enum wims_reason r;

	if(!wk_params.reg_event)
		return;
	r = wk_regevent_want(identity, WIMS_REGSUB_FOR_RANGE, expires);
	if(r != WIMS_OK)
		LM_ERR("no subscription to the registration of %.*s: %s\n", WK_FMT(identity),
			   wims_reason_text(r));
}

void wk_regevent_unsubscribe(struct wims_pl identity, enum wims_regsub_for who)
{
	wims_regsub_drop(take_lock(), who, identity, wk_now_ms());
	give_lock();
}

bool wk_regevent_refresh(struct wims_pl identity)
{
	bool there = wims_regsub_refresh(take_lock(), identity, wk_now_ms());

	give_lock();
	return there;
}

bool wk_regevent_view_at(size_t index, struct wims_regsub_view *view)
{
	bool there = wims_regsubs_view_at(take_lock(), index, view);

	give_lock();
	return there;
}

struct wims_regsub_counts wk_regevent_counts(void)
{
	struct wims_regsub_counts c;

	wims_regsubs_counts(take_lock(), &c);
	give_lock();
	return c;
}

/* ---- SUBSCRIBE and its answer ---- */

static void give(uint64_t txn, const struct wims_regsub_answer *a)
{
	wims_regsub_answered(take_lock(), txn, a, wk_now_ms());
	give_lock();
}

/* The route set of a 2xx (RFC 3261 12.1.2). False: none that can be used. */
static bool read_routes(sip_msg_t *reply, struct wims_regsub_answer *a)
{
	struct wims_call_news news = {.has_routes = false};

	if(wk_leg_routes_of_answer(reply, 0, &news) != WIMS_OK)
		return false;
	a->routes = news.core_routes;
	return true;
}

static void read_answer(sip_msg_t *reply, struct wims_regsub_answer *a)
{
	if(!wk_hdr_parse(reply))
		return;
	a->granted = wk_hdr_seconds(reply, WIMS_PL("Expires"));
	a->min_expires = wk_hdr_seconds(reply, WIMS_PL("Min-Expires"));
	a->retry_after = wk_hdr_retry_after(reply);
	if(a->code < 300 && read_routes(reply, a)) {
		a->to_tag = wk_hdr_to_tag(reply);
		a->contact = wk_leg_target(reply);
	}
}

/* In the worker that got the answer, or in tm's timer. */
static void on_answer(struct cell *t, int type, struct tmcb_params *ps)
{
	uint64_t txn = (uint64_t)(uintptr_t)*ps->param;
	struct wims_regsub_answer a = {
			.code = ps->code, .granted = -1, .min_expires = -1, .retry_after = -1};

	(void)t;
	(void)type;
	if(ps->rpl != NULL && ps->rpl != FAKED_REPLY)
		read_answer(ps->rpl, &a);
	if(a.code < 200 || a.code > 299) {
		wk_stats_event(WK_EV_SUBSCRIBES_FAILED);
		LM_INFO("the core answered %d to a SUBSCRIBE\n", a.code);
	}
	if(!wk_state_gone())
		give(txn, &a);
}

static void send_one(const struct wims_regsub_action *a)
{
	static const struct wims_regsub_answer unsent = {.code = 0, .retry_after = -1};

	if(wk_send_subscribe(a, on_answer, (void *)(uintptr_t)a->txn)) {
		wk_stats_event(WK_EV_SUBSCRIBES);
		return;
	}
	LM_ERR("cannot send a SUBSCRIBE to the registration of %.*s\n", WK_FMT(a->identity));
	wk_stats_event(WK_EV_SUBSCRIBES_FAILED);
	give(a->txn, &unsent);
}

void wk_regevent_tick(void)
{
	static struct wims_regsub_action a;
	int left = SENDS_EACH_TICK;
	bool due = true;

	while(due && left-- > 0) {
		due = wims_regsubs_next_action(take_lock(), wk_now_ms(), &a);
		give_lock();
		if(due)
			send_one(&a);
	}
}

/* ---- NOTIFY ---- */

static void log_one(void *ctx, const struct wims_reginfo_news *news)
{
	struct wims_pl who = news->aor.l > 0 ? news->aor : news->wildcard;

	(void)ctx;
	LM_INFO("the core says of %.*s: %s, contact %.*s: %s (%s)\n", WK_FMT(who),
			wims_reginfo_state_text(news->state), WK_FMT(news->contact),
			wims_reginfo_state_text(news->contact_state), wims_reginfo_event_text(news->event));
}

/* One after the other: what the core said last is told last. */
enum wims_reason wk_regevent_notify(const struct wims_regsub_notify *in)
{
	enum wims_reason r;
	bool news;

	lock_get(&shared->order);
	r = wims_regsub_notify(take_lock(), in, wk_now_ms(), &news);
	give_lock();
	if(news) {
		wk_stats_event(WK_EV_NOTIFIES);
		wims_reginfo_each(in->document, log_one, NULL);
		wk_rangereg_document(in->document);
		wk_watch_document(in->document);
	}
	lock_release(&shared->order);
	return r;
}
