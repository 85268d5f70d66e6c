/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_ANONYMOUS_H
#define WK_RPC_ANONYMOUS_H

/* RPC: anonymous users. */

#include "core/rpc.h"

extern const char *wk_rpc_anonymous_doc[];
void wk_rpc_anonymous(rpc_t *rpc, void *ctx);
extern const char *wk_rpc_free_anonymous_doc[];
void wk_rpc_free_anonymous(rpc_t *rpc, void *ctx);

#endif
