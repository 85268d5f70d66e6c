/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_BANS_H
#define WK_RPC_BANS_H

/* RPC: banned addresses. */

#include "wk.h"

#include "core/rpc.h"

extern const char *wk_rpc_bans_doc[];
extern const char *wk_rpc_ban_doc[];
extern const char *wk_rpc_unban_doc[];
void wk_rpc_bans(rpc_t *rpc, void *ctx);
void wk_rpc_ban(rpc_t *rpc, void *ctx);
void wk_rpc_unban(rpc_t *rpc, void *ctx);

#endif
