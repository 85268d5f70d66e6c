/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wr_int.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/wims_w.h"

enum
{
	TRIES_MAX = 8,       /* nodes that a call goes to */
	TRY_AGAIN_US = 5000, /* while a slot is being moved */
	CONN_OUT_MAX = WIMS_REDIS_COMMAND_MAX
};

/* A call on its way. */
struct trip
{
	const struct wr_call *call;
	uint16_t slot;
	int64_t deadline;
	struct wims_redis_addr at; /* where it goes next */
	bool asking;               /* the slot is only on its way to there */
	bool whole;                /* the text of the script goes along */
	bool rerouted;             /* it was asked again where the slot is */
	int tries;
	enum wims_reason reason; /* of the end */
};

struct wr_client *wr_client_new(const struct wr_conf *conf, const struct wims_env *env)
{
	struct wr_client *c = wims_zalloc(env, sizeof(*c));
	size_t i;

	if(c == NULL)
		return NULL;
	c->env = env;
	c->place = conf->place;
	c->gate = conf->gate;
	c->timeout_us = (int64_t)conf->timeout_ms * 1000;
	c->until_us = INT64_MAX;
	c->pid = (int)getpid();
	for(i = 0; i < WR_CONNS_MAX; i++)
		c->conn[i].fd = -1;
	wims_buf_init(&c->out, env, CONN_OUT_MAX);
	c->user = wims_strdup(env, conf->user);
	c->password = wims_strdup(env, conf->password);
	if(conf->place.mode == WIMS_REDIS_CLUSTER)
		c->route.map = wims_zalloc(env, 2 * sizeof(*c->route.map));
	else if(conf->place.mode == WIMS_REDIS_SINGLE) {
		c->route.master = conf->place.node[0];
		c->route.known = true;
	}
	if(c->user == NULL || c->password == NULL
	   || (conf->place.mode == WIMS_REDIS_CLUSTER && c->route.map == NULL)) {
		wr_client_free(c);
		return NULL;
	}
	return c;
}

void wr_client_free(struct wr_client *c)
{
	size_t i;

	if(c == NULL)
		return;
	for(i = 0; i < WR_CONNS_MAX; i++)
		wr_conn_close(&c->conn[i]);
	if(c->password != NULL)
		wims_wipe(c->password, strlen(c->password));
	wims_free(c->env, c->password);
	wims_free(c->env, c->user);
	wims_free(c->env, c->route.map);
	wims_buf_clear(&c->out);
	wims_free(c->env, c);
}

bool wr_place_check(const struct wims_redis_place *place, const struct wims_redis_addr **bad)
{
	size_t i;

	*bad = NULL;
	for(i = 0; i < place->nodes && *bad == NULL; i++)
		if(!wr_addr_ok(&place->node[i]))
			*bad = &place->node[i];
	for(i = 0; i < place->vias && *bad == NULL; i++)
		if(!wr_addr_ok(&place->via[i].addr))
			*bad = &place->via[i].addr;
		else if(!wr_addr_ok(&place->via[i].via))
			*bad = &place->via[i].via;
	return *bad == NULL;
}

void wr_client_limit(struct wr_client *c, int64_t us)
{
	c->until_us = wr_now_us() + (us < c->timeout_us ? us : c->timeout_us);
}

uint64_t wr_client_breaks(const struct wr_client *c)
{
	return c->breaks;
}

/* EVALSHA name-of-text count keys args, behind ASKING where it must be. */
static bool write_call(struct wr_client *c, const struct trip *t)
{
	static const struct wims_pl asking = WIMS_PL("ASKING");
	const struct wr_call *call = t->call;
	struct wims_pl head[3] = {t->whole ? WIMS_PL("EVAL") : WIMS_PL("EVALSHA"),
							  t->whole ? call->script->text : call->script->sha1};
	char digits[20];
	struct wims_w w;

	wims_w_init(&w, digits, sizeof(digits));
	wims_w_u64(&w, call->key_count);
	head[2] = wims_w_done(&w);
	wims_buf_drop(&c->out, c->out.len);
	if(t->asking && !(wims_redis_command(&c->out, 1) && wims_redis_words(&c->out, &asking, 1)))
		return false;
	return wims_redis_command(&c->out, 3 + call->key_count + call->arg_count)
		   && wims_redis_words(&c->out, head, 3)
		   && wims_redis_words(&c->out, call->keys, call->key_count)
		   && wims_redis_words(&c->out, call->args, call->arg_count);
}

/* Ends the trip. */
static bool end(struct trip *t, enum wims_reason reason)
{
	t->reason = reason;
	return false;
}

static bool end_with(struct wr_client *c, struct trip *t, enum wims_reason reason,
					 const struct wims_redis_value *error, enum wims_redis_error e)
{
	return end(t, wr_fail(c, reason, &t->at, wims_redis_error_text(e), error->text));
}

/* The node is dead, or does not do it any more: is the slot somewhere else by
 * now? Not in that case: the reason and the error that are there remain. */
