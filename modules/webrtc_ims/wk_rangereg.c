/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rangereg.h"

#include <stdio.h>

#include "core/async_task.h"
#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "jose/wims_alg_ossl.h"
#include "wk_env.h"
#include "wk_event.h"
#include "wk_location.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_proc.h"
#include "wk_rangewait.h"
#include "wk_regevent.h"
#include "wk_registry.h"
#include "wk_state.h"
#include "wk_stats.h"

enum
{
	ACTIONS_EACH_TICK = 500,    /* bounds one tick; the rest is done in the next */
	ENDED_EACH_LOCK = 50,       /* bindings of a range that is lost */
	IN_FLIGHT = 64,             /* REGISTERs at a time, so that a core that is back stays up */
	ANSWER_MS = 64000,          /* tm's own time-out comes long before */
	EXPIRES_MAX = 7 * 24 * 3600 /* s that the core may make us ask for */
};

static struct shared
{
	gen_lock_t lock;
	struct wims_rangereg *table;
	uint32_t taken; /* generation of the provisioning that it has; the wims process's */
} * shared;

struct wims_rangereg *wk_rangereg_lock(void)
{
	lock_get(&shared->lock);
	return shared->table;
}

void wk_rangereg_unlock(void)
{
	lock_release(&shared->lock);
}

/* ---- life ---- */

static struct wims_rangereg *new_table(void)
{
	const struct wims_rangereg_policy policy = {
			.ranges = (size_t)wk_params.max_ranges,
			.brought = (size_t)wk_params.max_brought_ranges,
			.in_flight = IN_FLIGHT,
			.expires = (uint32_t)wk_params.range_expires,
			.expires_max = EXPIRES_MAX,
			.answer_ms = ANSWER_MS,
			.confirm_ms = (int64_t)wk_params.range_confirm * 1000,
			.retry_min_ms = (int64_t)wk_params.range_retry_min * 1000,
			.retry_max_ms = (int64_t)wk_params.range_retry_max * 1000,
			.refused_ms = (int64_t)wk_params.range_refused * 1000,
			.grace_ms = (int64_t)wk_params.range_grace * 1000,
			.subscribe = wk_params.reg_event != 0,
			.lease_ms = wk_registry_shared() ? WK_RANGEREG_LEASE_MS : 0,
			.node = (uint16_t)wk_params.node_id,
			.address = wims_pl_str(wk_params.mw_address),
	};

	return wims_rangereg_new(wk_shm_env(), &policy, wims_random);
}

int wk_rangereg_init(void)
{
	shared = shm_malloc(sizeof(*shared));
	if(shared != NULL)
		*shared = (struct shared){.table = NULL};
	if(shared == NULL || lock_init(&shared->lock) == NULL
	   || (shared->table = new_table()) == NULL) {
		LM_ERR("no shared memory for ranges\n");
		return -1;
	}
	return wk_rangewait_init() < 0 ? -1 : wk_rangereg_kept_init();
}

void wk_rangereg_destroy(void)
{
	wk_rangewait_destroy();
	if(shared == NULL)
		return;
	wims_rangereg_free(shared->table);
	shm_free(shared);
	shared = NULL;
}

/* ---- provisioning ---- */

/* What Kamailio lacks for the registration of that range; NULL: nothing. */
static const char *missing_for(const struct wims_wwsf_range *range)
{
	if(!wims_range_registered(range))
		return NULL;
	if(!wk_location_on())
		return "the usrloc module is not loaded; it must be where this is not \"never\"";
	if(range->trigger != WIMS_RANGE_AT_START && async_task_workers_get() < 1)
		return "async_workers is 0; must be at least 1 where WICs wait for their range";
	return NULL;
}

bool wk_rangereg_can_serve(const struct wims_provision *pv, struct wims_config_fault *fault)
{
	const char *missing = NULL;
	size_t i, j;

	for(i = 0; i < wims_provision_count(pv); i++) {
		const struct wims_wwsf *w = wims_provision_at(pv, i);

		for(j = 0; j < w->ranges.count && missing == NULL; j++)
			missing = missing_for(&w->ranges.at[j]);
		if(missing == NULL)
			continue;
		snprintf(fault->path, sizeof(fault->path), "$.wwsf[%zu].ranges[%zu].register", i, j - 1);
		snprintf(fault->text, sizeof(fault->text), "%s", missing);
		return false;
	}
	return true;
}

