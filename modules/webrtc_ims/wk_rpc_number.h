/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_NUMBER_H
#define WK_RPC_NUMBER_H

/* Numbers that an operator gives to a command. They are scanned as text, ".S": with
 * "d" a text such as "20/s" is 0 to jsonrpcs, and absent to ctl. */

#include "core/rpc.h"

#include "wk.h"

struct wk_rpc_number
{
	const char *name; /* as the fault calls it */
	int low, high;    /* low is not negative */
};

/* *value is untouched, and the fault is told, unless text is such a number. */
WIMS_MUST_CHECK bool wk_rpc_number_read(rpc_t *rpc, void *ctx, const struct wk_rpc_number *what,
										const str *text, int *value);
/* The next argument. None: true, and *value stays. */
WIMS_MUST_CHECK bool wk_rpc_number_any(rpc_t *rpc, void *ctx, const struct wk_rpc_number *what,
									   int *value);
/* The next argument. None: a fault. */
WIMS_MUST_CHECK bool wk_rpc_number_needed(rpc_t *rpc, void *ctx, const struct wk_rpc_number *what,
										  int *value);

#endif
