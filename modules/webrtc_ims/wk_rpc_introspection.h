/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_INTROSPECTION_H
#define WK_RPC_INTROSPECTION_H

/* RPC: the servers that tokens are asked about. */

#include "core/rpc.h"

extern const char *wk_rpc_introspection_doc[];
void wk_rpc_introspection(rpc_t *rpc, void *ctx);

#endif
