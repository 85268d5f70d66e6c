/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WB_BUF_H
#define WB_BUF_H

/* A growing buffer for bytes on their way in, and a queue of whole messages
 * on their way out. Both are bounded by their users. */

#include <stdbool.h>
#include <stddef.h>

struct wb_buf
{
	char *p;
	size_t len, cap;
};

/* false: no memory, or the buffer would hold more than max bytes. */
bool wb_buf_add(struct wb_buf *b, const void *data, size_t n, size_t max);
/* Forgets the first n bytes. */
void wb_buf_drop(struct wb_buf *b, size_t n);
void wb_buf_free(struct wb_buf *b);

struct wb_msg
{
	struct wb_msg *next;
	size_t len;
	unsigned char room[]; /* LWS_PRE bytes for lws_write(), then len of data */
};

struct wb_queue
{
	struct wb_msg *first, *last;
	unsigned count;
};

/* Copies the bytes; false: no memory. */
bool wb_queue_put(struct wb_queue *q, const void *data, size_t n);
/* The caller frees the result with free(); NULL when empty. */
struct wb_msg *wb_queue_take(struct wb_queue *q);
void wb_queue_free(struct wb_queue *q);
unsigned char *wb_msg_data(struct wb_msg *m);

#endif
