/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_flow_int.h"

#include <string.h>

static uint32_t hash_of_key(const struct wims_flows *fs,
							const struct wims_pl texts[WIMS_BINDING_TEXTS], uint8_t kind)
{
	const struct wims_pl key[WIMS_BINDING_TEXTS + 1] = {texts[0], texts[1], texts[2],
														WIMS_PL_OF(kind)};

	return wims_hash_slices(&fs->key, key, WIMS_BINDING_TEXTS + 1);
}

struct wims_binding *wims_binding_find(const struct wims_flows *fs,
									   const struct wims_pl texts[WIMS_BINDING_TEXTS], uint8_t kind)
{
	struct wims_hnode *n = wims_hash_first(&fs->bindings, hash_of_key(fs, texts, kind));

	for(; n != NULL; n = wims_hash_next(n)) {
		struct wims_binding *b = WIMS_OWNER(n, struct wims_binding, by_key);

		if(b->kind == kind && wims_pl_eq(b->texts[0], texts[0]) && wims_pl_eq(b->texts[1], texts[1])
		   && wims_pl_eq(b->texts[2], texts[2]))
			return b;
	}
	return NULL;
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

enum wims_reason wims_binding_new(struct wims_flows *fs,
								  const struct wims_pl texts[WIMS_BINDING_TEXTS], uint8_t kind,
								  struct wims_binding **out)
{
	struct wims_pl *copies, user;
	struct wims_binding *b =
			wims_texts_record(&fs->env, sizeof(*b), texts, WIMS_BINDING_TEXTS, &copies);

	*out = NULL;
	if(b == NULL)
		return WIMS_NOMEM;
	if(!name(fs, b)) {
		wims_free(&fs->env, b);
		return WIMS_CRYPTO_FAILED;
	}
	b->texts = copies;
	b->kind = kind;
	b->timer.kind = WIMS_TIMER_BINDING;
	wims_ring_init(&b->on_conn);
	wims_ring_init(&b->pendings);
	wims_ring_init(&b->in_range);
	wims_hash_add(&fs->bindings, &b->by_key, hash_of_key(fs, texts, kind));
	user = wims_pl_str(b->contact_user);
	wims_hash_add(&fs->contacts, &b->by_contact, wims_hash_slices(&fs->key, &user, 1));
	*out = b;
	return WIMS_OK;
}

static bool is_waiting(const struct wims_binding *b)
{
	return b->reg != NULL && b->conn == NULL && !b->ending;
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
		wims_heap_arm(&fs->due, &b->timer, b->due);
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
