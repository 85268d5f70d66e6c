/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_call_int.h"

#include <string.h>

static const uint16_t reg_max[WIMS_REG_IMPU] = {
		[WIMS_REG_WIC_CONTACT] = WIMS_CONTACT_URI_MAX, [WIMS_REG_CALL_ID] = WIMS_CALLID_MAX,
		[WIMS_REG_OWNER] = WIMS_FLOW_TEXT_MAX,         [WIMS_REG_SUBJECT] = WIMS_FLOW_TEXT_MAX,
		[WIMS_REG_JTI] = WIMS_FLOW_TEXT_MAX,
};

/* Of a request; Service-Route comes with the answer. */
static const uint16_t common_max[WIMS_REG_SERVICE_ROUTE] = {
		[WIMS_REG_WWSF] = WIMS_FLOW_TEXT_MAX,
		[WIMS_REG_DOMAIN] = WIMS_FLOW_TEXT_MAX,
		[WIMS_REG_RANGE] = WIMS_FLOW_RANGE_MAX,
		[WIMS_REG_CONVEYED] = WIMS_CONVEYED_MAX,
};

/* The texts of a request in the order of the records. */
struct request
{
	struct wims_pl reg[WIMS_REG_IMPU];
	struct wims_pl common[WIMS_REG_SERVICE_ROUTE];
	struct wims_binding_key key;
};

static bool read_request(struct request *rq, const struct wims_binding_in *in)
{
	const struct wims_pl reg[WIMS_REG_IMPU] = {
			[WIMS_REG_WIC_CONTACT] = in->wic_contact,
			[WIMS_REG_CALL_ID] = in->call_id,
			[WIMS_REG_OWNER] = in->owner,
			[WIMS_REG_SUBJECT] = in->subject,
			[WIMS_REG_JTI] = in->jti,
	};
	const struct wims_pl common[WIMS_REG_SERVICE_ROUTE] = {
			[WIMS_REG_WWSF] = in->wwsf,
			[WIMS_REG_DOMAIN] = in->domain,
			[WIMS_REG_RANGE] = in->range,
			[WIMS_REG_CONVEYED] = in->conveyed,
	};

	memcpy(rq->reg, reg, sizeof(reg));
	memcpy(rq->common, common, sizeof(common));
	rq->key = (struct wims_binding_key){
			.texts = {[WIMS_BINDING_IMPI] = in->impi,
					  [WIMS_BINDING_IMPU] = in->impu,
					  [WIMS_BINDING_DEVICE] = in->instance.l > 0 ? in->instance : in->wic_contact},
			.reg_id = in->instance.l > 0 ? in->reg_id : 0,
			.kind = (uint8_t)((in->instance.l > 0 ? WIMS_BINDING_BY_INSTANCE : 0)
							  | (in->by_core ? WIMS_BINDING_BY_CORE : 0)),
	};
	return wims_texts_fit(reg, reg_max, WIMS_REG_IMPU)
		   && wims_texts_fit(common, common_max, WIMS_REG_SERVICE_ROUTE)
		   && in->instance.l <= WIMS_FLOW_TEXT_MAX && in->impi.l > 0
		   && in->impi.l <= WIMS_FLOW_TEXT_MAX && in->impu.l > 0 && in->impu.l <= WIMS_FLOW_TEXT_MAX
		   && (in->remove_all || rq->key.texts[WIMS_BINDING_DEVICE].l > 0);
}

static enum wims_reason check_conn(const struct wims_flows *fs, const struct wims_conn *c,
								   const struct wims_binding_in *in)
{
	enum wims_reason r = wims_conn_check(c);

	if(r != WIMS_OK)
		return r;
	if(!wims_pl_eq(c->texts[WIMS_CONN_WWSF], in->wwsf))
		return WIMS_WWSF_MISMATCH;
	if(c->n_pendings >= WIMS_PENDING_FACTOR * fs->limits.bindings_per_conn)
		return WIMS_LIMIT_REACHED;
	return wims_subject_check(c, in);
}

