/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_buf.h"

#include <string.h>

enum
{
	FIRST_SIZE = 1024,
	KEPT_SIZE = 64 * 1024 /* of an empty buffer */
};

void wims_buf_init(struct wims_buf *b, const struct wims_env *env, size_t max)
{
	*b = (struct wims_buf){.env = env, .max = max};
}

void wims_buf_clear(struct wims_buf *b)
{
	wims_free(b->env, b->p);
	wims_buf_init(b, b->env, b->max);
}

/* Twice as large each time, so that n bytes cost n steps in all. */
static size_t next_size(const struct wims_buf *b, size_t wanted)
{
	size_t size = b->size > 0 ? b->size : FIRST_SIZE;

	while(size < wanted)
		size = size > b->max / 2 ? b->max : size * 2;
	return size;
}

char *wims_buf_room(struct wims_buf *b, size_t n)
{
	size_t size;
	char *p;

	if(n > b->max - b->len)
		return NULL;
	if(b->p == NULL || n > b->size - b->len) {
		size = next_size(b, b->len + n);
		if((p = wims_zalloc(b->env, size)) == NULL)
			return NULL;
		if(b->len > 0)
			memcpy(p, b->p, b->len);
		wims_free(b->env, b->p);
		b->p = p;
		b->size = size;
	}
	return b->p + b->len;
}

void wims_buf_added(struct wims_buf *b, size_t n)
{
	b->len += n;
}

bool wims_buf_add(struct wims_buf *b, struct wims_pl s)
{
	char *room = wims_buf_room(b, s.l);

	if(room == NULL)
		return false;
	if(s.l > 0)
		memcpy(room, s.p, s.l);
	wims_buf_added(b, s.l);
	return true;
}

struct wims_pl wims_buf_pl(const struct wims_buf *b)
{
	return (struct wims_pl){b->p, b->len};
}

void wims_buf_drop(struct wims_buf *b, size_t n)
{
	b->len -= n;
	if(b->len > 0)
		memmove(b->p, b->p + n, b->len);
	else if(b->size > KEPT_SIZE)
		wims_buf_clear(b);
}
