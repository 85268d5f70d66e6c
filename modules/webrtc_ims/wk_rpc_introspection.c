/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_introspection.h"

#include "wk_lookup.h"
#include "wk_rpc.h"

const char *wk_rpc_introspection_doc[] = {
		"The token servers of WWSFs, who waits for them, and what went wrong last: "
		"webrtc_ims.introspection [retry]; retry: those that are left alone are asked again",
		NULL};

static bool add_row(rpc_t *rpc, void *ctx, const struct wims_wwsf *w)
{
	struct wk_server_view v = wk_lookup_server(w->name);
	str endpoint = wk_str(w->introspection.endpoint);
	void *h;

	if(rpc->add(ctx, "{", &h) < 0)
		return false;
	rpc->struct_add(h, "sSddsds", "wwsf", v.wwsf, "endpoint", &endpoint, "pending", (int)v.pending,
					"failures", (int)v.failures, "breaker", v.state, "pause",
					(int)((v.pause_ms + 999) / 1000), "reason", v.reason);
	return true;
}

void wk_rpc_introspection(rpc_t *rpc, void *ctx)
{
	const struct wims_provision *pv;
	str what; /* without an argument, scan may leave anything in it */
	size_t i;

	if(rpc->scan(ctx, "*S", &what) == 1) {
		if(!wims_pl_eq(wk_pl(&what), WIMS_PL("retry"))) {
			rpc->fault(ctx, 400, "argument: retry, or none");
			return;
		}
		wk_lookup_retry();
	}
	pv = wk_rpc_provision(rpc, ctx);
	for(i = 0; pv != NULL && i < wims_provision_count(pv); i++) {
		const struct wims_wwsf *w = wims_provision_at(pv, i);

		if(w->introspection.endpoint.l > 0 && !add_row(rpc, ctx, w))
			return;
	}
}
