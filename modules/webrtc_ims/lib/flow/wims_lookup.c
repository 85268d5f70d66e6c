/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_flow_int.h"

#include <string.h>

_Static_assert(sizeof(((struct wims_binding_view *)0)->text)
					   >= (7 + WIMS_ASSOCIATED_MAX) * WIMS_FLOW_TEXT_MAX + WIMS_CONTACT_URI_MAX
								  + WIMS_CALLID_MAX + WIMS_FLOW_TEXT_MAX + WIMS_ROUTES_MAX
								  + WIMS_FLOW_RANGE_MAX + WIMS_CONVEYED_MAX
								  + WIMS_CHARGING_ADDRESSES_MAX + WIMS_FLOW_TEXT_MAX,
			   "a binding's longest texts fit into its view");

static struct wims_pl put_common(char **at, const struct wims_reg *reg, enum wims_reg_common which)
{
	return wims_texts_put(at, wims_common_text(reg->common[which]));
}

static void show_reg(const struct wims_reg *reg, struct wims_binding_view *view, char *at)
{
	size_t i;

	view->expires = reg->expires;
	view->core_expires = reg->core_expires;
	view->token_exp = reg->token_exp;
	view->token_end = reg->token_end;
	view->token_iat = reg->token_iat;
	view->since = reg->since;
	view->cseq = reg->cseq;
	view->wwsf = put_common(&at, reg, WIMS_REG_WWSF);
	view->subject = wims_texts_put(&at, reg->texts[WIMS_REG_SUBJECT]);
	view->jti = wims_texts_put(&at, reg->texts[WIMS_REG_JTI]);
	view->wic_contact = wims_texts_put(&at, reg->texts[WIMS_REG_WIC_CONTACT]);
	view->service_route = put_common(&at, reg, WIMS_REG_SERVICE_ROUTE);
	view->call_id = wims_texts_put(&at, reg->texts[WIMS_REG_CALL_ID]);
	view->owner = wims_texts_put(&at, reg->texts[WIMS_REG_OWNER]);
	view->domain = put_common(&at, reg, WIMS_REG_DOMAIN);
	view->range = put_common(&at, reg, WIMS_REG_RANGE);
	view->conveyed = put_common(&at, reg, WIMS_REG_CONVEYED);
	view->charging_addresses = put_common(&at, reg, WIMS_REG_CHARGING_ADDRESSES);
	view->term_ioi = put_common(&at, reg, WIMS_REG_TERM_IOI);
	for(i = 0; i < reg->n_associated; i++)
		view->associated[i] = wims_texts_put(&at, reg->texts[WIMS_REG_IMPU + i]);
	view->associated_count = reg->n_associated;
	view->asserted = view->associated[0];
}

void wims_binding_show(const struct wims_binding *b, struct wims_binding_view *view)
{
	char *at = view->text;

	memset(view, 0, offsetof(struct wims_binding_view, text));
	view->conn = b->conn == NULL ? 0 : b->conn->id;
	memcpy(view->contact_user, b->contact_user, sizeof(view->contact_user));
	view->impi = wims_texts_put(&at, b->texts[WIMS_BINDING_IMPI]);
	view->impu = wims_texts_put(&at, b->texts[WIMS_BINDING_IMPU]);
	view->reg_id = b->reg_id;
	view->by_core = b->kind & WIMS_BINDING_BY_CORE;
	if(b->kind & WIMS_BINDING_BY_INSTANCE)
		view->instance = wims_texts_put(&at, b->texts[WIMS_BINDING_DEVICE]);
	show_reg(b->reg, view, at);
}

static bool is_live(const struct wims_binding *b, int64_t now)
{
	return b->reg->expires > now;
}

/* The live binding of c that `preferred` belongs to, else its first. */
static const struct wims_binding *pick(const struct wims_conn *c, struct wims_pl preferred,
									   int64_t now)
{
	const struct wims_binding *first = NULL;
	const struct wims_ring *l;

	for(l = c->bindings.next; l != &c->bindings; l = l->next) {
		const struct wims_binding *b = WIMS_OWNER(l, struct wims_binding, on_conn);

		if(!is_live(b, now))
			continue;
		if(wims_reg_has(b->reg, preferred))
			return b;
		if(first == NULL)
			first = b;
	}
	return first;
}

static void assert_identity(struct wims_binding_view *view, struct wims_pl preferred)
{
	size_t i;

	for(i = 0; i < view->associated_count; i++)
		if(wims_pl_eq(view->associated[i], preferred))
			view->asserted = view->associated[i];
}

enum wims_reason wims_binding_of_conn(struct wims_flows *fs, uint32_t conn,
									  struct wims_pl preferred, int64_t now,
									  struct wims_binding_view *view)
{
	const struct wims_conn *c = wims_conn_find(fs, conn);
	enum wims_reason r = wims_conn_check(c);
	const struct wims_binding *b;

	memset(view, 0, offsetof(struct wims_binding_view, text));
	if(r != WIMS_OK)
		return r;
	b = pick(c, preferred, now);
	if(b == NULL)
		return WIMS_NOT_REGISTERED;
	wims_binding_show(b, view);
	assert_identity(view, preferred);
	return WIMS_OK;
}

enum wims_reason wims_binding_of_contact(struct wims_flows *fs, uint32_t conn,
										 struct wims_pl contact_user, int64_t now,
										 struct wims_binding_view *view)
{
	const struct wims_conn *c = wims_conn_find(fs, conn);
	const struct wims_binding *b;

	memset(view, 0, offsetof(struct wims_binding_view, text));
	if(c == NULL || c->state != WIMS_CONN_OPEN)
		return WIMS_FLOW_GONE;
	b = wims_binding_named(fs, contact_user);
	if(b == NULL || b->conn != c || !is_live(b, now))
		return WIMS_TARGET_UNREGISTERED;
	wims_binding_show(b, view);
	return WIMS_OK;
}

size_t wims_bindings_by(struct wims_flows *fs, enum wims_index index, struct wims_pl key,
						bool (*visit)(void *ctx, const struct wims_binding_view *view), void *ctx)
{
	struct wims_reg_link *at = NULL;
	const struct wims_binding *b;
	size_t n = 0;
	bool more = true;

	while(more && (b = wims_reg_next(fs, index, key, &at)) != NULL) {
		struct wims_binding_view view;

		if(b->ending)
			continue;
		wims_binding_show(b, &view);
		n++;
		more = visit(ctx, &view);
	}
	return n;
}

static size_t
visit_hash(struct wims_hnode *node,
		   void (*visit)(void *ctx, uint32_t next, const struct wims_binding_view *view), void *ctx)
{
	size_t n = 0;

	for(; node != NULL; node = wims_hash_next(node), n++) {
		const struct wims_binding *b = WIMS_OWNER(node, struct wims_binding, by_key);
		struct wims_binding_view view;

		if(b->reg == NULL || b->ending)
			continue;
		wims_binding_show(b, &view);
		visit(ctx, node->hash + 1, &view);
	}
	return n;
}

bool wims_bindings_from(struct wims_flows *fs, uint32_t *from, size_t n,
						void (*visit)(void *ctx, uint32_t next,
									  const struct wims_binding_view *view),
						void *ctx)
{
	struct wims_hnode *node = NULL;
	size_t seen = 0;

	while(seen < n && (node = wims_hash_from(&fs->bindings, *from)) != NULL) {
		*from = node->hash + 1;
		seen += visit_hash(wims_hash_first(&fs->bindings, node->hash), visit, ctx);
		if(*from == 0)
			return false;
	}
	return node != NULL;
}
