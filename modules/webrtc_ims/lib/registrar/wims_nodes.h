/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_NODES_H
#define WIMS_NODES_H

/* Which nodes live, as one of them sees it: from the answers to its own beats. A
 * node is dead when its last beat is older than WIMS_REG_DEAD_MS by the store's
 * clock, or when it has started anew with another epoch.
 *
 * A beat that comes in is always believed. That none came is not, while the store
 * is away and WIMS_NODES_SETTLE_MS after that, or after a jump of its clock (another
 * Redis took over): the others had no better store than this node had. What was
 * judged before holds so long.
 *
 * No locking. now is this node's own clock, ms, which never goes back. */

#include "registrar/wims_registrar.h"

enum
{
	WIMS_NODES_SETTLE_MS = 5000,
	/* The store's clock and ours may differ by that over one beat. */
	WIMS_NODES_JUMP_MS = 1000
};

struct wims_nodes;

struct wims_node_view
{
	uint16_t node;
	uint32_t epoch;
	bool alive;
	int64_t age_ms; /* as in the last answer that had it */
	char address[WIMS_REG_ADDRESS_MAX + 1];
};

struct wims_nodes *wims_nodes_new(const struct wims_env *env); /* NULL: no memory */
void wims_nodes_free(struct wims_nodes *v);                    /* NULL is fine */

/* A beat was answered. */
void wims_nodes_fed(struct wims_nodes *v, const struct wims_reg_nodes *answer, int64_t now);
/* A beat was not. */
void wims_nodes_missed(struct wims_nodes *v);

/* The store's clock, as far as the last beat tells; 0: none was answered. */
int64_t wims_nodes_time(const struct wims_nodes *v, int64_t now);

/* NULL: it does not live, or with another epoch. Borrowed until the next call of
 * one of the two above. */
const struct wims_node_view *wims_nodes_alive(const struct wims_nodes *v, uint16_t node,
											  uint32_t epoch);
/* All that it knows of, also dead ones; NULL from the last one on. */
const struct wims_node_view *wims_nodes_at(const struct wims_nodes *v, size_t i);

#endif
