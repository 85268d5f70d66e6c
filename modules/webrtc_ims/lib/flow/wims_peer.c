/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_flow_int.h"

#include <string.h>

static struct wims_peer *find(const struct wims_flows *fs, struct wims_pl name, uint32_t hash)
{
	struct wims_hnode *n = wims_hash_first(&fs->peers, hash);

	for(; n != NULL; n = wims_hash_next(n)) {
		struct wims_peer *p = WIMS_OWNER(n, struct wims_peer, by_name);

		if(wims_pl_eq(p->texts[0], name))
			return p;
	}
	return NULL;
}

static struct wims_peer *add(struct wims_flows *fs, struct wims_pl name, uint32_t hash)
{
	struct wims_pl *texts;
	struct wims_peer *p = wims_texts_record(&fs->env, sizeof(*p), &name, 1, &texts);

	if(p == NULL)
		return NULL;
	p->texts = texts;
	wims_hash_add(&fs->peers, &p->by_name, hash);
	return p;
}

enum wims_reason wims_peer_join(struct wims_flows *fs, struct wims_pl name, struct wims_peer **out)
{
	uint32_t hash = wims_hash_slices(&fs->key, &name, 1);
	struct wims_peer *p;

	*out = NULL;
	if(name.l == 0 || fs->limits.connections_per_peer == 0)
		return WIMS_OK;
	p = find(fs, name, hash);
	if(p != NULL && p->count >= fs->limits.connections_per_peer)
		return WIMS_LIMIT_REACHED;
	if(p == NULL && (p = add(fs, name, hash)) == NULL)
		return WIMS_NOMEM;
	p->count++;
	*out = p;
	return WIMS_OK;
}

void wims_peer_leave(struct wims_flows *fs, struct wims_peer *p)
{
	if(p == NULL || --p->count > 0)
		return;
	wims_hash_remove(&fs->peers, &p->by_name);
	wims_free(&fs->env, p);
}
