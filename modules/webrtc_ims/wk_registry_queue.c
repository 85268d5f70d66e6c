/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registry_queue.h"

#include <string.h>

#include "core/locking.h"
#include "core/mem/shm_mem.h"

struct queue
{
	gen_lock_t lock;
	size_t size, head, used, overflows;
	struct wk_registry_news at[];
};

static struct queue *queue;

int wk_registry_queue_init(int size)
{
	queue = shm_malloc(sizeof(*queue) + (size_t)size * sizeof(queue->at[0]));
	if(queue == NULL)
		return -1;
	memset(queue, 0, sizeof(*queue));
	queue->size = (size_t)size;
	return lock_init(&queue->lock) == NULL ? -1 : 0;
}

void wk_registry_queue_destroy(void)
{
	if(queue != NULL)
		shm_free(queue);
	queue = NULL;
}

/* What the flow table has is never longer. */
void wk_registry_news_of(struct wk_registry_news *n, struct wims_pl impu, struct wims_pl name)
{
	*n = (struct wk_registry_news){0};
	if(impu.l > sizeof(n->impu) || name.l != WIMS_CONTACT_USER_LEN)
		return;
	memcpy(n->name, name.p, name.l);
	memcpy(n->impu, impu.p, impu.l);
	n->impu_l = impu.l;
}

void wk_registry_queue_put(struct wims_pl impu, struct wims_pl name)
{
	lock_get(&queue->lock);
	if(queue->used == queue->size)
		queue->overflows++;
	else
		wk_registry_news_of(&queue->at[(queue->head + queue->used++) % queue->size], impu, name);
	lock_release(&queue->lock);
}

bool wk_registry_queue_first(struct wk_registry_news *news)
{
	bool any;

	lock_get(&queue->lock);
	any = queue->used > 0;
	if(any)
		*news = queue->at[queue->head];
	lock_release(&queue->lock);
	return any;
}

/* A full ring has its head in the place behind its tail. */
void wk_registry_queue_next(bool done)
{
	size_t tail;

	lock_get(&queue->lock);
	tail = (queue->head + queue->used) % queue->size;
	if(!done && tail != queue->head)
		queue->at[tail] = queue->at[queue->head];
	queue->head = (queue->head + 1) % queue->size;
	queue->used -= done;
	lock_release(&queue->lock);
}

size_t wk_registry_queue_count(void)
{
	return queue == NULL ? 0 : queue->used;
}

size_t wk_registry_queue_overflows(void)
{
	return queue == NULL ? 0 : queue->overflows;
}
