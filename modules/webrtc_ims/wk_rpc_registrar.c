/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_registrar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "identity/wims_impu.h"
#include "wk_location.h"
#include "wk_ranges.h"
#include "wk_rpc.h"
#include "wk_state.h"

enum
{
	ROWS_MAX = 500,  /* each answer; ask again behind the last one */
	ROWS_SPARE = 16, /* whose hashes are equal come together */
	EACH_LOCK = 100, /* bindings that are looked at while nobody else may */
	Q_TEXT = sizeof("1.000"),
	NEXT_TEXT = sizeof("x01234567")
};

const char *wk_rpc_registrations_doc[] = {
		"Up to 500 contacts in ranges: webrtc_ims.registrations [all|IMPU|WILDCARD [NEXT]]", NULL};
const char *wk_rpc_lookup_doc[] = {
		"Whose an IMPU is, and its contacts: webrtc_ims.lookup sip:web-7@ims.test", NULL};

/* Copied out of the flow table, completed and written after its lock is
 * released. */
struct row
{
	uint32_t next, conn;
	int64_t expires;
	int q; /* -1: usrloc does not have it */
	char contact[WIMS_CONTACT_USER_LEN + 1];
	char impu[WIMS_FLOW_TEXT_MAX + 1];
	char range[WIMS_FLOW_RANGE_MAX + 1];
	char instance[WIMS_FLOW_TEXT_MAX + 1];
	char subject[WIMS_FLOW_TEXT_MAX + 1];
	char wwsf[WIMS_FLOW_TEXT_MAX + 1];
};

struct rows
{
	struct wims_pl range; /* only those in it; empty: in any */
	int64_t now;
	size_t used;
	struct row at[ROWS_MAX + ROWS_SPARE];
};

static struct rows rows;

static void take(void *ctx, uint32_t next, const struct wims_binding_view *v)
{
	struct rows *all = ctx;
	struct row *r = &all->at[all->used];

	if(v->range.l == 0 || (all->range.l > 0 && !wims_pl_eq(v->range, all->range))
	   || all->used == ROWS_MAX + ROWS_SPARE)
		return;
	all->used++;
	r->next = next;
	r->conn = v->conn;
	r->expires = (v->expires - all->now) / 1000;
	r->q = -1;
	memcpy(r->contact, v->contact_user, sizeof(r->contact));
	wk_rpc_text(r->impu, v->impu, WIMS_FLOW_TEXT_MAX);
	wk_rpc_text(r->range, v->range, WIMS_FLOW_RANGE_MAX);
	wk_rpc_text(r->instance, v->instance, WIMS_FLOW_TEXT_MAX);
	wk_rpc_text(r->subject, v->subject, WIMS_FLOW_TEXT_MAX);
	wk_rpc_text(r->wwsf, v->wwsf, WIMS_FLOW_TEXT_MAX);
}

static bool take_of_impu(void *ctx, const struct wims_binding_view *v)
{
	take(ctx, 0, v);
	return true;
}

static void find_q(struct row *r)
{
	struct wk_contact all[WK_CONTACTS_MAX];
	size_t n = wk_location_contacts(wims_pl_str(r->impu), all);

	while(n-- > 0)
		if(strcmp(all[n].user, r->contact) == 0)
			r->q = all[n].q;
}

static void answer_rows(rpc_t *rpc, void *ctx)
{
	size_t i;
	void *h;

	for(i = 0; i < rows.used; i++) {
		struct row *r = &rows.at[i];
		char q[Q_TEXT] = "none", next[NEXT_TEXT];

		snprintf(next, sizeof(next), "x%08" PRIx32, r->next);
		find_q(r);
		if(r->q >= 0)
			snprintf(q, sizeof(q), "%d.%03d", r->q / WIMS_Q_MAX % 10, r->q % WIMS_Q_MAX);
		if(rpc->add(ctx, "{", &h) < 0)
			return;
		rpc->struct_add(h, "sssdsdssss", "impu", r->impu, "range", r->range, "contact", r->contact,
						"connection", (int)r->conn, "q", q, "expires", (int)r->expires, "instance",
						r->instance, "subject", r->subject, "wwsf", r->wwsf, "next", next);
	}
}

static void collect_impu(struct wims_pl impu)
{
	wims_bindings_by(wk_flows_lock(), WIMS_BY_IMPU, impu, take_of_impu, &rows);
	wk_flows_unlock();
}

static void collect_from(uint32_t from)
{
	bool more = true;

	while(more && rows.used < ROWS_MAX) {
		size_t left = ROWS_MAX - rows.used;

		more = wims_bindings_from(wk_flows_lock(), &from, left < EACH_LOCK ? left : EACH_LOCK, take,
								  &rows);
		wk_flows_unlock();
	}
}

void wk_rpc_registrations(rpc_t *rpc, void *ctx)
{
	str key = {NULL, 0}, next = {NULL, 0};
	char buf[WIMS_IMPU_MAX];
	uint64_t from = 0;
	struct wims_pl impu;

	rows.used = 0;
	rows.now = wk_now_ms();
	rows.range = WIMS_PL_NONE;
	if(rpc->scan(ctx, "*S", &key) == 1 && !wims_pl_eq(wk_pl(&key), WIMS_PL("all")))
		rows.range = wk_pl(&key);
	if(rpc->scan(ctx, "*S", &next) == 1 && !wk_rpc_next_read(&from, wk_pl(&next), NEXT_TEXT - 2)) {
		rpc->fault(ctx, 400, "second argument: the next of the last answer");
		return;
	}
	if(rows.range.l > 0 && !wims_impu_is_wildcard(rows.range)
	   && wims_impu_canonical(&impu, buf, sizeof(buf), rows.range) == WIMS_OK) {
		rows.range = WIMS_PL_NONE;
		collect_impu(impu);
	} else {
		collect_from((uint32_t)from);
	}
	answer_rows(rpc, ctx);
}

static void answer_lookup(rpc_t *rpc, void *ctx, struct wims_pl impu)
{
	struct wk_range_hit hit;
	bool found = wk_ranges_find(impu, &hit);
	bool ours = found && wims_range_registered(hit.range);
	str s[] = {wk_str(impu), wk_str(found ? hit.wwsf->name : WIMS_PL("")),
			   wk_str(found && hit.range != NULL ? hit.range->text : WIMS_PL(""))};
	void *h;

	if(rpc->add(ctx, "{", &h) < 0)
		return;
	rpc->struct_add(h, "SSSsd", "impu", &s[0], "wwsf", &s[1], "range", &s[2], "registrar",
					ours ? "epcscf" : "core", "contacts", (int)rows.used);
	answer_rows(rpc, ctx);
}

void wk_rpc_lookup(rpc_t *rpc, void *ctx)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;
	str uri;

	if(wk_rpc_provision(rpc, ctx) == NULL || rpc->scan(ctx, "S", &uri) < 1)
		return;
	if(wims_impu_canonical(&impu, buf, sizeof(buf), wk_pl(&uri)) != WIMS_OK) {
		rpc->fault(ctx, 400, "no sip:, sips: or tel: URI with a user part");
		return;
	}
	rows.used = 0;
	rows.now = wk_now_ms();
	rows.range = WIMS_PL_NONE;
	collect_impu(impu);
	answer_lookup(rpc, ctx, impu);
}
