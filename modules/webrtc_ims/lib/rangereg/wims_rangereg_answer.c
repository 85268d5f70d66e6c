/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_rangereg_int.h"

#include <string.h>

#include "sip/wims_list.h"

enum
{
	/* TS 24.229 5.1.1.4.1 */
	REFRESH_LONG_MS = 1200 * 1000,
	REFRESH_AHEAD_MS = 600 * 1000
};

int64_t wims_rr_chance(struct wims_rangereg *rr, int64_t below)
{
	uint32_t n;

	if(below <= 0 || !rr->random(&n, sizeof(n)))
		return 0;
	return (int64_t)(n % (uint64_t)below);
}

int64_t wims_rr_back_off(struct wims_rangereg *rr, unsigned failures)
{
	int64_t wait = rr->policy.retry_min_ms;

	for(; failures > 1 && wait < rr->policy.retry_max_ms; failures--)
		wait *= 2;
	if(wait > rr->policy.retry_max_ms)
		wait = rr->policy.retry_max_ms;
	return wait - wims_rr_chance(rr, wait / 2);
}

/* What the core asks for, within bounds; never sooner than that. */
int64_t wims_rr_retry_wait(struct wims_rangereg *rr, int64_t retry_after)
{
	int64_t wait = retry_after > WIMS_RANGEREG_RETRY_AFTER_MAX_S
						   ? WIMS_RANGEREG_RETRY_AFTER_MAX_S * INT64_C(1000)
						   : retry_after * 1000;

	if(wait < rr->policy.retry_min_ms)
		wait = rr->policy.retry_min_ms;
	return wait + wims_rr_chance(rr, wait / 10);
}

void wims_rr_failed(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
					int64_t retry_after)
{
	int64_t wait;

	if(u->failures < 1000)
		u->failures++;
	wait = retry_after >= 0 ? wims_rr_retry_wait(rr, retry_after)
							: wims_rr_back_off(rr, u->failures);
	u->not_before = now + wait;
	u->leave_at = now + wait;
	u->again_at = 0;
	u->brief_tried = false;
}

void wims_rr_registered(struct wims_rr_unit *u, int64_t now, int64_t expires)
{
	int64_t left = expires - now;

	u->doubt = false;
	u->expires = expires;
	u->refresh_at = left > REFRESH_LONG_MS ? expires - REFRESH_AHEAD_MS : now + left / 2;
}

void wims_rr_unregistered(struct wims_rr_unit *u)
{
	struct wims_ring *l;

	u->expires = 0;
	u->own = u->doubt = false;
	for(l = u->ranges.next; l != &u->ranges; l = l->next) {
		wims_rr_on_unit(l)->named = WIMS_RR_NOBODY;
		wims_rr_on_unit(l)->confirm_by = 0;
	}
}

/* What the core has of it is no riddle any more. */
static void certain(struct wims_rr_unit *u)
{
	u->maybe = false;
	u->leaves = 0;
	u->leave_at = 0;
}

static void gone(struct wims_rr_unit *u)
{
	certain(u);
	u->not_before = 0;
}

static void leave_failed(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
						 int64_t retry_after)
{
	wims_rr_failed(rr, u, now, retry_after);
	/* what is left over in the core ends with its time there */
	if(rr->leaving || ++u->leaves >= WIMS_RANGEREG_LEAVES)
		certain(u);
}

/* The oldest makes room: that node has had the most time to see it. */
static void note_taken_out(struct wims_rr_unit *u, const char *user)
{
	if(u->n_taken_out == WIMS_RR_PEERS)
		memmove(&u->taken_out[0], &u->taken_out[1], --u->n_taken_out * sizeof(u->taken_out[0]));
	memcpy(u->taken_out[u->n_taken_out++], user, sizeof(u->taken_out[0]));
}

void wims_rr_peer_done(struct wims_rangereg *rr, struct wims_rr_unit *u, bool gone)
{
	wims_hash_remove(&rr->txns, &u->by_txn); /* a late answer is not of the next one */
	u->leaves = 0;
	u->leave_at = 0;
	if(u->n_peers == 0)
		return;
	if(gone)
		note_taken_out(u, u->peers[0].user);
	u->n_peers--;
	memmove(&u->peers[0], &u->peers[1], u->n_peers * sizeof(u->peers[0]));
}

/* What is not removed by then ends with its time in the core. */
static void remove_failed(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now)
{
	u->leave_at = now + wims_rr_back_off(rr, ++u->leaves);
	if(rr->leaving || u->leaves >= WIMS_RANGEREG_LEAVES)
		wims_rr_peer_done(rr, u, false);
}

/* The lease is another node's by now, which may have taken our Contact out before
 * this REGISTER put it there. */
static void came_too_late(struct wims_rr_unit *u, int code)
{
	if(code / 100 == 2 || code == 408 || code == 504)
		u->lease.stray = u->lease.late = true;
}

