/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_REGISTRAR_H
#define WK_RPC_REGISTRAR_H

/* RPC commands about IMPUs whose registrar is the eP-CSCF. */

#include "core/rpc.h"

extern const char *wk_rpc_registrations_doc[];
void wk_rpc_registrations(rpc_t *rpc, void *ctx);

extern const char *wk_rpc_lookup_doc[];
void wk_rpc_lookup(rpc_t *rpc, void *ctx);

#endif
