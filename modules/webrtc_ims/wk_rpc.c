/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc.h"

#include <limits.h>
#include <string.h>

#include "provision/wims_scenario.h"
#include "wk_cache.h"
#include "wk_fetch.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_rpc_anonymous.h"
#include "wk_rpc_bans.h"
#include "wk_rpc_introspection.h"
#include "wk_rpc_keys.h"
#include "wk_rpc_limits.h"
#include "wk_rpc_load.h"
#include "wk_rpc_media.h"
#include "wk_rpc_number.h"
#include "wk_rpc_range.h"
#include "wk_rpc_rangereg.h"
#include "wk_rpc_registrar.h"
#include "wk_rpc_registry.h"
#include "wk_rpc_regevent.h"
#include "wk_rpc_revoke.h"
#include "wk_state.h"
#include "wk_stats.h"

enum
{
	ROWS_MAX = 500, /* each answer; ask again from the last id on */
	OPERATOR_CLOSE = 4900
};

/* A row under construction: copied out of the table, written after its lock
 * is released. */
struct row
{
	uint32_t conn;
	uint32_t reg_id;
	int64_t expires_in;
	int64_t token_left; /* s; -1: no token, or one that does not end */
	char contact_user[WIMS_CONTACT_USER_LEN + 1];
	char impu[WIMS_FLOW_TEXT_MAX + 1];
	char impi[WIMS_FLOW_TEXT_MAX + 1];
	char subject[WIMS_FLOW_TEXT_MAX + 1];
	char jti[WIMS_FLOW_TEXT_MAX + 1];
	char wwsf[WIMS_FLOW_TEXT_MAX + 1];
	char charging[WIMS_CHARGING_ADDRESSES_MAX + 1];
	char term_ioi[WIMS_FLOW_TEXT_MAX + 1];
};

struct rows
{
	int64_t now;
	size_t used;
	struct row at[ROWS_MAX];
};

bool wk_rpc_next_read(uint64_t *n, struct wims_pl s, size_t digits)
{
	static const char hex[] = "0123456789abcdef";
	size_t i;

	*n = 0;
	if(s.l != digits + 1 || s.p[0] != 'x')
		return false;
	for(i = 1; i < s.l; i++) {
		const char *at = strchr(hex, s.p[i]);

		if(at == NULL || s.p[i] == '\0')
			return false;
		*n = *n << 4 | (uint64_t)(at - hex);
	}
	return true;
}

void wk_rpc_text(char *to, struct wims_pl from, size_t max)
{
	size_t n = from.l > max ? max : from.l;

	if(n > 0)
		memcpy(to, from.p, n);
	to[n] = '\0';
}

static bool collect(void *ctx, const struct wims_binding_view *v)
{
	struct rows *rows = ctx;
	struct row *r = &rows->at[rows->used++];

	r->conn = v->conn;
	r->reg_id = v->reg_id;
	r->expires_in = (v->expires - rows->now) / 1000;
	r->token_left = v->token_end == WIMS_FLOW_NEVER ? -1 : (v->token_end - rows->now) / 1000;
	memcpy(r->contact_user, v->contact_user, sizeof(r->contact_user));
	wk_rpc_text(r->impu, v->impu, WIMS_FLOW_TEXT_MAX);
	wk_rpc_text(r->impi, v->impi, WIMS_FLOW_TEXT_MAX);
	wk_rpc_text(r->subject, v->subject, WIMS_FLOW_TEXT_MAX);
	wk_rpc_text(r->jti, v->jti, WIMS_FLOW_TEXT_MAX);
	wk_rpc_text(r->wwsf, v->wwsf, WIMS_FLOW_TEXT_MAX);
	wk_rpc_text(r->charging, v->charging_addresses, WIMS_CHARGING_ADDRESSES_MAX);
	wk_rpc_text(r->term_ioi, v->term_ioi, WIMS_FLOW_TEXT_MAX);
	return rows->used < ROWS_MAX;
}

static void answer_rows(rpc_t *rpc, void *ctx, const struct rows *rows)
{
	size_t i;
	void *h;

	for(i = 0; i < rows->used; i++) {
		const struct row *r = &rows->at[i];

		if(rpc->add(ctx, "{", &h) < 0)
			return;
		rpc->struct_add(h, "dssssdsdsdss", "connection", (int)r->conn, "impu", r->impu, "impi",
						r->impi, "subject", r->subject, "wwsf", r->wwsf, "expires",
						(int)r->expires_in, "contact", r->contact_user, "token", (int)r->token_left,
						"jti", r->jti, "reg-id", (int)r->reg_id, "charging", r->charging,
						"term-ioi", r->term_ioi);
	}
}

