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

static bool is_elsewhere(const struct wims_rr_unit *u)
{
	const struct wims_ring *l;
	bool elsewhere = false;

	for(l = u->ranges.next; l != &u->ranges && !elsewhere; l = l->next)
		elsewhere = WIMS_OWNER(l, struct wims_rr_range, on_unit)->elsewhere;
	return elsewhere;
}

bool wims_rr_may_leave(const struct wims_rangereg *rr, const struct wims_rr_unit *u)
{
	return rr->policy.lease_ms == 0 || rr->leaving || u->lease.clean || wims_ring_empty(&u->ranges)
		   || is_off(u);
}

/* The node that has the lease speaks for all. Without one that is known to last
 * another node may have registered the range and taken our Contact out: only the
 * end of all Contacts is the end of the range then. */
bool wims_rr_heeds(const struct wims_rr_unit *u, const struct wims_reginfo_news *news)
{
	if(u->lease.role != WIMS_RANGEREG_OURS)
		return false;
	return u->lease.valid || news->state == WIMS_REGINFO_TERMINATED;
}

/* ---- asking ---- */

void wims_rr_ask_by(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t at)
{
	struct wims_timer *t = &u->lease.ask;

	if(rr->policy.lease_ms > 0 && (t->seq == 0 || t->due > at))
		wims_heap_arm(&rr->asks, t, at);
}

void wims_rr_lease_review(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now)
{
	bool missing = !u->lease.published || (!u->lease.named && wims_rr_wanted(rr, u));

	if(wims_rr_holds(u) && missing && !u->lease.away)
		wims_rr_ask_by(rr, u, now);
}

void wims_rr_take_by_hand(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now)
{
	u->lease.by_hand =
			rr->policy.lease_ms > 0 && u->lease.role != WIMS_RANGEREG_OURS && !is_elsewhere(u);
	wims_rr_ask_by(rr, u, now);
}

/* What is the holder to do with its lease? */
static enum wims_rangereg_ask_kind as_holder(const struct wims_rangereg *rr,
											 const struct wims_rr_unit *u)
{
	if(rr->leaving)
		return WIMS_RANGEREG_GIVE;
	if(wims_rr_wanted(rr, u) || is_off(u) || u->sent != WIMS_RR_QUIET)
		return WIMS_RANGEREG_HOLD;
	if(wims_rr_in_core(u)) /* first it is offered to others, who may want it */
		return wims_rr_may_leave(rr, u) ? WIMS_RANGEREG_HOLD : WIMS_RANGEREG_GIVE;
	return u->lease.told ? WIMS_RANGEREG_HOLD : WIMS_RANGEREG_GIVE;
}

static enum wims_rangereg_ask_kind kind_of(const struct wims_rangereg *rr,
										   const struct wims_rr_unit *u)
{
	const struct wims_rr_lease *l = &u->lease;

	if(l->role == WIMS_RANGEREG_OURS)
		return is_elsewhere(u) ? WIMS_RANGEREG_GIVE : as_holder(rr, u);
	if(is_elsewhere(u) || rr->leaving)
		return WIMS_RANGEREG_LOOK;
	return l->by_hand || l->clean || wims_rr_wanted(rr, u) || is_off(u) ? WIMS_RANGEREG_HOLD
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
	out->end_other =
			out->kind == WIMS_RANGEREG_HOLD && l->by_hand && l->role == WIMS_RANGEREG_OTHER;
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
	out->doc = wims_w_done(&w);
}

bool wims_rangereg_next_ask(struct wims_rangereg *rr, int64_t now, struct wims_rangereg_ask *out)
{
	struct wims_timer *t = rr->asks.root;
	struct wims_rr_unit *u;

	if(t == NULL || t->due > now)
		return false;
	u = WIMS_OWNER(WIMS_OWNER(t, struct wims_rr_lease, ask), struct wims_rr_unit, lease);
	if(u->lease.valid && now >= u->lease.until)
		u->lease.valid = false;
	if(wims_rr_wanted(rr, u))
		u->lease.clean = false;
	out->kind = kind_of(rr, u);
	fill(rr, u, now, out);
	if(out->kind == WIMS_RANGEREG_GIVE) {
		u->lease.valid = false; /* from now on, whatever the store says */
		wims_rr_review(rr, u, now, WIMS_RANGEREG_IDLE);
	}
	arm(rr, u, now);
	return true;
}

/* ---- the answer ---- */

static void add_peer(struct wims_rr_unit *u, struct wims_pl user, struct wims_pl address)
{
	struct wims_rr_peer *p;
	size_t i;

	if(wims_pl_eq(user, wims_pl_str(u->contact_user))) {
		u->maybe = true; /* of an earlier lease */
		return;
	}
	for(i = 0; i < u->n_peers; i++)
		if(wims_pl_eq(user, wims_pl_str(u->peers[i].user)))
			return;
	if(u->n_peers >= WIMS_RR_PEERS) /* that one ends with its time in the core */
		return;
	p = &u->peers[u->n_peers++];
	memcpy(p->user, user.p, user.l);
	p->user[user.l] = '\0';
	memcpy(p->address, address.p, address.l);
	p->address[address.l] = '\0';
}

