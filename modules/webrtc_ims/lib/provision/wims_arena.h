/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_ARENA_H
#define WIMS_ARENA_H

/* Memory that is given back all at once: what the provisioning keeps, and
 * what its reader needs meanwhile. */

#include "base/wims_env.h"

struct wims_arena_chunk;

struct wims_arena
{
	const struct wims_env *env;
	struct wims_arena_chunk *chunks;
};

void wims_arena_init(struct wims_arena *a, const struct wims_env *env);
/* A zeroed arena is fine. */
void wims_arena_free(struct wims_arena *a);
/* count zeroed elements of size bytes, aligned for any type; NULL when out of
 * memory or when the product overflows. count 0 gives a pointer too. */
void *wims_arena_alloc(struct wims_arena *a, size_t count, size_t size);
/* *out is a copy of s. */
WIMS_MUST_CHECK bool wims_arena_dup(struct wims_arena *a, struct wims_pl *out, struct wims_pl s);

#endif
