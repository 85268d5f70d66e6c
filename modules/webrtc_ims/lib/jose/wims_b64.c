/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_b64.h"

enum
{
	FOREIGN = 0x80 /* survives the OR of all values */
};

#define X FOREIGN
/* clang-format off */
static const unsigned char value_of[256] = {
	 X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	 X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	 X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X, 62,  X,  X,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61,  X,  X,  X,  X,  X,  X,
	 X,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,  X,  X,  X,  X, 63,
	 X, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,  X,  X,  X,  X,  X,
	 X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	 X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	 X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	 X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	 X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	 X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	 X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,
	 X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X};
/* clang-format on */
#undef X

static uint32_t group(const unsigned char *in, size_t n, uint32_t *seen)
{
	uint32_t bits = 0;
	size_t i;

	for(i = 0; i < n; i++) {
		uint32_t v = value_of[in[i]];

		*seen |= v;
		bits = bits << 6 | v;
	}
	return bits;
}

/* The last two or three characters; false when bits are left over. */
static bool tail(unsigned char *to, const unsigned char *from, size_t n, uint32_t *seen)
{
	uint32_t bits = group(from, n, seen);
	uint32_t stray = n == 2 ? bits & 0xf : bits & 0x3;

	bits >>= n == 2 ? 4 : 2;
	if(n == 3)
		*to++ = (unsigned char)(bits >> 8);
	*to = (unsigned char)bits;
	return stray == 0;
}

bool wims_b64_decode(void *out, size_t size, size_t *len, struct wims_pl in)
{
	const unsigned char *from = (const unsigned char *)in.p;
	unsigned char *to = out;
	size_t rest = in.l % 4;
	size_t whole = in.l - rest;
	size_t bytes = whole / 4 * 3 + (rest > 0 ? rest - 1 : 0);
	uint32_t seen = 0;
	size_t i;

	if(rest == 1 || bytes > size)
		return false;
	for(i = 0; i < whole; i += 4) {
		uint32_t bits = group(from + i, 4, &seen);

		*to++ = (unsigned char)(bits >> 16);
		*to++ = (unsigned char)(bits >> 8);
		*to++ = (unsigned char)bits;
	}
	if(rest > 0 && !tail(to, from + whole, rest, &seen))
		return false;
	if(seen & FOREIGN)
		return false;
	*len = bytes;
	return true;
}
