/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_flow_int.h"

#include <string.h>

/* Without the reg-id: the flows of an instance have the same. */
static uint32_t hash_of_key(const struct wims_flows *fs, const struct wims_binding_key *key)
{
	const struct wims_pl *t = key->texts;
	const struct wims_pl slices[WIMS_BINDING_TEXTS + 1] = {t[0], t[1], t[2], WIMS_PL_OF(key->kind)};

	return wims_hash_slices(&fs->key, slices, WIMS_BINDING_TEXTS + 1);
}

static bool is_device(const struct wims_binding *b, const struct wims_binding_key *key)
{
	return b->kind == key->kind && wims_pl_eq(b->texts[0], key->texts[0])
		   && wims_pl_eq(b->texts[1], key->texts[1]) && wims_pl_eq(b->texts[2], key->texts[2]);
}

struct wims_binding *wims_binding_flow(const struct wims_flows *fs,
									   const struct wims_binding_key *key,
									   const struct wims_binding *after)
{
	struct wims_hnode *n = after == NULL ? wims_hash_first(&fs->bindings, hash_of_key(fs, key))
										 : wims_hash_next(&after->by_key);

	for(; n != NULL; n = wims_hash_next(n)) {
		struct wims_binding *b = WIMS_OWNER(n, struct wims_binding, by_key);

		if(is_device(b, key))
			return b;
	}
	return NULL;
}

struct wims_binding *wims_binding_find(const struct wims_flows *fs,
									   const struct wims_binding_key *key)
{
	struct wims_binding *b = NULL;

	while((b = wims_binding_flow(fs, key, b)) != NULL && b->reg_id != key->reg_id)
		;
	return b;
}

struct wims_binding *wims_binding_named(const struct wims_flows *fs, struct wims_pl contact_user)
{
	struct wims_hnode *n =
			wims_hash_first(&fs->contacts, wims_hash_slices(&fs->key, &contact_user, 1));

	for(; n != NULL; n = wims_hash_next(n)) {
		struct wims_binding *b = WIMS_OWNER(n, struct wims_binding, by_contact);

		if(wims_pl_eq(wims_pl_str(b->contact_user), contact_user))
			return b;
	}
	return NULL;
}

/* A generator that repeats itself is as bad as one that fails: a name is
 * never used twice. */
static bool name(struct wims_flows *fs, struct wims_binding *b)
{
	unsigned char raw[WIMS_CONTACT_USER_LEN / 2];
	struct wims_w w;

	if(!fs->random(raw, sizeof(raw)))
		return false;
	wims_w_init(&w, b->contact_user, WIMS_CONTACT_USER_LEN);
	wims_w_hex(&w, raw, sizeof(raw));
	b->contact_user[WIMS_CONTACT_USER_LEN] = '\0';
	return w.ok && wims_binding_named(fs, wims_w_done(&w)) == NULL;
}

enum wims_reason wims_binding_new(struct wims_flows *fs, const struct wims_binding_key *key,
								  struct wims_binding **out)
{
	struct wims_pl *copies, user;
	struct wims_binding *b =
			wims_texts_record(&fs->env, sizeof(*b), key->texts, WIMS_BINDING_TEXTS, &copies);

	*out = NULL;
	if(b == NULL)
		return WIMS_NOMEM;
	if(!name(fs, b)) {
		wims_free(&fs->env, b);
		return WIMS_CRYPTO_FAILED;
	}
	b->texts = copies;
	b->kind = key->kind;
	b->reg_id = key->reg_id;
	b->timer.kind = WIMS_TIMER_BINDING;
	wims_ring_init(&b->on_conn);
	wims_ring_init(&b->pendings);
	wims_ring_init(&b->in_range);
	wims_hash_add(&fs->bindings, &b->by_key, hash_of_key(fs, key));
	user = wims_pl_str(b->contact_user);
	wims_hash_add(&fs->contacts, &b->by_contact, wims_hash_slices(&fs->key, &user, 1));
	*out = b;
	return WIMS_OK;
}

static bool is_waiting(const struct wims_binding *b)
{
	return b->reg != NULL && b->conn == NULL && !b->ending;
}

static bool is_live(const struct wims_binding *b)
{
	return b->reg != NULL && b->conn != NULL && b->conn->state == WIMS_CONN_OPEN;
}

static struct wims_binding_key key_of(const struct wims_binding *b)
{
	const struct wims_pl *t = b->texts;

	return (struct wims_binding_key){{t[0], t[1], t[2]}, b->reg_id, b->kind};
}

/* b itself is no other flow. */
static bool has_live_sibling(const struct wims_flows *fs, const struct wims_binding *b,
							 const struct wims_binding_key *key)
{
	const struct wims_binding *other = NULL;

	while((other = wims_binding_flow(fs, key, other)) != NULL)
		if(other != b && is_live(other))
			return true;
	return false;
}

/* b has left its connection. What stayed for its sake stays no longer than b itself
 * would, if no flow of the instance is left. */
static void release_siblings(struct wims_flows *fs, const struct wims_binding *b, int64_t by)
{
	const struct wims_binding_key key = key_of(b);
	struct wims_binding *other = NULL;

	if(has_live_sibling(fs, b, &key))
		return;
	while((other = wims_binding_flow(fs, &key, other)) != NULL)
		if(other != b && is_waiting(other) && other->due > by) {
			other->due = by;
			wims_binding_review(fs, other);
		}
}

static void drop_reg(struct wims_flows *fs, struct wims_binding *b)
{
	if(b->reg == NULL)
		return;
	wims_reg_unlink(fs, b->reg);
	wims_reg_free(fs, b->reg);
	b->reg = NULL;
	fs->registered--;
}

