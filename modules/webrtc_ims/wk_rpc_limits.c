/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_limits.h"

#include "wk_limits.h"
#include "wk_params.h"
#include "wk_rpc_number.h"

const char *wk_rpc_limits_doc[] = {
		"The limits of one client, with NAME and VALUE: changes one first: webrtc_ims.limits "
		"[NAME VALUE]",
		NULL};

static int named(struct wims_pl name)
{
	int i;

	for(i = 0; i < WK_LIMIT_COUNT; i++)
		if(wims_pl_eq(name, wims_pl_str(wk_limit_name((enum wk_limit)i))))
			break;
	return i;
}

/* False after a fault. */
static bool change(rpc_t *rpc, void *ctx, const str *name)
{
	int which = named(wk_pl(name)), value = 0;
	struct wk_rpc_number n;

	if(which == WK_LIMIT_COUNT) {
		rpc->fault(ctx, 404, "no such limit");
		return false;
	}
	n = (struct wk_rpc_number){.name = wk_limit_name((enum wk_limit)which)};
	return wk_param_range(n.name, &n.low, &n.high) && wk_rpc_number_needed(rpc, ctx, &n, &value)
		   && wk_limit_set((enum wk_limit)which, value);
}

void wk_rpc_limits(rpc_t *rpc, void *ctx)
{
	str name;
	void *h;
	int i;

	if(rpc->scan(ctx, "*S", &name) == 1 && !change(rpc, ctx, &name))
		return;
	if(rpc->add(ctx, "{", &h) < 0)
		return;
	for(i = 0; i < WK_LIMIT_COUNT; i++)
		rpc->struct_add(h, "d", wk_limit_name((enum wk_limit)i), wk_limit((enum wk_limit)i));
}
