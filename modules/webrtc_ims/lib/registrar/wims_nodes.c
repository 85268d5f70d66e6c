/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar/wims_nodes.h"

#include <string.h>

struct wims_nodes
{
	struct wims_env env;
	int64_t fed_at, time; /* of the last answer, by our clock and the store's */
	int64_t settled_at;
	bool fed, away;
	size_t count;
	struct known
	{
		struct wims_node_view view;
		bool seen; /* in the answer at hand */
	} node[WIMS_REG_NODES_MAX];
};

struct wims_nodes *wims_nodes_new(const struct wims_env *env)
{
	struct wims_nodes *v = wims_zalloc(env, sizeof(*v));

	if(v != NULL)
		v->env = *env;
	return v;
}

void wims_nodes_free(struct wims_nodes *v)
{
	struct wims_env env;

	if(v == NULL)
		return;
	env = v->env;
	wims_free(&env, v);
}

static struct known *find(struct wims_nodes *v, uint16_t node)
{
	size_t i;

	for(i = 0; i < v->count; i++)
		if(v->node[i].view.node == node)
			return &v->node[i];
	return NULL;
}

/* Room for one more, zeroed: at its end, or that of one who is dead. NULL: they
 * all live. */
static struct known *add(struct wims_nodes *v)
{
	struct known *k = v->node;

	if(v->count < WIMS_REG_NODES_MAX)
		k = &v->node[v->count++];
	else
		while(k->view.alive)
			if(++k == v->node + v->count)
				return NULL;
	memset(k, 0, sizeof(*k));
	return k;
}

static void take(struct wims_nodes *v, const struct wims_reg_node *n, bool judging)
{
	/* a clock that was put back a little is none of that node's doing */
	bool fresh = n->age_ms >= -WIMS_NODES_JUMP_MS && n->age_ms <= WIMS_REG_DEAD_MS;
	struct known *k = find(v, n->node);

	if(k == NULL && (k = add(v)) == NULL)
		return;
	k->seen = true;
	if(k->view.alive && !fresh && !judging)
		return;
	k->view = (struct wims_node_view){
			.node = n->node, .epoch = n->epoch, .alive = fresh, .age_ms = n->age_ms};
	memcpy(k->view.address, n->address, sizeof(k->view.address));
}

static void drop_unseen(struct wims_nodes *v)
{
	size_t i;

	for(i = v->count; i > 0; i--)
		if(!v->node[i - 1].seen)
			v->node[i - 1] = v->node[--v->count];
}

static bool unsettled(const struct wims_nodes *v, const struct wims_reg_nodes *answer, int64_t now)
{
	int64_t ours = now - v->fed_at, theirs = answer->time - v->time;
	int64_t jump = theirs > ours ? theirs - ours : ours - theirs;

	return v->away || ours > WIMS_REG_DEAD_MS || jump > WIMS_NODES_JUMP_MS;
}

void wims_nodes_fed(struct wims_nodes *v, const struct wims_reg_nodes *answer, int64_t now)
{
	bool judging;
	size_t i;

	/* before its first answer it has judged nobody */
	if(v->fed && unsettled(v, answer, now))
		v->settled_at = now + WIMS_NODES_SETTLE_MS;
	v->fed = true;
	v->away = false;
	v->fed_at = now;
	v->time = answer->time;
	judging = now >= v->settled_at;
	for(i = 0; i < v->count; i++)
		v->node[i].seen = false;
	for(i = 0; i < answer->count; i++)
		take(v, &answer->node[i], judging);
	if(judging)
		drop_unseen(v);
}

void wims_nodes_missed(struct wims_nodes *v)
{
	v->away = true;
}

int64_t wims_nodes_time(const struct wims_nodes *v, int64_t now)
{
	return v->fed ? v->time + now - v->fed_at : 0;
}

const struct wims_node_view *wims_nodes_alive(const struct wims_nodes *v, uint16_t node,
											  uint32_t epoch)
{
	const struct wims_node_view *n;
	size_t i;

	for(i = 0; (n = wims_nodes_at(v, i)) != NULL; i++)
		if(n->node == node)
			return n->alive && n->epoch == epoch ? n : NULL;
	return NULL;
}

const struct wims_node_view *wims_nodes_at(const struct wims_nodes *v, size_t i)
{
	return i < v->count ? &v->node[i].view : NULL;
}
