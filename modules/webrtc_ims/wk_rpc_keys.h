/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_KEYS_H
#define WK_RPC_KEYS_H

/* RPC: the keys that tokens are verified with, and those that WWSFs publish. */

#include "core/rpc.h"

extern const char *wk_rpc_keys_doc[];
void wk_rpc_keys(rpc_t *rpc, void *ctx);
extern const char *wk_rpc_refresh_keys_doc[];
void wk_rpc_refresh_keys(rpc_t *rpc, void *ctx);

#endif
