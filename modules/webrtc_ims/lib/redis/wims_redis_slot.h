/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REDIS_SLOT_H
#define WIMS_REDIS_SLOT_H

/* Where a key is in a Redis Cluster (Redis Cluster specification, "Key
 * distribution model"). */

#include "redis/wims_redis_addr.h"
#include "redis/wims_redis_reply.h"

enum
{
	WIMS_REDIS_SLOTS = 16384,
	WIMS_REDIS_NODES_MAX = 64 /* masters of a Cluster */
};

/* Slot of a key: of what is between the first '{' and the next '}', where that
 * is not empty, else of all of it. */
uint16_t wims_redis_slot(struct wims_pl key);

/* Which node has which slot. Begins as zeroes: none is known. */
struct wims_redis_map
{
	struct wims_redis_addr node[WIMS_REDIS_NODES_MAX];
	size_t nodes;
	uint8_t owner[WIMS_REDIS_SLOTS]; /* index in node, plus one; 0: nobody */
};

/* Answer to CLUSTER SLOTS of that node; false: it is none, or says more than
 * the maxima, and the map is as it was. scratch is overwritten. */
WIMS_MUST_CHECK bool wims_redis_map_read(const struct wims_redis_value *v,
										 const struct wims_redis_addr *asked,
										 struct wims_redis_map *map,
										 struct wims_redis_map *scratch);
/* One slot, from a redirection. When there are too many nodes it is forgotten
 * who has it. */
void wims_redis_map_set(struct wims_redis_map *map, uint16_t slot,
						const struct wims_redis_addr *node);
/* NULL: unknown. */
const struct wims_redis_addr *wims_redis_map_find(const struct wims_redis_map *map, uint16_t slot);

#endif
