/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_flow_int.h"

#include <string.h>

static uint32_t hash_of(const struct wims_flows *fs, struct wims_pl text)
{
	return wims_hash_slices(&fs->key, &text, 1);
}

struct wims_common *wims_common_find(const struct wims_flows *fs, struct wims_pl text)
{
	struct wims_hnode *n = wims_hash_first(&fs->commons, hash_of(fs, text));

	for(; n != NULL; n = wims_hash_next(n)) {
		struct wims_common *c = WIMS_OWNER(n, struct wims_common, by_text);

		if(wims_pl_eq(wims_common_text(c), text))
			return c;
	}
	return NULL;
}

static struct wims_common *new_common(struct wims_flows *fs, struct wims_pl text)
{
	struct wims_common *c = wims_zalloc(&fs->env, sizeof(*c) + text.l);

	if(c == NULL)
		return NULL;
	c->l = text.l;
	memcpy(c->text, text.p, text.l);
	wims_ring_init(&c->bindings);
	wims_hash_add(&fs->commons, &c->by_text, hash_of(fs, text));
	return c;
}

bool wims_common_get(struct wims_flows *fs, struct wims_pl text, struct wims_common **out)
{
	*out = NULL;
	if(text.l == 0)
		return true;
	if((*out = wims_common_find(fs, text)) == NULL && (*out = new_common(fs, text)) == NULL)
		return false;
	(*out)->refs++;
	return true;
}

struct wims_common *wims_common_share(struct wims_common *c)
{
	if(c != NULL)
		c->refs++;
	return c;
}

void wims_common_drop(struct wims_flows *fs, struct wims_common *c)
{
	if(c == NULL || --c->refs > 0)
		return;
	wims_hash_remove(&fs->commons, &c->by_text);
	wims_free(&fs->env, c);
}
