/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_RING_H
#define WIMS_RING_H

/* A ring of records, linked through a member of each; the head is a member
 * of whoever owns the list. A link that is in no list points at itself. */

#include <stdbool.h>
#include <stddef.h>

/* The record whose member this points at. */
#define WIMS_OWNER(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

struct wims_ring
{
	struct wims_ring *prev;
	struct wims_ring *next;
};

static inline void wims_ring_init(struct wims_ring *l)
{
	l->prev = l;
	l->next = l;
}

static inline bool wims_ring_empty(const struct wims_ring *l)
{
	return l->next == l;
}

static inline void wims_ring_append(struct wims_ring *head, struct wims_ring *l)
{
	l->prev = head->prev;
	l->next = head;
	head->prev->next = l;
	head->prev = l;
}

/* Nothing happens to a link that is in no list. */
static inline void wims_ring_remove(struct wims_ring *l)
{
	l->prev->next = l->next;
	l->next->prev = l->prev;
	wims_ring_init(l);
}

#endif
