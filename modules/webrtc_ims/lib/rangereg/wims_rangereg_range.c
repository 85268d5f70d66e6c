/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_rangereg_int.h"

struct wims_rr_range *wims_rr_range_find(const struct wims_rangereg *rr, struct wims_pl wildcard)
{
	char buf[WIMS_RANGE_TEXT_MAX];
	struct wims_pl key;
	struct wims_hnode *n;

	if(!wims_rr_key(&key, buf, wildcard))
		return NULL;
	for(n = wims_hash_first(&rr->ranges, wims_hash_slices(&rr->key, &key, 1)); n != NULL;
		n = wims_hash_next(n)) {
		struct wims_rr_range *r = WIMS_OWNER(n, struct wims_rr_range, by_key);

		if(wims_pl_eq(r->texts[WIMS_RR_WILDCARD_KEY], key))
			return r;
	}
	return NULL;
}

/* Of one that is registered, or may be in a moment. */
static enum wims_reason outcome_registered(const struct wims_rr_range *r, int64_t now)
{
	if(r->named != WIMS_RR_NOBODY)
		return WIMS_OK;
	if(r->refused && now < r->not_before)
		return WIMS_RANGE_REFUSED;
	if(now < r->not_before)
		return WIMS_RANGE_UNAVAILABLE;
	return now < r->confirm_by || r->unit->sent == WIMS_RR_REGISTER ? WIMS_RANGE_PENDING
																	: WIMS_RANGE_UNAVAILABLE;
}

/* Of one that another node registers: also when the holder says that it is, it is
 * over with its time in the core. */
static enum wims_reason outcome_theirs(const struct wims_rr_range *r)
{
	if(r->theirs == WIMS_OK && r->unit->expires == 0)
		return WIMS_RANGE_UNAVAILABLE;
	return r->theirs;
}

enum wims_reason wims_rr_outcome(const struct wims_rangereg *rr, const struct wims_rr_range *r,
								 int64_t now)
{
	const struct wims_rr_unit *u = r->unit;

	if(rr->leaving || u == NULL || r->off)
		return WIMS_RANGE_UNAVAILABLE;
	if(u->lease.role == WIMS_RANGEREG_OTHER)
		return outcome_theirs(r);
	if(u->expires != 0 && !u->doubt)
		return outcome_registered(r, now);
	if(!wims_rr_holds(u))
		return u->lease.away ? WIMS_RANGE_UNAVAILABLE : WIMS_RANGE_PENDING;
	if(u->sent != WIMS_RR_QUIET || now >= u->not_before)
		return WIMS_RANGE_PENDING;
	return u->refused ? WIMS_RANGE_REFUSED : WIMS_RANGE_UNAVAILABLE;
}

bool wims_rr_range_wanted(const struct wims_rr_range *r)
{
	return !r->off && (r->trigger == WIMS_RANGE_AT_START || r->used);
}

bool wims_rr_wanted(const struct wims_rangereg *rr, const struct wims_rr_unit *u)
{
	const struct wims_ring *l;

	if(rr->leaving)
		return false;
	for(l = u->ranges.next; l != &u->ranges; l = l->next)
		if(wims_rr_range_wanted(WIMS_OWNER(l, struct wims_rr_range, on_unit)))
			return true;
	return false;
}

static bool may_idle(const struct wims_rr_range *r)
{
	return r->trigger != WIMS_RANGE_AT_START && r->members == 0;
}

void wims_rr_use(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now)
{
	int64_t grace = rr->policy.grace_ms;

	/* whoever was told to come is not counted yet */
	if(grace < WIMS_RANGEREG_ASKED_MS)
		grace = WIMS_RANGEREG_ASKED_MS;
	r->used = true;
	r->idle_at = may_idle(r) ? now + grace : WIMS_FLOW_NEVER;
}

void wims_rr_left(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now)
{
	if(may_idle(r))
		r->idle_at = now + rr->policy.grace_ms;
}

static void arm(struct wims_rangereg *rr, struct wims_rr_range *r)
{
	int64_t due = r->used && !r->waited ? r->idle_at : WIMS_FLOW_NEVER;

	if(r->confirm_by != 0 && r->confirm_by < due)
		due = r->confirm_by;
	if(r->not_before != 0 && r->not_before < due)
		due = r->not_before;
	if(due == WIMS_FLOW_NEVER)
		wims_heap_stop(&rr->due, &r->timer);
	else
		wims_heap_arm(&rr->due, &r->timer, due);
}

void wims_rr_note_loss(struct wims_rangereg *rr, struct wims_rr_range *r, enum wims_reason is,
					   enum wims_rangereg_why why)
{
	if(rr->leaving)
		return;
	r->lost = true;
	r->why = why;
	r->lost_outcome = is == WIMS_RANGE_REFUSED ? is : WIMS_RANGE_UNAVAILABLE;
}

