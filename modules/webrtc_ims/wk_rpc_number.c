/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_number.h"

bool wk_rpc_number_read(rpc_t *rpc, void *ctx, const struct wk_rpc_number *what, const str *text,
						int *value)
{
	uint64_t n;

	if(!wims_pl_u64(wk_pl(text), &n) || n < (uint64_t)what->low || n > (uint64_t)what->high) {
		rpc->fault(ctx, 400, "%s: must be %d..%d", what->name, what->low, what->high);
		return false;
	}
	*value = (int)n;
	return true;
}

bool wk_rpc_number_any(rpc_t *rpc, void *ctx, const struct wk_rpc_number *what, int *value)
{
	str text;

	return rpc->scan(ctx, "*.S", &text) < 1 || wk_rpc_number_read(rpc, ctx, what, &text, value);
}

bool wk_rpc_number_needed(rpc_t *rpc, void *ctx, const struct wk_rpc_number *what, int *value)
{
	str text;

	if(rpc->scan(ctx, "*.S", &text) == 1)
		return wk_rpc_number_read(rpc, ctx, what, &text, value);
	rpc->fault(ctx, 400, "%s: must be there, %d..%d", what->name, what->low, what->high);
	return false;
}
