/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_STORE_H
#define WK_REGISTRY_STORE_H

/* The registrar's store in this process: in shared memory under a lock, or a
 * client of Redis that each process makes for itself when it needs one. */

#include "registrar/wims_registrar.h"
#include "wk.h"
#include "wr_gates.h"

/* mod_init: reads modparam registrar and what belongs to it. 0, or -1 after a log
 * line. */
int wk_registry_store_init(void);
void wk_registry_store_destroy(void);

bool wk_registry_store_shared(void);
/* What modparam registrar says it is: "shm", "redis", ... */
const char *wk_registry_store_kind(void);

/* NULL: no memory. In shared memory it is locked until wk_registry_store_give. In Redis
 * the next step takes that time at most. */
const struct wims_store *wk_registry_store_take(int64_t left_us);
void wk_registry_store_give(void);
/* Gives up the connections of this process: before a fork. */
void wk_registry_store_close(void);

/* Of this process: why its last step failed; how many connections broke, or moved. */
const char *wk_registry_store_error(void);
uint64_t wk_registry_store_breaks(void);
/* Of this process, since the last call: contacts and entries that could not be read. */
uint64_t wk_registry_store_ignored(void);
/* As wr_gates_view: nodes of Redis that fail now. */
size_t wk_registry_store_gates(struct wr_gate_view out[WR_GATES_MAX]);

#endif
