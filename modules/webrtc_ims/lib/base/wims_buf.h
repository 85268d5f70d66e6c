/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_BUF_H
#define WIMS_BUF_H

/* Bytes that grow at one end and are taken off at the other, up to a named
 * maximum: what waits to be written to a file or socket, or was read from one
 * and is not complete yet. */

#include "wims_env.h"

struct wims_buf
{
	const struct wims_env *env; /* borrowed */
	size_t max;                 /* most bytes that it holds */
	char *p;
	size_t size;
	size_t len;
};

/* Takes no memory yet. */
void wims_buf_init(struct wims_buf *b, const struct wims_env *env, size_t max);
/* Empty again, its memory given back; it may be used on. */
void wims_buf_clear(struct wims_buf *b);

/* Room for n more bytes, valid until the next call; NULL: more than max, or no
 * memory, and nothing has changed. What is written there counts once
 * wims_buf_added() says so. */
WIMS_MUST_CHECK char *wims_buf_room(struct wims_buf *b, size_t n);
void wims_buf_added(struct wims_buf *b, size_t n);
/* A copy of s behind what is there; false as for wims_buf_room. */
WIMS_MUST_CHECK bool wims_buf_add(struct wims_buf *b, struct wims_pl s);

/* What it holds, borrowed until the next call. */
struct wims_pl wims_buf_pl(const struct wims_buf *b);
/* Takes the first n bytes off, n at most what it holds. An empty buffer that
 * had grown large gives its memory back. */
void wims_buf_drop(struct wims_buf *b, size_t n);

#endif
