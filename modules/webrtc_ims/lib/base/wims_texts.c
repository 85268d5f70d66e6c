/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/wims_texts.h"

#include <string.h>

void *wims_texts_record(const struct wims_env *env, size_t fixed, const struct wims_pl *src,
						size_t n, struct wims_pl **texts)
{
	size_t i, size = fixed + n * sizeof(*src);
	char *record, *at;

	for(i = 0; i < n; i++)
		size += src[i].l;
	record = env->alloc(env->ctx, size);
	if(record == NULL)
		return NULL;
	memset(record, 0, fixed);
	*texts = (struct wims_pl *)(void *)(record + fixed);
	at = record + fixed + n * sizeof(*src);
	for(i = 0; i < n; i++)
		(*texts)[i] = wims_texts_put(&at, src[i]);
	return record;
}

bool wims_texts_fit(const struct wims_pl *t, const uint16_t *max, size_t n)
{
	size_t i;

	for(i = 0; i < n; i++)
		if(t[i].l > max[i])
			return false;
	return true;
}

struct wims_pl wims_texts_put(char **at, struct wims_pl s)
{
	struct wims_pl copy = {*at, s.l};

	if(s.l > 0)
		memcpy(*at, s.p, s.l);
	*at += s.l;
	return copy;
}
