/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_audit.h"

#include "flow/wims_call_int.h"

/* Reads as: this must hold. */
#define HOLDS(cond)       \
	do {                  \
		if(!(cond))       \
			return #cond; \
	} while(0)
#define CLEAN(expr)                  \
	do {                             \
		const char *broken = (expr); \
		if(broken != NULL)           \
			return broken;           \
	} while(0)

typedef const char *(*node_fn)(const struct wims_flows *fs, struct wims_hnode *n);

static const char *each(const struct wims_flows *fs, const struct wims_hash *h, node_fn fn)
{
	size_t i, seen = 0;

	for(i = 0; i < (size_t)1 << h->bits; i++) {
		struct wims_hnode **at = &h->buckets[i];

		for(; *at != NULL; at = &(*at)->next, seen++) {
			HOLDS((*at)->at == at);
			HOLDS((*at)->hash >> (32 - h->bits) == i);
			CLEAN(fn(fs, *at));
		}
	}
	HOLDS(seen == h->count);
	return NULL;
}

static size_t length(const struct wims_ring *head)
{
	const struct wims_ring *l;
	size_t n = 0;

	for(l = head->next; l != head; l = l->next)
		n++;
	return n;
}

static bool in_ring(const struct wims_ring *head, const struct wims_ring *link)
{
	const struct wims_ring *l;

	for(l = head->next; l != head; l = l->next)
		if(l == link)
			return true;
	return false;
}

/* ---- connections ---- */

static size_t slots_of(const struct wims_conn *c)
{
	const struct wims_ring *l;
	size_t n = 0;

	for(l = c->pendings.next; l != &c->pendings; l = l->next)
		n += WIMS_OWNER(l, struct wims_pending, on_conn)->slot;
	return n;
}

/* After the end of its token. */
static bool kept_open(const struct wims_conn *c)
{
	const struct wims_ring *l;

	for(l = c->pendings.next; l != &c->pendings; l = l->next) {
		const struct wims_reg *reg = WIMS_OWNER(l, struct wims_pending, on_conn)->reg;

		if(reg != NULL && (reg->token_exp == 0 || reg->token_exp > c->over_exp))
			return true;
	}
	for(l = c->calls.next; l != &c->calls; l = l->next) {
		const struct wims_call *call = WIMS_OWNER(l, struct wims_call, on_conn);

		if(!call->ended
		   && (call->emergency || (c->calls_outlive_token && call->invite && call->confirmed)))
			return true;
	}
	return false;
}

static const char *conn_timer(const struct wims_flows *fs, const struct wims_conn *c)
{
	bool idle = !c->token_over && c->n_bindings == 0 && c->n_pendings == 0
				&& fs->limits.unregistered_ms > 0;
	bool over = c->token_over && !kept_open(c);

	HOLDS(c->timer.kind == WIMS_TIMER_CONN);
	switch(c->state) {
		case WIMS_CONN_OPEN:
			HOLDS(!c->token_over || c->n_bindings == 0);
			HOLDS((c->timer.seq != 0) == (idle || over));
			HOLDS(!over || c->timer.due == c->idle_since);
			HOLDS(!idle || c->timer.due == c->idle_since + fs->limits.unregistered_ms);
			break;
		case WIMS_CONN_CLOSE_DUE:
			HOLDS(c->timer.seq != 0 && c->timer.due == c->close_at);
			break;
		case WIMS_CONN_CUT_DUE:
			HOLDS(c->timer.seq != 0 && c->timer.due == c->close_at + fs->limits.cut_ms);
			break;
		case WIMS_CONN_CUT:
			HOLDS(c->timer.seq == 0);
			break;
	}
	return NULL;
}

