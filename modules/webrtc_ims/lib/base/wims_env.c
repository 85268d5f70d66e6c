/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_env.h"

#include <stdlib.h>
#include <string.h>

static void *libc_alloc(void *ctx, size_t n)
{
	(void)ctx;
	return malloc(n);
}

static void libc_free(void *ctx, void *p)
{
	(void)ctx;
	free(p);
}

const struct wims_env wims_env_libc = {.alloc = libc_alloc, .free = libc_free};

void *wims_zalloc(const struct wims_env *env, size_t n)
{
	void *p = env->alloc(env->ctx, n);

	if(p != NULL)
		memset(p, 0, n);
	return p;
}

void wims_free(const struct wims_env *env, void *p)
{
	if(p != NULL)
		env->free(env->ctx, p);
}

void wims_wipe(void *p, size_t n)
{
	/* volatile: the compiler must not leave out what nobody reads again */
	volatile unsigned char *at = p;

	while(n-- > 0)
		*at++ = 0;
}

char *wims_strdup(const struct wims_env *env, struct wims_pl s)
{
	char *copy = env->alloc(env->ctx, s.l + 1);

	if(copy == NULL)
		return NULL;
	if(s.l > 0)
		memcpy(copy, s.p, s.l);
	copy[s.l] = '\0';
	return copy;
}