static void detach(struct wims_flows *fs, struct wims_binding *b, int64_t now)
{
	struct wims_conn *c = b->conn;

	fs->waiting -= is_waiting(b);
	b->ending = false;
	b->token_over = false;
	if(c == NULL)
		return;
	b->conn = NULL;
	b->left = c->id;
	wims_ring_remove(&b->on_conn);
	c->n_bindings--;
	c->idle_since = now;
	wims_pending_slots(b, c);
	wims_conn_review(fs, c);
	release_siblings(fs, b, now + c->dereg_grace);
}

void wims_binding_take(struct wims_flows *fs, struct wims_binding *b, struct wims_reg *reg)
{
	bool waited = is_waiting(b);

	drop_reg(fs, b);
	b->reg = reg;
	wims_reg_link(fs, reg, b);
	fs->registered++;
	fs->waiting += is_waiting(b);
	fs->waiting -= waited;
}

void wims_binding_use(struct wims_flows *fs, struct wims_binding *b, struct wims_conn *c,
					  int64_t now)
{
	/* a refresh keeps its place among the bindings of the connection */
	if(b->conn != c) {
		detach(fs, b, now);
		b->conn = c;
		wims_ring_append(&c->bindings, &b->on_conn);
		c->n_bindings++;
		c->token_over = false;
		c->patience = 0;
		wims_pending_slots(b, c);
		wims_conn_review(fs, c);
	}
	b->due = b->reg->expires;
	wims_binding_review(fs, b);
}

void wims_binding_wait(struct wims_flows *fs, struct wims_binding *b, int64_t now, int64_t grace)
{
	detach(fs, b, now);
	fs->waiting++;
	b->due = now + grace < b->reg->expires ? now + grace : b->reg->expires;
	wims_binding_review(fs, b);
}

/* Of two that last equally long, that of the higher reg-id. */
static bool outlasts(const struct wims_binding *a, const struct wims_binding *b)
{
	return a->reg->expires != b->reg->expires ? a->reg->expires > b->reg->expires
											  : a->reg_id > b->reg_id;
}

bool wims_binding_is_spare(const struct wims_flows *fs, struct wims_pl contact_user)
{
	const struct wims_binding *b = wims_binding_named(fs, contact_user), *other = NULL;
	struct wims_binding_key key;

	if(b == NULL || b->reg == NULL)
		return false;
	key = key_of(b);
	while((other = wims_binding_flow(fs, &key, other)) != NULL)
		if(other != b && is_live(other) && outlasts(other, b))
			return true;
	return false;
}

bool wims_binding_stays(struct wims_flows *fs, struct wims_binding *b, int64_t now)
{
	const struct wims_binding_key key = key_of(b);

	if(!is_waiting(b) || b->reg->expires <= now || !has_live_sibling(fs, b, &key))
		return false;
	b->due = b->reg->expires;
	wims_binding_review(fs, b);
	return true;
}

void wims_binding_give_up(struct wims_flows *fs, struct wims_binding *b, int64_t now)
{
	detach(fs, b, now);
	b->ending = true;
	b->due = now;
	wims_binding_review(fs, b);
}

void wims_binding_remove(struct wims_flows *fs, struct wims_binding *b, int64_t now)
{
	detach(fs, b, now);
	drop_reg(fs, b);
	wims_binding_review(fs, b);
}

/* The connection first: what it ends with, BYE, leaves before the DEREG. */
void wims_binding_token_over(struct wims_flows *fs, struct wims_binding *b, int64_t now)
{
	struct wims_conn *c = b->conn;

	wims_heap_stop(&fs->due, &b->timer);
	detach(fs, b, now);
	b->ending = true;
	b->token_over = true;
	b->ended_on = c == NULL ? 0 : c->id;
	b->due = now;
	if(c != NULL && c->n_bindings == 0)
		wims_conn_token_over(fs, c, b->reg->token_exp, now);
	wims_binding_review(fs, b);
}

/* Is a REGISTER under way that brings a token for longer? */
static bool refreshing(const struct wims_binding *b)
{
	const struct wims_ring *l;

	for(l = b->pendings.next; l != &b->pendings; l = l->next)
		if(wims_pending_fresher(WIMS_OWNER(l, struct wims_pending, on_binding), b->reg->token_exp))
			return true;
	return false;
}

/* Where it is counted follows what it is. */
static void keep_place(struct wims_flows *fs, struct wims_binding *b)
{
	struct wims_common *is = b->reg == NULL || b->ending ? NULL : b->reg->common[WIMS_REG_RANGE];
	struct wims_common *was = b->range;

	if(is == was)
		return;
	b->range = wims_common_share(is);
	wims_ring_remove(&b->in_range);
	if(is != NULL) {
		wims_ring_append(&is->bindings, &b->in_range);
		is->n_bindings++;
	}
	if(was != NULL)
		was->n_bindings--;
	wims_common_drop(fs, was);
}

void wims_binding_review(struct wims_flows *fs, struct wims_binding *b)
{
	bool open = !wims_ring_empty(&b->pendings);

	keep_place(fs, b);
	if(b->reg != NULL && !open)
		wims_heap_arm(&fs->due, &b->timer, wims_binding_next_due(b));
	else if(b->reg != NULL && !b->ending && b->reg->token_end < WIMS_FLOW_NEVER && !refreshing(b))
		wims_heap_arm(&fs->due, &b->timer, b->reg->token_end);
	else
		wims_heap_stop(&fs->due, &b->timer);
	if(b->reg != NULL || open)
		return;
	wims_hash_remove(&fs->bindings, &b->by_key);
	wims_hash_remove(&fs->contacts, &b->by_contact);
	wims_free(&fs->env, b);
}