static const char *one_conn(const struct wims_flows *fs, struct wims_hnode *n)
{
	const struct wims_conn *c = WIMS_OWNER(n, struct wims_conn, by_id);

	HOLDS(c->id != 0 && wims_conn_find(fs, c->id) == c);
	HOLDS(c->peer == NULL || c->peer->count > 0);
	HOLDS(c->peer == NULL || c->peer->count <= fs->limits.connections_per_peer);
	HOLDS(c->n_bindings == length(&c->bindings));
	HOLDS(c->n_calls == length(&c->calls)
		  && c->n_calls <= fs->limits.calls_per_conn + wims_call_emergencies(c));
	HOLDS(wims_call_emergencies(c) <= WIMS_EMERGENCIES_MAX);
	HOLDS(c->n_pendings == length(&c->pendings));
	HOLDS(c->n_pendings <= WIMS_PENDING_FACTOR * fs->limits.bindings_per_conn);
	HOLDS(c->n_slots == slots_of(c));
	HOLDS(c->n_bindings + c->n_slots <= fs->limits.bindings_per_conn);
	HOLDS((c->subject != NULL) == (c->registered || c->n_pendings > 0));
	return conn_timer(fs, c);
}

/* ---- bindings ---- */

static const char *reg_links(const struct wims_flows *fs, const struct wims_binding *b)
{
	static const enum wims_index order[] = {WIMS_BY_SUBJECT, WIMS_BY_JTI};
	size_t i;

	HOLDS(b->reg->n_associated >= 1 && b->reg->n_associated <= WIMS_ASSOCIATED_MAX);
	for(i = 0; i < b->reg->n_links; i++) {
		enum wims_index index = i < 2 ? order[i] : WIMS_BY_IMPU;
		struct wims_pl text = b->reg->texts[WIMS_REG_SUBJECT + i];
		struct wims_reg_link *at = NULL;
		size_t times = 0;
		const struct wims_binding *found;

		HOLDS(b->reg->links[i].owner == b);
		while((found = wims_reg_next(fs, index, text, &at)) != NULL)
			times += found == b;
		HOLDS(times == (text.l > 0 ? 1 : 0));
	}
	return NULL;
}

static const char *slots_of_binding(const struct wims_binding *b)
{
	const struct wims_ring *l, *m;

	for(l = b->pendings.next; l != &b->pendings; l = l->next) {
		const struct wims_pending *p = WIMS_OWNER(l, struct wims_pending, on_binding);
		size_t slots = 0, wishes = 0;

		HOLDS(p->binding == b);
		for(m = b->pendings.next; m != &b->pendings; m = m->next) {
			const struct wims_pending *q = WIMS_OWNER(m, struct wims_pending, on_binding);

			slots += q->conn == p->conn && q->slot;
			wishes += q->conn == p->conn && q->reg != NULL;
		}
		HOLDS(slots == (p->conn != NULL && wishes > 0 && b->conn != p->conn ? 1 : 0));
	}
	return NULL;
}

/* Its token ends while its transactions bring none that ends later. */
static bool token_runs(const struct wims_binding *b)
{
	const struct wims_ring *l;

	for(l = b->pendings.next; l != &b->pendings; l = l->next) {
		const struct wims_reg *reg = WIMS_OWNER(l, struct wims_pending, on_binding)->reg;

		if(reg != NULL && (reg->token_exp == 0 || reg->token_exp > b->reg->token_exp))
			return false;
	}
	return !b->ending && b->reg->token_end < WIMS_FLOW_NEVER;
}

/* By its key. */
static bool is_found(const struct wims_flows *fs, const struct wims_binding *b)
{
	const struct wims_binding_key key = {
			{b->texts[0], b->texts[1], b->texts[2]}, b->reg_id, b->kind};

	return wims_binding_find(fs, &key) == b;
}

