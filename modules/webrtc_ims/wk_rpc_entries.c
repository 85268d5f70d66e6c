/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_registry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "identity/wims_impu.h"
#include "jose/wims_alg_ossl.h"
#include "wk_edge.h"
#include "wk_params.h"
#include "wk_proc.h"
#include "wk_ranges.h"
#include "wk_registry_int.h"
#include "wk_rpc.h"
#include "wk_state.h"

enum
{
	ROWS_MAX = 200,   /* entries of an answer; ask again behind the last one */
	ROWS_SPARE = 64,  /* a part of a walk may bring more than was asked for */
	PART = 50,        /* places that are looked at in one step */
	PARTS_MAX = 2000, /* of a search for a user */
	NEXT_TEXT = sizeof("x0123456789abcdef"),
	TIME_TEXT = sizeof("9223372036854775807"),
	/* by when each node has looked whether its contacts are as the registrar has them */
	KICK_SPARE_MS = 5000
};

const char *wk_rpc_registrar_list_doc[] = {
		"Up to 200 entries of a range in the registrar: webrtc_ims.registrar_list RANGE [NEXT]",
		NULL};
const char *wk_rpc_registrar_find_doc[] = {
		"The entry of an IMPU in the registrar, or those of a user it gave IMPUs to: "
		"webrtc_ims.registrar_find IMPU|USER",
		NULL};
const char *wk_rpc_registrar_kick_doc[] = {
		"Ends the registration of an IMPU at all nodes: webrtc_ims.registrar_kick IMPU", NULL};

/* ---- one entry ---- */

static void add_contact(rpc_t *rpc, void *ctx, const struct wims_reg_contact *c)
{
	char address[WIMS_REG_ADDRESS_MAX + 1];
	bool alive = wk_registry_node(c->node, c->epoch, address);
	str name = wk_str(c->name), instance = wk_str(c->instance);
	void *h;

	if(rpc->add(ctx, "{", &h) < 0)
		return;
	rpc->struct_add(h, "SdssdSd", "contact", &name, "node", (int)c->node, "address", address,
					"alive", alive ? "yes" : "no", "q", c->q, "instance", &instance, "expires",
					(int)(c->left_ms / 1000));
}

static void add_entry(rpc_t *rpc, void *ctx, const struct wims_reg_entry *e)
{
	str impu = wk_str(e->impu), owner = wk_str(e->owner);
	char since[TIME_TEXT];
	size_t i;
	void *h;

	if(rpc->add(ctx, "{", &h) < 0)
		return;
	snprintf(since, sizeof(since), "%" PRId64, e->since);
	rpc->struct_add(h, "SSsd", "impu", &impu, "user", &owner, "since", since, "contacts",
					(int)e->count);
	for(i = 0; i < e->count; i++)
		add_contact(rpc, ctx, &e->contact[i]);
}

/* ---- showing ---- */

struct listing
{
	rpc_t *rpc;
	void *ctx;
	struct wims_pl owner; /* of this one alone; p NULL: of all */
	size_t shown;
};

static void show(void *ctx, const struct wims_reg_entry *e)
{
	struct listing *l = ctx;

	if(l->owner.p != NULL && !wims_pl_eq(l->owner, e->owner))
		return;
	add_entry(l->rpc, l->ctx, e);
	l->shown++;
}

static enum wims_reason list_part(struct listing *l, const struct wims_wwsf_range *range,
								  uint64_t *cursor)
{
	const struct wims_store *st;

	return WK_REGISTRY_STEP(WK_STEP_LIST, st,
							wims_store_list(st, &range->block, cursor, PART, show, l));
}

/* The range that is registered, by its text; NULL after a fault. */
static const struct wims_wwsf_range *range_named(rpc_t *rpc, void *ctx, struct wims_pl text)
{
	const struct wims_provision *pv = wk_rpc_provision(rpc, ctx);
	const struct wims_wwsf *w;
	size_t i, k;

	if(pv == NULL)
		return NULL;
	for(i = 0; (w = wims_provision_at(pv, i)) != NULL; i++)
		for(k = 0; k < w->ranges.count; k++)
			if(wims_pl_eq(w->ranges.at[k].text, text) && wims_range_registered(&w->ranges.at[k]))
				return &w->ranges.at[k];
	rpc->fault(ctx, 404, "no such range is registered");
	return NULL;
}

