/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_H
#define WK_RPC_H

#include "core/rpc.h"

#include "provision/wims_provision.h"

extern rpc_export_t wk_rpc_exports[];     /* of an eP-CSCF alone */
extern rpc_export_t wk_rpc_exports_any[]; /* of any role */

/* The provisioning of this process, brought up to date; NULL: there is none,
 * and the fault is told. */
const struct wims_provision *wk_rpc_provision(rpc_t *rpc, void *ctx);

/* Where an answer goes on, as it said: "x" and that many hex digits, so that it is a
 * text to all who carry it. */
WIMS_MUST_CHECK bool wk_rpc_next_read(uint64_t *n, struct wims_pl s, size_t digits);

/* A text for struct_add: the first max bytes and a NUL, in room for max + 1. */
void wk_rpc_text(char *to, struct wims_pl from, size_t max);

#endif
