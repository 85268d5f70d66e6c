/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_REGEVENT_H
#define WK_RPC_REGEVENT_H

/* RPC: subscriptions to registrations. */

#include "core/rpc.h"

extern const char *wk_rpc_subscriptions_doc[];
void wk_rpc_subscriptions(rpc_t *rpc, void *ctx);
extern const char *wk_rpc_subscription_doc[];
void wk_rpc_subscription(rpc_t *rpc, void *ctx);

#endif