static void answer_next(rpc_t *rpc, void *ctx, enum wims_reason r, uint64_t cursor)
{
	char next[NEXT_TEXT] = "end";
	void *h;

	if(r != WIMS_OK) {
		rpc->fault(ctx, 503, "%s", wims_reason_text(r));
		return;
	}
	if(cursor != 0)
		snprintf(next, sizeof(next), "x%016" PRIx64, cursor);
	if(rpc->add(ctx, "{", &h) >= 0)
		rpc->struct_add(h, "s", "next", next);
}

void wk_rpc_registrar_list(rpc_t *rpc, void *ctx)
{
	const struct wims_wwsf_range *range;
	struct listing l = {rpc, ctx, WIMS_PL_NONE, 0};
	enum wims_reason r = WIMS_OK;
	uint64_t cursor = 0;
	str text, next = {NULL, 0};

	if(rpc->scan(ctx, "S", &text) < 1 || (range = range_named(rpc, ctx, wk_pl(&text))) == NULL)
		return;
	if(rpc->scan(ctx, "*S", &next) == 1
	   && !wk_rpc_next_read(&cursor, wk_pl(&next), NEXT_TEXT - 2)) {
		rpc->fault(ctx, 400, "second argument: the next of the last answer");
		return;
	}
	do
		r = list_part(&l, range, &cursor);
	while(r == WIMS_OK && cursor != 0 && l.shown < ROWS_MAX);
	answer_next(rpc, ctx, r, cursor);
}

/* ---- finding ---- */

/* A canonical IMPU that the registrar has a place for; else it is empty. */
static struct wims_pl impu_of(struct wims_pl text, char buf[WIMS_IMPU_MAX],
							  struct wk_registry_place *place)
{
	struct wims_pl impu;

	if(wims_impu_canonical(&impu, buf, WIMS_IMPU_MAX, text) != WIMS_OK
	   || !wk_registry_find(impu, place))
		return WIMS_PL_NONE;
	return impu;
}

static void find_impu(rpc_t *rpc, void *ctx, struct wims_pl impu)
{
	static struct wims_reg_entry entry;
	enum wims_reason r = wk_registry_query_all(impu, &entry);

	if(r != WIMS_OK)
		rpc->fault(ctx, r == WIMS_TARGET_UNREGISTERED ? 404 : 503, "%s", wims_reason_text(r));
	else
		add_entry(rpc, ctx, &entry);
}

/* False: the store does not answer, or the range has too much to look through. */
static bool find_in(struct listing *l, const struct wims_wwsf_range *range, int *parts)
{
	enum wims_reason r = WIMS_OK;
	uint64_t cursor = 0;

	do
		r = list_part(l, range, &cursor);
	while(r == WIMS_OK && cursor != 0 && --*parts > 0);
	return r == WIMS_OK && cursor == 0;
}

static void find_user(rpc_t *rpc, void *ctx, const struct wims_provision *pv, struct wims_pl user)
{
	struct listing l = {rpc, ctx, user, 0};
	const struct wims_wwsf *w;
	int parts = PARTS_MAX;
	bool all = true;
	size_t i, k;

	for(i = 0; (w = wims_provision_at(pv, i)) != NULL; i++)
		for(k = 0; k < w->ranges.count; k++)
			if(wims_range_registered(&w->ranges.at[k]) && wk_registry_publishes(&w->ranges.at[k]))
				all &= find_in(&l, &w->ranges.at[k], &parts);
	if(!all)
		rpc->fault(ctx, 503, "not all entries were looked at");
	else if(l.shown == 0)
		rpc->fault(ctx, 404, "nobody has that IMPU, and that user has none");
}