/* Contact: * names no binding: it stands for one of this connection, or of
 * another one of the same IMPI, IMPU and scheme. */
static struct wims_binding *any_of(const struct wims_flows *fs, const struct wims_conn *c,
								   const struct request *rq)
{
	struct wims_binding *found = NULL, *b;
	struct wims_reg_link *at = NULL;

	while((b = wims_reg_next(fs, WIMS_BY_IMPU, rq->key.texts[WIMS_BINDING_IMPU], &at)) != NULL)
		if(wims_pl_eq(b->texts[WIMS_BINDING_IMPI], rq->key.texts[WIMS_BINDING_IMPI])
		   && (b->kind & WIMS_BINDING_BY_CORE) == (rq->key.kind & WIMS_BINDING_BY_CORE)
		   && (found == NULL || (b->conn == c && found->conn != c)))
			found = b;
	return found;
}

/* Does a transaction on c already keep a place for b? */
static bool expected(const struct wims_binding *b, const struct wims_conn *c)
{
	const struct wims_ring *l;

	for(l = b->pendings.next; l != &b->pendings; l = l->next) {
		const struct wims_pending *p = WIMS_OWNER(l, struct wims_pending, on_binding);

		if(p->conn == c && p->slot)
			return true;
	}
	return false;
}

static bool has_room(const struct wims_flows *fs, const struct wims_conn *c,
					 const struct wims_binding *b)
{
	return (b != NULL && (b->conn == c || expected(b, c)))
		   || c->n_bindings + c->n_slots < fs->limits.bindings_per_conn;
}

void wims_pending_slots(struct wims_binding *b, struct wims_conn *c)
{
	bool needed = b->conn != c;
	struct wims_ring *l;

	for(l = b->pendings.next; l != &b->pendings; l = l->next) {
		struct wims_pending *p = WIMS_OWNER(l, struct wims_pending, on_binding);

		if(p->conn != c || p->reg == NULL)
			continue;
		c->n_slots -= p->slot;
		c->n_slots += needed;
		p->slot = needed;
		needed = false;
	}
}

struct wims_pending *wims_pending_find(const struct wims_flows *fs, uint64_t txn)
{
	const struct wims_pl key = WIMS_PL_OF(txn);
	struct wims_hnode *n = wims_hash_first(&fs->pendings, wims_hash_slices(&fs->key, &key, 1));

	for(; n != NULL; n = wims_hash_next(n))
		if(WIMS_OWNER(n, struct wims_pending, by_txn)->txn == txn)
			return WIMS_OWNER(n, struct wims_pending, by_txn);
	return NULL;
}

void wims_pending_free(struct wims_flows *fs, struct wims_pending *p)
{
	if(p != NULL)
		wims_reg_free(fs, p->reg);
	wims_free(&fs->env, p);
}

void wims_pending_lost(struct wims_pending *p)
{
	wims_ring_remove(&p->on_conn);
	p->conn = NULL;
	p->slot = false;
}

bool wims_pending_fresher(const struct wims_pending *p, int64_t exp)
{
	return p->reg != NULL && (p->reg->token_exp == 0 || p->reg->token_exp > exp);
}

/* All that may fail, before anything is linked. */
static enum wims_reason new_pending(struct wims_flows *fs, const struct wims_binding_in *in,
									const struct request *rq, struct wims_pending **out)
{
	struct wims_pending *p = wims_zalloc(&fs->env, sizeof(*p));
	size_t i;

	*out = p;
	if(p == NULL)
		return WIMS_NOMEM;
	p->txn = in->txn;
	p->remove_all = in->remove_all;
	if(in->remove || in->remove_all)
		return WIMS_OK;
	p->reg = wims_reg_new(fs, rq->reg, in->impu, NULL, 0);
	if(p->reg == NULL)
		return WIMS_NOMEM;
	p->reg->cseq = in->cseq;
	p->reg->token_exp = in->token_exp;
	p->reg->token_iat = in->token_iat;
	p->reg->token_end = in->token_exp == 0 ? WIMS_FLOW_NEVER : in->token_end;
	for(i = 0; i < WIMS_REG_SERVICE_ROUTE; i++)
		if(!wims_common_get(fs, rq->common[i], &p->reg->common[i]))
			return WIMS_NOMEM;
	return WIMS_OK;
}

