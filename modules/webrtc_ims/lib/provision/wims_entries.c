/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_entries.h"

#include <stdlib.h>
#include <string.h>

enum
{
	FIRST_SIZE = 64
};

int wims_pl_order(struct wims_pl a, struct wims_pl b)
{
	size_t n = a.l < b.l ? a.l : b.l;
	int d = n > 0 ? memcmp(a.p, b.p, n) : 0;

	return d != 0 ? d : (a.l > b.l) - (a.l < b.l);
}

bool wims_entries_add(struct wims_entries *list, struct wims_arena *arena, struct wims_entry e)
{
	if(list->count == list->size) {
		size_t size = list->size > 0 ? list->size * 2 : FIRST_SIZE;
		struct wims_entry *at = wims_arena_alloc(arena, size, sizeof(*at));

		if(at == NULL)
			return false;
		if(list->count > 0)
			memcpy(at, list->at, list->count * sizeof(*at));
		list->at = at;
		list->size = size;
	}
	list->at[list->count++] = e;
	return true;
}

static int by_place(const void *pa, const void *pb)
{
	const struct wims_entry *a = pa, *b = pb;
	int d;

	if(a->pattern != b->pattern)
		return a->pattern - b->pattern;
	if((d = wims_pl_order(a->key, b->key)) != 0)
		return d;
	if(a->wwsf != b->wwsf)
		return a->wwsf < b->wwsf ? -1 : 1;
	return (a->item > b->item) - (a->item < b->item);
}

void wims_entries_sort(struct wims_entries *list)
{
	if(list->count > 1)
		qsort(list->at, list->count, sizeof(list->at[0]), by_place);
}

const struct wims_entry *wims_entries_repeated(const struct wims_entries *list)
{
	size_t i;

	for(i = 1; i < list->count; i++)
		if(list->at[i].pattern == list->at[i - 1].pattern
		   && wims_pl_eq(list->at[i].key, list->at[i - 1].key))
			return &list->at[i];
	return NULL;
}

size_t wims_entries_exact(const struct wims_entries *list)
{
	size_t lo = 0, hi = list->count;

	while(lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if(list->at[mid].pattern)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

size_t wims_entries_lower(const struct wims_entries *list, struct wims_pl key)
{
	size_t lo = 0, hi = list->count;

	while(lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if(list->at[mid].pattern || wims_pl_order(list->at[mid].key, key) >= 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

const struct wims_entry *wims_entries_find(const struct wims_entries *list, struct wims_pl key)
{
	size_t i = wims_entries_lower(list, key);

	if(i < list->count && !list->at[i].pattern && wims_pl_eq(list->at[i].key, key))
		return &list->at[i];
	return NULL;
}