/* Do only other nodes register it? */
static bool is_elsewhere(const struct wims_wwsf_range *range)
{
	bool named = range->nodes.count == 0;
	size_t i;

	for(i = 0; i < range->nodes.count && !named; i++)
		named = range->nodes.at[i] == wk_params.node_id;
	return !named;
}

static struct wims_rangereg_in input_of(const struct wims_wwsf *w,
										const struct wims_wwsf_range *range)
{
	return (struct wims_rangereg_in){.wildcard = range->wildcard,
									 .wwsf = w->name,
									 .pilot = range->pilot,
									 .impi = range->impi,
									 .domain = w->domain,
									 .trigger = range->trigger,
									 .elsewhere = is_elsewhere(range)};
}

static void add_range(const struct wims_wwsf *w, const struct wims_wwsf_range *range)
{
	const struct wims_rangereg_in in = input_of(w, range);
	enum wims_reason r;

	if(range->trigger == WIMS_RANGE_NEVER)
		return;
	r = wims_rangereg_add(wk_rangereg_lock(), &in, wk_now_ms());
	wk_rangereg_unlock();
	if(r != WIMS_OK)
		LM_ERR("WWSF %.*s: range %.*s cannot be registered: %s\n", WK_FMT(w->name),
			   WK_FMT(range->wildcard), wims_reason_text(r));
}

static void take_provision(const struct wims_provision *pv)
{
	size_t i, j;

	wims_rangereg_begin(wk_rangereg_lock());
	wk_rangereg_unlock();
	for(i = 0; i < wims_provision_count(pv); i++) {
		const struct wims_wwsf *w = wims_provision_at(pv, i);

		for(j = 0; j < w->ranges.count; j++)
			add_range(w, &w->ranges.at[j]);
	}
	wims_rangereg_end(wk_rangereg_lock(), wk_now_ms());
	wk_rangereg_unlock();
}

static void refresh(void)
{
	if(shared->taken == wk_provision_generation() || !wk_provision_refresh())
		return;
	shared->taken = wk_provision_taken();
	take_provision(wk_provision());
}

/* ---- asking ---- */

static enum wims_reason bring(struct wk_result *res)
{
	struct wims_rangereg_in in = input_of(res->wwsf, res->range);
	enum wims_reason r;

	in.wildcard = res->range_key;
	in.within = res->range->wildcard;
	in.pilot = WIMS_PL_NONE;
	r = wims_rangereg_bring(wk_rangereg_lock(), &in, wk_now_ms());
	wk_rangereg_unlock();
	return r;
}

enum wims_reason wk_rangereg_want(struct wk_result *res)
{
	static struct wims_rangereg_view view;
	enum wims_reason r = WIMS_OK;

	if(!wims_pl_eq(res->range_key, res->range->wildcard) && (r = bring(res)) != WIMS_OK)
		return r;
	r = wk_rangereg_check(res->range_key, &view);
	/* The first token may have spelled it otherwise, with other escapes: who is
	 * registered in it is counted, and ended, by one spelling. */
	if(view.wildcard.l > 0)
		res->range_key = view.wildcard;
	if(r != WIMS_OK)
		res->retry_after = view.retry_after;
	return r;
}

enum wims_reason wk_rangereg_check(struct wims_pl wildcard, struct wims_rangereg_view *view)
{
	enum wims_reason r = wims_rangereg_want(wk_rangereg_lock(), wildcard, wk_now_ms(), view);

	wk_rangereg_unlock();
	return r;
}

void wk_rangereg_document(const struct wims_reginfo *doc)
{
	wims_rangereg_document(wk_rangereg_lock(), doc, wk_now_ms());
	wk_rangereg_unlock();
	wk_proc_wake();
}

struct wims_rangereg_counts wk_rangereg_counts(void)
{
	struct wims_rangereg_counts c;

	wims_rangereg_counts(wk_rangereg_lock(), wk_now_ms(), &c);
	wk_rangereg_unlock();
	return c;
}

/* ---- the wims process ---- */

static void tell(enum wk_event_kind kind, const struct wims_rangereg_action *a, const char *reason)
{
	const struct wk_event_fields fields = {
			.wwsf = a->wwsf, .range = a->wildcard, .reason = wims_pl_str(reason)};

	wk_event_run(kind, &fields);
}

