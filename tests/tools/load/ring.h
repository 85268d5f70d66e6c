/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_LIST_H
#define WL_LIST_H

/* A ring of nodes that lie in what they list. A node of no list points to
 * itself. All is O(1). */

#include <stdbool.h>
#include <stddef.h>

struct wl_node
{
	struct wl_node *next, *prev;
};

struct wl_ring
{
	struct wl_node head;
	unsigned count;
};

#define WL_HOLDER(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

static inline void wl_ring_init(struct wl_ring *r)
{
	r->head.next = r->head.prev = &r->head;
	r->count = 0;
}

static inline void wl_ring_put(struct wl_ring *r, struct wl_node *n)
{
	n->prev = r->head.prev;
	n->next = &r->head;
	n->prev->next = n;
	r->head.prev = n;
	r->count++;
}

static inline void wl_ring_remove(struct wl_ring *r, struct wl_node *n)
{
	n->prev->next = n->next;
	n->next->prev = n->prev;
	n->next = n->prev = n;
	r->count--;
}

/* NULL: it is empty. The node stays in it. */
static inline struct wl_node *wl_ring_first(const struct wl_ring *r)
{
	return r->count == 0 ? NULL : r->head.next;
}

#endif
