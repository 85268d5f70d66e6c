/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rangereg/wims_rangereg_lease.h"

#include <string.h>

#include "base/wims_texts.h"
#include "jose/wims_alg_ossl.h"
#include "wims_rangereg_int.h"

enum
{
	RENEWALS = 4, /* in the time of a lease */
	HURRIES = 16, /* questions in that time while somebody waits */
	LOOK_MS = 1
};

/* ---- names ---- */

bool wims_rr_id(char id[WIMS_RR_ID_LEN + 1], const struct wims_pl *texts, size_t n)
{
	unsigned char digest[WIMS_SHA256_LEN];
	char buf[2 * WIMS_RANGE_TEXT_MAX + WIMS_IMPI_MAX + WIMS_HOST_MAX];
	struct wims_w w;
	bool ok;
	size_t i;

	wims_w_init(&w, buf, sizeof(buf));
	for(i = 0; i < n; i++) {
		wims_w_pl(&w, texts[i]);
		wims_w_lit(&w, "\t");
	}
	ok = w.ok && wims_sha256(digest, wims_w_done(&w));
	wims_w_init(&w, id, WIMS_RR_ID_LEN);
	wims_w_hex(&w, digest, WIMS_RR_ID_LEN / 2);
	id[WIMS_RR_ID_LEN] = '\0';
	return ok;
}

bool wims_rr_lease_init(struct wims_rangereg *rr, struct wims_rr_unit *u)
{
	struct wims_rr_lease *l = &u->lease;

	l->until = WIMS_FLOW_NEVER;
	if(rr->policy.lease_ms == 0) {
		l->role = WIMS_RANGEREG_OURS;
		l->valid = l->published = l->named = true;
		return true;
	}
	l->role = WIMS_RANGEREG_UNKNOWN;
	if(!wims_rr_id(l->tag, &u->texts[WIMS_RR_TO_KEY], WIMS_RR_UNIT_TEXTS - WIMS_RR_TO_KEY))
		return false;
	wims_heap_arm(&rr->asks, &l->ask, 0);
	return true;
}

/* ---- what it allows ---- */

bool wims_rr_holds(const struct wims_rr_unit *u)
{
	return u->lease.role == WIMS_RANGEREG_OURS && u->lease.valid;
}

static bool is_off(const struct wims_rr_unit *u)
{
	const struct wims_ring *l;
	bool off = false;

	for(l = u->ranges.next; l != &u->ranges && !off; l = l->next)
		off = WIMS_OWNER(l, struct wims_rr_range, on_unit)->off;
	return off;
}

bool wims_rr_elsewhere(const struct wims_rr_unit *u)
{
	const struct wims_ring *l;
	bool elsewhere = false;

	for(l = u->ranges.next; l != &u->ranges && !elsewhere; l = l->next)
		elsewhere = WIMS_OWNER(l, struct wims_rr_range, on_unit)->elsewhere;
	return elsewhere;
}

bool wims_rr_has_heir(const struct wims_rr_unit *u)
{
	const struct wims_ring *l;
	bool heir = false;

	for(l = u->ranges.next; l != &u->ranges && !heir; l = l->next) {
		const struct wims_rr_range *r = WIMS_OWNER(l, struct wims_rr_range, on_unit);

		heir = r->heir || (r->within != NULL && r->within->heir);
	}
	return heir && !is_off(u);
}

bool wims_rr_may_leave(const struct wims_rangereg *rr, const struct wims_rr_unit *u)
{
	return rr->policy.lease_ms == 0 || rr->leaving || u->lease.clean || wims_ring_empty(&u->ranges)
		   || is_off(u);
}

/* ---- asking ---- */

void wims_rr_ask_by(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t at)
{
	struct wims_timer *t = &u->lease.ask;

	if(rr->policy.lease_ms > 0 && (t->seq == 0 ? !rr->giving : t->due > at))
		wims_heap_arm(&rr->asks, t, at);
}

/* Our Contact has gone and others are there: another node may have taken the lease,
 * by order. If not, it is registered again. */
static void ask_whose(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now)
{
	int64_t answered = now + rr->policy.lease_ms / RENEWALS;

	if(u->own && answered < u->again_at)
		u->again_at = answered;
	wims_rr_ask_by(rr, u, now);
}

bool wims_rr_heeds(struct wims_rangereg *rr, struct wims_rr_unit *u,
				   const struct wims_reginfo_news *news, int64_t now)
{
	if(rr->policy.lease_ms == 0)
		return true;
	if(u->lease.role != WIMS_RANGEREG_OURS)
		return false;
	if(news->state == WIMS_REGINFO_TERMINATED) {
		/* maybe by order, at a node that has the lease now: known before the next REGISTER */
		wims_rr_ask_by(rr, u, now);
		return true;
	}
	if(u->lease.valid && news->contact_state != WIMS_REGINFO_TERMINATED)
		return true;
	if(u->lease.valid)
		ask_whose(rr, u, now);
	return false;
}

void wims_rr_lease_review(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now)
{
	bool missing = !u->lease.published || (!u->lease.named && wims_rr_wanted(rr, u));

	if(wims_rr_holds(u) && missing && !u->lease.away)
		wims_rr_ask_by(rr, u, now);
}

void wims_rr_take_by_hand(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now)
{
	/* also of what is ours as far as we know: it may be another's since we asked */
	u->lease.by_hand = rr->policy.lease_ms > 0 && !wims_rr_elsewhere(u);
	wims_rr_ask_by(rr, u, now);
}