static const struct key_kind
{
	const char *name;
	enum wims_index index;
} key_kinds[] = {{"impu", WIMS_BY_IMPU}, {"subject", WIMS_BY_SUBJECT}, {"jti", WIMS_BY_JTI}};

static const struct key_kind *kind_named(struct wims_pl name)
{
	size_t i;

	for(i = 0; i < sizeof(key_kinds) / sizeof(key_kinds[0]); i++)
		if(wims_pl_eq(name, wims_pl_str(key_kinds[i].name)))
			return &key_kinds[i];
	return NULL;
}

static const char *bindings_doc[] = {
		"Bindings of one IMPU, subject or jti: webrtc_ims.bindings impu sip:alice@ims.test", NULL};

static void bindings(rpc_t *rpc, void *ctx)
{
	static struct rows rows;
	const struct key_kind *kind;
	str name, key;

	if(rpc->scan(ctx, "SS", &name, &key) < 2)
		return;
	kind = kind_named(wk_pl(&name));
	if(kind == NULL) {
		rpc->fault(ctx, 400, "first argument: impu, subject or jti");
		return;
	}
	rows.used = 0;
	rows.now = wk_now_ms();
	wims_bindings_by(wk_flows_lock(), kind->index, wk_pl(&key), collect, &rows);
	wk_flows_unlock();
	answer_rows(rpc, ctx, &rows);
}

static const char *state_of(const struct wims_conn_view *v)
{
	if(v->closing)
		return "closing";
	return v->token_over ? "calls" : "open";
}

static const char *connections_doc[] = {
		"Up to 500 connections behind a given id: webrtc_ims.connections [id]", NULL};

static void connections(rpc_t *rpc, void *ctx)
{
	static uint32_t ids[ROWS_MAX];
	int after = 0;
	size_t n, i;

	if(!wk_rpc_number_any(rpc, ctx, &(struct wk_rpc_number){"ID", 0, INT_MAX}, &after))
		return;
	n = wims_flow_ids(wk_flows_lock(), (uint32_t)after, ids, ROWS_MAX);
	wk_flows_unlock();
	for(i = 0; i < n; i++) {
		struct wims_conn_view v = {0};
		enum wims_reason r = wk_flow_check(ids[i], &v);
		str origin = wk_str(v.origin), wwsf = wk_str(v.wwsf), subject = wk_str(v.subject);
		void *h;

		if(r == WIMS_FLOW_UNKNOWN)
			continue;
		if(rpc->add(ctx, "{", &h) < 0)
			return;
		rpc->struct_add(h, "dsSSSddd", "connection", (int)v.id, "state", state_of(&v), "origin",
						&origin, "wwsf", &wwsf, "subject", &subject, "bindings", (int)v.bindings,
						"calls", (int)v.calls, "age", (int)((wk_now_ms() - v.opened) / 1000));
	}
}

static const char *stats_doc[] = {"What the flow table holds now", NULL};

static void stats(rpc_t *rpc, void *ctx)
{
	struct wims_flow_counts c;
	void *h;

	wims_flow_counts(wk_flows_lock(), &c);
	wk_flows_unlock();
	if(rpc->add(ctx, "{", &h) < 0)
		return;
	rpc->struct_add(h, "dddddddd", "connections", (int)c.connections, "closing", (int)c.closing,
					"bindings", (int)c.bindings, "waiting", (int)c.waiting, "pending",
					(int)c.pending, "calls", (int)c.calls, "core_min_expires",
					(int)wk_core_min_expires(), "max_connections", wk_params.max_connections);
}

const struct wims_provision *wk_rpc_provision(rpc_t *rpc, void *ctx)
{
	if(wk_provision_refresh())
		return wk_provision();
	rpc->fault(ctx, 500, "no provisioning in this process");
	return NULL;
}

static const char *wwsf_doc[] = {"The provisioned WWSFs", NULL};

