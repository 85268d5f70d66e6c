/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WR_INT_H
#define WR_INT_H

/* The inside of a client; for the files of this folder alone.
 *   wr_conn    a socket
 *   wr_node    a node: gate, connection, AUTH, ROLE
 *   wr_route   which node: Sentinel, slots
 *   wr_client  a call */

#include "base/wims_buf.h"
#include "redis/wims_redis_command.h"
#include "redis/wims_redis_error.h"
#include "redis/wims_redis_slot.h"
#include "wr_client.h"
#include "wr_conn.h"

enum
{
	WR_CONNS_MAX = 24,        /* the least recently used one goes when there are more nodes */
	WR_ASK_AGAIN_US = 200000, /* where data is, is asked at most that often */
	WR_MASTER_US = 1000000,   /* so often Sentinel is asked without a reason */
	WR_ASKED_AT_ONCE = 4      /* nodes that are asked for that, each for a part of the time */
};

struct wr_route
{
	bool known;
	bool stale;                    /* it is to be asked again where data is */
	int64_t asked_at;              /* microseconds; 0: never */
	size_t turn;                   /* who is asked first */
	struct wims_redis_addr master; /* single, Sentinel */
	struct wims_redis_map *map;    /* Cluster, and a spare one behind it */
};

struct wr_client
{
	const struct wims_env *env;
	struct wims_redis_place place;
	char *user, *password;
	const struct wr_gate *gate;
	int64_t timeout_us;
	int64_t until_us; /* on wr_now_us(): then calls end, whatever is left of their time-out */
	int pid;          /* of the process that made it */
	struct wr_route route;
	struct wr_conn conn[WR_CONNS_MAX];
	uint64_t clock; /* counts uses, for last_used */
	uint64_t breaks;
	struct wims_buf out;
	char error[WR_ERROR_MAX + 1];
};

/* --- wr_error.c --- */

/* Remembers why, and returns reason. node may be NULL; told: words of a server,
 * of which only harmless bytes are taken, may be WIMS_PL_NONE. */
enum wims_reason wr_fail(struct wr_client *c, enum wims_reason reason,
						 const struct wims_redis_addr *node, const char *text, struct wims_pl told);

/* --- wr_node.c --- */

enum wr_kind
{
	WR_KIND_NODE,    /* AUTH first */
	WR_KIND_MASTER,  /* likewise, and it must say that it is one */
	WR_KIND_SENTINEL /* AUTH only when it asks for that */
};

/* What has become of a question to a node. */
enum wr_said
{
	WR_SAID_REPLY,  /* the reply may be an error of Redis */
	WR_SAID_SHUT,   /* the gate is shut: it was not asked */
	WR_SAID_NOTHING /* no connection, no answer, nothing readable */
};

struct wr_answer
{
	enum wr_said said;
	enum wims_reason reason; /* unless REPLY; wr_fail() was called */
	const struct wims_redis_value *value;
};

/* Asks with what stands in c->out, until the deadline. */
void wr_node_ask(struct wr_client *c, const struct wims_redis_addr *node, enum wr_kind kind,
				 size_t replies, int64_t deadline, struct wr_answer *out);
/* One command in place of what stands in c->out. */
WIMS_MUST_CHECK bool wr_command(struct wr_client *c, const struct wims_pl *words, size_t n);
/* Its connection is of no use any more. */
void wr_node_drop(struct wr_client *c, const struct wims_redis_addr *node);

/* --- wr_route.c --- */

/* The node that has the slot; asks for it when nothing is known, or what is
 * known is stale and was not asked a moment ago. Overwrites c->out. */
WIMS_MUST_CHECK enum wims_reason wr_route_find(struct wr_client *c, uint16_t slot, int64_t deadline,
											   struct wims_redis_addr *node);

#endif
