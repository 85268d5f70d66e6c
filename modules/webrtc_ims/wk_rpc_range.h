/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_RANGE_H
#define WK_RPC_RANGE_H

/* RPC: whose an IMPU is. */

#include "core/rpc.h"

extern const char *wk_rpc_range_match_doc[];
void wk_rpc_range_match(rpc_t *rpc, void *ctx);

#endif
