/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_rangereg_int.h"

#include "sip/wims_uri.h"

/* Is the news of our Contact, or of the registration as a whole? Other nodes may
 * have registered the same IMPU: their Contacts come and go. */
static bool concerns(const struct wims_rr_unit *u, const struct wims_reginfo_news *news)
{
	struct wims_uri uri;

	if(news->contact_state == WIMS_REGINFO_NONE)
		return true;
	return wims_uri_parse(&uri, news->contact) == WIMS_OK
		   && wims_pl_eq(uri.user, wims_pl_str(u->contact_user));
}

static bool is_active(const struct wims_reginfo_news *news)
{
	return news->state == WIMS_REGINFO_ACTIVE
		   && (news->contact_state == WIMS_REGINFO_NONE
			   || news->contact_state == WIMS_REGINFO_ACTIVE);
}

static bool is_over(const struct wims_reginfo_news *news)
{
	return news->state == WIMS_REGINFO_TERMINATED || news->contact_state == WIMS_REGINFO_TERMINATED;
}

/* "deactivated" asks for a new registration at once (RFC 3680 4.7.1), but not for
 * one that comes and goes without a pause. */
static bool begins_at_once(const struct wims_rangereg *rr, const struct wims_rr_unit *u,
						   const struct wims_reginfo_news *news, int64_t now)
{
	return news->event == WIMS_REGINFO_DEACTIVATED
		   && now - u->registered_at >= rr->policy.retry_min_ms;
}

/* The core has ended our registration. */
static void ended(struct wims_rangereg *rr, struct wims_rr_unit *u,
				  const struct wims_reginfo_news *news, int64_t now)
{
	if(u->expires == 0)
		return;
	wims_rr_unregistered(u);
	u->maybe = false;
	u->call_id[0] = '\0';
	if(news->event == WIMS_REGINFO_REJECTED)
		wims_rr_refused(rr, u, now);
	else if(begins_at_once(rr, u, news, now))
		u->not_before = 0;
	else
		wims_rr_failed(rr, u, now, news->event == WIMS_REGINFO_PROBATION ? news->retry_after : -1);
}

static void shortened(struct wims_rr_unit *u, int64_t expires, int64_t now)
{
	int64_t refresh_at = u->refresh_at;

	if(expires < 0 || u->expires == 0 || expires >= (u->expires - now) / 1000)
		return;
	wims_rr_registered(u, now, now + expires * 1000 + 1);
	if(refresh_at < u->refresh_at)
		u->refresh_at = refresh_at;
}

static void tell_unit(struct wims_rangereg *rr, struct wims_rr_unit *u,
					  const struct wims_reginfo_news *news, int64_t now)
{
	struct wims_ring *l;

	if(is_over(news)) {
		ended(rr, u, news, now);
		return;
	}
	if(news->contact_state == WIMS_REGINFO_ACTIVE)
		shortened(u, news->expires, now);
	for(l = u->ranges.next; l != &u->ranges; l = l->next)
		if(is_active(news) && !wims_rr_on_unit(l)->by_pilot)
			wims_rr_name(wims_rr_on_unit(l));
}

void wims_rr_name(struct wims_rr_range *r)
{
	if(r->unit->expires == 0)
		return;
	if(r->named == WIMS_RR_NOBODY)
		r->named = WIMS_RR_NEWS;
	r->confirm_by = 0;
	r->not_before = 0;
	r->refused = false;
}

/* The core has taken the range away, and left us the registration. It is asked
 * again when the wait is over. */
static void taken_away(struct wims_rangereg *rr, struct wims_rr_range *r,
					   const struct wims_reginfo_news *news, int64_t now)
{
	struct wims_rr_unit *u = r->unit;

	if(u->expires == 0)
		return;
	r->named = WIMS_RR_NOBODY;
	r->confirm_by = 0;
	r->refused = news->event == WIMS_REGINFO_REJECTED;
	if(begins_at_once(rr, u, news, now)) {
		r->not_before = 0;
		u->again_at = 0;
		return;
	}
	if(r->refused)
		r->not_before = now + rr->policy.refused_ms;
	else if(news->event == WIMS_REGINFO_PROBATION && news->retry_after >= 0)
		r->not_before = now + wims_rr_retry_wait(rr, news->retry_after);
	else
		r->not_before = now + rr->policy.retry_max_ms;
}