static void settled(const struct wims_rangereg_action *a)
{
	wk_rangewait_settle(a->wildcard, a->outcome);
	if(a->outcome != WIMS_OK) {
		LM_WARN("range %.*s is not registered: %s\n", WK_FMT(a->wildcard),
				wims_reason_text(a->outcome));
		return;
	}
	LM_INFO("range %.*s is registered\n", WK_FMT(a->wildcard));
	tell(WK_ON_RANGE_REGISTERED, a, wims_reason_text(WIMS_OK));
}

static size_t end_members(struct wims_pl wildcard, enum wims_reason why)
{
	size_t ended = 0;
	bool more = true;

	while(more) {
		more = wims_flows_end_range(wk_flows_lock(), wildcard, ENDED_EACH_LOCK, wk_now_ms(), why,
									&ended);
		wk_flows_unlock();
	}
	return ended;
}

static void lost(const struct wims_rangereg_action *a)
{
	const char *why = wims_rangereg_why_text(a->why);
	size_t ended = end_members(a->wildcard, a->outcome);

	wk_stats_event(WK_EV_RANGES_LOST);
	LM_WARN("range %.*s is lost (%s): %zu registrations ended\n", WK_FMT(a->wildcard), why, ended);
	tell(WK_ON_RANGE_LOST, a, why);
}

static void carry_out(const struct wims_rangereg_action *a)
{
	switch(a->kind) {
		case WIMS_RANGEREG_SEND:
			wk_rangereg_send(a);
			break;
		case WIMS_RANGEREG_SETTLED:
			settled(a);
			break;
		case WIMS_RANGEREG_LOST:
			lost(a);
			break;
		case WIMS_RANGEREG_SUBSCRIBE:
			wk_regevent_subscribe(a->to, (uint32_t)wk_params.range_expires);
			break;
		case WIMS_RANGEREG_UNSUBSCRIBE:
			wk_regevent_unsubscribe(a->to, WIMS_REGSUB_FOR_RANGE);
			break;
	}
}

static void act(void)
{
	static struct wims_rangereg_action a;
	int left = ACTIONS_EACH_TICK;
	bool due = true;

	while(due && left-- > 0) {
		due = wims_rangereg_next_action(wk_rangereg_lock(), wk_now_ms(), &a);
		wk_rangereg_unlock();
		if(due)
			carry_out(&a);
	}
}

static bool count_one(size_t i)
{
	static struct wims_rangereg_view view;
	bool there = wims_rangereg_view_at(wk_rangereg_lock(), i, wk_now_ms(), &view);
	size_t members;

	wk_rangereg_unlock();
	if(!there)
		return false;
	members = wims_flows_in_range(wk_flows_lock(), view.wildcard);
	wk_flows_unlock();
	wims_rangereg_members(wk_rangereg_lock(), view.wildcard, members, wk_now_ms());
	wk_rangereg_unlock();
	return true;
}

/* About once a second. */
static void count_members(void)
{
	static int64_t counted;
	size_t i = 0;

	if(wk_now_ms() - counted < 1000)
		return;
	counted = wk_now_ms();
	while(count_one(i))
		i++;
}

void wk_rangereg_tick(void)
{
	refresh();
	count_members();
	act();
	wk_rangewait_tick();
}

/* Nobody is left who could be told of an answer: it is taken for granted. */
static void leave_all(void)
{
	static struct wims_rangereg_action a;
	static const struct wims_rangereg_answer done = {
			.code = 200, .granted = -1, .min_expires = -1, .retry_after = -1};

	wk_rangereg_lease_bequeath(wk_provision());
	wims_rangereg_leave_all(wk_rangereg_lock(), wk_now_ms());
	while(wims_rangereg_next_action(shared->table, wk_now_ms(), &a)) {
		wk_rangereg_unlock();
		if(a.kind == WIMS_RANGEREG_SEND)
			wk_rangereg_send(&a);
		wims_rangereg_answered(wk_rangereg_lock(), a.txn, &done, wk_now_ms());
	}
	wk_rangereg_unlock();
}

void wk_rangereg_leave(void)
{
	if(wk_params.range_leave != 0)
		leave_all();
	wk_rangereg_keep();
}
