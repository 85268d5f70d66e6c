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

enum wims_level
{
	WIMS_DEBUG,
	WIMS_INFO,
	WIMS_WARN,
	WIMS_ERROR
};

struct wims_env
{
	void *ctx;
	/* n > 0 bytes, or NULL; the contents are undefined */
	void *(*alloc)(void *ctx, size_t n);
	/* NULL is fine */
	void (*free)(void *ctx, void *p);
	/* one line, no newline; never holds a token or a key */
	void (*log)(void *ctx, enum wims_level level, struct wims_pl line);
};

/* libc's allocator, log lines dropped. */
extern const struct wims_env wims_env_libc;

/* Zeroed memory, or NULL. */
void *wims_zalloc(const struct wims_env *env, size_t n);
void wims_free(const struct wims_env *env, void *p);
/* Overwrites a secret that is not needed any more, also just before its memory
 * is given back. p may be NULL when n is 0. */
void wims_wipe(void *p, size_t n);
/* A copy with a NUL behind it, or NULL. The caller frees. */
char *wims_strdup(const struct wims_env *env, struct wims_pl s);
void wims_log(const struct wims_env *env, enum wims_level level, struct wims_pl line);

#endif