static bool reroute(struct wr_client *c, struct trip *t, enum wims_reason reason)
{
	struct wims_redis_addr was = t->at;
	char error[sizeof(c->error)];

	memcpy(error, c->error, sizeof(error));
	c->route.stale = c->place.mode != WIMS_REDIS_SINGLE;
	if(c->route.stale && !t->rerouted && wr_route_find(c, t->slot, t->deadline, &t->at) == WIMS_OK
	   && !wims_redis_addr_eq(&was, &t->at)) {
		t->rerouted = true;
		t->asking = false;
		return true;
	}
	memcpy(c->error, error, sizeof(error));
	return end(t, reason);
}

static bool redirect(struct wr_client *c, struct trip *t, const struct wims_redis_value *v,
					 enum wims_redis_error e)
{
	struct wims_redis_addr to;
	uint16_t slot;

	if(c->place.mode != WIMS_REDIS_CLUSTER)
		return end(t, wr_fail(c, WIMS_REGISTRAR_BAD, &t->at,
							  "it belongs to a Cluster, which is not configured", v->text));
	if(!wims_redis_redirect(v->text, &t->at, &slot, &to) || !wr_addr_ok(&to) || slot != t->slot)
		return end(t, wr_fail(c, WIMS_REGISTRAR_BAD, &t->at, "it names no other node", v->text));
	t->at = to;
	t->asking = e == WIMS_REDIS_ASK;
	if(e == WIMS_REDIS_MOVED) {
		/* more than this slot may have moved */
		wims_redis_map_set(c->route.map, slot, &to);
		c->route.stale = true;
		c->breaks++;
	}
	return true;
}

static bool pause_for(struct trip *t)
{
	const struct timespec pause = {0, TRY_AGAIN_US * 1000};

	if(wr_now_us() + TRY_AGAIN_US >= t->deadline)
		return false;
	nanosleep(&pause, NULL);
	t->tries--; /* it is the same node: the deadline ends this */
	return true;
}

/* What now, after an error? true: t says where it goes next. */
static bool after_error(struct wr_client *c, struct trip *t, const struct wims_redis_value *v)
{
	enum wims_redis_error e = wims_redis_error(v->text);

	switch(e) {
		case WIMS_REDIS_MOVED:
		case WIMS_REDIS_ASK:
			return redirect(c, t, v, e);
		case WIMS_REDIS_NOSCRIPT:
			if(t->whole)
				return end_with(c, t, WIMS_REGISTRAR_BAD, v, e);
			t->whole = true;
			return true;
		case WIMS_REDIS_TRYAGAIN:
			return pause_for(t) || end_with(c, t, WIMS_REGISTRAR_AWAY, v, e);
		case WIMS_REDIS_READONLY:
		case WIMS_REDIS_MASTERDOWN:
		case WIMS_REDIS_LOADING:
			end_with(c, t, WIMS_REGISTRAR_AWAY, v, e);
			wr_node_drop(c, &t->at);
			return reroute(c, t, WIMS_REGISTRAR_AWAY);
		case WIMS_REDIS_CLUSTERDOWN:
			c->route.stale = true;
			return end_with(c, t, WIMS_REGISTRAR_AWAY, v, e);
		case WIMS_REDIS_NOAUTH:
			end_with(c, t, WIMS_REGISTRAR_AWAY, v, e);
			wr_node_drop(c, &t->at);
			return false;
		case WIMS_REDIS_OTHER:
			return end_with(c, t, WIMS_REGISTRAR_BAD, v, e);
		default:
			return end_with(c, t, WIMS_REGISTRAR_AWAY, v, e);
	}
}

/* One step: asks the node at which it is. true: it goes on. */
static bool step(struct wr_client *c, struct trip *t, const struct wims_redis_value **reply)
{
	struct wr_answer a;

	if(!write_call(c, t))
		return end(t, wr_fail(c, WIMS_NOMEM, NULL, "no memory, or the call is too long",
							  WIMS_PL_NONE));
	wr_node_ask(c, &t->at, c->place.mode == WIMS_REDIS_SENTINEL ? WR_KIND_MASTER : WR_KIND_NODE,
				t->asking ? 2 : 1, t->deadline, &a);
	if(a.said != WR_SAID_REPLY)
		return reroute(c, t, a.reason);
	if(a.value->type == WIMS_REDIS_ERROR)
		return after_error(c, t, a.value);
	*reply = a.value;
	return end(t, WIMS_OK);
}

static int64_t deadline_of(const struct wr_client *c)
{
	int64_t deadline = wr_now_us() + c->timeout_us;

	return deadline < c->until_us ? deadline : c->until_us;
}

enum wims_reason wr_client_call(struct wr_client *c, const struct wr_call *call,
								const struct wims_redis_value **reply)
{
	struct trip t = {.call = call,
					 .slot = wims_redis_slot(call->keys[0]),
					 .deadline = deadline_of(c),
					 .reason = WIMS_REGISTRAR_AWAY};
	enum wims_reason reason;

	*reply = NULL;
	if(c->pid != (int)getpid())
		return wr_fail(c, WIMS_INTERNAL, NULL, "this client belongs to another process",
					   WIMS_PL_NONE);
	if((reason = wr_route_find(c, t.slot, t.deadline, &t.at)) != WIMS_OK)
		return reason;
	while(step(c, &t, reply))
		if(++t.tries == TRIES_MAX)
			return wr_fail(c, WIMS_REGISTRAR_AWAY, &t.at, "sent from node to node too often",
						   WIMS_PL_NONE);
	return t.reason;
}
