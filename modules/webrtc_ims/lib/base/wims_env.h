/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_ENV_H
#define WIMS_ENV_H

/* What the pure library needs of the world, handed in by its user: memory,
 * randomness and a place for log lines. Time is handed in as an argument of
 * each call that judges it. */

#include "wims_pl.h"

struct wims_env
{
	void *ctx;
	/* n > 0 bytes, or NULL; the contents are undefined */
	void *(*alloc)(void *ctx, size_t n);
	/* NULL is fine */
	void (*free)(void *ctx, void *p);
};

/* libc's allocator. */
extern const struct wims_env wims_env_libc;

/* Zeroed memory, or NULL. */
void *wims_zalloc(const struct wims_env *env, size_t n);
void wims_free(const struct wims_env *env, void *p);
/* Overwrites a secret that is not needed any more, also just before its memory
 * is given back. p may be NULL when n is 0. */
void wims_wipe(void *p, size_t n);
/* A copy with a NUL behind it, or NULL. The caller frees. */
char *wims_strdup(const struct wims_env *env, struct wims_pl s);

#endif
