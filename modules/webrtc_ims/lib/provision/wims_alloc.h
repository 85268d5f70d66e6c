/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_ALLOC_H
#define WIMS_ALLOC_H

/* The IMPUs of a block that are allocated to users: the store knows them by number,
 * 0 to size - 1, everybody else by name. Written as
 *
 *   sip:desk-{000..999}@HOST            a counter, as many digits in all
 *   sip:{10..14}-desk{0..9}@HOST        two; the second one counts up first
 *   a list of IMPUs                     in the order of the file */

#include "base/wims_w.h"
#include "provision/wims_entries.h"
#include "provision/wims_wwsf.h"
#include "range/wims_range.h"

enum
{
	WIMS_ALLOC_COUNTERS_MAX = 2,
	WIMS_ALLOC_DIGITS_MAX = 18, /* of a counter */
	WIMS_ALLOC_LIST_MAX = 10000,
	WIMS_ALLOC_TEXT_MAX = 512 /* bytes of a pattern */
};

#define WIMS_BLOCK_MAX UINT64_C(100000000) /* IMPUs of one block */

struct wims_counter
{
	uint64_t first;
	uint64_t count;
	size_t digits;
};

struct wims_alloc
{
	uint64_t size;
	struct wims_pl text; /* the pattern; empty: a list */
	size_t counters;     /* 0: a list */
	/* before, between and behind the counters */
	struct wims_pl literal[WIMS_ALLOC_COUNTERS_MAX + 1];
	struct wims_counter counter[WIMS_ALLOC_COUNTERS_MAX];
	struct wims_pl_list list;
	struct wims_entries sorted; /* the same, item being the number */
};

/* text is borrowed. False: *fault has why and at, *a is of no use. */
WIMS_MUST_CHECK bool wims_alloc_pattern(struct wims_alloc *a, struct wims_pl text,
										struct wims_range_fault *fault);
/* A block of numbers as such a pattern. */
void wims_alloc_write_block(struct wims_w *w, const struct wims_range *block);
/* A range that holds all that the pattern makes, and perhaps a little more. */
void wims_alloc_write_range(struct wims_w *w, const struct wims_alloc *a);

/* *impu borrows a or buf, and is empty unless true. False: no such number. */
WIMS_MUST_CHECK bool wims_alloc_impu(const struct wims_alloc *a, uint64_t index,
									 char buf[WIMS_IMPU_MAX], struct wims_pl *impu);
/* The number of a canonical IMPU; false: it is none of them. */
WIMS_MUST_CHECK bool wims_alloc_index(const struct wims_alloc *a, struct wims_pl impu,
									  uint64_t *index);

#endif
