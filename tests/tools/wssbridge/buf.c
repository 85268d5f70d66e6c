/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "buf.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

enum
{
	FIRST_CAP = 4096
};

bool wb_buf_add(struct wb_buf *b, const void *data, size_t n, size_t max)
{
	size_t cap = b->cap ? b->cap : FIRST_CAP;
	char *p;

	if(n > max || b->len > max - n)
		return false;
	while(cap < b->len + n)
		cap *= 2;
	if(cap != b->cap) {
		p = realloc(b->p, cap);
		if(p == NULL)
			return false;
		b->p = p;
		b->cap = cap;
	}
	memcpy(b->p + b->len, data, n);
	b->len += n;
	return true;
}

void wb_buf_drop(struct wb_buf *b, size_t n)
{
	if(n == 0)
		return;
	b->len -= n;
	memmove(b->p, b->p + n, b->len);
}

void wb_buf_free(struct wb_buf *b)
{
	free(b->p);
	*b = (struct wb_buf){0};
}

bool wb_queue_put(struct wb_queue *q, const void *data, size_t n)
{
	struct wb_msg *m = malloc(sizeof(*m) + LWS_PRE + n);

	if(m == NULL)
		return false;
	m->next = NULL;
	m->len = n;
	memcpy(wb_msg_data(m), data, n);
	if(q->last != NULL)
		q->last->next = m;
	else
		q->first = m;
	q->last = m;
	q->count++;
	return true;
}

struct wb_msg *wb_queue_take(struct wb_queue *q)
{
	struct wb_msg *m = q->first;

	if(m == NULL)
		return NULL;
	q->first = m->next;
	if(q->first == NULL)
		q->last = NULL;
	q->count--;
	return m;
}

void wb_queue_free(struct wb_queue *q)
{
	struct wb_msg *m;

	while((m = wb_queue_take(q)) != NULL)
		free(m);
}

unsigned char *wb_msg_data(struct wb_msg *m)
{
	return m->room + LWS_PRE;
}
