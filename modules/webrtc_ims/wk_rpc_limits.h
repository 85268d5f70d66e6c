/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_LIMITS_H
#define WK_RPC_LIMITS_H

/* RPC: the limits of one client. */

#include "wk.h"

#include "core/rpc.h"

extern const char *wk_rpc_limits_doc[];
void wk_rpc_limits(rpc_t *rpc, void *ctx);

#endif
