/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_rangereg_int.h"

#include <string.h>

#include "base/wims_w.h"
#include "base/wims_texts.h"

#define UNIT_FIXED \
	((sizeof(struct wims_rr_unit) + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *))

static uint32_t key_hash(const struct wims_rangereg *rr, struct wims_pl to_key)
{
	return wims_hash_slices(&rr->key, &to_key, 1);
}

bool wims_rr_unit_is(const struct wims_rr_unit *u, const struct wims_pl texts[WIMS_RR_UNIT_TEXTS])
{
	return wims_pl_eq(u->texts[WIMS_RR_TO_KEY], texts[WIMS_RR_TO_KEY])
		   && wims_pl_eq(u->texts[WIMS_RR_IMPI], texts[WIMS_RR_IMPI])
		   && wims_pl_eq(u->texts[WIMS_RR_DOMAIN], texts[WIMS_RR_DOMAIN]);
}

struct wims_rr_unit *wims_rr_unit_next(const struct wims_rangereg *rr, struct wims_pl to_key,
									   const struct wims_rr_unit *after)
{
	struct wims_hnode *n = after == NULL ? wims_hash_first(&rr->units, key_hash(rr, to_key))
										 : wims_hash_next(&after->by_key);

	for(; n != NULL; n = wims_hash_next(n)) {
		struct wims_rr_unit *u = WIMS_OWNER(n, struct wims_rr_unit, by_key);

		if(wims_pl_eq(u->texts[WIMS_RR_TO_KEY], to_key))
			return u;
	}
	return NULL;
}

/* So many hex digits of chance and a NUL. */
static bool name(const struct wims_rangereg *rr, char *out, size_t digits)
{
	unsigned char bytes[WIMS_RANGEREG_CALL_ID_LEN / 2];
	struct wims_w w;

	wims_w_init(&w, out, digits);
	if(!rr->random(bytes, digits / 2))
		return false;
	wims_w_hex(&w, bytes, digits / 2);
	out[digits] = '\0';
	return w.ok;
}

static struct wims_rr_unit *make(struct wims_rangereg *rr,
								 const struct wims_pl texts[WIMS_RR_UNIT_TEXTS])
{
	struct wims_pl *copies;
	struct wims_rr_unit *u =
			wims_texts_record(&rr->env, UNIT_FIXED, texts, WIMS_RR_UNIT_TEXTS, &copies);

	if(u == NULL)
		return NULL;
	u->texts = copies;
	if(!name(rr, u->contact_user, WIMS_CONTACT_USER_LEN) || !wims_rr_lease_init(rr, u)) {
		wims_free(&rr->env, u);
		return NULL;
	}
	u->timer.kind = WIMS_RR_UNIT;
	u->again_at = WIMS_FLOW_NEVER;
	wims_ring_init(&u->ranges);
	wims_ring_init(&u->ready);
	wims_ring_init(&u->queue);
	wims_ring_append(&rr->all_units, &u->all);
	wims_hash_add(&rr->units, &u->by_key, key_hash(rr, u->texts[WIMS_RR_TO_KEY]));
	return u;
}

struct wims_rr_unit *wims_rr_unit_for(struct wims_rangereg *rr,
									  const struct wims_pl texts[WIMS_RR_UNIT_TEXTS])
{
	struct wims_rr_unit *u = NULL;

	while((u = wims_rr_unit_next(rr, texts[WIMS_RR_TO_KEY], u)) != NULL)
		if(wims_rr_unit_is(u, texts))
			return u;
	return make(rr, texts);
}

void wims_rr_unit_free(struct wims_rangereg *rr, struct wims_rr_unit *u)
{
	wims_hash_remove(&rr->units, &u->by_key);
	wims_hash_remove(&rr->txns, &u->by_txn);
	wims_heap_stop(&rr->due, &u->timer);
	wims_heap_stop(&rr->asks, &u->lease.ask);
	wims_ring_remove(&u->all);
	wims_ring_remove(&u->ready);
	wims_ring_remove(&u->queue);
	wims_free(&rr->env, u->service_route);
	wims_free(&rr->env, u);
}

