/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_NODES_H
#define WK_REGISTRY_NODES_H

/* Which nodes a shared registrar has, and which live: the registrar process beats,
 * and all processes read what it was told. */

#include "registrar/wims_nodes.h"
#include "wk_registry.h"

/* mod_init, where the registrar is shared, before the fork: 0, or -1 after a log
 * line when another node that lives has this one's number. A store that does not
 * answer is no reason not to start. */
int wk_registry_nodes_init(void);
void wk_registry_nodes_destroy(void);

/* The registrar process: beats when it is time. False: the store is away. */
WIMS_MUST_CHECK bool wk_registry_beat(void);
/* Nothing else may hold it up: others would take this node for dead. */
WIMS_MUST_CHECK bool wk_registry_beat_due(void);
/* The registrar process, at a clean stop. */
void wk_registry_leave(void);
/* With whatever start. */
WIMS_MUST_CHECK bool wk_registry_lives(uint16_t node);
/* A node that has been dead for longer than ms and was not named before, if it is
 * this node's turn to clean up behind it. */
WIMS_MUST_CHECK bool wk_registry_gone(int64_t ms, uint16_t *node);

/* Does another node have this one's number? Then it must not register anybody. */
bool wk_registry_number_taken(void);
/* A copy of the i-th node that is known; false: there are no more. */
WIMS_MUST_CHECK bool wk_registry_node_at(size_t i, struct wims_node_view *out);
size_t wk_registry_nodes_alive(void);
/* The registrar's clock, ms, as far as is known here; 0: it is not. */
int64_t wk_registry_store_time(void);
/* Of the last beat that was answered, on wk_now_ms's clock; 0: none was. */
int64_t wk_registry_last_beat(void);

#endif
