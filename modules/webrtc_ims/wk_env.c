/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_env.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/mem/mem.h"
#include "core/mem/shm_mem.h"

const struct wims_env *wk_env(void)
{
	return &wims_env_libc;
}

static void *shm_get(void *ctx, size_t n)
{
	(void)ctx;
	return shm_malloc(n);
}

static void shm_put(void *ctx, void *p)
{
	(void)ctx;
	shm_free(p);
}

static const struct wims_env shm_env = {.alloc = shm_get, .free = shm_put};

const struct wims_env *wk_shm_env(void)
{
	return &shm_env;
}

/* Bytes of an open regular file; -1 when they cannot be told. */
static long size_of(FILE *f)
{
	long n = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;

	rewind(f);
	return n;
}

static bool read_all(FILE *f, size_t max, str *out, const char **why)
{
	long size = size_of(f);

	*why = size < 0 ? "cannot be read" : "too large";
	if(size < 0 || (size_t)size > max)
		return false;
	*why = "no memory";
	if((out->s = pkg_malloc((size_t)size + 1)) == NULL)
		return false;
	out->len = (int)fread(out->s, 1, (size_t)size, f);
	*why = "cannot be read";
	return !ferror(f);
}

int wk_read_file(const char *what, const char *path, size_t max, str *out)
{
	FILE *f = fopen(path, "rb");
	const char *why;
	bool ok;

	*out = (str){NULL, 0};
	if(f == NULL) {
		LM_ERR("%s %s: %s\n", what, path, strerror(errno));
		return -1;
	}
	ok = read_all(f, max, out, &why);
	fclose(f);
	if(ok)
		return 0;
	LM_ERR("%s %s: %s\n", what, path, why);
	if(out->s != NULL)
		pkg_free(out->s);
	*out = (str){NULL, 0};
	return -1;
}
