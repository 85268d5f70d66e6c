/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_rangereg_int.h"

/* Does it stay, or become, wanted by somebody who asks and is told that? */
static bool is_used(const struct wims_rr_range *r, enum wims_reason is)
{
	if(r->trigger == WIMS_RANGE_AT_START || r->unit == NULL)
		return false;
	return is == WIMS_OK || is == WIMS_RANGE_PENDING || (r->used && r->unit->expires != 0);
}

enum wims_reason wims_rangereg_want(struct wims_rangereg *rr, struct wims_pl wildcard, int64_t now,
									struct wims_rangereg_view *view)
{
	struct wims_rr_range *r = wims_rr_range_find(rr, wildcard);
	enum wims_reason is = WIMS_RANGE_UNAVAILABLE;

	if(r != NULL) {
		is = wims_rr_outcome(rr, r, now);
		if(is == WIMS_RANGE_PENDING)
			r->waited = true;
		/* in a back-off it does not; else one that the core does not name would
		 * leave and come again for each */
		if(is_used(r, is))
			wims_rr_use(rr, r, now);
		if(r->unit != NULL && is == WIMS_RANGE_PENDING && !wims_rr_holds(r->unit))
			wims_rr_ask_by(rr, r->unit, now);
		if(r->unit != NULL)
			wims_rr_review(rr, r->unit, now, WIMS_RANGEREG_IDLE);
	}
	if(view != NULL)
		wims_rr_show(rr, r, now, view);
	return is;
}

void wims_rangereg_members(struct wims_rangereg *rr, struct wims_pl wildcard, size_t n, int64_t now)
{
	struct wims_rr_range *r = wims_rr_range_find(rr, wildcard);
	bool had;

	if(r == NULL || r->unit == NULL || r->members == n)
		return;
	had = r->members > 0;
	r->members = n;
	if(r->trigger == WIMS_RANGE_AT_START || had == (n > 0))
		return;
	if(n > 0)
		wims_rr_use(rr, r, now);
	else
		wims_rr_left(rr, r, now);
	wims_rr_review(rr, r->unit, now, WIMS_RANGEREG_IDLE);
}

static struct wims_rr_range *held(const struct wims_rangereg *rr, struct wims_pl wildcard)
{
	struct wims_rr_range *r = wims_rr_range_find(rr, wildcard);

	return r != NULL && r->unit != NULL ? r : NULL;
}

/* No back-off stands in its way. */
static void at_once(struct wims_rr_range *r)
{
	struct wims_rr_unit *u = r->unit;

	r->refused = false;
	r->not_before = 0;
	u->refused = false;
	u->not_before = 0;
	u->again_at = 0;
}

bool wims_rangereg_register(struct wims_rangereg *rr, struct wims_pl wildcard, int64_t now)
{
	struct wims_rr_range *r = held(rr, wildcard);

	if(r == NULL)
		return false;
	r->off = false;
	rr->generation++;
	if(r->trigger != WIMS_RANGE_AT_START)
		wims_rr_use(rr, r, now);
	at_once(r);
	wims_rr_take_by_hand(rr, r->unit, now);
	wims_rr_review(rr, r->unit, now, WIMS_RANGEREG_HAND);
	return true;
}

bool wims_rangereg_deregister(struct wims_rangereg *rr, struct wims_pl wildcard, int64_t now)
{
	struct wims_rr_range *r = held(rr, wildcard);

	if(r == NULL)
		return false;
	r->off = true;
	rr->generation++;
	r->unit->leave_at = 0;
	wims_rr_take_by_hand(rr, r->unit, now);
	wims_rr_review(rr, r->unit, now, WIMS_RANGEREG_HAND);
	return true;
}

bool wims_rangereg_refresh(struct wims_rangereg *rr, struct wims_pl wildcard, int64_t now)
{
	struct wims_rr_range *r = held(rr, wildcard);

	if(r == NULL)
		return false;
	at_once(r);
	wims_rr_take_by_hand(rr, r->unit, now);
	wims_rr_review(rr, r->unit, now, WIMS_RANGEREG_HAND);
	return true;
}

void wims_rangereg_leave_all(struct wims_rangereg *rr, int64_t now)
{
	struct wims_ring *l, *next;

	rr->leaving = true;
	for(l = rr->all_units.next; l != &rr->all_units; l = next) {
		struct wims_rr_unit *u = WIMS_OWNER(l, struct wims_rr_unit, all);

		next = l->next;
		u->leave_at = 0;
		wims_rr_ask_by(rr, u, now);
		wims_rr_review(rr, u, now, WIMS_RANGEREG_IDLE);
	}
}
