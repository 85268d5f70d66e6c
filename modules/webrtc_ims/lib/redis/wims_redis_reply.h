/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REDIS_REPLY_H
#define WIMS_REDIS_REPLY_H

/* Replies of a Redis server (RESP2), read with limits: a server is a peer, and
 * what it sends may be anything. */

#include "base/wims_env.h"

enum
{
	WIMS_REDIS_REPLY_MAX = 512 * 1024, /* bytes of a reply */
	WIMS_REDIS_VALUES_MAX = 16 * 1024, /* values in it, those in arrays counted */
	WIMS_REDIS_DEPTH_MAX = 7           /* arrays in arrays */
};

enum wims_redis_type
{
	WIMS_REDIS_NIL,
	WIMS_REDIS_STATUS, /* +OK */
	WIMS_REDIS_ERROR,  /* -CODE text */
	WIMS_REDIS_NUMBER,
	WIMS_REDIS_TEXT, /* any bytes */
	WIMS_REDIS_ARRAY
};

struct wims_redis_value
{
	enum wims_redis_type type;
	int64_t number;                    /* NUMBER */
	struct wims_pl text;               /* STATUS, ERROR, TEXT */
	const struct wims_redis_value *at; /* ARRAY: its values */
	size_t count;                      /* ARRAY: how many; else 0 */
};

/* What has come of a reply. */
enum wims_redis_read
{
	WIMS_REDIS_MORE,    /* not complete yet */
	WIMS_REDIS_READ,    /* here it is */
	WIMS_REDIS_GARBAGE, /* no RESP2, or more than the maxima: nothing can be read any more */
	WIMS_REDIS_NOMEM    /* likewise */
};

/* One for each connection, for as long as it lives. */
struct wims_redis_reader;

/* env must outlive it. NULL: no memory. */
struct wims_redis_reader *wims_redis_reader_new(const struct wims_env *env);
/* NULL is fine. */
void wims_redis_reader_free(struct wims_redis_reader *r);

/* Takes bytes (none: what it holds may have another reply) and hands out the
 * next reply once it is complete; *value and all in it are valid until the next
 * call. *value is NULL unless READ is answered. */
WIMS_MUST_CHECK enum wims_redis_read wims_redis_read(struct wims_redis_reader *r,
													 struct wims_pl bytes,
													 const struct wims_redis_value **value);
/* Is nothing of another reply there? A server that has sent one that nobody
 * asked for would be misunderstood from then on. */
WIMS_MUST_CHECK bool wims_redis_reader_idle(const struct wims_redis_reader *r);

/* Is this that array, with at least n values? */
static inline bool wims_redis_is_array(const struct wims_redis_value *v, size_t n)
{
	return v->type == WIMS_REDIS_ARRAY && v->count >= n;
}

#endif