static struct wims_rr_range *range_of(struct wims_rr_unit *u, struct wims_pl id)
{
	struct wims_ring *l;

	for(l = u->ranges.next; l != &u->ranges; l = l->next)
		if(wims_pl_eq(wims_pl_str(wims_rr_on_unit(l)->id), id))
			return wims_rr_on_unit(l);
	return NULL;
}

/* By hand it is off, or on, at all nodes; unless our operator has just said
 * otherwise. */
static void take_off(struct wims_rangereg *rr, struct wims_rr_unit *u, const struct wims_rr_doc *d)
{
	struct wims_pl rest = d->ranges;
	struct wims_rr_doc_range in;
	struct wims_rr_range *r;

	while(!u->lease.by_hand && wims_rr_doc_next(&rest, &in)) {
		r = range_of(u, in.id);
		if(r == NULL || r->off == in.off)
			continue;
		r->off = in.off;
		rr->generation++;
	}
}

static void take_range(struct wims_rangereg *rr, struct wims_rr_range *r,
					   const struct wims_rr_doc_range *in)
{
	/* good, and not the good that it was: it was lost in between */
	if(in->is == WIMS_OK && r->good && r->life != in->life) {
		wims_rr_note_loss(rr, r, WIMS_RANGE_UNAVAILABLE, WIMS_RANGEREG_NETWORK);
		r->good = false;
	}
	r->theirs = in->is;
	r->theirs_after = in->after;
	r->life = in->life;
	r->named = in->is == WIMS_OK ? WIMS_RR_ANSWER : WIMS_RR_NOBODY;
	r->confirm_by = r->not_before = 0;
	r->refused = false;
}

/* Is our Contact one that its holder is yet to remove? */
static bool is_peer_of(const struct wims_rr_unit *u, const struct wims_rr_doc *d)
{
	struct wims_pl rest = d->peers, user, address;
	bool found = false;

	while(!found && wims_rr_doc_peer(&rest, &user, &address))
		found = wims_pl_eq(user, wims_pl_str(u->contact_user));
	return found;
}

/* What we have left there nobody else removes, or not again. */
static void take_out_stray(struct wims_rr_unit *u)
{
	if(!u->lease.stray)
		return;
	u->lease.stray = false;
	u->maybe = true;
	u->leave_at = 0;
}

/* What its holder says of it. A range that it does not know, maybe not yet, is
 * none. */
static void take_doc(struct wims_rangereg *rr, struct wims_rr_unit *u, const struct wims_rr_doc *d,
					 int64_t now)
{
	struct wims_pl rest = d->ranges;
	struct wims_rr_doc_range in;
	struct wims_ring *l;

	u->expires = d->left_ms > 0 ? now + d->left_ms : 0;
	wims_rr_take_route(rr, u, d->route);
	take_off(rr, u, d);
	for(l = u->ranges.next; l != &u->ranges; l = l->next)
		wims_rr_on_unit(l)->theirs = WIMS_RANGE_UNAVAILABLE;
	while(wims_rr_doc_next(&rest, &in)) {
		struct wims_rr_range *r = range_of(u, in.id);

		if(r != NULL)
			take_range(rr, r, &in);
	}
	if(!is_peer_of(u, d))
		take_out_stray(u);
}

/* Its holder has it, and has not said anything yet. */
static void wait_for_doc(struct wims_rr_unit *u)
{
	struct wims_ring *l;

	if(u->expires != 0)
		return;
	for(l = u->ranges.next; l != &u->ranges; l = l->next)
		wims_rr_on_unit(l)->theirs = WIMS_RANGE_PENDING;
}

static enum wims_rangereg_change to_other(struct wims_rangereg *rr, struct wims_rr_unit *u,
										  const struct wims_rangereg_held *held,
										  const struct wims_rr_doc *d, int64_t now)
{
	bool gone = u->lease.role == WIMS_RANGEREG_OURS;

	u->lease.role = WIMS_RANGEREG_OTHER;
	u->lease.holder = held->node;
	u->lease.holder_epoch = held->epoch;
	u->lease.valid = u->lease.published = u->lease.named = u->lease.clean = false;
	u->lease.looks = 0;
	/* our Contact is the holder's to remove, as is what was ours to remove; but what
	 * we sent while it did may have come there later */
	u->lease.stray = u->lease.stray || u->own;
	u->own = false;
	u->n_peers = 0;
	u->subscribe = false;
	if(held->doc.l == 0)
		wait_for_doc(u);
	else if(d->user.l > 0)
		take_doc(rr, u, d, now);
	return gone ? WIMS_RANGEREG_GONE : WIMS_RANGEREG_SAME;
}