/* What a token brought goes when it is registered no more, and its back-off is
 * over: the next token must not get around that. */
static bool is_spent(const struct wims_rangereg *rr, const struct wims_rr_range *r)
{
	const struct wims_rr_unit *u = r->unit;

	return r->within != NULL && u != NULL && !r->used && !r->off && !r->waited && !rr->leaving
		   && u->expires == 0 && u->sent == WIMS_RR_QUIET && !u->maybe && u->not_before == 0;
}

/* By that other nodes see that it was lost in between. */
static uint64_t new_life(struct wims_rangereg *rr)
{
	uint64_t life;

	return rr->random(&life, sizeof(life)) ? life : 0;
}

/* Its WICs stay until the core has said whether there is a registration. */
static bool is_in_doubt(const struct wims_rr_range *r, enum wims_reason is)
{
	return r->unit != NULL && r->unit->doubt && wims_rr_range_wanted(r) && is != WIMS_OK;
}

void wims_rr_range_review(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now,
						  enum wims_rangereg_why why)
{
	enum wims_reason is = wims_rr_outcome(rr, r, now);
	bool good = is == WIMS_OK || (r->good && is_in_doubt(r, is));

	if(r->good && !good) {
		wims_rr_note_loss(rr, r, is, why);
		r->life = 0;
	}
	if((good && !r->good) || (r->waited && is != WIMS_RANGE_PENDING))
		r->settle = true;
	if(good && r->life == 0 && rr->policy.lease_ms > 0 && wims_rr_holds(r->unit))
		r->life = new_life(rr);
	r->good = good;
	if((r->lost || r->settle) && wims_ring_empty(&r->ready))
		wims_ring_append(&rr->ready_ranges, &r->ready);
	arm(rr, r);
	if(is_spent(rr, r))
		wims_rr_range_remove(rr, r, now, why);
}

/* The time to be named by the core is over: it is asked again, ever later. */
static void unconfirmed(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now)
{
	struct wims_rr_unit *u = r->unit;
	int64_t at;

	r->confirm_by = 0;
	if(u->failures < 1000)
		u->failures++;
	at = now + wims_rr_back_off(rr, u->failures);
	if(at < u->again_at)
		u->again_at = at;
}

void wims_rr_range_due(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now)
{
	if(r->confirm_by != 0 && now >= r->confirm_by)
		unconfirmed(rr, r, now);
	if(r->not_before != 0 && now >= r->not_before) {
		r->not_before = 0;
		r->refused = false;
		r->unit->again_at = now;
	}
	if(now >= r->idle_at && !r->waited) {
		r->used = false;
		r->idle_at = WIMS_FLOW_NEVER;
	}
	wims_rr_review(rr, r->unit, now, WIMS_RANGEREG_IDLE);
}

void wims_rr_range_settled(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now)
{
	r->settle = false;
	if(r->waited && r->used)
		wims_rr_use(rr, r, now); /* whoever waited needs time to come */
	r->waited = false;
	if(r->unit != NULL)
		wims_rr_review(rr, r->unit, now, WIMS_RANGEREG_IDLE);
}

void wims_rr_range_remove(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now,
						  enum wims_rangereg_why why)
{
	rr->generation++;
	r->unit = NULL;
	r->used = r->off = r->refused = false;
	r->members = 0;
	r->named = WIMS_RR_NOBODY;
	r->confirm_by = r->not_before = 0;
	r->idle_at = WIMS_FLOW_NEVER;
	wims_ring_remove(&r->on_unit);
	wims_rr_range_review(rr, r, now, why);
	wims_rr_range_collect(rr, r);
}

void wims_rr_range_free(struct wims_rangereg *rr, struct wims_rr_range *r)
{
	struct wims_rr_range *last;

	wims_rr_range_within(rr, r, NULL);
	last = rr->all[rr->count - 1]; /* that may have freed the one before */
	wims_hash_remove(&rr->ranges, &r->by_key);
	wims_heap_stop(&rr->due, &r->timer);
	wims_ring_remove(&r->on_unit);
	wims_ring_remove(&r->ready);
	rr->all[r->index] = last;
	last->index = r->index;
	rr->count--;
	wims_free(&rr->env, r->texts);
	wims_free(&rr->env, r);
}

void wims_rr_range_collect(struct wims_rangereg *rr, struct wims_rr_range *r)
{
	if(r->unit == NULL && wims_ring_empty(&r->ready) && r->n_brought == 0)
		wims_rr_range_free(rr, r);
}