static void link_pending(struct wims_flows *fs, struct wims_pending *p, struct wims_conn *c,
						 struct wims_binding *b, int64_t now)
{
	const struct wims_pl key = WIMS_PL_OF(p->txn);

	p->conn = c;
	p->binding = b;
	p->dereg_grace = c->dereg_grace;
	p->timer.kind = WIMS_TIMER_PENDING;
	wims_heap_arm(&fs->due, &p->timer, now + WIMS_TXN_MAX_MS);
	wims_hash_add(&fs->pendings, &p->by_txn, wims_hash_slices(&fs->key, &key, 1));
	wims_ring_append(&c->pendings, &p->on_conn);
	c->n_pendings++;
	wims_ring_append(&b->pendings, &p->on_binding);
	wims_pending_slots(b, c);
	wims_conn_review(fs, c);
	wims_binding_review(fs, b);
}

/* The scheme does not change while it is registered, over whatever flow of its device
 * (TS 33.203 P.4.1). What only was asked for keeps nobody else out. */
static bool has_other_scheme(const struct wims_flows *fs, const struct request *rq)
{
	struct wims_binding_key other = rq->key;
	const struct wims_binding *b = NULL;

	other.kind ^= WIMS_BINDING_BY_CORE;
	while((b = wims_binding_flow(fs, &other, b)) != NULL)
		if(b->reg != NULL && !b->ending)
			return true;
	return false;
}

/* A de-REGISTER that names no flow of its instance means that of the same Contact. */
static struct wims_binding *by_contact(const struct wims_flows *fs, const struct request *rq)
{
	struct wims_binding *b = NULL;

	if(rq->key.reg_id != 0)
		return NULL;
	while((b = wims_binding_flow(fs, &rq->key, b)) != NULL)
		if(b->reg != NULL
		   && wims_pl_eq(b->reg->texts[WIMS_REG_WIC_CONTACT], rq->reg[WIMS_REG_WIC_CONTACT]))
			break;
	return b;
}

/* *b: the binding that is there; NULL: a new one is to be made. */
static enum wims_reason find_target(const struct wims_flows *fs, const struct wims_conn *c,
									const struct wims_binding_in *in, const struct request *rq,
									struct wims_binding **b)
{
	bool remove = in->remove || in->remove_all;

	*b = in->remove_all ? any_of(fs, c, rq) : wims_binding_find(fs, &rq->key);
	if(has_other_scheme(fs, rq))
		return WIMS_SCHEME_CHANGED;
	if(*b == NULL && in->remove)
		*b = by_contact(fs, rq);
	if(*b == NULL && remove)
		return WIMS_NOT_REGISTERED;
	if(!remove && !has_room(fs, c, *b))
		return WIMS_LIMIT_REACHED;
	return wims_range_check(fs, in, *b);
}

enum wims_reason wims_binding_begin(struct wims_flows *fs, const struct wims_binding_in *in,
									int64_t now, char contact_user[WIMS_CONTACT_USER_LEN + 1])
{
	struct wims_conn *c = wims_conn_find(fs, in->conn);
	struct wims_binding *b = NULL;
	struct wims_pending *p = NULL;
	struct request rq;
	enum wims_reason r;

	contact_user[0] = '\0';
	if(!read_request(&rq, in))
		return WIMS_REQUEST_MALFORMED;
	if(wims_pending_find(fs, in->txn) != NULL)
		return WIMS_INTERNAL;
	if((r = check_conn(fs, c, in)) != WIMS_OK || (r = find_target(fs, c, in, &rq, &b)) != WIMS_OK)
		return r;
	if((r = new_pending(fs, in, &rq, &p)) != WIMS_OK)
		goto out;
	if((r = wims_subject_claim(fs, c, in->subject, in->by_core)) != WIMS_OK)
		goto out;
	if(b == NULL && (r = wims_binding_new(fs, &rq.key, &b)) != WIMS_OK)
		goto out;
	link_pending(fs, p, c, b, now);
	memcpy(contact_user, b->contact_user, sizeof(b->contact_user));
	p = NULL;
out:
	if(r != WIMS_OK)
		wims_subject_unclaim(fs, c);
	wims_pending_free(fs, p);
	return r;
}

