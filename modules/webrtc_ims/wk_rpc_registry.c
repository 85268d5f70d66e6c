/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_registry.h"

#include <stdio.h>

#include "wk_params.h"
#include "wk_registry_nodes.h"
#include "wk_registry_queue.h"
#include "wk_registry_stats.h"
#include "wk_registry_store.h"
#include "wk_rpc.h"
#include "wk_state.h"

const char *wk_rpc_registrar_doc[] = {
		"The registrar: its store, whether it answers, how long its steps take", NULL};

static int seconds_since(int64_t at)
{
	return at == 0 ? -1 : (int)((wk_now_ms() - at) / 1000);
}

/* "le_250" ... "le_200000", "more": steps that took at most so many microseconds. */
static void add_classes(rpc_t *rpc, void *h, const struct wk_registry_times *t)
{
	static const int bounds[] = {WK_REGISTRY_CLASSES_US};
	char name[16];
	size_t i;

	for(i = 0; i < WK_REGISTRY_CLASSES; i++) {
		if(i < WK_REGISTRY_CLASSES - 1)
			snprintf(name, sizeof(name), "le_%d", bounds[i]);
		else
			snprintf(name, sizeof(name), "more");
		rpc->struct_add(h, "f", name, (double)t->classes[i]);
	}
}

static void add_steps(rpc_t *rpc, void *ctx)
{
	struct wk_registry_times t;
	void *h;
	int step;

	for(step = 0; step < WK_REGISTRY_STEP_COUNT; step++) {
		t = wk_registry_times((enum wk_registry_step)step);
		if(t.steps == 0 || rpc->add(ctx, "{", &h) < 0)
			continue;
		/* whole numbers, which in time are larger than an int is */
		rpc->struct_add(h, "sfff", "step", wk_registry_step_text((enum wk_registry_step)step),
						"count", (double)t.steps, "failed", (double)t.failures, "slowest_us",
						(double)t.slowest_us);
		add_classes(rpc, h, &t);
	}
}

/* Nodes of Redis that fail now. */
static void add_gates(rpc_t *rpc, void *ctx)
{
	static struct wr_gate_view gates[WR_GATES_MAX];
	char text[WIMS_REDIS_ADDR_TEXT_MAX];
	size_t i, n = wk_registry_store_gates(gates);
	void *h;

	for(i = 0; i < n; i++) {
		str address = wk_str(wims_redis_addr_text(&gates[i].node, text));

		if(rpc->add(ctx, "{", &h) < 0)
			return;
		rpc->struct_add(h, "Ssd", "redis", &address, "breaker", wims_breaker_text(gates[i].state),
						"failures", (int)gates[i].failures);
	}
}

void wk_rpc_registrar(rpc_t *rpc, void *ctx)
{
	int64_t at;
	enum wims_reason last = wk_registry_last_failure(&at);
	void *h;

	if(rpc->add(ctx, "{", &h) < 0)
		return;
	rpc->struct_add(h, "ssddddsd", "store", wk_registry_store_kind(), "shared",
					wk_registry_shared() ? "yes" : "no", "node", wk_params.node_id, "beat",
					seconds_since(wk_registry_last_beat()), "queue", (int)wk_registry_queue_count(),
					"overflows", (int)wk_registry_queue_overflows(), "last_failure",
					wims_reason_text(last), "failed", seconds_since(at));
	add_gates(rpc, ctx);
	add_steps(rpc, ctx);
}

const char *wk_rpc_nodes_doc[] = {"The eP-CSCFs that share the registrar, as this one sees them",
								  NULL};

void wk_rpc_nodes(rpc_t *rpc, void *ctx)
{
	struct wims_node_view v;
	size_t i;
	void *h;

	for(i = 0; wk_registry_node_at(i, &v); i++) {
		if(rpc->add(ctx, "{", &h) < 0)
			return;
		rpc->struct_add(h, "ddsssd", "node", (int)v.node, "epoch", (int)v.epoch, "address",
						v.address, "alive", v.alive ? "yes" : "no", "own",
						v.node == (uint16_t)wk_params.node_id && v.epoch == wk_boot_epoch() ? "yes"
																							: "no",
						"age_ms", (int)v.age_ms);
	}
}

const char *wk_rpc_blocks_doc[] = {"Ranges as the registrar has them: entries, allocated, free",
								   NULL};

static bool add_block(rpc_t *rpc, void *ctx, const struct wims_wwsf *w,
					  const struct wims_wwsf_range *range)
{
	str wwsf = wk_str(w->name), text = wk_str(range->text);
	struct wims_reg_counts counts;
	const struct wims_store *st;
	enum wims_reason r =
			WK_REGISTRY_STEP(WK_STEP_COUNTS, st, wims_store_counts(st, &range->block, &counts));
	void *h;

	if(rpc->add(ctx, "{", &h) < 0)
		return false;
	rpc->struct_add(h, "SSss", "wwsf", &wwsf, "range", &text, "tag", range->block.tag, "outcome",
					wims_reason_text(r));
	if(r == WIMS_OK)
		rpc->struct_add(h, "fffdf", "size", (double)range->block.size, "entries",
						(double)counts.entries, "allocated", (double)counts.allocated, "quarantine",
						(int)range->block.quarantine, "free", (double)counts.free);
	return true;
}

void wk_rpc_blocks(rpc_t *rpc, void *ctx)
{
	const struct wims_provision *pv = wk_rpc_provision(rpc, ctx);
	const struct wims_wwsf *w;
	size_t i, k;

	for(i = 0; pv != NULL && (w = wims_provision_at(pv, i)) != NULL; i++)
		for(k = 0; k < w->ranges.count; k++)
			if(wims_range_registered(&w->ranges.at[k]) && !add_block(rpc, ctx, w, &w->ranges.at[k]))
				return;
}
