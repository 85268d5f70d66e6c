/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_ENTRIES_H
#define WIMS_ENTRIES_H

/* Sorted lists of text with the place in the file each came from: the index
 * behind every look-up, and the way to find what two WWSFs claim. */

#include "provision/wims_arena.h"

struct wims_entry
{
	struct wims_pl key;
	uint32_t wwsf; /* position in the file */
	uint32_t item; /* position in that WWSF's array */
	bool pattern;  /* key holds one '*' */
};

struct wims_entries
{
	struct wims_entry *at;
	size_t count;
	size_t size;
};

/* Bytes first, then length; < 0, 0, > 0. */
int wims_pl_order(struct wims_pl a, struct wims_pl b);

/* Memory comes from arena. False: out of memory. key is borrowed. */
WIMS_MUST_CHECK bool wims_entries_add(struct wims_entries *list, struct wims_arena *arena,
									  struct wims_entry e);
/* Exact entries before patterns, then by key, then by place in the file. */
void wims_entries_sort(struct wims_entries *list);
/* In a sorted list: the first entry whose key equals its predecessor's, of
 * the same sort; NULL when all differ. The predecessor is at [-1]. */
const struct wims_entry *wims_entries_repeated(const struct wims_entries *list);
/* Exact entries of a sorted list only; NULL when there is none. */
const struct wims_entry *wims_entries_find(const struct wims_entries *list, struct wims_pl key);
/* How many exact entries, and position of the first exact one not before key. */
size_t wims_entries_exact(const struct wims_entries *list);
size_t wims_entries_lower(const struct wims_entries *list, struct wims_pl key);

#endif