/* Out of the table; what it asked for is left to the caller. The binding may
 * be left with nothing: the caller ends in a wims_binding_review. */
static void unlink_pending(struct wims_flows *fs, struct wims_pending *p)
{
	struct wims_conn *c = p->conn;

	wims_heap_stop(&fs->due, &p->timer);
	wims_hash_remove(&fs->pendings, &p->by_txn);
	wims_ring_remove(&p->on_binding);
	if(c == NULL)
		return;
	wims_ring_remove(&p->on_conn);
	c->n_pendings--;
	c->n_slots -= p->slot;
	wims_pending_slots(p->binding, c);
}

static bool in_use_elsewhere(const struct wims_binding *b)
{
	return b->conn != NULL && b->conn->state == WIMS_CONN_OPEN;
}

/* What the end of a transaction means for its connection, if there still is
 * one. */
static void leave_conn(struct wims_flows *fs, struct wims_conn *c, bool accepted)
{
	if(c == NULL)
		return;
	if(accepted)
		c->registered = true;
	wims_subject_unclaim(fs, c);
	wims_conn_review(fs, c);
}

/* The same user's device, on another connection than before: its calls go on
 * there. What was given up has lost them for good. */
static bool comes_back(const struct wims_binding *b, const struct wims_reg *reg)
{
	return b->reg != NULL && !b->ending
		   && wims_pl_eq(b->reg->texts[WIMS_REG_SUBJECT], reg->texts[WIMS_REG_SUBJECT]);
}

/* reg is taken over. */
static enum wims_reason settle(struct wims_flows *fs, struct wims_pending *p, struct wims_reg *reg,
							   int64_t now)
{
	struct wims_binding *b = p->binding;
	struct wims_conn *c = p->conn;

	if(c != NULL && c->state == WIMS_CONN_OPEN) {
		bool back = comes_back(b, reg);

		wims_binding_take(fs, b, reg);
		wims_binding_use(fs, b, c, now);
		if(back)
			wims_calls_follow(fs, b->left, c);
		b->left = 0;
		return WIMS_OK;
	}
	/* a connection that is gone takes nothing away from one that lives */
	if(in_use_elsewhere(b)) {
		wims_reg_free(fs, reg);
		wims_binding_review(fs, b);
		return WIMS_FLOW_GONE;
	}
	/* what one user left is not there for the next one */
	if(!comes_back(b, reg))
		b->left = 0;
	wims_binding_take(fs, b, reg);
	wims_binding_wait(fs, b, now, p->dereg_grace);
	return WIMS_FLOW_GONE;
}

static bool answer_fits(const struct wims_core_answer *answer)
{
	size_t i;

	if(answer->service_route.l > WIMS_ROUTES_MAX || answer->associated_count > WIMS_ASSOCIATED_MAX
	   || answer->charging_addresses.l > WIMS_CHARGING_ADDRESSES_MAX
	   || answer->term_ioi.l > WIMS_FLOW_TEXT_MAX)
		return false;
	for(i = 0; i < answer->associated_count; i++)
		if(answer->associated[i].l == 0 || answer->associated[i].l > WIMS_FLOW_TEXT_MAX)
			return false;
	return true;
}

/* The registration as requested with what the core said. */
static enum wims_reason merge(struct wims_flows *fs, const struct wims_pending *p,
							  const struct wims_core_answer *answer, int64_t now,
							  struct wims_reg **out)
{
	struct wims_reg *reg;
	size_t i;

