/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_regevent.h"

#include <limits.h>

#include "wk_params.h"
#include "wk_regevent.h"
#include "wk_rpc_number.h"
#include "wk_state.h"

enum
{
	ROWS_MAX = 500 /* of one answer; ask again from a later one on */
};

const char *wk_rpc_subscriptions_doc[] = {
		"Up to 500 subscriptions to registrations: webrtc_ims.subscriptions [from which one on]",
		NULL};
const char *wk_rpc_subscription_doc[] = {
		"webrtc_ims.subscription subscribe|refresh|unsubscribe IDENTITY", NULL};

/* Seconds from now; -1: none. */
static int left(int64_t at)
{
	if(at <= 0 || at == WIMS_FLOW_NEVER)
		return -1;
	return at > wk_now_ms() ? (int)((at - wk_now_ms()) / 1000) : 0;
}

static bool answer_row(rpc_t *rpc, void *ctx, const struct wims_regsub_view *v)
{
	str identity = wk_str(v->identity);
	void *h;

	if(rpc->add(ctx, "{", &h) < 0)
		return false;
	rpc->struct_add(h, "Ssddddsdd", "identity", &identity, "state",
					wims_regsub_state_text(v->state), "expires", left(v->expires), "next",
					left(v->due), "last_answer", v->last_code, "failures", (int)v->failures,
					"ended", v->ended, "notifies", (int)v->notifies, "version", (int)v->version);
	return true;
}

void wk_rpc_subscriptions(rpc_t *rpc, void *ctx)
{
	static struct wims_regsub_view view;
	int from = 0, i;

	if(!wk_rpc_number_any(rpc, ctx, &(struct wk_rpc_number){"SKIP", 0, INT_MAX}, &from))
		return;
	for(i = 0; i < ROWS_MAX && wk_regevent_view_at((size_t)from + (size_t)i, &view); i++)
		if(!answer_row(rpc, ctx, &view))
			return;
}

static void subscribe(rpc_t *rpc, void *ctx, struct wims_pl identity)
{
	enum wims_reason r =
			wk_regevent_want(identity, WIMS_REGSUB_FOR_HAND, (uint32_t)wk_params.max_expires);

	if(r != WIMS_OK)
		rpc->fault(ctx, 400, "%s", wims_reason_text(r));
}

void wk_rpc_subscription(rpc_t *rpc, void *ctx)
{
	str what, identity;

	if(rpc->scan(ctx, "SS", &what, &identity) < 2)
		return;
	if(!wk_params.reg_event)
		rpc->fault(ctx, 409, "modparam reg_event is 0");
	else if(wims_pl_eq(wk_pl(&what), WIMS_PL("subscribe")))
		subscribe(rpc, ctx, wk_pl(&identity));
	else if(wims_pl_eq(wk_pl(&what), WIMS_PL("unsubscribe")))
		wk_regevent_unsubscribe(wk_pl(&identity), WIMS_REGSUB_FOR_ALL);
	else if(!wims_pl_eq(wk_pl(&what), WIMS_PL("refresh")))
		rpc->fault(ctx, 400, "first argument: subscribe, refresh or unsubscribe");
	else if(!wk_regevent_refresh(wk_pl(&identity)))
		rpc->fault(ctx, 404, "no subscription to that registration");
}
