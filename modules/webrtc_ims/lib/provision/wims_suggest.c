/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_suggest.h"

#include <string.h>

static char folded(char c)
{
	if(c >= 'A' && c <= 'Z')
		return (char)(c + ('a' - 'A'));
	return c == '-' ? '_' : c;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment, three rows of the table at a time. */
size_t wims_name_distance(struct wims_pl a, struct wims_pl b)
{
	size_t rows[3][WIMS_SUGGEST_NAME_MAX + 1];
	size_t *two = rows[0], *one = rows[1], *cur = rows[2];
	size_t i, j;

	if(a.l > WIMS_SUGGEST_NAME_MAX || b.l > WIMS_SUGGEST_NAME_MAX)
		return SIZE_MAX;
	for(j = 0; j <= b.l; j++)
		one[j] = two[j] = j;
	for(i = 1; i <= a.l; i++) {
		size_t *oldest = two;

		cur[0] = i;
		for(j = 1; j <= b.l; j++) {
			char x = folded(a.p[i - 1]), y = folded(b.p[j - 1]);

			cur[j] = least(least(one[j], cur[j - 1]) + 1, one[j - 1] + (x != y));
			if(i > 1 && j > 1 && x == folded(b.p[j - 2]) && y == folded(a.p[i - 2]))
				cur[j] = least(cur[j], two[j - 2] + 1);
		}
		two = one;
		one = cur;
		cur = oldest;
	}
	return one[b.l];
}

bool wims_name_close(struct wims_pl a, struct wims_pl b)
{
	size_t distance = wims_name_distance(a, b);

	return distance != SIZE_MAX && distance * 3 <= (a.l > b.l ? a.l : b.l);
}
