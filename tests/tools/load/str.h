/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_STR_H
#define WL_STR_H

/* A slice of somebody else's bytes, not ended by NUL. */

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct wl_str
{
	const char *p;
	size_t n;
};

#define WL_STR(lit) ((struct wl_str){(lit), sizeof(lit) - 1})

static inline struct wl_str wl_str(const char *s)
{
	return (struct wl_str){s, strlen(s)};
}

static inline bool wl_str_eq(struct wl_str a, struct wl_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

#endif
