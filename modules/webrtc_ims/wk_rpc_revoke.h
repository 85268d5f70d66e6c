/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_REVOKE_H
#define WK_RPC_REVOKE_H

/* RPC: revocations. */

#include "core/rpc.h"

extern const char *wk_rpc_revoke_doc[];
void wk_rpc_revoke(rpc_t *rpc, void *ctx);
extern const char *wk_rpc_unrevoke_doc[];
void wk_rpc_unrevoke(rpc_t *rpc, void *ctx);
extern const char *wk_rpc_revocations_doc[];
void wk_rpc_revocations(rpc_t *rpc, void *ctx);

#endif