static void tell_range(struct wims_rangereg *rr, struct wims_rr_range *r,
					   const struct wims_reginfo_news *news, int64_t now)
{
	if(is_over(news))
		taken_away(rr, r, news, now);
	else if(is_active(news)) {
		r->document = rr->document;
		wims_rr_name(r);
	}
}

void wims_rangereg_news(struct wims_rangereg *rr, const struct wims_reginfo_news *news, int64_t now)
{
	struct wims_pl identity = news->wildcard.l > 0 ? news->wildcard : news->aor, key;
	struct wims_rr_range *r = wims_rr_range_find(rr, identity);
	struct wims_rr_unit *u = NULL, *next;
	char buf[WIMS_RANGE_TEXT_MAX];

	if(!wims_rr_key(&key, buf, identity))
		return;
	/* of a range whose To it is, the news is of the whole registration */
	if(r != NULL && r->unit != NULL && r->by_pilot && concerns(r->unit, news)
	   && wims_rr_heeds(rr, r->unit, news, now)) {
		tell_range(rr, r, news, now);
		rr->generation++;
		wims_rr_review(rr, r->unit, now, WIMS_RANGEREG_NETWORK);
	}
	for(u = wims_rr_unit_next(rr, key, NULL); u != NULL; u = next) {
		next = wims_rr_unit_next(rr, key, u);
		if(!concerns(u, news))
			continue;
		if(!wims_rr_heeds(rr, u, news, now)) {
			wims_rr_review(rr, u, now, WIMS_RANGEREG_NETWORK);
			continue;
		}
		tell_unit(rr, u, news, now);
		rr->generation++;
		wims_rr_review(rr, u, now, WIMS_RANGEREG_NETWORK);
	}
}

/* ---- a whole document ---- */

struct telling
{
	struct wims_rangereg *rr;
	int64_t now;
};

static void tell_one(void *ctx, const struct wims_reginfo_news *news)
{
	const struct telling *t = ctx;

	wims_rangereg_news(t->rr, news, t->now);
}

/* A 200 that lists a range stands against a NOTIFY that does not: by TS 24.229
 * either of them tells of wildcards, and cores do one of the two. */
static void take_unnamed(struct wims_rangereg *rr, struct wims_rr_unit *u,
						 const struct wims_reginfo_news *news, int64_t now)
{
	struct wims_ring *l;

	for(l = u->ranges.next; l != &u->ranges && u->own && wims_rr_holds(u); l = l->next) {
		struct wims_rr_range *r = wims_rr_on_unit(l);

		if(r->by_pilot && r->named == WIMS_RR_NEWS && r->document != rr->document) {
			taken_away(rr, r, news, now);
			rr->generation++;
		}
	}
	wims_rr_review(rr, u, now, WIMS_RANGEREG_NETWORK);
}

static void miss_ranges(void *ctx, const struct wims_reginfo_news *news)
{
	const struct telling *t = ctx;
	struct wims_rr_unit *u, *next;
	struct wims_pl key;
	char buf[WIMS_RANGE_TEXT_MAX];

	if(!news->full || news->wildcard.l > 0 || !wims_rr_key(&key, buf, news->aor))
		return;
	for(u = wims_rr_unit_next(t->rr, key, NULL); u != NULL; u = next) {
		next = wims_rr_unit_next(t->rr, key, u);
		take_unnamed(t->rr, u, news, t->now);
	}
}

void wims_rangereg_document(struct wims_rangereg *rr, const struct wims_reginfo *doc, int64_t now)
{
	struct telling t = {rr, now};

	rr->document++;
	wims_reginfo_each(doc, tell_one, &t);
	wims_reginfo_each(doc, miss_ranges, &t);
}
