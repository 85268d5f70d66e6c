/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sweep.h"

#include <stdlib.h>
#include <string.h>

typedef void (*sweep_fn)(void *ctx, struct wims_pl input);

/* A block of l bytes, the first n of them from p. */
static char *block(const char *p, size_t n, size_t l)
{
	char *b = malloc(l > 0 ? l : 1);

	if(b == NULL)
		abort();
	memcpy(b, p, n);
	return b;
}

static void truncated(struct wims_pl seed, size_t l, sweep_fn one, void *ctx)
{
	char *b = block(seed.p, l, l);

	one(ctx, (struct wims_pl){b, l});
	free(b);
}

static void flipped(struct wims_pl seed, size_t bit, sweep_fn one, void *ctx)
{
	char *b = block(seed.p, seed.l, seed.l);

	b[bit / 8] = (char)(b[bit / 8] ^ (1 << bit % 8));
	one(ctx, (struct wims_pl){b, seed.l});
	free(b);
}

static void doubled(struct wims_pl seed, size_t at, sweep_fn one, void *ctx)
{
	char *b = block(seed.p, at, seed.l + 1);

	memcpy(b + at, seed.p + at - 1, seed.l - at + 1);
	one(ctx, (struct wims_pl){b, seed.l + 1});
	free(b);
}

size_t sweep(struct wims_pl seed, sweep_fn one, void *ctx)
{
	size_t i;

	for(i = 0; i < seed.l; i++)
		truncated(seed, i, one, ctx);
	for(i = 0; i < seed.l * 8; i++)
		flipped(seed, i, one, ctx);
	for(i = 1; i <= seed.l; i++)
		doubled(seed, i, one, ctx);
	return seed.l * 10;
}

size_t sweep_letters(struct wims_pl seed, size_t from, sweep_fn one, void *ctx)
{
	static const char letters[] =
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char *b = block(seed.p, seed.l, seed.l);
	size_t i, n, count = 0;

	for(i = from; i < seed.l; i++) {
		for(n = 0; n < sizeof(letters) - 1; n++) {
			if(letters[n] == seed.p[i])
				continue;
			b[i] = letters[n];
			one(ctx, (struct wims_pl){b, seed.l});
			count++;
		}
		b[i] = seed.p[i];
	}
	free(b);
	return count;
}
