/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <jansson.h>

#include "scarce_json.h"

enum
{
	ALLOCATIONS_MAX = 1000
};

static size_t left, failed, live;
static bool only_one;

static void *library_malloc(size_t n)
{
	void *p = NULL;

	if(left > 0) {
		left--;
		p = malloc(n);
	} else {
		failed++;
		if(only_one)
			left = SIZE_MAX;
	}
	live += p != NULL;
	return p;
}

static void library_free(void *p)
{
	live -= p != NULL;
	free(p);
}

/* How many allocations failed. */
static size_t with_memory(size_t n, bool one_fails, enum wims_reason (*one)(void *ctx), void *ctx)
{
	enum wims_reason r;

	left = n;
	only_one = one_fails;
	failed = live = 0;
	r = one(ctx);
	if(failed > 0 && r != WIMS_NOMEM)
		fail_msg("%s when allocation %zu failed", wims_reason_text(r), n + 1);
	if(failed == 0 && r != WIMS_OK)
		fail_msg("%s with enough memory", wims_reason_text(r));
	if(live > 0)
		fail_msg("%zu blocks lost when allocation %zu failed", live, n + 1);
	return failed;
}

size_t scarce_json(enum wims_reason (*one)(void *ctx), void *ctx)
{
	size_t n;

	json_set_alloc_funcs(library_malloc, library_free);
	for(n = 0; n < ALLOCATIONS_MAX; n++)
		/* the one alone first: what is good may be remembered by the code */
		if(with_memory(n, true, one, ctx) + with_memory(n, false, one, ctx) == 0)
			break;
	json_set_alloc_funcs(malloc, free);
	assert_in_range(n, 1, ALLOCATIONS_MAX - 1);
	return n;
}
