/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_RANGEREG_H
#define WK_RPC_RANGEREG_H

/* RPC commands about ranges and their registration in the core. */

#include "core/rpc.h"

extern const char *wk_rpc_ranges_doc[];
void wk_rpc_ranges(rpc_t *rpc, void *ctx);
extern const char *wk_rpc_range_doc[];
void wk_rpc_range(rpc_t *rpc, void *ctx);

#endif
