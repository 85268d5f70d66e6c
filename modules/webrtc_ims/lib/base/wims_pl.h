/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_PL_H
#define WIMS_PL_H

/* Byte slices. Nothing that comes from the network ends in NUL, so text is
 * carried as pointer and length from end to end. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIMS_MUST_CHECK __attribute__((warn_unused_result))

/* Borrowed bytes: the slice never owns what it points at. */
struct wims_pl
{
	const char *p;
	size_t l;
};

#define WIMS_PL(lit) ((struct wims_pl){"" lit, sizeof(lit) - 1})
#define WIMS_PL_NONE ((struct wims_pl){NULL, 0})

/* A C string as a slice; NULL is the empty slice. */
struct wims_pl wims_pl_str(const char *s);

bool wims_pl_eq(struct wims_pl a, struct wims_pl b);
bool wims_pl_starts(struct wims_pl s, struct wims_pl prefix);
/* ASCII case only; the locale plays no part. */
bool wims_pl_casestarts(struct wims_pl s, struct wims_pl prefix);

/* One byte in lower case, likewise. */
static inline char wims_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Inline: lists of names are looked through with it. */
static inline bool wims_pl_caseeq(struct wims_pl a, struct wims_pl b)
{
	return a.l == b.l && wims_pl_casestarts(a, b);
}

/* Position of c, or s.l when it is not there. */
size_t wims_pl_find(struct wims_pl s, char c);
/* Without leading and trailing SP and HTAB. */
struct wims_pl wims_pl_trim(struct wims_pl s);
/* The bytes from position at on; empty when at is past the end. */
struct wims_pl wims_pl_from(struct wims_pl s, size_t at);
/* Takes what is in front of the next comma off *rest, and the comma. False: it was the
 * last part. */
bool wims_pl_part(struct wims_pl *rest, struct wims_pl *part);

/* Decimal digits only, no sign, no space, no overflow. *out is set only on
 * true. */
WIMS_MUST_CHECK bool wims_pl_u64(struct wims_pl s, uint64_t *out);

#endif