bool wims_rr_in_core(const struct wims_rr_unit *u)
{
	return u->own || u->maybe || u->lease.stray
		   || (u->n_peers > 0 && u->lease.role == WIMS_RANGEREG_OURS);
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* What this node has there itself goes also without the lease. */
static enum wims_rr_sent next_to_leave(const struct wims_rangereg *rr, const struct wims_rr_unit *u)
{
	if(!wims_rr_may_leave(rr, u) || (rr->leaving && wims_rr_has_heir(u)))
		return WIMS_RR_QUIET;
	if(u->own || u->maybe || u->lease.stray)
		return WIMS_RR_LEAVE;
	return u->n_peers > 0 && wims_rr_holds(u) ? WIMS_RR_REMOVE : WIMS_RR_QUIET;
}

/* What is sent next, and when; QUIET: nothing is, or it is on its way. */
static enum wims_rr_sent next_to_send(const struct wims_rangereg *rr, const struct wims_rr_unit *u,
									  int64_t *at)
{
	*at = u->leave_at;
	if(u->sent != WIMS_RR_QUIET)
		return WIMS_RR_QUIET;
	if(!wims_rr_holds(u) && !rr->leaving)
		return u->maybe && !u->own && u->lease.role != WIMS_RANGEREG_OURS ? WIMS_RR_LEAVE
																		  : WIMS_RR_QUIET;
	if(!u->lease.published && !rr->leaving)
		return WIMS_RR_QUIET; /* whoever comes next must know what is sent */
	if(!wims_rr_wanted(rr, u))
		return next_to_leave(rr, u);
	if(!u->lease.named)
		return WIMS_RR_QUIET;
	if(u->expires == 0)
		*at = u->not_before;
	else
		*at = later(u->not_before, sooner(u->refresh_at, u->again_at));
	/* ours first: what is called in between must find one of them */
	if(!u->own || u->n_peers == 0 || u->leave_at > *at)
		return WIMS_RR_REGISTER;
	*at = u->leave_at;
	return WIMS_RR_REMOVE;
}

int64_t wims_rr_send_at(const struct wims_rangereg *rr, const struct wims_rr_unit *u)
{
	int64_t at;

	return next_to_send(rr, u, &at) != WIMS_RR_QUIET ? at : WIMS_FLOW_NEVER;
}

/* A Call-ID lasts until a registration is to begin anew, or until its CSeq comes
 * to what the state directory has: it must not go back after a crash. */
static bool dialog_ready(const struct wims_rangereg *rr, struct wims_rr_unit *u)
{
	if(u->call_id[0] != '\0' && (u->ceiling == 0 || u->cseq < u->ceiling))
		return true;
	u->cseq = u->ceiling = u->offered = 0;
	if(name(rr, u->call_id, WIMS_RANGEREG_CALL_ID_LEN)
	   && name(rr, u->from_tag, WIMS_RANGEREG_TAG_LEN))
		return true;
	u->call_id[0] = '\0';
	return false;
}

static uint32_t asks_for(const struct wims_rangereg *rr, const struct wims_rr_unit *u)
{
	return u->min_expires > rr->policy.expires ? u->min_expires : rr->policy.expires;
}

static void fill(const struct wims_rr_unit *u, struct wims_rangereg_action *out)
{
	char *at = out->text;

	*out = (struct wims_rangereg_action){
			.kind = WIMS_RANGEREG_SEND,
			.txn = u->txn,
			.cseq = u->cseq,
			.expires = u->asked,
	};
	if(!wims_ring_empty(&u->ranges))
		out->wildcard =
				wims_texts_put(&at, wims_rr_on_unit(u->ranges.next)->texts[WIMS_RR_WILDCARD]);
	out->to = wims_texts_put(&at, u->texts[WIMS_RR_TO]);
	out->impi = wims_texts_put(&at, u->texts[WIMS_RR_IMPI]);
	out->domain = wims_texts_put(&at, u->texts[WIMS_RR_DOMAIN]);
	if(u->sent == WIMS_RR_REMOVE)
		out->contact_address = wims_texts_put(&at, wims_pl_str(u->peers[0].address));
	memcpy(out->contact_user, u->sent == WIMS_RR_REMOVE ? u->peers[0].user : u->contact_user,
		   sizeof(out->contact_user));
	memcpy(out->call_id, u->call_id, sizeof(out->call_id));
	memcpy(out->from_tag, u->from_tag, sizeof(out->from_tag));
}

static bool send(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
				 struct wims_rangereg_action *out)
{
	int64_t at;
	enum wims_rr_sent what = next_to_send(rr, u, &at);

	wims_hash_remove(&rr->txns, &u->by_txn);
	if(what == WIMS_RR_REGISTER)
		u->again_at = WIMS_FLOW_NEVER;
	if(!dialog_ready(rr, u)) {
		u->last = WIMS_CRYPTO_FAILED;
		wims_rr_failed(rr, u, now, -1);
		return false;
	}
	u->cseq++;
	rr->generation++;
	u->txn = ++rr->last_txn;
	wims_hash_add(&rr->txns, &u->by_txn, wims_hash_slices(&rr->key, &WIMS_RR_PL_OF(u->txn), 1));
	if(what != u->last_sent)
		u->leaves = 0;
	u->sent = u->last_sent = what;
	u->asked = what == WIMS_RR_REGISTER ? asks_for(rr, u) : 0;
	u->answer_by = now + rr->policy.answer_ms;
	if(what == WIMS_RR_LEAVE) {
		u->maybe = true;
		u->lease.stray = u->lease.late = false;
	}
	if(u->asked == 0 && u->lease.role != WIMS_RANGEREG_OTHER && !wims_rr_wanted(rr, u))
		wims_rr_unregistered(u);
	rr->in_flight++;
	fill(u, out);
	return true;
}

/* Is it to send, and may it? */
static bool may_send(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now)
{
	if(wims_rr_send_at(rr, u) > now)
		return false;
	if(rr->in_flight < rr->policy.in_flight)
		return true;
	if(wims_ring_empty(&u->queue))
		wims_ring_append(&rr->queue, &u->queue);
	return false;
}

bool wims_rr_unit_due(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
					  struct wims_rangereg_action *out)
{
	bool sent = false;
	enum wims_rangereg_why why = WIMS_RANGEREG_EXPIRED;

	if(now >= u->lease.until)
		u->lease.valid = false;
	if(u->sent != WIMS_RR_QUIET && now >= u->answer_by)
		wims_rr_no_answer(rr, u, now);
	if(now >= u->not_before) {
		u->not_before = 0;
		u->refused = false;
	}
	if(u->expires != 0 && now >= u->expires) {
		rr->generation++;
		wims_rr_unregistered(u);
	} else if(may_send(rr, u, now)) {
		why = WIMS_RANGEREG_IDLE; /* leaving is the one loss that sending means */
		sent = send(rr, u, now, out);
	}
	wims_rr_review(rr, u, now, why);
	return sent;
}

static void arm(struct wims_rangereg *rr, struct wims_rr_unit *u)
{
	int64_t due = u->sent != WIMS_RR_QUIET ? u->answer_by : WIMS_FLOW_NEVER;

	if(u->expires != 0)
		due = sooner(due, u->expires);
	if(u->not_before != 0)
		due = sooner(due, u->not_before);
	if(u->lease.valid)
		due = sooner(due, u->lease.until);
	if(wims_ring_empty(&u->queue))
		due = sooner(due, wims_rr_send_at(rr, u));
	if(due == WIMS_FLOW_NEVER)
		wims_heap_stop(&rr->due, &u->timer);
	else
		wims_heap_arm(&rr->due, &u->timer, due);
}

/* A subscription goes with the registration. */
static void review_subscription(struct wims_rangereg *rr, struct wims_rr_unit *u)
{
	/* What another node has taken over keeps it: Kamailio 5.6.3 as S-CSCF was seen to
	 * stop when a subscription ended while Contacts went. Whether that was the cause
	 * is not known. */
	bool wanted = u->own || (rr->policy.lease_ms > 0 && u->subscribed && u->expires != 0);

	if(!rr->policy.subscribe)
		return;
	if(u->own && !u->subscribed)
		u->subscribe = true;
	if(!u->own)
		u->subscribe = false;
	if(u->subscribe || u->subscribed != wanted) {
		if(wims_ring_empty(&u->ready))
			wims_ring_append(&rr->ready_units, &u->ready);
	} else {
		wims_ring_remove(&u->ready);
	}
}

void wims_rr_review(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
					enum wims_rangereg_why why)
{
	struct wims_ring *l, *next;

	if(u->doubt && !wims_rr_wanted(rr, u))
		wims_rr_unregistered(u); /* nobody asks the core any more */
	for(l = u->ranges.next; l != &u->ranges; l = next) {
		next = l->next; /* one that a token brought may go */
		wims_rr_range_review(rr, wims_rr_on_unit(l), now, why);
	}
	review_subscription(rr, u);
	wims_rr_lease_review(rr, u, now);
	if(wims_rr_send_at(rr, u) == WIMS_FLOW_NEVER)
		wims_ring_remove(&u->queue);
	if(wims_ring_empty(&u->ranges) && u->sent == WIMS_RR_QUIET && !wims_rr_in_core(u)
	   && wims_ring_empty(&u->ready)
	   && (rr->policy.lease_ms == 0 || u->lease.role != WIMS_RANGEREG_OURS))
		wims_rr_unit_free(rr, u);
	else
		arm(rr, u);
}
