/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_rangereg_int.h"

#include "base/wims_texts.h"

/* LOST or SETTLED of that range, if still so. */
static bool tell_range(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now,
					   struct wims_rangereg_action *out)
{
	enum wims_reason is = wims_rr_outcome(rr, r, now);
	bool told = r->lost || is != WIMS_RANGE_PENDING;
	char *at = out->text;

	*out = (struct wims_rangereg_action){.why = r->why};
	out->wildcard = wims_texts_put(&at, r->texts[WIMS_RR_WILDCARD]);
	out->wwsf = wims_texts_put(&at, r->texts[WIMS_RR_WWSF]);
	if(r->lost) {
		out->kind = WIMS_RANGEREG_LOST;
		out->outcome = r->lost_outcome;
		r->lost = false;
	} else {
		out->kind = WIMS_RANGEREG_SETTLED;
		out->outcome = is;
		out->retry_after = wims_rr_retry_after(rr, r, now);
		r->settle = false;
	}
	if(!r->lost && !r->settle)
		wims_ring_remove(&r->ready);
	if(out->kind == WIMS_RANGEREG_SETTLED && told)
		wims_rr_range_settled(rr, r, now);
	else
		wims_rr_range_collect(rr, r);
	return told;
}

static void tell_unit(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
					  struct wims_rangereg_action *out)
{
	bool on = u->subscribe;
	char *at = out->text;

	*out = (struct wims_rangereg_action){.kind = on ? WIMS_RANGEREG_SUBSCRIBE
													: WIMS_RANGEREG_UNSUBSCRIBE};
	out->to = wims_texts_put(&at, u->texts[WIMS_RR_TO]);
	out->impi = wims_texts_put(&at, u->texts[WIMS_RR_IMPI]);
	out->domain = wims_texts_put(&at, u->texts[WIMS_RR_DOMAIN]);
	out->service_route =
			wims_texts_put(&at, (struct wims_pl){u->service_route, u->service_route_l});
	u->subscribed = on;
	u->subscribe = false;
	wims_rr_review(rr, u, now, WIMS_RANGEREG_IDLE);
}

static bool tell(struct wims_rangereg *rr, int64_t now, struct wims_rangereg_action *out)
{
	while(!wims_ring_empty(&rr->ready_ranges))
		if(tell_range(rr, WIMS_OWNER(rr->ready_ranges.next, struct wims_rr_range, ready), now, out))
			return true;
	if(wims_ring_empty(&rr->ready_units))
		return false;
	tell_unit(rr, WIMS_OWNER(rr->ready_units.next, struct wims_rr_unit, ready), now, out);
	return true;
}

static bool may_wake(const struct wims_rangereg *rr)
{
	return rr->in_flight < rr->policy.in_flight && !wims_ring_empty(&rr->queue);
}

/* A place among those in flight is free. */
static void wake(struct wims_rangereg *rr, int64_t now)
{
	struct wims_ring *l = rr->queue.next;

	wims_ring_remove(l);
	wims_rr_review(rr, WIMS_OWNER(l, struct wims_rr_unit, queue), now, WIMS_RANGEREG_IDLE);
}

bool wims_rangereg_next_action(struct wims_rangereg *rr, int64_t now,
							   struct wims_rangereg_action *out)
{
	for(;;) {
		struct wims_timer *t;

		if(tell(rr, now, out))
			return true;
		if(may_wake(rr))
			wake(rr, now);
		t = rr->due.root;
		if(t == NULL || t->due > now) {
			if(!may_wake(rr))
				return false;
			continue; /* the one that was woken has nothing to send by now */
		}
		wims_heap_stop(&rr->due, t);
		if(t->kind == WIMS_RR_RANGE)
			wims_rr_range_due(rr, WIMS_OWNER(t, struct wims_rr_range, timer), now);
		else if(wims_rr_unit_due(rr, WIMS_OWNER(t, struct wims_rr_unit, timer), now, out))
			return true;
	}
}
