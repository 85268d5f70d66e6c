/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_rangereg.h"

#include <limits.h>

#include "provision/wims_ranges_read.h"
#include "wk_proc.h"
#include "wk_params.h"
#include "wk_rangereg.h"
#include "wk_registry.h"
#include "wk_rpc_number.h"
#include "wk_state.h"

enum
{
	ROWS_MAX = 500 /* each answer; ask again from the last number on */
};

const char *wk_rpc_ranges_doc[] = {
		"Up to 500 ranges that are registered in the core, or are to be: webrtc_ims.ranges [from]",
		NULL};

/* s from now; -1: it does not come. */
static int in_seconds(int64_t at, int64_t now)
{
	if(at == 0 || at == WIMS_FLOW_NEVER)
		return -1;
	return at > now ? (int)((at - now + 999) / 1000) : 0;
}

static bool add_row(rpc_t *rpc, void *ctx, size_t number, const struct wims_rangereg_view *v)
{
	str wwsf = wk_str(v->wwsf), range = wk_str(v->wildcard), to = wk_str(v->to),
		impi = wk_str(v->impi), route = wk_str(v->service_route);
	int64_t now = wk_now_ms();
	void *h;

	if(rpc->add(ctx, "{", &h) < 0)
		return false;
	rpc->struct_add(h, "dSSSSsssddddsdddsS", "number", (int)number, "wwsf", &wwsf, "range", &range,
					"to", &to, "impi", &impi, "register", wims_range_trigger_name(v->trigger).p,
					"origin", v->brought ? "token" : "provisioning", "state",
					wims_rangereg_state_text(v->state), "expires", in_seconds(v->expires, now),
					"next", in_seconds(v->due, now), "impus", (int)v->members, "answer",
					v->last_code, "outcome", wims_reason_text(v->last), "answered",
					v->last_at == 0 ? -1 : (int)((now - v->last_at) / 1000), "failures",
					(int)v->failures, "cseq", (int)v->cseq, "contact", v->contact_user,
					"service_route", &route);
	rpc->struct_add(h, "sdd", "registered_by", wims_rangereg_role_text(v->role), "node",
					v->role == WIMS_RANGEREG_OURS    ? wk_params.node_id
					: v->role == WIMS_RANGEREG_OTHER ? v->holder
													 : -1,
					"lease", v->role == WIMS_RANGEREG_OURS ? in_seconds(v->lease_until, now) : -1);
	return true;
}

void wk_rpc_ranges(rpc_t *rpc, void *ctx)
{
	static struct wims_rangereg_view v;
	int from = 0;
	size_t i;

	if(!wk_rpc_number_any(rpc, ctx, &(struct wk_rpc_number){"SKIP", 0, INT_MAX}, &from))
		return;
	for(i = (size_t)from; i < (size_t)from + ROWS_MAX; i++) {
		bool there = wims_rangereg_view_at(wk_rangereg_lock(), i, wk_now_ms(), &v);

		wk_rangereg_unlock();
		if(!there || !add_row(rpc, ctx, i, &v))
			return;
	}
}

const char *wk_rpc_range_doc[] = {
		"Registers one range in the core, takes it out, or refreshes it: webrtc_ims.range "
		"register|deregister|refresh RANGE",
		NULL};

static const struct deed
{
	const char *name;
	bool (*does)(struct wims_rangereg *rr, struct wims_pl wildcard, int64_t now);
} deeds[] = {{"register", wims_rangereg_register},
			 {"deregister", wims_rangereg_deregister},
			 {"refresh", wims_rangereg_refresh}};

static const struct deed *deed_named(struct wims_pl name)
{
	size_t i;

	for(i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
		if(wims_pl_eq(name, wims_pl_str(deeds[i].name)))
			return &deeds[i];
	return NULL;
}

static bool is_elsewhere(struct wims_pl range)
{
	static struct wims_rangereg_view v;
	bool there = wims_rangereg_view(wk_rangereg_lock(), range, wk_now_ms(), &v);

	wk_rangereg_unlock();
	return there && v.elsewhere && v.role != WIMS_RANGEREG_OURS && wk_registry_shared();
}

void wk_rpc_range(rpc_t *rpc, void *ctx)
{
	const struct deed *deed;
	str name, range;
	bool known;

	if(rpc->scan(ctx, "SS", &name, &range) < 2)
		return;
	if((deed = deed_named(wk_pl(&name))) == NULL) {
		rpc->fault(ctx, 400, "first argument: register, deregister or refresh");
		return;
	}
	if(is_elsewhere(wk_pl(&range))) {
		rpc->fault(ctx, 409, "other nodes register that range (\"nodes\" of the provisioning)");
		return;
	}
	known = deed->does(wk_rangereg_lock(), wk_pl(&range), wk_now_ms());
	wk_rangereg_unlock();
	if(!known) {
		rpc->fault(ctx, 404, "no such range is registered by this node");
		return;
	}
	wk_proc_wake();
	rpc->add(ctx, "s", "ok");
}