	*out = NULL;
	if(!answer_fits(answer))
		return WIMS_CORE_ANSWER_BAD;
	reg = wims_reg_new(fs, p->reg->texts, p->binding->texts[WIMS_BINDING_IMPU], answer->associated,
					   answer->associated_count);
	if(reg == NULL)
		return WIMS_NOMEM;
	if(!wims_common_get(fs, answer->service_route, &reg->common[WIMS_REG_SERVICE_ROUTE])
	   || !wims_common_get(fs, answer->charging_addresses,
						   &reg->common[WIMS_REG_CHARGING_ADDRESSES])
	   || !wims_common_get(fs, answer->term_ioi, &reg->common[WIMS_REG_TERM_IOI])) {
		wims_reg_free(fs, reg);
		return WIMS_NOMEM;
	}
	for(i = 0; i < WIMS_REG_SERVICE_ROUTE; i++)
		reg->common[i] = wims_common_share(p->reg->common[i]);
	reg->cseq = p->reg->cseq;
	reg->token_exp = p->reg->token_exp;
	reg->token_end = p->reg->token_end;
	reg->token_iat = p->reg->token_iat;
	reg->since = answer->since;
	reg->expires = now + answer->granted_ms;
	if(reg->expires > reg->token_end)
		reg->expires = reg->token_end;
	reg->core_expires = now + answer->core_granted_ms;
	*out = reg;
	return WIMS_OK;
}

/* The core may hold a registration that nobody uses: it gets a de-REGISTER
 * made of what was requested. */
static void give_up(struct wims_flows *fs, struct wims_pending *p, int64_t now)
{
	struct wims_reg *reg = p->reg;

	p->reg = NULL;
	wims_binding_take(fs, p->binding, reg);
	wims_binding_give_up(fs, p->binding, now);
}

/* The de-REGISTER that was answered named one binding; the core is told of
 * the others by one each. */
static void give_up_others(struct wims_flows *fs, const struct wims_binding *told, int64_t now)
{
	struct wims_reg_link *at = NULL;
	struct wims_binding *b;

	while((b = wims_reg_next(fs, WIMS_BY_IMPU, told->texts[WIMS_BINDING_IMPU], &at)) != NULL)
		if(b != told && !b->ending
		   && wims_pl_eq(b->texts[WIMS_BINDING_IMPI], told->texts[WIMS_BINDING_IMPI]))
			wims_binding_give_up(fs, b, now);
}

enum wims_reason wims_binding_commit(struct wims_flows *fs, uint64_t txn,
									 const struct wims_core_answer *answer, int64_t now)
{
	struct wims_pending *p = wims_pending_find(fs, txn);
	enum wims_reason r = WIMS_OK;
	struct wims_reg *reg;

	if(p == NULL)
		return WIMS_INTERNAL;
	unlink_pending(fs, p);
	if(p->remove_all)
		give_up_others(fs, p->binding, now);
	if(p->reg == NULL || answer->granted_ms <= 0)
		wims_binding_remove(fs, p->binding, now);
	else if((r = wims_subject_settle(fs, p)) == WIMS_OK
			&& (r = merge(fs, p, answer, now, &reg)) == WIMS_OK)
		r = settle(fs, p, reg, now);
	else
		give_up(fs, p, now);
	if(r == WIMS_OK && p->conn != NULL)
		p->conn->challenges = 0;
	leave_conn(fs, p->conn, r == WIMS_OK);
	wims_pending_free(fs, p);
	return r;
}

void wims_binding_abort(struct wims_flows *fs, uint64_t txn, int64_t now, bool maybe_registered)
{
	struct wims_pending *p = wims_pending_find(fs, txn);

	if(p == NULL)
		return;
	unlink_pending(fs, p);
	if(maybe_registered && p->reg != NULL && p->binding->reg == NULL)
		give_up(fs, p, now);
	else
		wims_binding_review(fs, p->binding);
	leave_conn(fs, p->conn, false);
	wims_pending_free(fs, p);
}
