/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_arena.h"

#include <stdalign.h>
#include <string.h>

enum
{
	CHUNK = 4096 - 64 /* bytes of payload; larger requests get their own chunk */
};

struct wims_arena_chunk
{
	struct wims_arena_chunk *next;
	size_t size;
	size_t used;
	alignas(max_align_t) char at[];
};

void wims_arena_init(struct wims_arena *a, const struct wims_env *env)
{
	*a = (struct wims_arena){.env = env};
}

void wims_arena_free(struct wims_arena *a)
{
	while(a->chunks != NULL) {
		struct wims_arena_chunk *next = a->chunks->next;

		wims_free(a->env, a->chunks);
		a->chunks = next;
	}
}

static struct wims_arena_chunk *chunk_new(struct wims_arena *a, size_t size)
{
	struct wims_arena_chunk *c = wims_zalloc(a->env, sizeof(*c) + size);

	if(c == NULL)
		return NULL;
	c->size = size;
	c->next = a->chunks;
	a->chunks = c;
	return c;
}

void *wims_arena_alloc(struct wims_arena *a, size_t count, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct wims_arena_chunk *c = a->chunks;
	size_t need, at;

	if(size == 0 || count > (SIZE_MAX / 4) / size)
		return NULL;
	need = (count * size + align - 1) / align * align;
	if(c == NULL || c->size - c->used < need)
		c = chunk_new(a, need > CHUNK ? need : CHUNK);
	if(c == NULL)
		return NULL;
	at = c->used;
	c->used += need;
	return c->at + at;
}

bool wims_arena_dup(struct wims_arena *a, struct wims_pl *out, struct wims_pl s)
{
	char *copy = wims_arena_alloc(a, s.l + 1, 1);

	*out = WIMS_PL_NONE;
	if(copy == NULL)
		return false;
	if(s.l > 0)
		memcpy(copy, s.p, s.l);
	*out = (struct wims_pl){copy, s.l};
	return true;
}
