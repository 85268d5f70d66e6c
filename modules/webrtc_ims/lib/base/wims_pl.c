/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_pl.h"

#include <string.h>

struct wims_pl wims_pl_str(const char *s)
{
	return s == NULL ? WIMS_PL_NONE : (struct wims_pl){s, strlen(s)};
}

bool wims_pl_eq(struct wims_pl a, struct wims_pl b)
{
	return a.l == b.l && (a.l == 0 || memcmp(a.p, b.p, a.l) == 0);
}

bool wims_pl_starts(struct wims_pl s, struct wims_pl prefix)
{
	return s.l >= prefix.l && wims_pl_eq((struct wims_pl){s.p, prefix.l}, prefix);
}

bool wims_pl_casestarts(struct wims_pl s, struct wims_pl prefix)
{
	size_t i;

	if(s.l < prefix.l)
		return false;
	for(i = 0; i < prefix.l; i++)
		if(s.p[i] != prefix.p[i] && wims_lower(s.p[i]) != wims_lower(prefix.p[i]))
			return false;
	return true;
}

size_t wims_pl_find(struct wims_pl s, char c)
{
	const char *hit = s.l == 0 ? NULL : memchr(s.p, c, s.l);

	return hit == NULL ? s.l : (size_t)(hit - s.p);
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

struct wims_pl wims_pl_trim(struct wims_pl s)
{
	while(s.l > 0 && blank(s.p[0])) {
		s.p++;
		s.l--;
	}
	while(s.l > 0 && blank(s.p[s.l - 1]))
		s.l--;
	return s;
}

struct wims_pl wims_pl_from(struct wims_pl s, size_t at)
{
	return at >= s.l ? WIMS_PL_NONE : (struct wims_pl){s.p + at, s.l - at};
}

bool wims_pl_part(struct wims_pl *rest, struct wims_pl *part)
{
	size_t end = wims_pl_find(*rest, ',');
	bool more = end < rest->l;

	*part = (struct wims_pl){rest->p, end};
	*rest = wims_pl_from(*rest, end + 1);
	return more;
}

bool wims_pl_u64(struct wims_pl s, uint64_t *out)
{
	uint64_t n = 0;
	size_t i;

	if(s.l == 0)
		return false;
	for(i = 0; i < s.l; i++) {
		unsigned digit = (unsigned)(unsigned char)s.p[i] - '0';

		if(digit > 9 || n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = n;
	return true;
}
