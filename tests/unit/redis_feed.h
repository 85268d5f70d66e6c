/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef REDIS_FEED_H
#define REDIS_FEED_H

/* Replies of Redis that come in parts. For fuzz targets too. */

#include "redis/wims_redis_reply.h"

/* What the reader makes of in, so many bytes at a time, up to the first reply. */
static inline enum wims_redis_read redis_feed(struct wims_redis_reader *r, struct wims_pl in,
											  size_t part, const struct wims_redis_value **v)
{
	enum wims_redis_read what;

	do {
		what = wims_redis_read(r, (struct wims_pl){in.p, in.l < part ? in.l : part}, v);
		in = wims_pl_from(in, part);
	} while(what == WIMS_REDIS_MORE && in.l > 0);
	return what;
}

#endif
