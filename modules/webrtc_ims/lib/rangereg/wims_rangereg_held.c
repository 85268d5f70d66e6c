/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What follows from the store's answer about a lease. */

#include "rangereg/wims_rangereg_lease.h"

#include <string.h>

#include "wims_rangereg_int.h"

static void copy_user(char *out, struct wims_pl user)
{
	memcpy(out, user.p, user.l);
	out[user.l] = '\0';
}

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
	for(i = 0; i < u->n_taken_out; i++)
		if(wims_pl_eq(user, wims_pl_str(u->taken_out[i])))
			return;
	if(u->n_peers >= WIMS_RR_PEERS) /* that one ends with its time in the core */
		return;
	p = &u->peers[u->n_peers++];
	copy_user(p->user, user);
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

/* Did its holder, or one before, take that Contact out? */
static bool is_taken_out(const struct wims_rr_doc *d, const char *contact_user)
{
	struct wims_pl rest = d->taken_out, user;
	bool found = false;

	while(!found && wims_rr_doc_taken_out(&rest, &user))
		found = wims_pl_eq(user, wims_pl_str(contact_user));
	return found;
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

/* What we have left there nobody else removes, or not again. What was removed is not
 * taken out once more: that of Kamailio 5.6.3 keeps the lock of the IMPU when it does
 * not find the Contact of a de-REGISTER (ims_registrar_scscf, save.c). */
static void take_out_stray(struct wims_rr_unit *u, const struct wims_rr_doc *d)
{
	struct wims_rr_lease *l = &u->lease;

	if(!l->stray)
		return;
	l->stray = false;
	if(!l->late && is_taken_out(d, u->contact_user))
		return;
	l->late = false;
	u->maybe = true;
	u->leave_at = 0;
}

/* Does its holder want a range that this node knows? */
static void take_wishes(struct wims_rr_unit *u, const struct wims_rr_doc *d)
{
	struct wims_pl rest = d->ranges;
	struct wims_rr_doc_range in;

	u->lease.follow = false;
	while(wims_rr_doc_next(&rest, &in))
		if(in.is == WIMS_OK && !in.idle && range_of(u, in.id) != NULL)
			u->lease.follow = true;
}

/* The WICs of a node that is gone come to another one, maybe here: as if one had
 * asked. */
static void expect_wics(struct wims_rangereg *rr, struct wims_rr_unit *u,
						const struct wims_rr_doc *d, int64_t now)
{
	struct wims_pl rest = d->ranges;
	struct wims_rr_doc_range in;

	while(wims_rr_doc_next(&rest, &in)) {
		struct wims_rr_range *r = range_of(u, in.id);

		if(r != NULL && in.is == WIMS_OK && !in.idle && r->trigger != WIMS_RANGE_AT_START)
			wims_rr_use(rr, r, now);
	}
}

/* Has the core refused a range that is wanted here? */
static bool is_refused(struct wims_rr_unit *u, const struct wims_rr_doc *d)
{
	struct wims_pl rest = d->ranges;
	struct wims_rr_doc_range in;
	bool refused = false;

	while(!refused && wims_rr_doc_next(&rest, &in))
		refused = in.is == WIMS_RANGE_REFUSED && range_of(u, in.id) != NULL;
	return refused;
}

/* It has left the core while this node, and its WICs, could not know. They stay while
 * the core is asked for it again, unless it was that which ended it. */
static void take_absence(struct wims_rangereg *rr, struct wims_rr_unit *u,
						 const struct wims_rr_doc *d)
{
	if(u->expires == 0 || !wims_rr_wanted(rr, u) || is_refused(u, d)) {
		wims_rr_unregistered(u);
		return;
	}
	u->own = false;
	u->doubt = true;
	u->again_at = 0;
}

/* What this node had before a restart is not another's: that start is no more. */
static void take_back(struct wims_rangereg *rr, struct wims_rr_unit *u,
					  const struct wims_rangereg_held *held, int64_t now)
{
	u->lease.earlier = true;
	u->lease.holder = held->node;
	u->lease.holder_epoch = held->epoch;
	wims_rr_ask_by(rr, u, now);
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
	u->doubt = false;
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
		take_out_stray(u, d);
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

static bool says_nothing(const struct wims_rangereg_held *held)
{
	return held->doc.l == 0 && !held->forged;
}

static enum wims_rangereg_change to_other(struct wims_rangereg *rr, struct wims_rr_unit *u,
										  const struct wims_rangereg_held *held,
										  const struct wims_rr_doc *d, int64_t now)
{
	bool gone = u->lease.role == WIMS_RANGEREG_OURS;

	wims_rr_ask_at_end(rr, u, held->left_ms, now);
	/* What the core had before the store last said that it is ours was there before
	 * any other node could take it out. */
	u->lease.late = u->lease.late
					|| (u->own && u->registered_at != 0 && u->registered_at >= u->lease.asked);
	u->lease.role = WIMS_RANGEREG_OTHER;
	u->lease.holder = held->node;
	u->lease.holder_epoch = held->epoch;
	u->lease.valid = u->lease.published = u->lease.named = u->lease.clean = false;
	u->lease.offered = false;
	u->lease.looks = 0;
	/* our Contact is the holder's to remove, as is what was ours to remove; but what
	 * we sent while it did may have come there later */
	u->lease.stray = u->lease.stray || u->own;
	u->own = false;
	u->n_peers = u->n_taken_out = 0;
	u->subscribe = false;
	if(says_nothing(held))
		wait_for_doc(u);
	else if(d->user.l > 0)
		take_doc(rr, u, d, now);
	return gone ? WIMS_RANGEREG_GONE : WIMS_RANGEREG_SAME;
}

/* What the nodes before have taken out. Our own Contact comes back there. */
static void inherit_taken_out(struct wims_rr_unit *u, const struct wims_rr_doc *d)
{
	struct wims_pl rest = d->taken_out, user;

	u->n_taken_out = 0;
	while(u->n_taken_out < WIMS_RR_PEERS && wims_rr_doc_taken_out(&rest, &user))
		if(!wims_pl_eq(user, wims_pl_str(u->contact_user)))
			copy_user(u->taken_out[u->n_taken_out++], user);
}

/* The Contacts that the nodes before have left. */
static void inherit(struct wims_rangereg *rr, struct wims_rr_unit *u, const struct wims_rr_doc *d,
					int64_t now)
{
	struct wims_pl rest = d->peers, user, address;

	if(d->user.l == 0)
		return;
	/* of our own earlier lease we know better, unless it was of the start before */
	if(u->n_taken_out == 0 || !wims_pl_eq(d->user, wims_pl_str(u->contact_user)))
		inherit_taken_out(u, d);
	if(d->in_core)
		add_peer(u, d->user, d->address);
	while(wims_rr_doc_peer(&rest, &user, &address))
		add_peer(u, user, address);
	take_off(rr, u, d);
	if(u->own && wims_pl_eq(d->user, wims_pl_str(u->contact_user)))
		return; /* our own lease, that ran out, or of the start before */
	expect_wics(rr, u, d, now);
	if(d->left_ms == 0)
		take_absence(rr, u, d);
	else if(u->expires == 0)
		take_doc(rr, u, d, now); /* a start, without anything kept */
	else if(now + d->left_ms < u->expires)
		u->expires = now + d->left_ms;
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
	/* another may have had it, and be gone, since we asked last */
	bool other = d->user.l > 0 && !wims_pl_eq(d->user, wims_pl_str(u->contact_user));
	bool taken = l->role != WIMS_RANGEREG_OURS || !l->valid || (other && l->published);

	if(taken) {
		take_out_stray(u, d);
		inherit(rr, u, d, now);
		l->published = l->named = l->offered = false;
		l->told = d->user.l > 0;
	} else if(ask->doc.l > 0) {
		l->published = true;
		l->named = l->offers;
		l->offered = l->idle;
	}
	l->role = WIMS_RANGEREG_OURS;
	l->by_hand = l->follow = false;
	l->looks = 0;
	l->asked = ask->at;
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
	take_off(rr, u, d);
	if(!u->own && d->user.l > 0 && d->left_ms == 0)
		take_absence(rr, u, d);
	if(l->looks < WIMS_RANGEREG_LOOKS)
		l->looks++;
	/* not before: it may be all that the core has, and wanted, here or elsewhere */
	if(l->looks >= WIMS_RANGEREG_LOOKS)
		take_out_stray(u, d);
	l->clean = l->looks >= WIMS_RANGEREG_LOOKS && !wims_rr_elsewhere(u)
			   && (u->own || d->in_core || d->peers.l > 0);
}

static void given(struct wims_rr_unit *u)
{
	struct wims_rr_lease *l = &u->lease;

	l->role = WIMS_RANGEREG_NOBODY;
	l->valid = l->published = l->named = l->clean = l->told = l->by_hand = false;
	l->offered = l->follow = false;
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
	struct wims_rr_doc d = {0};
	bool read = !held->forged && wims_rr_doc_read(&d, held->doc);
	enum wims_rangereg_change change = WIMS_RANGEREG_SAME;

	u->lease.earlier = false;
	if(d.user.l > 0)
		take_wishes(u, &d);
	if(!held->ours && held->node == rr->policy.node)
		take_back(rr, u, held, now);
	else if(!held->ours)
		change = to_other(rr, u, held, &d, now);
	else if(ask->kind == WIMS_RANGEREG_LOOK)
		to_nobody(rr, u, &d);
	else
		change = to_us(rr, u, ask, held, &d, now);
	return read || says_nothing(held) || u->lease.earlier || change != WIMS_RANGEREG_SAME
				   ? change
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
