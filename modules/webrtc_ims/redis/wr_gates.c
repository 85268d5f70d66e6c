/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wr_gates.h"

#include <sched.h>
#include <stdatomic.h>

#include "wr_conn.h"

/* A try lasts as long as a call at the most. */
static const struct wims_breaker_policy policy = {
		.failures = 3, .pause_min = 500, .pause_max = 2000, .lost = WR_TIMEOUT_MAX_MS + 500};

struct wr_gates
{
	const struct wims_env *env;
	struct wr_gate gate;
	atomic_flag lock;
	atomic_size_t count; /* read without the lock: mostly nobody fails */
	struct
	{
		struct wims_redis_addr node;
		struct wims_breaker breaker;
	} failed[WR_GATES_MAX];
};

/* Held for a look at the table, never over a wait. */
static void lock(struct wr_gates *g)
{
	while(atomic_flag_test_and_set_explicit(&g->lock, memory_order_acquire))
		sched_yield();
}

static void unlock(struct wr_gates *g)
{
	atomic_flag_clear_explicit(&g->lock, memory_order_release);
}

static int64_t now_ms(void)
{
	return wr_now_us() / 1000;
}

/* Index, or the count. */
static size_t find(struct wr_gates *g, const struct wims_redis_addr *node)
{
	size_t i = 0;

	while(i < g->count && !wims_redis_addr_eq(&g->failed[i].node, node))
		i++;
	return i;
}

static bool allow(void *ctx, const struct wims_redis_addr *node)
{
	struct wr_gates *g = ctx;
	bool yes;
	size_t i;

	if(atomic_load(&g->count) == 0)
		return true;
	lock(g);
	i = find(g, node);
	yes = i == g->count || wims_breaker_allow(&g->failed[i].breaker, &policy, now_ms());
	unlock(g);
	return yes;
}

static void answered(struct wr_gates *g, const struct wims_redis_addr *node)
{
	size_t i = find(g, node);

	if(i < g->count) {
		g->failed[i] = g->failed[g->count - 1];
		g->count--;
	}
}

static void has_failed(struct wr_gates *g, const struct wims_redis_addr *node)
{
	size_t i = find(g, node);

	if(i == g->count) {
		/* whoever has no place is asked each time */
		if(i == WR_GATES_MAX)
			return;
		g->failed[i].node = *node;
		g->failed[i].breaker = (struct wims_breaker){0};
		g->count++;
	}
	wims_breaker_report(&g->failed[i].breaker, &policy, false, now_ms());
}

static void report(void *ctx, const struct wims_redis_addr *node, bool good)
{
	struct wr_gates *g = ctx;

	if(good && atomic_load(&g->count) == 0)
		return;
	lock(g);
	if(good)
		answered(g, node);
	else
		has_failed(g, node);
	unlock(g);
}

struct wr_gates *wr_gates_new(const struct wims_env *env)
{
	struct wr_gates *g = wims_zalloc(env, sizeof(*g));

	if(g == NULL)
		return NULL;
	g->env = env;
	g->gate = (struct wr_gate){allow, report, g};
	atomic_flag_clear(&g->lock);
	atomic_init(&g->count, 0);
	return g;
}

void wr_gates_free(struct wr_gates *g)
{
	if(g != NULL)
		wims_free(g->env, g);
}

const struct wr_gate *wr_gates_gate(const struct wr_gates *g)
{
	return &g->gate;
}

size_t wr_gates_view(struct wr_gates *g, struct wr_gate_view out[WR_GATES_MAX])
{
	size_t i, n;

	lock(g);
	n = g->count;
	for(i = 0; i < n; i++)
		out[i] = (struct wr_gate_view){g->failed[i].node, g->failed[i].breaker.state,
									   g->failed[i].breaker.failures};
	unlock(g);
	return n;
}
