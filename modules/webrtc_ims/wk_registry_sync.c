/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registry_sync.h"

#include <inttypes.h>
#include <string.h>

#include "wk_location.h"
#include "wk_proc.h"
#include "wk_provision.h"
#include "wk_ranges.h"
#include "wk_registry_queue.h"
#include "wk_state.h"
#include "wk_stats.h"

enum
{
	ROWS_MAX = 64,
	ROWS_SPARE = 16, /* whose hashes are equal come together */
	OWN_PARTS = 8    /* of a round of the wims process, each tick */
};

/* Of a round: named while the flow table is locked, looked up one by one. */
static struct wk_registry_news rows[ROWS_MAX + ROWS_SPARE];
static size_t used;

static void take(void *ctx, uint32_t next, const struct wims_binding_view *v)
{
	(void)ctx;
	(void)next;
	if(v->range.l > 0 && used < ROWS_MAX + ROWS_SPARE)
		wk_registry_news_of(&rows[used++], v->impu, wims_pl_str(v->contact_user));
}

/* ---- put again ---- */

/* Of what only usrloc keeps. */
static void complete(struct wk_registry_in *in)
{
	struct wk_contact all[WK_CONTACTS_MAX];
	size_t n = wk_location_contacts(in->impu, all);

	in->q = WIMS_Q_NONE;
	while(n-- > 0)
		if(wims_pl_eq(wims_pl_str(all[n].user), in->name)) {
			in->q = all[n].q;
			in->reg_id = all[n].reg_id;
		}
}

static int64_t since_of_winner(struct wims_pl impu)
{
	static struct wims_reg_entry entry;

	return wk_registry_query_all(impu, &entry) == WIMS_OK ? entry.since : 0;
}

/* Somebody else had the IMPU before, and it was lost or taken meanwhile: one of
 * the two must go. */
static void lose(const struct wims_binding_view *v)
{
	LM_WARN("%.*s is another user's in the registrar, since %" PRId64
			": the registration here, since %" PRId64 ", ends\n",
			WK_FMT(v->impu), since_of_winner(v->impu), v->since);
	wk_stats_event(WK_EV_REGISTRAR_CONFLICTS);
	wims_binding_end(wk_flows_lock(), wims_pl_str(v->contact_user), WIMS_IDENTITY_CONFLICT,
					 wk_now_ms());
	wk_flows_unlock();
	wk_proc_wake();
}

static void displace(const struct wims_binding_view *v)
{
	LM_WARN("%.*s was another user's in the registrar, who came later and loses it: since %" PRId64
			" here\n",
			WK_FMT(v->impu), v->since);
	wk_stats_event(WK_EV_REGISTRAR_DISPLACED);
}

static enum wims_reason put_again(const struct wims_binding_view *v)
{
	struct wk_range_hit hit;
	struct wk_registry_in in = {
			.impu = v->impu,
			.owner = v->owner,
			.name = wims_pl_str(v->contact_user),
			.instance = v->instance,
			.conn = v->conn,
			.left_ms = v->expires - wk_now_ms(),
			.since = v->since,
			.again = true,
			.kept = true,
	};
	struct wims_reg_put_out out;
	enum wims_reason r;

	/* it ends in a moment, with its time or with its range */
	if(in.left_ms <= 0 || !wk_ranges_find(v->impu, &hit) || !wims_range_registered(hit.range)
	   || !wk_registry_publishes(hit.range))
		return WIMS_OK;
	in.range = hit.range;
	complete(&in);
	r = wk_registry_put(&in, &out);
	if(r == WIMS_OK)
		wk_stats_event(WK_EV_REGISTRAR_AGAIN);
	if(out.displaced)
		displace(v);
	if(r == WIMS_IDENTITY_CONFLICT)
		lose(v);
	return r;
}

/* ---- one contact ---- */

static bool under_way(const char *name)
{
	bool open = wims_binding_open(wk_flows_lock(), wims_pl_str(name)) > 0;

	wk_flows_unlock();
	return open;
}

static bool read_binding(struct wims_pl name, struct wims_binding_view *v)
{
	bool found = wims_binding_of_user(wk_flows_lock(), name, v);

	wk_flows_unlock();
	return found && v->range.l > 0;
}

/* Has a REGISTER told the registrar of this contact in the meantime? */
static bool overtaken(const struct wims_binding_view *told)
{
	static struct wims_binding_view now;
	struct wims_pl name = wims_pl_str(told->contact_user);

	return under_way(told->contact_user) || !read_binding(name, &now) || now.conn != told->conn
		   || now.expires != told->expires;
}

static enum wims_reason sync_one(const struct wk_registry_news *n)
{
	static struct wims_binding_view v;
	struct wims_pl name = wims_pl_str(n->name), impu = {n->impu, n->impu_l};
	enum wims_reason r;

	if(!read_binding(name, &v))
		return wk_registry_remove_now(impu, name);
	r = put_again(&v);
	if(overtaken(&v))
		wk_registry_queue_put(impu, name);
	return r;
}

bool wk_registry_sync_next(void)
{
	static struct wk_registry_news news;
	bool waits, away;

	if(!wk_registry_queue_first(&news))
		return false;
	waits = under_way(news.name);
	away = !waits && sync_one(&news) == WIMS_REGISTRAR_AWAY;
	wk_registry_queue_next(!waits && !away);
	return !waits && !away;
}

bool wk_registry_again(uint32_t *from, size_t n)
{
	bool more;
	size_t i;

	used = 0;
	more = wims_bindings_from(wk_flows_lock(), from, n < ROWS_MAX ? n : ROWS_MAX, take, NULL);
	wk_flows_unlock();
	for(i = 0; i < used; i++)
		if(!under_way(rows[i].name) && sync_one(&rows[i]) != WIMS_OK)
			LM_DBG("%.*s: not told again\n",
				   WK_FMT(((struct wims_pl){rows[i].impu, rows[i].impu_l})));
	return more;
}

void wk_registry_own_round(void)
{
	static uint32_t told, from;
	static bool more;
	int parts = OWN_PARTS;

	if(wk_registry_shared() || !wk_provision_refresh())
		return;
	if(told != wk_provision_taken()) {
		told = wk_provision_taken();
		from = 0;
		more = true;
	}
	while(more && parts-- > 0)
		more = wk_registry_again(&from, ROWS_MAX);
}