static void wwsf(rpc_t *rpc, void *ctx)
{
	const struct wims_provision *pv = wk_rpc_provision(rpc, ctx);
	size_t i;
	void *h;

	for(i = 0; pv != NULL && i < wims_provision_count(pv); i++) {
		const struct wims_wwsf *w = wims_provision_at(pv, i);
		str name = wk_str(w->name), domain = wk_str(w->domain);

		if(rpc->add(ctx, "{", &h) < 0)
			return;
		rpc->struct_add(h, "SSsddd", "name", &name, "domain", &domain, "scenario",
						wims_scenario_name(w->scenario).p, "ims_auth", (int)w->ims_auth, "origins",
						(int)w->origins.count, "keys", (int)wims_keyset_count(w->keys));
	}
}

static const char *reload_doc[] = {
		"Reads the provisioning and its key files again; anything wrong: the old one stays", NULL};

static void reload(rpc_t *rpc, void *ctx)
{
	struct wims_config_fault fault;
	enum wims_reason r = wk_provision_reload(&fault);
	void *h;

	if(r != WIMS_OK) {
		rpc->fault(ctx, 500, "%s: %s: %s (%s)", wk_params.provisioning, fault.path, fault.text,
				   wims_reason_text(r));
		return;
	}
	wk_cache_flush(); /* what the old set judged is found no more: give its memory back */
	if(!wk_provision_refresh() || rpc->add(ctx, "{", &h) < 0)
		return;
	rpc->struct_add(h, "dd", "generation", (int)wk_provision_generation(), "wwsf",
					(int)wims_provision_count(wk_provision()));
}

static const char *close_doc[] = {
		"Closes one connection, de-registers what is on it: webrtc_ims.close ID", NULL};

static void close_one(rpc_t *rpc, void *ctx)
{
	enum wims_reason r;
	int id = 0;

	if(!wk_rpc_number_needed(rpc, ctx, &(struct wk_rpc_number){"ID", 0, INT_MAX}, &id))
		return;
	r = wk_flow_check((uint32_t)id, NULL);
	if(r != WIMS_OK) {
		rpc->fault(ctx, 404, "%s", wims_reason_text(r));
		return;
	}
	wims_flow_close(wk_flows_lock(), (uint32_t)id, wk_now_ms(), OPERATOR_CLOSE,
					WIMS_PL("closed by the operator"), true);
	wk_flows_unlock();
}

static const char *min_expires_doc[] = {
		"Least Expires towards the core; with a value in seconds: raises it to that", NULL};

static void min_expires(rpc_t *rpc, void *ctx)
{
	int seconds = 0;

	if(!wk_rpc_number_any(rpc, ctx, &(struct wk_rpc_number){"core_min_expires", 30, 86400},
						  &seconds))
		return;
	if(seconds > 0)
		wk_core_min_expires_learn((uint32_t)seconds);
	rpc->add(ctx, "d", (int)wk_core_min_expires());
}

static const char *token_cache_doc[] = {
		"The cache of validated tokens; webrtc_ims.token_cache flush: empties it first", NULL};

static void token_cache(rpc_t *rpc, void *ctx)
{
	struct wims_cache_counts c;
	str what = {NULL, 0};
	void *h;

	if(rpc->scan(ctx, "*S", &what) == 1) {
		if(!wims_pl_eq(wk_pl(&what), WIMS_PL("flush"))) {
			rpc->fault(ctx, 400, "argument: flush, or none");
			return;
		}
		wk_cache_flush();
	}
	c = wk_cache_counts();
	if(rpc->add(ctx, "{", &h) < 0)
		return;
	rpc->struct_add(h, "ddddd", "entries", (int)c.entries, "bytes", (int)c.bytes, "hits",
					(int)wk_stats_value(WK_EV_TOKEN_CACHE_HITS), "misses",
					(int)wk_stats_value(WK_EV_TOKEN_CACHE_MISSES), "size",
					wk_params.token_cache_size);
}

static const char *fetch_doc[] = {"The process that fetches documents: webrtc_ims.fetch [restart]",
								  NULL};

static void fetch(rpc_t *rpc, void *ctx)
{
	struct wk_fetch_status s = wk_fetch_status();
	str what;
	void *h;

	/* Without an argument, scan may leave anything in what. */
	if(rpc->scan(ctx, "*S", &what) == 1) {
		if(!wims_pl_eq(wk_pl(&what), WIMS_PL("restart"))) {
			rpc->fault(ctx, 400, "argument: restart, or none");
			return;
		}
		wk_fetch_restart();
	}
	if(rpc->add(ctx, "{", &h) < 0)
		return;
	rpc->struct_add(h, "sddd", "state", s.pid > 0 ? "running" : "down", "pid", s.pid, "open",
					(int)s.open, "restarts", (int)s.restarts);
}

