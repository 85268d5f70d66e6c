/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_call_int.h"

static bool init_tables(struct wims_flows *fs)
{
	size_t n = fs->limits.connections;
	struct
	{
		struct wims_hash *table;
		size_t expected;
	} const tables[] = {
			{&fs->conns, n},
			{&fs->peers, n},
			{&fs->bindings, n},
			{&fs->contacts, n},
			{&fs->index[WIMS_BY_IMPU], 2 * n},
			{&fs->index[WIMS_BY_SUBJECT], n},
			{&fs->index[WIMS_BY_JTI], n},
			{&fs->pendings, 0},
			{&fs->calls, 0},
			{&fs->dialogs, 0},
			{&fs->homes, 0},
			{&fs->lost, 0},
			{&fs->commons, 0},
	};
	size_t i;

	for(i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		if(!wims_hash_init(tables[i].table, &fs->env, tables[i].expected))
			return false;
	return true;
}

struct wims_flows *wims_flows_new(const struct wims_env *env, const struct wims_flow_limits *limits,
								  bool (*random)(void *buf, size_t n))
{
	struct wims_flows *fs = wims_zalloc(env, sizeof(*fs));

	if(fs == NULL)
		return NULL;
	fs->env = *env;
	fs->limits = *limits;
	fs->random = random;
	wims_ring_init(&fs->medias);
	if(!random(&fs->key, sizeof(fs->key)) || !init_tables(fs)) {
		wims_flows_free(fs);
		return NULL;
	}
	return fs;
}

static void free_pending(void *fs, struct wims_hnode *n)
{
	wims_pending_free(fs, WIMS_OWNER(n, struct wims_pending, by_txn));
}

static void free_call(void *fs, struct wims_hnode *n)
{
	wims_call_free(fs, WIMS_OWNER(n, struct wims_call, by_id));
}

static void free_binding(void *ctx, struct wims_hnode *n)
{
	struct wims_flows *fs = ctx;
	struct wims_binding *b = WIMS_OWNER(n, struct wims_binding, by_key);

	wims_reg_free(fs, b->reg);
	wims_common_drop(fs, b->range);
	wims_free(&fs->env, b);
}

static void free_conn(void *fs, struct wims_hnode *n)
{
	wims_conn_free(fs, WIMS_OWNER(n, struct wims_conn, by_id));
}

void wims_flows_free(struct wims_flows *fs)
{
	struct wims_env env;
	size_t i;

	if(fs == NULL)
		return;
	/* first: it looks at the timers beside its own */
	while(!wims_ring_empty(&fs->medias))
		(void)wims_media_remove(fs, WIMS_OWNER(fs->medias.next, struct wims_media, all));
	wims_hash_drain(&fs->pendings, free_pending, fs);
	wims_hash_drain(&fs->calls, free_call, fs);
	wims_hash_drain(&fs->bindings, free_binding, fs);
	wims_hash_drain(&fs->conns, free_conn, fs);
	wims_hash_done(&fs->pendings);
	wims_hash_done(&fs->calls);
	wims_hash_done(&fs->bindings);
	wims_hash_done(&fs->conns);
	wims_hash_done(&fs->peers);
	wims_hash_done(&fs->dialogs);
	wims_hash_done(&fs->homes);
	wims_hash_done(&fs->lost);
	wims_hash_done(&fs->contacts);
	wims_hash_done(&fs->commons);
	for(i = 0; i < WIMS_INDEXES; i++)
		wims_hash_done(&fs->index[i]);
	env = fs->env;
	wims_free(&env, fs);
}

void wims_flow_counts(const struct wims_flows *fs, struct wims_flow_counts *out)
{
	*out = (struct wims_flow_counts){
			.connections = fs->conns.count,
			.closing = fs->closing,
			.bindings = fs->registered,
			.waiting = fs->waiting,
			.pending = fs->pendings.count,
			.calls = fs->calls.count,
			.media = fs->n_medias,
	};
}
