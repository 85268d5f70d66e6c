/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wr_store_int.h"

#include <string.h>

static const struct wims_pl nodes_key = {"wims:{nodes}:beat", 17};

static bool node_read(const struct wims_redis_value *v, struct wims_reg_node *n)
{
	int64_t node, epoch;

	if(!wr_number_read(&v[0], 0, UINT16_MAX, &node) || !wr_number_read(&v[1], 0, UINT32_MAX, &epoch)
	   || !wr_number_read(&v[2], -INT64_MAX, WIMS_REG_FORGOTTEN_MS, &n->age_ms)
	   || v[3].type != WIMS_REDIS_TEXT || v[3].text.l > WIMS_REG_ADDRESS_MAX)
		return false;
	n->node = (uint16_t)node;
	n->epoch = (uint32_t)epoch;
	memcpy(n->address, v[3].text.p, v[3].text.l);
	n->address[v[3].text.l] = '\0';
	return true;
}

static bool nodes_read(const struct wims_redis_value *v, struct wims_reg_nodes *nodes)
{
	int64_t taken;
	size_t i;

	if(v->count < 2 || !wr_number_read(&v->at[0], 1, INT64_MAX, &nodes->time)
	   || !wr_number_read(&v->at[1], 0, 1, &taken) || v->count > 2 + 4 * WIMS_REG_NODES_MAX)
		return false;
	for(i = 2; i + 3 < v->count; i += 4)
		if(!node_read(&v->at[i], &nodes->node[nodes->count++]))
			return false;
	nodes->taken = taken == 1;
	return i == v->count;
}

enum wims_reason wr_store_beat(void *ctx, uint16_t node, uint32_t epoch, struct wims_pl address,
							   struct wims_reg_nodes *nodes)
{
	struct wr_store *s = ctx;
	struct wr_step *step = wr_step_new(s, &wr_script_beat);
	const struct wims_redis_value *v;
	enum wims_reason r;

	wr_step_key_text(step, nodes_key);
	wr_step_number(step, node);
	wr_step_number(step, epoch);
	wr_step_text(step, address);
	wr_step_number(step, WIMS_REG_DEAD_MS);
	wr_step_number(step, WIMS_REG_FORGOTTEN_MS);
	wr_step_number(step, WIMS_REG_NODES_MAX);
	if((r = wr_step_run(s, &v)) != WIMS_OK)
		return r;
	if(v->type == WIMS_REDIS_ARRAY && v->count == 0)
		return WIMS_LIMIT_REACHED;
	if(nodes_read(v, nodes))
		return WIMS_OK;
	nodes->count = 0;
	nodes->time = 0;
	return wr_store_bad(s, "no list of nodes");
}

enum wims_reason wr_store_leave(void *ctx, uint16_t node, uint32_t epoch)
{
	struct wr_store *s = ctx;
	struct wr_step *step = wr_step_new(s, &wr_script_leave);
	const struct wims_redis_value *v;

	wr_step_key_text(step, nodes_key);
	wr_step_number(step, node);
	wr_step_number(step, epoch);
	return wr_step_run(s, &v);
}

static bool held_read(const struct wims_redis_value *v, struct wims_reg_held *held)
{
	int64_t ours, node, epoch;

	if(!wims_redis_is_array(v, 5) || !wr_number_read(&v->at[0], 0, 1, &ours)
	   || !wr_number_read(&v->at[1], 0, UINT16_MAX, &node)
	   || !wr_number_read(&v->at[2], 0, UINT32_MAX, &epoch)
	   || !wr_number_read(&v->at[3], 1, WIMS_REG_HOLD_MAX_MS, &held->left_ms)
	   || v->at[4].type != WIMS_REDIS_TEXT || v->at[4].text.l > WIMS_REG_DOC_MAX)
		return false;
	held->ours = ours == 1;
	held->node = (uint16_t)node;
	held->epoch = (uint32_t)epoch;
	if(v->at[4].text.l > 0) {
		memcpy(held->text, v->at[4].text.p, v->at[4].text.l);
		held->doc = (struct wims_pl){held->text, v->at[4].text.l};
	}
	return true;
}

enum wims_reason wr_store_hold(void *ctx, const struct wims_block *b, uint16_t node, uint32_t epoch,
							   int64_t ms, struct wims_pl doc, struct wims_reg_held *held)
{
	struct wr_store *s = ctx;
	struct wr_step *step = wr_step_new(s, &wr_script_hold);
	const struct wims_redis_value *v;
	enum wims_reason r;

	wr_step_key(step, b, WIMS_PL("reg"), WIMS_PL_NONE);
	wr_step_key(step, b, WIMS_PL("format"), WIMS_PL_NONE);
	wr_step_number(step, node);
	wr_step_number(step, epoch);
	wr_step_number(step, (uint64_t)ms);
	wr_step_text(step, doc);
	wr_step_number(step, WIMS_REG_DOC_KEEP_MS);
	wr_step_number(step, WIMS_REG_HOLD_MAX_MS);
	wr_step_number(step, WIMS_REG_DOC_MAX);
	if((r = wr_step_run(s, &v)) != WIMS_OK)
		return r;
	if(held_read(v, held))
		return WIMS_OK;
	held->left_ms = 0;
	return wr_store_bad(s, "no lease of a block");
}

enum wims_reason wr_store_unhold(void *ctx, const struct wims_block *b, uint16_t node,
								 uint32_t epoch)
{
	struct wr_store *s = ctx;
	struct wr_step *step = wr_step_new(s, &wr_script_unhold);
	const struct wims_redis_value *v;

	wr_step_key(step, b, WIMS_PL("reg"), WIMS_PL_NONE);
	wr_step_key(step, b, WIMS_PL("format"), WIMS_PL_NONE);
	wr_step_number(step, node);
	wr_step_number(step, epoch);
	return wr_step_run(s, &v);
}