static const char *one_binding(const struct wims_flows *fs, struct wims_hnode *n)
{
	const struct wims_binding *b = WIMS_OWNER(n, struct wims_binding, by_key);
	bool open = !wims_ring_empty(&b->pendings);

	HOLDS(is_found(fs, b));
	HOLDS(wims_binding_named(fs, wims_pl_str(b->contact_user)) == b);
	HOLDS(b->reg != NULL || open);
	HOLDS(b->reg != NULL || (b->conn == NULL && !b->ending));
	HOLDS(b->conn == NULL || !b->ending);
	HOLDS(b->conn == NULL || wims_conn_find(fs, b->conn->id) == b->conn);
	HOLDS(b->conn == NULL || in_ring(&b->conn->bindings, &b->on_conn));
	HOLDS(b->conn != NULL || wims_ring_empty(&b->on_conn));
	HOLDS(b->timer.kind == WIMS_TIMER_BINDING);
	HOLDS(!b->token_over || b->ending);
	HOLDS((b->timer.seq != 0) == (b->reg != NULL && (!open || token_runs(b))));
	HOLDS(b->timer.seq == 0
		  || b->timer.due == (open ? b->reg->token_end : wims_binding_next_due(b)));
	HOLDS(b->reg == NULL || b->reg->expires <= b->reg->token_end);
	HOLDS(b->conn == NULL || b->due == b->reg->expires);
	HOLDS(b->reg == NULL || b->ending || b->due <= b->reg->expires);
	HOLDS(b->range == (b->reg == NULL || b->ending ? NULL : b->reg->common[WIMS_REG_RANGE]));
	HOLDS((b->range == NULL) == wims_ring_empty(&b->in_range));
	HOLDS(b->range == NULL || in_ring(&b->range->bindings, &b->in_range));
	CLEAN(slots_of_binding(b));
	return b->reg == NULL ? NULL : reg_links(fs, b);
}

static const char *one_pending(const struct wims_flows *fs, struct wims_hnode *n)
{
	const struct wims_pending *p = WIMS_OWNER(n, struct wims_pending, by_txn);

	HOLDS(wims_pending_find(fs, p->txn) == p);
	HOLDS(in_ring(&p->binding->pendings, &p->on_binding));
	HOLDS(is_found(fs, p->binding));
	HOLDS(p->conn == NULL || in_ring(&p->conn->pendings, &p->on_conn));
	HOLDS(p->conn == NULL || wims_conn_find(fs, p->conn->id) == p->conn);
	HOLDS(p->conn != NULL || !p->slot);
	HOLDS(p->timer.seq != 0 && p->timer.kind == WIMS_TIMER_PENDING);
	return NULL;
}

/* ---- calls ---- */

static const char *one_call(const struct wims_flows *fs, struct wims_hnode *n)
{
	const struct wims_call *call = WIMS_OWNER(n, struct wims_call, by_id);
	bool live = call->conn != NULL;

	HOLDS(!live || wims_conn_find(fs, call->conn_id) == call->conn);
	HOLDS(!live || in_ring(&call->conn->calls, &call->on_conn));
	HOLDS(call->by_dialog.at != NULL);
	HOLDS(!live || call->timer.seq == 0);
	HOLDS(live || call->timer.seq != 0 || (!call->confirmed && wims_ring_empty(&call->openings)));
	HOLDS((call->by_lost.at == NULL) == live);
	HOLDS(call->home == call->conn_id || call->by_home.at != NULL);
	HOLDS(call->timer.kind == WIMS_TIMER_CALL);
	HOLDS(call->confirmed || call->opens > 0 || call->opening != call->id);
	HOLDS(!call->ended || (live && call->opens > 0));
	HOLDS(call->texts[WIMS_CALL_CALL_ID].l > 0);
	return NULL;
}

static const char *one_dialog(const struct wims_flows *fs, struct wims_hnode *n)
{
	const struct wims_call *call = WIMS_OWNER(n, struct wims_call, by_dialog);

	HOLDS(wims_call_of_id(fs, call->id) == call);
	return NULL;
}

/* ---- media sessions ---- */

static size_t users;
static const struct wims_media *used;

static const char *count_users(const struct wims_flows *fs, struct wims_hnode *n)
{
	(void)fs;
	users += WIMS_OWNER(n, struct wims_call, by_id)->media == used;
	return NULL;
}

static const char *medias(const struct wims_flows *fs)
{
	const struct wims_ring *l;

	HOLDS(length(&fs->medias) == fs->n_medias);
	for(l = fs->medias.next; l != &fs->medias; l = l->next) {
		used = WIMS_OWNER(l, struct wims_media, all);
		users = 0;
		CLEAN(each(fs, &fs->calls, count_users));
		HOLDS(length(&used->calls) == users);
		HOLDS((used->timer.seq != 0) == (users == 0));
		HOLDS(used->timer.kind == WIMS_TIMER_MEDIA);
	}
	return NULL;
}

/* ---- timers and numbers ---- */

