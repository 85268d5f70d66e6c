/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registry_nodes.h"

#include <string.h>

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "wk_env.h"
#include "wk_params.h"
#include "wk_registry_int.h"
#include "wk_registry_store.h"
#include "wk_state.h"
#include "wk_stats.h"

struct shared
{
	gen_lock_t lock;
	struct wims_nodes *view;
	int64_t last_beat;
	bool taken;
};

static struct shared *shared;

static struct wims_pl own_address(void)
{
	return wims_pl_str(wk_params.mw_address);
}

/* ---- beats ---- */

static void believe(enum wims_reason r, const struct wims_reg_nodes *answer)
{
	int64_t now = wk_now_ms();

	lock_get(&shared->lock);
	if(r == WIMS_OK) {
		wims_nodes_fed(shared->view, answer, now);
		shared->last_beat = now;
		shared->taken = answer->taken;
	} else {
		wims_nodes_missed(shared->view);
	}
	lock_release(&shared->lock);
}

static void complain(bool taken)
{
	static bool told;

	if(taken && !told)
		LM_ERR("another node that lives has node_id %d: nobody is registered here in a range until "
			   "one of the two has another number\n",
			   wk_params.node_id);
	if(!taken && told)
		LM_NOTICE("node_id %d is this node's alone\n", wk_params.node_id);
	told = taken;
}

static enum wims_reason beat(void)
{
	static struct wims_reg_nodes answer;
	const struct wims_store *st;
	enum wims_reason r = WK_REGISTRY_STEP(WK_STEP_BEAT, st,
										  wims_store_beat(st, (uint16_t)wk_params.node_id,
														  wk_boot_epoch(), own_address(), &answer));

	believe(r, &answer);
	complain(r == WIMS_OK && answer.taken);
	return r;
}

static int64_t due;

bool wk_registry_beat_due(void)
{
	return wk_now_ms() >= due;
}

bool wk_registry_beat(void)
{
	static bool there = true;
	enum wims_reason r;

	if(!wk_registry_beat_due())
		return there;
	due = wk_now_ms() + wk_params.registrar_beat_ms;
	r = beat();
	if(there && r != WIMS_OK)
		LM_ERR("the registrar is away: %s: %s\n", wims_reason_text(r), wk_registry_store_error());
	if(!there && r == WIMS_OK)
		LM_NOTICE("the registrar is back\n");
	there = r == WIMS_OK;
	return there;
}

void wk_registry_leave(void)
{
	const struct wims_store *st;
	enum wims_reason r = WK_REGISTRY_STEP(
			WK_STEP_BEAT, st, wims_store_leave(st, (uint16_t)wk_params.node_id, wk_boot_epoch()));

	if(r != WIMS_OK)
		LM_INFO("the registrar was not told that this node leaves: %s\n", wims_reason_text(r));
}

/* ---- life ---- */

/* The connection of this process must not be there when it forks. */
static int first_beat(void)
{
	enum wims_reason r = beat();

	if(r != WIMS_OK)
		LM_WARN("the registrar does not answer, REGISTERs in ranges will be refused: %s: %s\n",
				wims_reason_text(r), wk_registry_store_error());
	wk_registry_store_close();
	return shared->taken ? -1 : 0;
}

int wk_registry_nodes_init(void)
{
	shared = shm_malloc(sizeof(*shared));
	if(shared != NULL) {
		memset(shared, 0, sizeof(*shared));
		shared->view = wims_nodes_new(wk_shm_env());
	}
	if(shared == NULL || shared->view == NULL || lock_init(&shared->lock) == NULL) {
		LM_ERR("no shared memory for the nodes of the registrar\n");
		return -1;
	}
	return first_beat();
}

void wk_registry_nodes_destroy(void)
{
	if(shared == NULL)
		return;
	wims_nodes_free(shared->view);
	shm_free(shared);
	shared = NULL;
}

/* ---- what others read ---- */

bool wk_registry_node(uint16_t node, uint32_t epoch, char address[WIMS_REG_ADDRESS_MAX + 1])
{
	const struct wims_node_view *v;

	address[0] = '\0';
	if(shared == NULL)
		return node == (uint16_t)wk_params.node_id && epoch == wk_boot_epoch();
	lock_get(&shared->lock);
	v = wims_nodes_alive(shared->view, node, epoch);
	if(v != NULL)
		memcpy(address, v->address, sizeof(v->address));
	lock_release(&shared->lock);
	return v != NULL;
}

bool wk_registry_number_taken(void)
{
	return shared != NULL && shared->taken;
}

bool wk_registry_node_at(size_t i, struct wims_node_view *out)
{
	const struct wims_node_view *v = NULL;

	*out = (struct wims_node_view){0};
	if(shared == NULL)
		return false;
	lock_get(&shared->lock);
	if((v = wims_nodes_at(shared->view, i)) != NULL)
		*out = *v;
	lock_release(&shared->lock);
	return v != NULL;
}

size_t wk_registry_nodes_alive(void)
{
	struct wims_node_view v;
	size_t i, n = 0;

	for(i = 0; wk_registry_node_at(i, &v); i++)
		n += v.alive;
	return n;
}

int64_t wk_registry_store_time(void)
{
	int64_t time = 0;

	if(shared == NULL)
		return 0;
	lock_get(&shared->lock);
	time = wims_nodes_time(shared->view, wk_now_ms());
	lock_release(&shared->lock);
	return time;
}

int64_t wk_registry_last_beat(void)
{
	return shared == NULL ? 0 : shared->last_beat;
}

/* ---- who has gone ---- */

/* The one with the least number that lives cleans up. */
static bool is_first(void)
{
	struct wims_node_view v;
	size_t i;

	for(i = 0; wk_registry_node_at(i, &v); i++)
		if(v.alive && v.node < (uint16_t)wk_params.node_id)
			return false;
	return true;
}

bool wk_registry_lives(uint16_t node)
{
	struct wims_node_view v;
	size_t i;

	for(i = 0; wk_registry_node_at(i, &v); i++)
		if(v.node == node)
			return v.alive;
	return false;
}

bool wk_registry_gone(int64_t ms, uint16_t *node)
{
	static uint32_t done[UINT16_MAX + 1]; /* epochs */
	struct wims_node_view v;
	size_t i;

	for(i = 0; wk_registry_node_at(i, &v); i++)
		if(!v.alive && v.age_ms > ms && done[v.node] != v.epoch && is_first()) {
			done[v.node] = v.epoch;
			*node = v.node;
			return true;
		}
	return false;
}
