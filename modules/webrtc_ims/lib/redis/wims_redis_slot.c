/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_redis_slot.h"

#include <string.h>

/* CRC-16/XMODEM, polynomial 0x1021. By bits: a key is short, and its hash tag
 * shorter. */
static uint16_t crc16(struct wims_pl s)
{
	unsigned crc = 0;
	size_t i;
	int bit;

	for(i = 0; i < s.l; i++) {
		crc ^= (unsigned)(unsigned char)s.p[i] << 8;
		for(bit = 0; bit < 8; bit++)
			crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
	}
	return (uint16_t)crc;
}

uint16_t wims_redis_slot(struct wims_pl key)
{
	struct wims_pl tag = wims_pl_from(key, wims_pl_find(key, '{') + 1);
	size_t end = wims_pl_find(tag, '}');

	if(end > 0 && end < tag.l)
		key = (struct wims_pl){tag.p, end};
	return crc16(key) % WIMS_REDIS_SLOTS;
}

/* Index of a node, plus one; 0: there are too many. */
static uint8_t index_of(struct wims_redis_map *map, const struct wims_redis_addr *node)
{
	size_t i;

	for(i = 0; i < map->nodes; i++)
		if(wims_redis_addr_eq(&map->node[i], node))
			return (uint8_t)(i + 1);
	if(map->nodes == WIMS_REDIS_NODES_MAX)
		return 0;
	map->node[map->nodes++] = *node;
	return (uint8_t)map->nodes;
}

/* [first, last, [host, port, ...] of the master, those of its replicas ...] */
static bool read_range(const struct wims_redis_value *v, const struct wims_redis_addr *asked,
					   struct wims_redis_map *map)
{
	const struct wims_redis_value *master;
	struct wims_redis_addr addr;
	int64_t first, last;
	uint8_t index;

	if(!wims_redis_is_array(v, 3) || v->at[0].type != WIMS_REDIS_NUMBER
	   || v->at[1].type != WIMS_REDIS_NUMBER || !wims_redis_is_array(&v->at[2], 2))
		return false;
	first = v->at[0].number;
	last = v->at[1].number;
	master = v->at[2].at;
	/* no host (nil): that of the node which was asked */
	if(first < 0 || last < first || last >= WIMS_REDIS_SLOTS
	   || (master[0].type != WIMS_REDIS_TEXT && master[0].type != WIMS_REDIS_NIL)
	   || master[1].type != WIMS_REDIS_NUMBER || master[1].number <= 0
	   || !wims_redis_addr_told(master[0].text, (uint64_t)master[1].number, asked, &addr)
	   || (index = index_of(map, &addr)) == 0)
		return false;
	memset(map->owner + first, index, (size_t)(last - first + 1));
	return true;
}

bool wims_redis_map_read(const struct wims_redis_value *v, const struct wims_redis_addr *asked,
						 struct wims_redis_map *map, struct wims_redis_map *scratch)
{
	size_t i;

	memset(scratch, 0, sizeof(*scratch));
	if(!wims_redis_is_array(v, 1))
		return false;
	for(i = 0; i < v->count; i++)
		if(!read_range(&v->at[i], asked, scratch))
			return false;
	*map = *scratch;
	return true;
}

void wims_redis_map_set(struct wims_redis_map *map, uint16_t slot,
						const struct wims_redis_addr *node)
{
	map->owner[slot] = index_of(map, node);
}

const struct wims_redis_addr *wims_redis_map_find(const struct wims_redis_map *map, uint16_t slot)
{
	uint8_t index = map->owner[slot];

	return index > 0 ? &map->node[index - 1] : NULL;
}