/* clang-format off */
rpc_export_t wk_rpc_exports[] = {
	{"webrtc_ims.bindings",         bindings,    bindings_doc,    RET_ARRAY},
	{"webrtc_ims.connections",      connections, connections_doc, RET_ARRAY},
	{"webrtc_ims.stats",            stats,       stats_doc,       0},
	{"webrtc_ims.close",            close_one,   close_doc,       0},
	{"webrtc_ims.core_min_expires", min_expires, min_expires_doc, 0},
	{"webrtc_ims.bans",             wk_rpc_bans,   wk_rpc_bans_doc,   RET_ARRAY},
	{"webrtc_ims.ban",              wk_rpc_ban,    wk_rpc_ban_doc,    0},
	{"webrtc_ims.unban",            wk_rpc_unban,  wk_rpc_unban_doc,  0},
	{"webrtc_ims.limits",           wk_rpc_limits, wk_rpc_limits_doc, 0},
	{"webrtc_ims.token_cache",      token_cache, token_cache_doc, 0},
	{"webrtc_ims.fetch",            fetch,       fetch_doc,       0},
	{"webrtc_ims.keys",             wk_rpc_keys, wk_rpc_keys_doc, RET_ARRAY},
	{"webrtc_ims.refresh_keys",     wk_rpc_refresh_keys, wk_rpc_refresh_keys_doc, 0},
	{"webrtc_ims.introspection",    wk_rpc_introspection, wk_rpc_introspection_doc, RET_ARRAY},
	{"webrtc_ims.ranges",           wk_rpc_ranges,      wk_rpc_ranges_doc,      RET_ARRAY},
	{"webrtc_ims.range",            wk_rpc_range,       wk_rpc_range_doc,       0},
	{"webrtc_ims.registrations",    wk_rpc_registrations, wk_rpc_registrations_doc, RET_ARRAY},
	{"webrtc_ims.lookup",           wk_rpc_lookup,      wk_rpc_lookup_doc,      RET_ARRAY},
	{"webrtc_ims.registrar_kick",   wk_rpc_registrar_kick, wk_rpc_registrar_kick_doc, 0},
	{"webrtc_ims.nodes",            wk_rpc_nodes,          wk_rpc_nodes_doc,          RET_ARRAY},
	{"webrtc_ims.revoke",           wk_rpc_revoke,      wk_rpc_revoke_doc,      0},
	{"webrtc_ims.unrevoke",         wk_rpc_unrevoke,    wk_rpc_unrevoke_doc,    0},
	{"webrtc_ims.revocations",      wk_rpc_revocations, wk_rpc_revocations_doc, RET_ARRAY},
	{"webrtc_ims.media",            wk_rpc_media,       wk_rpc_media_doc,       RET_ARRAY},
	{"webrtc_ims.load",             wk_rpc_load,        wk_rpc_load_doc,        0},
	{"webrtc_ims.anonymous",        wk_rpc_anonymous,   wk_rpc_anonymous_doc,   RET_ARRAY},
	{"webrtc_ims.free_anonymous",   wk_rpc_free_anonymous, wk_rpc_free_anonymous_doc, 0},
	{"webrtc_ims.subscriptions",    wk_rpc_subscriptions, wk_rpc_subscriptions_doc, RET_ARRAY},
	{"webrtc_ims.subscription",     wk_rpc_subscription,  wk_rpc_subscription_doc,  0},
	{0, 0, 0, 0}};

rpc_export_t wk_rpc_exports_any[] = {
	{"webrtc_ims.wwsf",             wwsf,        wwsf_doc,        RET_ARRAY},
	{"webrtc_ims.reload",           reload,      reload_doc,      0},
	{"webrtc_ims.range_match",      wk_rpc_range_match, wk_rpc_range_match_doc, 0},
	{"webrtc_ims.registrar",        wk_rpc_registrar,      wk_rpc_registrar_doc,      RET_ARRAY},
	{"webrtc_ims.registrar_list",   wk_rpc_registrar_list, wk_rpc_registrar_list_doc, RET_ARRAY},
	{"webrtc_ims.registrar_find",   wk_rpc_registrar_find, wk_rpc_registrar_find_doc, RET_ARRAY},
	{"webrtc_ims.blocks",           wk_rpc_blocks,         wk_rpc_blocks_doc,         RET_ARRAY},
	{0, 0, 0, 0}};
/* clang-format on */
