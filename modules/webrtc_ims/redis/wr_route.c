/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wr_int.h"

#include <string.h>

/* Takes what a node said; false: it is of no use, wr_fail() was called. */
typedef bool take_fn(struct wr_client *c, const struct wims_redis_addr *from,
					 const struct wims_redis_value *v);

static bool no_use(struct wr_client *c, const struct wims_redis_addr *from,
				   const struct wims_redis_value *v, const char *text)
{
	if(v->type == WIMS_REDIS_ERROR)
		wr_fail(c, WIMS_REGISTRAR_AWAY, from, wims_redis_error_text(wims_redis_error(v->text)),
				v->text);
	else
		wr_fail(c, WIMS_REGISTRAR_AWAY, from, text, WIMS_PL_NONE);
	return false;
}

static bool take_master(struct wr_client *c, const struct wims_redis_addr *from,
						const struct wims_redis_value *v)
{
	struct wims_redis_addr master;

	if(!wims_redis_master(v, from, &master))
		return no_use(c, from, v, "this Sentinel knows no such master");
	if(c->route.known && !wims_redis_addr_eq(&master, &c->route.master))
		c->breaks++;
	c->route.master = master;
	return true;
}

static bool take_slots(struct wr_client *c, const struct wims_redis_addr *from,
					   const struct wims_redis_value *v)
{
	struct wims_redis_map *map = c->route.map;

	if(!wims_redis_map_read(v, from, &map[0], &map[1]))
		return no_use(c, from, v, "what it says about slots cannot be used");
	return true;
}

static bool ask_one(struct wr_client *c, const struct wims_redis_addr *who, int64_t deadline,
					take_fn *take)
{
	bool sentinel = c->place.mode == WIMS_REDIS_SENTINEL;
	const struct wims_pl master[] = {WIMS_PL("SENTINEL"), WIMS_PL("GET-MASTER-ADDR-BY-NAME"),
									 wims_pl_str(c->place.master)};
	const struct wims_pl slots[] = {WIMS_PL("CLUSTER"), WIMS_PL("SLOTS")};
	struct wr_answer a;

	if(!wr_command(c, sentinel ? master : slots, sentinel ? 3 : 2)) {
		wr_fail(c, WIMS_NOMEM, NULL, "no memory", WIMS_PL_NONE);
		return false;
	}
	wr_node_ask(c, who, sentinel ? WR_KIND_SENTINEL : WR_KIND_NODE, 1, deadline, &a);
	return a.said == WR_SAID_REPLY && take(c, who, a.value);
}

/* Those that were learned, then those that are configured. */
static const struct wims_redis_addr *candidate(const struct wr_client *c, size_t i)
{
	const struct wims_redis_map *map = c->route.map;

	if(map == NULL)
		return &c->place.node[i];
	return i < map->nodes ? &map->node[i] : &c->place.node[i - map->nodes];
}

/* One that does not answer must not use up the time of the others. */
static bool ask_around(struct wr_client *c, int64_t deadline, take_fn *take)
{
	struct wr_route *r = &c->route;
	size_t n = c->place.nodes + (r->map != NULL ? r->map->nodes : 0), i;
	int64_t part = c->timeout_us / WR_ASKED_AT_ONCE, until;

	for(i = 0; i < n && i < WR_ASKED_AT_ONCE; i++) {
		struct wims_redis_addr who = *candidate(c, r->turn++ % n);

		until = wr_now_us() + part;
		if(ask_one(c, &who, until < deadline ? until : deadline, take)) {
			r->turn--; /* it is asked first next time */
			return true;
		}
	}
	return false;
}

/* A master that another one has taken the place of goes on answering for some
 * seconds, until Sentinel makes it a replica; what it takes meanwhile is lost. */
static bool due(const struct wr_client *c, int64_t now)
{
	const struct wr_route *r = &c->route;

	if(r->asked_at != 0 && now - r->asked_at < WR_ASK_AGAIN_US)
		return false;
	return !r->known || r->stale
		   || (c->place.mode == WIMS_REDIS_SENTINEL && now - r->asked_at >= WR_MASTER_US);
}

static void refresh(struct wr_client *c, int64_t deadline)
{
	struct wr_route *r = &c->route;
	int64_t now = wr_now_us();

	if(!due(c, now))
		return;
	r->asked_at = now;
	if(ask_around(c, deadline, r->map != NULL ? take_slots : take_master)) {
		r->known = true;
		r->stale = false;
	}
}

enum wims_reason wr_route_find(struct wr_client *c, uint16_t slot, int64_t deadline,
							   struct wims_redis_addr *node)
{
	struct wr_route *r = &c->route;
	const struct wims_redis_addr *owner = &r->master;

	refresh(c, deadline);
	/* why is what the last refresh has left in the error */
	if(!r->known)
		return WIMS_REGISTRAR_AWAY;
	if(r->map != NULL && (owner = wims_redis_map_find(r->map, slot)) == NULL) {
		r->stale = true;
		return wr_fail(c, WIMS_REGISTRAR_AWAY, NULL, "no node has this slot", WIMS_PL_NONE);
	}
	*node = *owner;
	return WIMS_OK;
}
