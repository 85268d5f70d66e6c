/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_state.h"

#include <string.h>
#include <time.h>

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "jose/wims_alg_ossl.h"
#include "wk_env.h"
#include "wk_params.h"
#include "wk_queue.h"

struct shared
{
	gen_lock_t flow_lock;
	struct wims_flows *flows;
	uint32_t boot_epoch;
	volatile uint32_t core_min_expires;
};

static struct shared *shared;
/* Before the fork, read only afterwards: each process has its copy. */
static struct wims_flowtoken_keys flow_keys;

/* Tokens of an earlier start are worthless anyway: a key of this start loses
 * nothing on a single node. */
static int make_flow_key(void)
{
	LM_INFO("flow_key_file is empty: flow tokens are signed with a key of this start\n");
	flow_keys = (struct wims_flowtoken_keys){.count = 1};
	return wims_random(flow_keys.key[0].bytes, sizeof(flow_keys.key[0].bytes)) ? 0 : -1;
}

static int load_flow_keys(void)
{
	struct wims_fault fault = {""};
	str text;
	enum wims_reason r;

	if(*wk_params.flow_key_file == '\0')
		return make_flow_key();
	if(wk_read_file("flow_key_file", wk_params.flow_key_file, WIMS_FLOWTOKEN_KEYFILE_MAX, &text)
	   < 0)
		return -1;
	r = wims_flowtoken_keys_parse(&flow_keys, wk_pl(&text), &fault);
	memset(text.s, 0, (size_t)text.len);
	pkg_free(text.s);
	if(r != WIMS_OK)
		LM_ERR("flow_key_file %s: %s\n", wk_params.flow_key_file, fault.text);
	return r == WIMS_OK ? 0 : -1;
}

static struct wims_flows *new_table(void)
{
	const struct wims_flow_limits limits = {
			.connections = (size_t)wk_params.max_connections,
			.connections_per_peer = (size_t)wk_params.max_connections_per_address,
			.bindings_per_conn = (size_t)wk_params.max_bindings,
			.calls_per_conn = (size_t)wk_params.max_calls,
			.contacts_per_impu = (size_t)wk_params.max_contacts,
			.unregistered_ms = (int64_t)wk_params.unregistered_timeout * 1000,
			.cut_ms = 1500,
	};

	return wims_flows_new(wk_shm_env(), &limits, wims_random);
}

int wk_state_init(void)
{
	shared = shm_malloc(sizeof(*shared));
	if(shared == NULL || lock_init(&shared->flow_lock) == NULL
	   || (shared->flows = new_table()) == NULL) {
		LM_ERR("no shared memory for the flow table\n");
		return -1;
	}
	shared->boot_epoch = (uint32_t)time(NULL);
	shared->core_min_expires = (uint32_t)wk_params.core_min_expires;
	return load_flow_keys() < 0 ? -1 : wk_queue_init(wk_params.queue_size);
}

void wk_state_destroy(void)
{
	wk_queue_destroy();
	if(shared == NULL)
		return;
	wims_flows_free(shared->flows);
	shm_free(shared);
	shared = NULL;
}

bool wk_state_gone(void)
{
	return shared == NULL;
}

struct wims_flows *wk_flows_lock(void)
{
	lock_get(&shared->flow_lock);
	return shared->flows;
}

void wk_flows_unlock(void)
{
	lock_release(&shared->flow_lock);
}

enum wims_reason wk_flow_check(uint32_t conn, struct wims_conn_view *view)
{
	enum wims_reason r = wims_flow_check(wk_flows_lock(), conn, view);

	wk_flows_unlock();
	return r;
}

static bool stop_at_first(void *ctx, const struct wims_binding_view *view)
{
	(void)ctx;
	(void)view;
	return false;
}

bool wk_is_registered(struct wims_pl impu)
{
	size_t n = wims_bindings_by(wk_flows_lock(), WIMS_BY_IMPU, impu, stop_at_first, NULL);

	wk_flows_unlock();
	return n > 0;
}

static int64_t clock_ms(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t wk_now_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

int64_t wk_wall(void)
{
	return (int64_t)time(NULL);
}

int64_t wk_wall_ms(void)
{
	return clock_ms(CLOCK_REALTIME);
}

uint32_t wk_boot_epoch(void)
{
	return shared->boot_epoch;
}

const struct wims_flowtoken_keys *wk_flow_keys(void)
{
	return &flow_keys;
}

uint32_t wk_core_min_expires(void)
{
	return shared->core_min_expires;
}

void wk_core_min_expires_learn(uint32_t seconds)
{
	if(seconds > shared->core_min_expires && seconds <= (uint32_t)wk_params.max_expires * 24)
		shared->core_min_expires = seconds;
}
