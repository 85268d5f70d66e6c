/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_rangereg_int.h"

#include <string.h>

#include "base/wims_texts.h"

const char *wims_rangereg_why_text(enum wims_rangereg_why why)
{
	static const char *const texts[] = {
			[WIMS_RANGEREG_EXPIRED] = "expired",   [WIMS_RANGEREG_DENIED] = "denied",
			[WIMS_RANGEREG_UNLISTED] = "unlisted", [WIMS_RANGEREG_NETWORK] = "network",
			[WIMS_RANGEREG_REMOVED] = "removed",   [WIMS_RANGEREG_HAND] = "hand",
			[WIMS_RANGEREG_IDLE] = "idle",
	};

	return texts[why];
}

const char *wims_rangereg_state_text(enum wims_rangereg_state state)
{
	static const char *const texts[] = {
			[WIMS_RANGEREG_OFF] = "off",
			[WIMS_RANGEREG_PENDING] = "pending",
			[WIMS_RANGEREG_REGISTERED] = "registered",
			[WIMS_RANGEREG_RETRY] = "retry",
			[WIMS_RANGEREG_REFUSED] = "refused",
			[WIMS_RANGEREG_LEAVING] = "leaving",
			[WIMS_RANGEREG_BY_HAND] = "by_hand",
	};

	return texts[state];
}

const char *wims_rangereg_role_text(enum wims_rangereg_role role)
{
	static const char *const texts[] = {
			[WIMS_RANGEREG_UNKNOWN] = "unknown",
			[WIMS_RANGEREG_NOBODY] = "nobody",
			[WIMS_RANGEREG_OTHER] = "other",
			[WIMS_RANGEREG_OURS] = "ours",
	};

	return texts[role];
}

static enum wims_rangereg_state state_of(const struct wims_rangereg *rr,
										 const struct wims_rr_range *r, int64_t now)
{
	enum wims_reason is = wims_rr_outcome(rr, r, now);

	if(r->off)
		return WIMS_RANGEREG_BY_HAND;
	if(r->unit == NULL)
		return WIMS_RANGEREG_OFF;
	if(is == WIMS_OK)
		return WIMS_RANGEREG_REGISTERED;
	if(r->unit->sent == WIMS_RR_LEAVE && r->unit->lease.role != WIMS_RANGEREG_OTHER)
		return WIMS_RANGEREG_LEAVING;
	if(is == WIMS_RANGE_REFUSED)
		return WIMS_RANGEREG_REFUSED;
	if(r->trigger != WIMS_RANGE_AT_START && !r->used)
		return WIMS_RANGEREG_OFF;
	return is == WIMS_RANGE_PENDING ? WIMS_RANGEREG_PENDING : WIMS_RANGEREG_RETRY;
}

uint32_t wims_rr_seconds_until(int64_t then, int64_t now)
{
	int64_t s = then <= now ? 1 : (then - now + 999) / 1000;

	return s > UINT32_MAX ? UINT32_MAX : (uint32_t)s;
}

uint32_t wims_rr_retry_after(const struct wims_rangereg *rr, const struct wims_rr_range *r,
							 int64_t now)
{
	enum wims_reason is = wims_rr_outcome(rr, r, now);
	const struct wims_rr_unit *u = r->unit;
	int64_t at;

	if(is != WIMS_RANGE_UNAVAILABLE && is != WIMS_RANGE_PENDING)
		return 0;
	if(u != NULL && u->lease.role == WIMS_RANGEREG_OTHER && !r->off)
		return r->theirs_after > 0 ? r->theirs_after : 1;
	if(u == NULL || r->off || rr->leaving)
		return wims_rr_seconds_until(now + rr->policy.retry_max_ms, now);
	at = u->expires != 0 && u->again_at != WIMS_FLOW_NEVER ? u->again_at : u->not_before;
	return wims_rr_seconds_until(at > r->not_before ? at : r->not_before, now);
}

static void show_unit(const struct wims_rangereg *rr, const struct wims_rr_unit *u,
					  struct wims_rangereg_view *view, char *at)
{
	view->impi = wims_texts_put(&at, u->texts[WIMS_RR_IMPI]);
	view->domain = wims_texts_put(&at, u->texts[WIMS_RR_DOMAIN]);
	view->to = wims_texts_put(&at, u->texts[WIMS_RR_TO]);
	view->service_route =
			wims_texts_put(&at, (struct wims_pl){u->service_route, u->service_route_l});
	view->last = u->last;
	view->last_code = u->last_code;
	view->last_at = u->last_at;
	view->expires = u->expires;
	view->due = wims_rr_send_at(rr, u);
	view->role = u->lease.role;
	view->holder = u->lease.holder;
	view->lease_until = u->lease.until;
	view->cseq = u->cseq;
	view->failures = u->failures;
	memcpy(view->contact_user, u->contact_user, sizeof(view->contact_user));
	memcpy(view->call_id, u->call_id, sizeof(view->call_id));
}

/* Field by field: text[] is large, and this is done for each REGISTER. */
void wims_rr_show(const struct wims_rangereg *rr, const struct wims_rr_range *r, int64_t now,
				  struct wims_rangereg_view *view)
{
	char *at = view->text;

	memset(view, 0, offsetof(struct wims_rangereg_view, text));
	view->due = WIMS_FLOW_NEVER;
	if(r == NULL)
		return;
	view->wildcard = wims_texts_put(&at, r->texts[WIMS_RR_WILDCARD]);
	view->wwsf = wims_texts_put(&at, r->texts[WIMS_RR_WWSF]);
	view->state = state_of(rr, r, now);
	view->trigger = r->trigger;
	view->brought = r->within != NULL;
	view->elsewhere = r->elsewhere;
	view->members = r->members;
	view->retry_after = wims_rr_retry_after(rr, r, now);
	if(r->unit != NULL)
		show_unit(rr, r->unit, view, at);
}

bool wims_rangereg_view(struct wims_rangereg *rr, struct wims_pl wildcard, int64_t now,
						struct wims_rangereg_view *view)
{
	const struct wims_rr_range *r = wims_rr_range_find(rr, wildcard);

	wims_rr_show(rr, r, now, view);
	return r != NULL;
}

bool wims_rangereg_view_at(struct wims_rangereg *rr, size_t index, int64_t now,
						   struct wims_rangereg_view *view)
{
	const struct wims_rr_range *r = index < rr->count ? rr->all[index] : NULL;

	wims_rr_show(rr, r, now, view);
	return r != NULL;
}

void wims_rangereg_counts(struct wims_rangereg *rr, int64_t now, struct wims_rangereg_counts *out)
{
	size_t i;

	*out = (struct wims_rangereg_counts){
			.ranges = rr->count, .brought = rr->brought, .in_flight = rr->in_flight};
	for(i = 0; i < rr->count; i++) {
		enum wims_rangereg_state state = state_of(rr, rr->all[i], now);

		out->registered += wims_rr_outcome(rr, rr->all[i], now) == WIMS_OK;
		out->failing += state == WIMS_RANGEREG_RETRY || state == WIMS_RANGEREG_REFUSED;
	}
}