static const char *subtree(const struct wims_timer *t, size_t *n)
{
	if(t == NULL)
		return NULL;
	(*n)++;
	HOLDS(t->seq != 0);
	if(t->parent != NULL) {
		HOLDS(t->parent->left == t || t->parent->right == t);
		HOLDS(t->parent->due < t->due || (t->parent->due == t->due && t->parent->seq < t->seq));
	}
	CLEAN(subtree(t->left, n));
	return subtree(t->right, n);
}

static const char *heap(const struct wims_flows *fs)
{
	size_t n = 0;

	HOLDS(fs->due.root == NULL || fs->due.root->parent == NULL);
	CLEAN(subtree(fs->due.root, &n));
	HOLDS(n == fs->due.count);
	return NULL;
}

static struct wims_flow_counts counted;

static const char *count_binding(const struct wims_flows *fs, struct wims_hnode *n)
{
	const struct wims_binding *b = WIMS_OWNER(n, struct wims_binding, by_key);

	(void)fs;
	counted.bindings += b->reg != NULL;
	counted.waiting += b->reg != NULL && b->conn == NULL && !b->ending;
	return NULL;
}

static const char *count_conn(const struct wims_flows *fs, struct wims_hnode *n)
{
	(void)fs;
	counted.closing += WIMS_OWNER(n, struct wims_conn, by_id)->state != WIMS_CONN_OPEN;
	return NULL;
}

/* ---- texts in common ---- */

static size_t refs;
static const struct wims_common *referred;

static void count_refs(const struct wims_reg *reg)
{
	size_t i;

	for(i = 0; reg != NULL && i < WIMS_REG_COMMONS; i++)
		refs += reg->common[i] == referred;
}

static const char *refs_of_binding(const struct wims_flows *fs, struct wims_hnode *n)
{
	const struct wims_binding *b = WIMS_OWNER(n, struct wims_binding, by_key);

	(void)fs;
	count_refs(b->reg);
	refs += b->range == referred;
	return NULL;
}

static const char *refs_of_pending(const struct wims_flows *fs, struct wims_hnode *n)
{
	(void)fs;
	count_refs(WIMS_OWNER(n, struct wims_pending, by_txn)->reg);
	return NULL;
}

static const char *one_common(const struct wims_flows *fs, struct wims_hnode *n)
{
	const struct wims_common *c = WIMS_OWNER(n, struct wims_common, by_text);

	HOLDS(c->l > 0 && wims_common_find(fs, wims_common_text(c)) == c);
	HOLDS(c->n_bindings == length(&c->bindings));
	refs = 0;
	referred = c;
	CLEAN(each(fs, &fs->bindings, refs_of_binding));
	CLEAN(each(fs, &fs->pendings, refs_of_pending));
	HOLDS(c->refs == refs && refs > 0);
	return NULL;
}

static const char *any_node(const struct wims_flows *fs, struct wims_hnode *n)
{
	(void)fs;
	(void)n;
	return NULL;
}

const char *flow_audit(const struct wims_flows *fs)
{
	struct wims_flow_counts counts;
	size_t i;

	CLEAN(each(fs, &fs->conns, one_conn));
	CLEAN(each(fs, &fs->bindings, one_binding));
	CLEAN(each(fs, &fs->pendings, one_pending));
	CLEAN(each(fs, &fs->calls, one_call));
	CLEAN(each(fs, &fs->dialogs, one_dialog));
	CLEAN(each(fs, &fs->contacts, any_node));
	CLEAN(each(fs, &fs->commons, one_common));
	CLEAN(medias(fs));
	for(i = 0; i < WIMS_INDEXES; i++)
		CLEAN(each(fs, &fs->index[i], any_node));
	CLEAN(heap(fs));
	counted = (struct wims_flow_counts){0};
	CLEAN(each(fs, &fs->conns, count_conn));
	CLEAN(each(fs, &fs->bindings, count_binding));
	wims_flow_counts(fs, &counts);
	HOLDS(counts.bindings == counted.bindings);
	HOLDS(counts.waiting == counted.waiting);
	HOLDS(counts.closing == counted.closing);
	HOLDS(fs->contacts.count == fs->bindings.count);
	return NULL;
}
