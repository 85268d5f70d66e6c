/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_REGISTRY_H
#define WK_RPC_REGISTRY_H

/* RPC commands about the registrar: its store, blocks, nodes and entries. */

#include "core/rpc.h"

extern const char *wk_rpc_registrar_doc[];
void wk_rpc_registrar(rpc_t *rpc, void *ctx);

extern const char *wk_rpc_nodes_doc[];
void wk_rpc_nodes(rpc_t *rpc, void *ctx);

extern const char *wk_rpc_blocks_doc[];
void wk_rpc_blocks(rpc_t *rpc, void *ctx);

/* wk_rpc_entries.c */

extern const char *wk_rpc_registrar_list_doc[];
void wk_rpc_registrar_list(rpc_t *rpc, void *ctx);

extern const char *wk_rpc_registrar_find_doc[];
void wk_rpc_registrar_find(rpc_t *rpc, void *ctx);

extern const char *wk_rpc_registrar_kick_doc[];
void wk_rpc_registrar_kick(rpc_t *rpc, void *ctx);

#endif
