/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "redis_standin.h"

#include "flow_help.h"
#include "registrar/wims_store_mem.h"
#include "jose/wims_alg_ossl.h"
#include "wr_store.h"

struct redis_standin redis_standin;

static struct wims_store_mem *mem;
static struct wims_store inside;

const struct wims_store *redis_store(void)
{
	wims_store_mem_at(mem, ksr_clock.mono_ms);
	return &inside;
}

static bool comes(void)
{
	redis_standin.steps++;
	ksr_clock.mono_ms += redis_standin.takes_ms;
	(void)redis_store();
	return redis_standin.outcome == WIMS_OK;
}

#define STEP(name, params, args)                                        \
	static enum wims_reason name##_step params                          \
	{                                                                   \
		(void)ctx;                                                      \
		return comes() ? inside.ops->name args : redis_standin.outcome; \
	}
STEP(allocate,
	 (void *ctx, const struct wims_block *b, struct wims_pl owner, int64_t ms, int64_t *index),
	 (inside.ctx, b, owner, ms, index))
STEP(put,
	 (void *ctx, const struct wims_block *b, const struct wims_reg_put *in,
	  struct wims_reg_put_out *out),
	 (inside.ctx, b, in, out))
STEP(remove,
	 (void *ctx, const struct wims_block *b, struct wims_pl impu, int64_t index,
	  struct wims_pl name),
	 (inside.ctx, b, impu, index, name))
STEP(query,
	 (void *ctx, const struct wims_block *b, struct wims_pl impu, int64_t index,
	  struct wims_reg_entry *e),
	 (inside.ctx, b, impu, index, e))
STEP(list,
	 (void *ctx, const struct wims_block *b, uint64_t *cursor, size_t n,
	  void (*fn)(void *, const struct wims_reg_entry *), void *fn_ctx),
	 (inside.ctx, b, cursor, n, fn, fn_ctx))
STEP(counts, (void *ctx, const struct wims_block *b, struct wims_reg_counts *out),
	 (inside.ctx, b, out))
STEP(drop, (void *ctx, const struct wims_block *b, struct wims_pl impu, int64_t index),
	 (inside.ctx, b, impu, index))
STEP(purge,
	 (void *ctx, const struct wims_block *b, uint16_t node, uint32_t epoch, uint64_t *cursor,
	  size_t n, size_t *removed),
	 (inside.ctx, b, node, epoch, cursor, n, removed))
STEP(beat,
	 (void *ctx, uint16_t node, uint32_t epoch, struct wims_pl address,
	  struct wims_reg_nodes *nodes),
	 (inside.ctx, node, epoch, address, nodes))
STEP(leave, (void *ctx, uint16_t node, uint32_t epoch), (inside.ctx, node, epoch))
STEP(hold,
	 (void *ctx, const struct wims_block *b, uint16_t node, uint32_t epoch, int64_t ms,
	  struct wims_pl doc, struct wims_reg_held *held),
	 (inside.ctx, b, node, epoch, ms, doc, held))
STEP(unhold, (void *ctx, const struct wims_block *b, uint16_t node, uint32_t epoch),
	 (inside.ctx, b, node, epoch))

struct wims_store __wrap_wr_store(struct wr_store *s);
void __wrap_wr_client_limit(struct wr_client *c, int64_t us);

struct wims_store __wrap_wr_store(struct wr_store *s)
{
	static const struct wims_store_ops ops = {.allocate = allocate_step,
											  .put = put_step,
											  .remove = remove_step,
											  .query = query_step,
											  .list = list_step,
											  .counts = counts_step,
											  .drop = drop_step,
											  .purge = purge_step,
											  .beat = beat_step,
											  .leave = leave_step,
											  .hold = hold_step,
											  .unhold = unhold_step};

	(void)s;
	return (struct wims_store){&ops, NULL};
}

void __wrap_wr_client_limit(struct wr_client *c, int64_t us)
{
	(void)c;
	redis_standin.limit_us = us;
}

void redis_begin(void)
{
	redis_standin = (struct redis_standin){.outcome = WIMS_OK};
	mem = wims_store_mem_new(&flow_env, 16, wims_random);
	assert_non_null(mem);
	inside = wims_store_mem(mem);
}

void redis_end(void)
{
	wims_store_mem_free(mem);
}