static void failed(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
				   int64_t retry_after)
{
	if(u->last_sent == WIMS_RR_REMOVE) {
		remove_failed(rr, u, now);
		return;
	}
	/* it may have come to the registrar, whose answer did not come here */
	if(u->last_code == 408 || u->last_code == 504)
		u->maybe = true;
	if(u->last_sent == WIMS_RR_LEAVE)
		leave_failed(rr, u, now, retry_after);
	else
		wims_rr_failed(rr, u, now, retry_after);
}

static void landed(struct wims_rangereg *rr, struct wims_rr_unit *u)
{
	if(u->sent == WIMS_RR_QUIET)
		return;
	u->sent = WIMS_RR_QUIET;
	rr->in_flight--;
}

/* Does the core not want this registration at all? */
static bool denies(int code)
{
	return code == 401 || code == 403 || code == 404 || code == 407 || code >= 600;
}

static enum wims_reason reason_of(int code)
{
	if(code == 0 || code == 408)
		return WIMS_CORE_TIMEOUT;
	if(code == 401 || code == 407)
		return WIMS_CORE_CHALLENGE;
	if(code == 423)
		return WIMS_EXPIRES_TOO_BRIEF;
	return code < 300 ? WIMS_OK : denies(code) ? WIMS_RANGE_REFUSED : WIMS_RANGE_UNAVAILABLE;
}

/* What the core has said last of the registration; what it says of Contacts of
 * others is not of it. */
static void note(struct wims_rr_unit *u, int code, int64_t now)
{
	if(u->last_sent == WIMS_RR_REMOVE)
		return;
	u->last = reason_of(code);
	u->last_code = code;
	u->last_at = now;
}

/* A REGISTER that went out while the lease was ours. */
static bool is_late(const struct wims_rr_unit *u)
{
	return u->lease.role != WIMS_RANGEREG_OURS && u->last_sent == WIMS_RR_REGISTER;
}

void wims_rr_no_answer(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now)
{
	landed(rr, u);
	note(u, 408, now);
	if(is_late(u))
		came_too_late(u, 408);
	else
		failed(rr, u, now, -1);
}

/* Until a NOTIFY names it, or the time for that is over. */
static void wait_to_be_named(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now)
{
	if(r->named == WIMS_RR_NOBODY)
		r->confirm_by = now + rr->policy.confirm_ms;
}

/* What the 200 says of one range of the registration. */
static void judge(struct wims_rangereg *rr, struct wims_rr_range *r,
				  const struct wims_rangereg_answer *a, int64_t now)
{
	enum wims_rr_listed listed = wims_rr_listed(a, r->texts[WIMS_RR_WILDCARD_KEY]);

	if(listed == WIMS_RR_LISTED || (listed == WIMS_RR_SILENT && !r->by_pilot)) {
		r->named = WIMS_RR_ANSWER;
		r->refused = false;
		r->not_before = 0;
	} else if(listed == WIMS_RR_UNLISTED && r->named == WIMS_RR_ANSWER) {
		r->named = WIMS_RR_NOBODY; /* it was listed, so it is taken away */
		r->confirm_by = now;
	} else {
		wait_to_be_named(rr, r, now);
	}
	if(listed == WIMS_RR_UNREADABLE)
		r->unit->last = WIMS_CORE_ANSWER_BAD;
}

/* A list of URIs, without the folds that it may have come with. NULL: no such
 * list, or no memory; *why says which. */
static char *route_copy(const struct wims_rangereg *rr, struct wims_pl route, enum wims_reason *why)
{
	struct wims_list list = {0};
	size_t i;
	char *copy;

	*why = WIMS_CORE_ANSWER_BAD;
	if(route.l > WIMS_ROUTES_MAX || wims_list_add(&list, route) != WIMS_OK)
		return NULL;
	*why = WIMS_NOMEM;
	copy = wims_strdup(&rr->env, route);
	for(i = 0; copy != NULL && i < route.l; i++)
		if((unsigned char)copy[i] < 0x20)
			copy[i] = ' ';
	return copy;
}

void wims_rr_take_route(struct wims_rangereg *rr, struct wims_rr_unit *u, struct wims_pl route)
{
	const struct wims_pl old = {u->service_route, u->service_route_l};
	enum wims_reason why = u->last;
	char *copy;

	copy = route.l > 0 ? route_copy(rr, route, &why) : NULL;
	if(copy == NULL)
		u->last = why;
	if(wims_pl_eq(old, wims_pl_str(copy))) {
		wims_free(&rr->env, copy);
		return;
	}
	wims_free(&rr->env, u->service_route);
	u->service_route = copy;
	u->service_route_l = copy != NULL ? route.l : 0;
	u->subscribe = true;
}

