/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_RUN_H
#define WIMS_RUN_H

/* Long texts, byte for byte: what a WIC sends is mostly its token. */

#include "base/wims_pl.h"

enum
{
	WIMS_RUN_BLOCK = 16
};

/* How many bytes at the beginning of s are of a class. is: an inline function;
 * where it joins groups of bytes by |= in place of ||, the compiler judges whole
 * blocks with vector instructions. The runs of a text are long as a rule: lines. */
static inline __attribute__((always_inline)) size_t wims_run_long(struct wims_pl s,
																  bool (*is)(unsigned char c))
{
	size_t n = 0, i;
	unsigned char all = 1;

	while(n + WIMS_RUN_BLOCK <= s.l) {
		for(i = 0; i < WIMS_RUN_BLOCK; i++)
			all &= is((unsigned char)s.p[n + i]);
		if(!all)
			break;
		n += WIMS_RUN_BLOCK;
	}
	while(n < s.l && is((unsigned char)s.p[n]))
		n++;
	return n;
}

/* The same where most are short: names, numbers. */
static inline __attribute__((always_inline)) size_t wims_run(struct wims_pl s,
															 bool (*is)(unsigned char c))
{
	size_t n = 0;

	while(n < s.l && n < WIMS_RUN_BLOCK && is((unsigned char)s.p[n]))
		n++;
	if(n < WIMS_RUN_BLOCK)
		return n;
	return n + wims_run_long(wims_pl_from(s, n), is);
}

#endif
