/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_heap.h"

static bool before(const struct wims_timer *a, const struct wims_timer *b)
{
	return a->due != b->due ? a->due < b->due : a->seq < b->seq;
}

/* The pointer to the n-th place of the complete tree, counted from 1 level by
 * level: the bits of n below its highest one are the way down. */
static struct wims_timer **place(struct wims_heap *h, size_t n, struct wims_timer **parent)
{
	struct wims_timer **at = &h->root;
	size_t bit = 1;

	*parent = NULL;
	while(bit <= n / 2)
		bit <<= 1;
	for(bit >>= 1; bit > 0; bit >>= 1) {
		*parent = *at;
		at = (n & bit) != 0 ? &(*at)->right : &(*at)->left;
	}
	return at;
}

static struct wims_timer **place_of(struct wims_heap *h, struct wims_timer *t)
{
	if(t->parent == NULL)
		return &h->root;
	return t->parent->left == t ? &t->parent->left : &t->parent->right;
}

static void adopt(struct wims_timer *t)
{
	if(t->left != NULL)
		t->left->parent = t;
	if(t->right != NULL)
		t->right->parent = t;
}

/* t and its parent change places. */
static void lift(struct wims_heap *h, struct wims_timer *t)
{
	struct wims_timer *p = t->parent;
	struct wims_timer *left = t->left, *right = t->right;

	*place_of(h, p) = t;
	t->parent = p->parent;
	t->left = p->left == t ? p : p->left;
	t->right = p->right == t ? p : p->right;
	p->left = left;
	p->right = right;
	adopt(t);
	adopt(p);
}

static void rise(struct wims_heap *h, struct wims_timer *t)
{
	while(t->parent != NULL && before(t, t->parent))
		lift(h, t);
}

static void sink(struct wims_heap *h, struct wims_timer *t)
{
	for(;;) {
		struct wims_timer *least = t->left;

		if(t->right != NULL && before(t->right, least))
			least = t->right;
		if(least == NULL || !before(least, t))
			return;
		lift(h, least);
	}
}

void wims_heap_stop(struct wims_heap *h, struct wims_timer *t)
{
	struct wims_timer *last, *parent;
	struct wims_timer **at;

	if(t->seq == 0)
		return;
	t->seq = 0;
	at = place(h, h->count--, &parent);
	last = *at;
	*at = NULL;
	if(last == t)
		return;
	last->parent = t->parent;
	last->left = t->left;
	last->right = t->right;
	*place_of(h, t) = last;
	adopt(last);
	rise(h, last);
	sink(h, last);
}

void wims_heap_arm(struct wims_heap *h, struct wims_timer *t, int64_t due)
{
	struct wims_timer **at;

	if(t->seq != 0 && t->due == due)
		return;
	wims_heap_stop(h, t);
	t->due = due;
	t->seq = ++h->seq;
	t->left = NULL;
	t->right = NULL;
	at = place(h, ++h->count, &t->parent);
	*at = t;
	rise(h, t);
}
