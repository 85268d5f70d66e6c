/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registry.h"

#include <string.h>
#include <time.h>

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "identity/wims_impu.h"
#include "jose/wims_alg_ossl.h"
#include "registrar/wims_store_mem.h"
#include "wk_edge.h"
#include "wk_env.h"
#include "wk_params.h"
#include "wk_ranges.h"
#include "wk_registry_int.h"
#include "wk_registry_stats.h"
#include "wk_state.h"

enum
{
	EXPECTED = 1024,     /* IMPUs that a store of this node has room for at once */
	HELD_MS = 10 * 1000, /* an allocated IMPU waits so long for its registration */
};

struct shared
{
	gen_lock_t lock;
	struct wims_store_mem *mem;
	int64_t offset; /* of the store's clock: the epoch at the start, then a clock that does
					 * not jump */
};

static struct shared *shared;
static struct wk_registry_conf conf;
static struct wims_store store; /* of this process */
static int64_t began_us;

const struct wk_registry_conf *wk_registry_conf(void)
{
	return &conf;
}

bool wk_registry_shared(void)
{
	return conf.kind != WK_REGISTRY_SHM;
}

bool wk_registry_publishes(const struct wims_wwsf_range *range)
{
	return wk_registry_shared() || range->block.size > 0;
}

/* ---- life ---- */

static bool make_shared(void)
{
	if((shared = shm_malloc(sizeof(*shared))) == NULL)
		return false;
	memset(shared, 0, sizeof(*shared));
	shared->offset = wk_wall_ms() - wk_now_ms();
	shared->mem = wims_store_mem_new(wk_shm_env(), EXPECTED, wims_random);
	if(shared->mem == NULL || lock_init(&shared->lock) == NULL)
		return false;
	store = wims_store_mem(shared->mem);
	return true;
}

int wk_registry_init(void)
{
	if(!wk_registry_conf_read(&conf, wims_pl_str(wk_params.registrar)) || wk_registry_shared()) {
		LM_ERR("modparam registrar=%s: must be " WK_REGISTRY_ALLOWED "\n", wk_params.registrar);
		return -1;
	}
	if(wk_registry_stats_init() < 0 || !make_shared()) {
		LM_ERR("no shared memory for the registrar\n");
		return -1;
	}
	return 0;
}

void wk_registry_destroy(void)
{
	wk_registry_stats_destroy();
	if(shared == NULL)
		return;
	wims_store_mem_free(shared->mem);
	shm_free(shared);
	shared = NULL;
}

/* ---- one step ---- */

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

const struct wims_store *wk_registry_begin(void)
{
	began_us = now_us();
	lock_get(&shared->lock);
	wims_store_mem_at(shared->mem, shared->offset + wk_now_ms());
	return &store;
}

enum wims_reason wk_registry_end(enum wk_registry_step step, enum wims_reason r)
{
	lock_release(&shared->lock);
	wk_registry_note(step, r, began_us, now_us());
	return r;
}

bool wk_registry_place(const struct wims_wwsf_range *range, struct wims_pl impu,
					   struct wk_registry_place *place)
{
	*place = (struct wk_registry_place){&range->block, WIMS_REG_CLAIMED};
	return impu.l > 0 && range->block.size == 0;
}

/* ---- what workers ask ---- */

enum wims_reason wk_registry_allocate(const struct wims_wwsf_range *range, struct wims_pl owner,
									  uint64_t *index)
{
	const struct wims_store *st = wk_registry_begin();
	int64_t at;
	enum wims_reason r = wk_registry_end(
			WK_STEP_ALLOCATE, wims_store_allocate(st, &range->block, owner, HELD_MS, &at));

	*index = r == WIMS_OK ? (uint64_t)at : 0;
	return r;
}

enum wims_reason wk_registry_put(const struct wk_registry_in *in, struct wims_reg_put_out *out)
{
	struct wk_registry_place place;
	struct wk_edge edge;
	enum wims_reason r;

	*out = (struct wims_reg_put_out){0};
	if(!wk_registry_place(in->range, in->impu, &place))
		return WIMS_INTERNAL;
	if(!wk_registry_publishes(in->range))
		return WIMS_OK;
	if((r = wk_edge_write(&edge, WIMS_FLOWTOKEN_PATH, in->conn, WIMS_PL_NONE)) != WIMS_OK)
		return r;
	const struct wims_reg_put put = {
			.impu = in->impu,
			.index = place.index,
			.owner = in->owner,
			.contact = {.name = in->name,
						.flow = {edge.token, sizeof(edge.token)},
						.instance = in->instance,
						.node = (uint16_t)wk_params.node_id,
						.epoch = wk_boot_epoch(),
						.reg_id = in->instance.l > 0 ? in->reg_id : 0,
						.q = in->q,
						.left_ms = in->left_ms},
			.max_contacts = (size_t)wk_params.max_contacts,
			.since = in->since,
			.again = in->again,
	};
	const struct wims_store *st = wk_registry_begin();

	return wk_registry_end(in->again ? WK_STEP_AGAIN : WK_STEP_PUT,
						   wims_store_put(st, place.block, &put, out));
}

bool wk_registry_find(struct wims_pl impu, struct wk_registry_place *place)
{
	struct wk_range_hit hit;

	return wk_ranges_find(impu, &hit) && wims_range_registered(hit.range)
		   && wk_registry_publishes(hit.range) && wk_registry_place(hit.range, impu, place);
}

void wk_registry_remove(struct wims_pl impu, struct wims_pl name)
{
	struct wk_registry_place place;
	const struct wims_store *st;
	enum wims_reason r;

	if(!wk_registry_find(impu, &place))
		return;
	st = wk_registry_begin();
	r = wk_registry_end(WK_STEP_REMOVE,
						wims_store_remove(st, place.block, impu, place.index, name));
	if(r != WIMS_OK)
		LM_ERR("the contact %.*s of %.*s stays in the registrar: %s\n", WK_FMT(name), WK_FMT(impu),
			   wims_reason_text(r));
}

static enum wims_reason query(const struct wk_registry_place *place, struct wims_pl impu,
							  struct wims_reg_entry *entry)
{
	const struct wims_store *st = wk_registry_begin();

	return wk_registry_end(WK_STEP_QUERY,
						   wims_store_query(st, place->block, impu, place->index, entry));
}

enum wims_reason wk_registry_query(struct wims_pl impu, struct wims_reg_entry *entry)
{
	struct wk_registry_place place;

	entry->count = 0;
	return wk_registry_find(impu, &place) ? query(&place, impu, entry) : WIMS_TARGET_UNKNOWN;
}
