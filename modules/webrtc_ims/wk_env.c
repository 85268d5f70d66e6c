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

static void log_line(void *ctx, enum wims_level level, struct wims_pl line)
{
	(void)ctx;
	switch(level) {
		case WIMS_DEBUG:
			LM_DBG("%.*s\n", WK_FMT(line));
			break;
		case WIMS_INFO:
			LM_INFO("%.*s\n", WK_FMT(line));
			break;
		case WIMS_WARN:
			LM_WARN("%.*s\n", WK_FMT(line));
			break;
		case WIMS_ERROR:
			LM_ERR("%.*s\n", WK_FMT(line));
			break;
	}
}

const struct wims_env *wk_env(void)
{
	static struct wims_env env;

	env = wims_env_libc;
	env.log = log_line;
	return &env;
}

int wk_read_file(const char *what, const char *path, size_t max, str *out)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	*out = (str){NULL, 0};
	if(f == NULL) {
		LM_ERR("%s %s: %s\n", what, path, strerror(errno));
		return -1;
	}
	out->s = pkg_malloc(max + 1);
	if(out->s == NULL) {
		LM_ERR("%s %s: no memory for %zu bytes\n", what, path, max);
		fclose(f);
		return -1;
	}
	n = fread(out->s, 1, max + 1, f);
	out->len = (int)n;
	if(ferror(f) || n > max) {
		LM_ERR("%s %s: %s\n", what, path, n > max ? "too large" : "cannot be read");
		pkg_free(out->s);
		*out = (str){NULL, 0};
	}
	fclose(f);
	return out->s == NULL ? -1 : 0;
}
