/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar/wims_store_mem_int.h"

#include <string.h>

/* Its place, or that behind the last one. */
static size_t place_of(const struct wims_store_mem *m, uint16_t node)
{
	size_t i = 0;

	while(i < m->n_nodes && m->node[i]->node != node)
		i++;
	return i;
}

static void drop(struct wims_store_mem *m, size_t at)
{
	wims_free(&m->env, m->node[at]);
	m->node[at] = m->node[--m->n_nodes];
}

static void forget_old(struct wims_store_mem *m)
{
	size_t i;

	for(i = m->n_nodes; i > 0; i--)
		if(m->now - m->node[i - 1]->last > WIMS_REG_FORGOTTEN_MS)
			drop(m, i - 1);
}

static bool is_taken(const struct wims_store_mem *m, const struct wims_mem_node *n,
					 struct wims_pl address)
{
	return m->now - n->last <= WIMS_REG_DEAD_MS
		   && !wims_pl_eq((struct wims_pl){n->address, n->address_l}, address);
}

/* In the place of that number. */
static enum wims_reason set(struct wims_store_mem *m, size_t at, const struct wims_mem_node *like,
							struct wims_pl address)
{
	struct wims_mem_node *n;

	if(at == WIMS_REG_NODES_MAX)
		return WIMS_LIMIT_REACHED;
	if((n = m->env.alloc(m->env.ctx, sizeof(*n) + address.l)) == NULL)
		return WIMS_NOMEM;
	*n = *like;
	n->address_l = address.l;
	memcpy(n->address, address.p, address.l);
	if(at < m->n_nodes)
		wims_free(&m->env, m->node[at]);
	else
		m->n_nodes++;
	m->node[at] = n;
	return WIMS_OK;
}

static void show(const struct wims_store_mem *m, const struct wims_mem_node *n,
				 struct wims_reg_node *out)
{
	out->node = n->node;
	out->epoch = n->epoch;
	out->age_ms = m->now - n->last;
	memcpy(out->address, n->address, n->address_l);
	out->address[n->address_l] = '\0';
}

enum wims_reason wims_mem_beat(void *ctx, uint16_t node, uint32_t epoch, struct wims_pl address,
							   struct wims_reg_nodes *nodes)
{
	struct wims_store_mem *m = ctx;
	const struct wims_mem_node like = {.node = node, .epoch = epoch, .last = m->now};
	enum wims_reason r = WIMS_OK;
	size_t at, i;
	bool taken;

	forget_old(m);
	at = place_of(m, node);
	taken = at < m->n_nodes && is_taken(m, m->node[at], address);
	if(!taken && (r = set(m, at, &like, address)) != WIMS_OK)
		return r;
	nodes->time = m->now;
	nodes->taken = taken;
	nodes->count = m->n_nodes;
	for(i = 0; i < m->n_nodes; i++)
		show(m, m->node[i], &nodes->node[i]);
	return WIMS_OK;
}

enum wims_reason wims_mem_leave(void *ctx, uint16_t node, uint32_t epoch)
{
	struct wims_store_mem *m = ctx;
	size_t at = place_of(m, node);

	if(at < m->n_nodes && m->node[at]->epoch == epoch)
		drop(m, at);
	return WIMS_OK;
}