static void granted(struct wims_rangereg *rr, struct wims_rr_unit *u,
					const struct wims_rangereg_answer *a, int64_t now)
{
	int64_t seconds = a->granted < 0 || a->granted > u->asked ? u->asked : a->granted;
	bool all = true;
	struct wims_ring *l;

	if(seconds == 0) {
		u->last = WIMS_CORE_ANSWER_BAD;
		wims_rr_failed(rr, u, now, -1);
		return;
	}
	wims_rr_registered(u, now, now + seconds * 1000);
	u->own = true;
	u->registered_at = now;
	u->not_before = 0;
	u->again_at = WIMS_FLOW_NEVER;
	u->refused = u->brief_tried = u->fresh_tried = false;
	certain(u);
	wims_rr_take_route(rr, u, a->service_route);
	for(l = u->ranges.next; l != &u->ranges; l = l->next) {
		judge(rr, wims_rr_on_unit(l), a, now);
		all = all && wims_rr_on_unit(l)->named != WIMS_RR_NOBODY;
	}
	if(all)
		u->failures = 0;
}

/* A core that was restarted knows nothing of the registration: once, it is begun
 * anew, with another Call-ID. */
static bool begins_anew(struct wims_rr_unit *u, int code)
{
	if(u->expires == 0 || u->fresh_tried || (code != 403 && code != 404 && code != 481))
		return false;
	u->fresh_tried = true;
	u->call_id[0] = '\0';
	u->not_before = 0;
	u->again_at = 0;
	return true;
}

/* 423: the core wants longer registrations; once in a row. */
static bool asks_longer(const struct wims_rangereg *rr, struct wims_rr_unit *u,
						const struct wims_rangereg_answer *a)
{
	if(a->code != 423 || u->brief_tried || a->min_expires <= u->asked
	   || a->min_expires > rr->policy.expires_max)
		return false;
	u->brief_tried = true;
	u->min_expires = (uint32_t)a->min_expires;
	u->not_before = 0;
	u->again_at = 0;
	return true;
}

void wims_rr_refused(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now)
{
	if(u->failures < 1000)
		u->failures++;
	u->refused = true;
	u->maybe = false;
	u->not_before = now + rr->policy.refused_ms + wims_rr_chance(rr, rr->policy.refused_ms / 10);
	wims_rr_unregistered(u);
}

static void take(struct wims_rangereg *rr, struct wims_rr_unit *u,
				 const struct wims_rangereg_answer *a, int64_t now)
{
	bool leave = u->last_sent == WIMS_RR_LEAVE, remove = u->last_sent == WIMS_RR_REMOVE;
	bool over = a->code / 100 == 2 || a->code == 481 || denies(a->code);

	if(is_late(u))
		came_too_late(u, a->code);
	else if(remove && over)
		wims_rr_peer_done(rr, u, true);
	else if(remove)
		remove_failed(rr, u, now);
	else if(leave && over)
		gone(u);
	else if(a->code / 100 == 2)
		granted(rr, u, a, now);
	else if(!leave && (asks_longer(rr, u, a) || begins_anew(u, a->code)))
		return;
	else if(!leave && denies(a->code))
		wims_rr_refused(rr, u, now);
	else
		failed(rr, u, now, a->retry_after);
}

static struct wims_rr_unit *unit_of(const struct wims_rangereg *rr, uint64_t txn)
{
	struct wims_hnode *n =
			wims_hash_first(&rr->txns, wims_hash_slices(&rr->key, &WIMS_RR_PL_OF(txn), 1));

	for(; n != NULL; n = wims_hash_next(n)) {
		struct wims_rr_unit *u = WIMS_OWNER(n, struct wims_rr_unit, by_txn);

		if(u->txn == txn)
			return u;
	}
	return NULL;
}

bool wims_rangereg_view_of(struct wims_rangereg *rr, uint64_t txn, int64_t now,
						   struct wims_rangereg_view *view)
{
	struct wims_rr_unit *u = unit_of(rr, txn);
	bool there = u != NULL && !wims_ring_empty(&u->ranges);

	wims_rr_show(rr, there ? wims_rr_on_unit(u->ranges.next) : NULL, now, view);
	return there;
}

bool wims_rangereg_answered(struct wims_rangereg *rr, uint64_t txn,
							const struct wims_rangereg_answer *answer, int64_t now)
{
	struct wims_rr_unit *u = unit_of(rr, txn);

	if(u == NULL || (answer->code != 0 && answer->code < 200)
	   || (u->sent == WIMS_RR_QUIET && answer->code / 100 != 2))
		return false;
	landed(rr, u);
	rr->generation++;
	if(answer->code != 0 && answer->code != 408) /* after these a 200 may still come */
		wims_hash_remove(&rr->txns, &u->by_txn);
	note(u, answer->code, now);
	wims_rr_ask_by(rr, u, now); /* others wait for it */
	take(rr, u, answer, now);
	wims_rr_review(rr, u, now, u->refused ? WIMS_RANGEREG_DENIED : WIMS_RANGEREG_UNLISTED);
	return true;
}
