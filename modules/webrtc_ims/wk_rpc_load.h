/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_LOAD_H
#define WK_RPC_LOAD_H

#include "wk.h"
#include "core/rpc.h"

/* webrtc_ims.load */
extern const char *wk_rpc_load_doc[];
void wk_rpc_load(rpc_t *rpc, void *ctx);

#endif
