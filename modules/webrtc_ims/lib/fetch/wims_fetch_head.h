/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_FETCH_HEAD_H
#define WIMS_FETCH_HEAD_H

/* What of an HTTP answer's head matters to whoever fetches a document: how
 * long it stays fresh (RFC 9111 4.2, 5.1, 5.2.2), and whether its body is
 * something else than what was asked for. */

#include "base/wims_pl.h"

enum
{
	WIMS_FETCH_HEAD_MAX = 32 * 1024, /* bytes of all lines */
	/* RFC 9111 1.2.2: what a larger number of seconds counts as */
	WIMS_FETCH_AGE_MAX = INT32_MAX
};

/* Begins as {0}. */
struct wims_fetch_head
{
	size_t bytes;
	bool encoded;  /* a content or transfer coding other than "chunked" */
	bool said;     /* Cache-Control says how long */
	int64_t fresh; /* s */
	int64_t age;   /* s that it spent in caches before us */
};

/* One line as it came, the status line among them: that one begins anew, as
 * interim answers (1xx) have heads of their own. False: more than
 * WIMS_FETCH_HEAD_MAX bytes in all. */
WIMS_MUST_CHECK bool wims_fetch_head_line(struct wims_fetch_head *h, struct wims_pl line);

/* s that the document stays fresh, at least 0; -1: not said. */
int64_t wims_fetch_head_max_age(const struct wims_fetch_head *h);

#endif