/* What is the holder to do with its lease? */
static enum wims_rangereg_ask_kind as_holder(const struct wims_rangereg *rr,
											 const struct wims_rr_unit *u)
{
	if(rr->leaving || rr->giving)
		return WIMS_RANGEREG_GIVE;
	if(wims_rr_wanted(rr, u) || is_off(u) || u->sent != WIMS_RR_QUIET)
		return WIMS_RANGEREG_HOLD;
	/* first it is offered to others, who may want it; before that they are told that
	 * nobody here does, or they took it up as from a node that is gone */
	if(wims_rr_in_core(u))
		return wims_rr_may_leave(rr, u) || !u->lease.offered ? WIMS_RANGEREG_HOLD
															 : WIMS_RANGEREG_GIVE;
	return u->lease.told ? WIMS_RANGEREG_HOLD : WIMS_RANGEREG_GIVE;
}

static enum wims_rangereg_ask_kind kind_of(const struct wims_rangereg *rr,
										   const struct wims_rr_unit *u)
{
	const struct wims_rr_lease *l = &u->lease;

	if(l->role == WIMS_RANGEREG_OURS)
		return wims_rr_elsewhere(u) ? WIMS_RANGEREG_GIVE : as_holder(rr, u);
	/* behind a failure of the store the holder comes first */
	if(wims_rr_elsewhere(u) || rr->leaving || (l->away && !l->by_hand))
		return WIMS_RANGEREG_LOOK;
	return l->by_hand || l->clean || l->follow || wims_rr_wanted(rr, u) || is_off(u)
				   ? WIMS_RANGEREG_HOLD
				   : WIMS_RANGEREG_LOOK;
}

static bool somebody_waits(const struct wims_rr_unit *u)
{
	const struct wims_ring *l;
	bool waits = u->lease.by_hand;

	for(l = u->ranges.next; l != &u->ranges && !waits; l = l->next)
		waits = WIMS_OWNER(l, struct wims_rr_range, on_unit)->waited;
	return waits;
}

void wims_rr_ask_at_end(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t left_ms,
						int64_t now)
{
	int64_t soon = rr->policy.lease_ms / HURRIES;

	if(left_ms > LOOK_MS) /* less is a look of another node, who does not keep it */
		wims_rr_ask_by(rr, u, now + (left_ms < soon ? soon : left_ms + 1));
}

static void arm(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now)
{
	bool hurry = u->lease.role != WIMS_RANGEREG_OURS && somebody_waits(u);

	wims_heap_arm(&rr->asks, &u->lease.ask,
				  now + rr->policy.lease_ms / (hurry ? HURRIES : RENEWALS));
}

static void fill(const struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
				 struct wims_rangereg_ask *out)
{
	struct wims_rr_lease *l = &u->lease;
	char *at = out->text;
	struct wims_w w;

	out->at = now;
	out->ms = out->kind == WIMS_RANGEREG_LOOK ? LOOK_MS : rr->policy.lease_ms;
	out->end_other = l->earlier || (l->by_hand && l->role == WIMS_RANGEREG_OTHER);
	out->other = l->holder;
	out->other_epoch = l->holder_epoch;
	memcpy(out->tag, l->tag, sizeof(out->tag));
	out->to = wims_texts_put(&at, u->texts[WIMS_RR_TO_KEY]);
	out->doc = WIMS_PL_NONE;
	/* whoever takes it learns first what the one before has left */
	if(out->kind != WIMS_RANGEREG_HOLD || l->role != WIMS_RANGEREG_OURS || !l->valid)
		return;
	wims_w_init(&w, at, WIMS_RANGEREG_DOC_MAX);
	l->offers = wims_rr_doc_write(rr, u, now, &w);
	l->told = l->offers || u->n_peers > 0;
	l->idle = !wims_rr_wanted(rr, u);
	out->doc = wims_w_done(&w);
}

void wims_rangereg_bequeath(struct wims_rangereg *rr, struct wims_pl wildcard)
{
	struct wims_rr_range *r = wims_rr_range_find(rr, wildcard);

	if(r != NULL)
		r->heir = true;
}

void wims_rangereg_give_all(struct wims_rangereg *rr, int64_t now)
{
	struct wims_ring *l;

	rr->giving = true;
	for(l = rr->all_units.next; l != &rr->all_units; l = l->next) {
		struct wims_rr_unit *u = WIMS_OWNER(l, struct wims_rr_unit, all);

		if(u->lease.role == WIMS_RANGEREG_OURS)
			wims_rr_ask_by(rr, u, now);
		else
			wims_heap_stop(&rr->asks, &u->lease.ask);
	}
}

static void ask_about(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
					  struct wims_rangereg_ask *out)
{
	if(now >= u->lease.until)
		u->lease.valid = false;
	if(wims_rr_wanted(rr, u))
		u->lease.clean = false;
	out->kind = kind_of(rr, u);
	fill(rr, u, now, out);
	if(out->kind == WIMS_RANGEREG_GIVE) {
		u->lease.valid = false; /* from now on, whatever the store says */
		wims_rr_review(rr, u, now, WIMS_RANGEREG_IDLE);
	}
	if(rr->giving)
		wims_heap_stop(&rr->asks, &u->lease.ask);
	else
		arm(rr, u, now);
}

bool wims_rangereg_next_ask(struct wims_rangereg *rr, int64_t now, struct wims_rangereg_ask *out)
{
	struct wims_timer *t = rr->asks.root;

	if(t == NULL || t->due > now)
		return false;
	ask_about(rr, WIMS_OWNER(WIMS_OWNER(t, struct wims_rr_lease, ask), struct wims_rr_unit, lease),
			  now, out);
	return true;
}