void wk_rpc_registrar_find(rpc_t *rpc, void *ctx)
{
	const struct wims_provision *pv = wk_rpc_provision(rpc, ctx);
	struct wk_registry_place place;
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;
	str text;

	if(pv == NULL || rpc->scan(ctx, "S", &text) < 1)
		return;
	impu = impu_of(wk_pl(&text), buf, &place);
	if(impu.l > 0)
		find_impu(rpc, ctx, impu);
	else
		find_user(rpc, ctx, pv, wk_pl(&text));
}

/* ---- kicking ---- */

struct names
{
	size_t n;
	char at[WIMS_REG_CONTACTS_MAX][WIMS_CONTACT_USER_LEN + 1];
};

static bool take_name(void *ctx, const struct wims_binding_view *v)
{
	struct names *all = ctx;

	if(v->range.l > 0)
		memcpy(all->at[all->n++], v->contact_user, sizeof(all->at[0]));
	return all->n < WIMS_REG_CONTACTS_MAX;
}

static void end_here(struct wims_pl impu)
{
	struct wims_flows *fs = wk_flows_lock();
	struct names all = {0};

	wims_bindings_by(fs, WIMS_BY_IMPU, impu, take_name, &all);
	while(all.n-- > 0)
		wims_binding_end(fs, wims_pl_str(all.at[all.n]), WIMS_IDENTITY_CONFLICT, wk_now_ms());
	wk_flows_unlock();
	wk_proc_wake();
}

/* An owner who is older than any: what other nodes have of the IMPU, and would tell
 * again, loses against it. Nobody is reached by it. */
static enum wims_reason stand_in(const struct wk_registry_place *place, struct wims_pl impu)
{
	char owner[] = "kicked:0123456789abcdef";
	struct wims_reg_put_out out;
	const struct wims_store *st;
	unsigned char random[8];
	struct wk_edge edge;
	struct wims_w w;

	if(!wims_random(random, sizeof(random))
	   || wk_edge_write(&edge, WIMS_FLOWTOKEN_PATH, 0, WIMS_PL_NONE) != WIMS_OK)
		return WIMS_CRYPTO_FAILED;
	wims_w_init(&w, owner + strlen("kicked:"), 2 * sizeof(random));
	wims_w_hex(&w, random, sizeof(random));
	const struct wims_reg_put put = {
			.impu = impu,
			.index = place->index,
			.owner = wims_pl_str(owner),
			.contact = {.name = WIMS_PL("000000000000000000000000"),
						.flow = {edge.token, sizeof(edge.token)},
						.node = (uint16_t)wk_params.node_id,
						.q = WIMS_Q_NONE,
						.left_ms = wk_params.registrar_reconcile * INT64_C(1000) + KICK_SPARE_MS},
			.max_contacts = WIMS_REG_CONTACTS_MAX,
			.since = 1,
			.again = true,
	};

	return WK_REGISTRY_STEP(WK_STEP_AGAIN, st, wims_store_put(st, place->block, &put, &out));
}

static enum wims_reason kick(const struct wk_registry_place *place, struct wims_pl impu)
{
	const struct wims_store *st;
	enum wims_reason r = WK_REGISTRY_STEP(WK_STEP_DROP, st,
										  wims_store_drop(st, place->block, impu, place->index));

	if(r == WIMS_OK && wk_registry_shared())
		r = stand_in(place, impu);
	end_here(impu);
	return r;
}

void wk_rpc_registrar_kick(rpc_t *rpc, void *ctx)
{
	struct wk_registry_place place;
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;
	enum wims_reason r;
	str text;

	if(wk_rpc_provision(rpc, ctx) == NULL || rpc->scan(ctx, "S", &text) < 1)
		return;
	impu = impu_of(wk_pl(&text), buf, &place);
	if(impu.l == 0) {
		rpc->fault(ctx, 404, "the registrar has no place for that IMPU");
		return;
	}
	LM_NOTICE("%.*s is taken out of the registrar by hand\n", WK_FMT(impu));
	if((r = kick(&place, impu)) == WIMS_OK)
		rpc->add(ctx, "s", "ok");
	else
		rpc->fault(ctx, 503, "%s", wims_reason_text(r));
}