/* The Contacts that the nodes before have left. */
static void inherit(struct wims_rangereg *rr, struct wims_rr_unit *u, const struct wims_rr_doc *d)
{
	struct wims_pl rest = d->peers, user, address;

	if(d->user.l == 0)
		return;
	if(d->in_core)
		add_peer(u, d->user, d->address);
	while(wims_rr_doc_peer(&rest, &user, &address))
		add_peer(u, user, address);
	take_off(rr, u, d);
	if(u->own && wims_pl_eq(d->user, wims_pl_str(u->contact_user)))
		return; /* our own lease, that ran out, or of the start before */
	if(u->own)
		wims_rr_unregistered(u); /* it was taken over in between */
	u->own = u->refused = false;
	u->again_at = u->not_before = u->leave_at = 0;
	u->failures = u->leaves = 0;
}

static enum wims_rangereg_change to_us(struct wims_rangereg *rr, struct wims_rr_unit *u,
									   const struct wims_rangereg_ask *ask,
									   const struct wims_rangereg_held *held,
									   const struct wims_rr_doc *d, int64_t now)
{
	struct wims_rr_lease *l = &u->lease;
	bool taken = l->role != WIMS_RANGEREG_OURS || !l->valid;

	if(taken) {
		take_out_stray(u);
		inherit(rr, u, d);
		l->published = l->named = l->by_hand = false;
		l->told = d->user.l > 0;
	} else if(ask->doc.l > 0) {
		l->published = true;
		l->named = l->offers;
	}
	l->role = WIMS_RANGEREG_OURS;
	l->looks = 0;
	l->until = ask->at + (held->left_ms < ask->ms ? held->left_ms : ask->ms);
	l->valid = now < l->until;
	return taken ? WIMS_RANGEREG_TAKEN : WIMS_RANGEREG_SAME;
}

/* It is free, and nobody here wants it. What a node has left in the core goes when
 * no other wants it either. */
static void to_nobody(struct wims_rangereg *rr, struct wims_rr_unit *u, const struct wims_rr_doc *d)
{
	struct wims_rr_lease *l = &u->lease;

	l->role = WIMS_RANGEREG_NOBODY;
	take_out_stray(u);
	take_off(rr, u, d);
	if(!u->own && d->user.l > 0 && d->left_ms == 0)
		wims_rr_unregistered(u);
	if(l->looks < WIMS_RANGEREG_LOOKS)
		l->looks++;
	l->clean = l->looks >= WIMS_RANGEREG_LOOKS && !is_elsewhere(u)
			   && (u->own || d->in_core || d->peers.l > 0);
}

static void given(struct wims_rr_unit *u)
{
	struct wims_rr_lease *l = &u->lease;

	l->role = WIMS_RANGEREG_NOBODY;
	l->valid = l->published = l->named = l->clean = l->told = l->by_hand = false;
	l->looks = 0;
}

static struct wims_rr_unit *unit_of(const struct wims_rangereg *rr,
									const struct wims_rangereg_ask *ask)
{
	struct wims_rr_unit *u = NULL;

	while((u = wims_rr_unit_next(rr, ask->to, u)) != NULL)
		if(strcmp(u->lease.tag, ask->tag) == 0)
			return u;
	return NULL;
}

static enum wims_rangereg_change take(struct wims_rangereg *rr, struct wims_rr_unit *u,
									  const struct wims_rangereg_ask *ask,
									  const struct wims_rangereg_held *held, int64_t now)
{
	struct wims_rr_doc d;
	bool read = wims_rr_doc_read(&d, held->doc);
	enum wims_rangereg_change change = WIMS_RANGEREG_SAME;

	if(!held->ours)
		change = to_other(rr, u, held, &d, now);
	else if(ask->kind == WIMS_RANGEREG_LOOK)
		to_nobody(rr, u, &d);
	else
		change = to_us(rr, u, ask, held, &d, now);
	return read || held->doc.l == 0 || change != WIMS_RANGEREG_SAME ? change
																	: WIMS_RANGEREG_UNREADABLE;
}

enum wims_rangereg_change wims_rangereg_held(struct wims_rangereg *rr,
											 const struct wims_rangereg_ask *ask,
											 enum wims_reason outcome,
											 const struct wims_rangereg_held *held, int64_t now)
{
	struct wims_rr_unit *u = unit_of(rr, ask);
	enum wims_rangereg_change change = WIMS_RANGEREG_SAME;

	if(u == NULL)
		return change;
	u->lease.away = outcome != WIMS_OK;
	if(outcome == WIMS_OK && ask->kind == WIMS_RANGEREG_GIVE)
		given(u);
	else if(outcome == WIMS_OK)
		change = take(rr, u, ask, held, now);
	wims_rr_review(rr, u, now, WIMS_RANGEREG_NETWORK);
	return change;
}
