/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_queue.h"

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "wk_proc.h"

struct queue
{
	gen_lock_t lock;
	unsigned size;
	unsigned head; /* next to take */
	unsigned used;
	unsigned overflows;
	uint32_t conns[];
};

static struct queue *queue;

int wk_queue_init(int size)
{
	queue = shm_malloc(sizeof(*queue) + (size_t)size * sizeof(queue->conns[0]));
	if(queue == NULL || lock_init(&queue->lock) == NULL) {
		LM_ERR("no shared memory for queue_size=%d\n", size);
		return -1;
	}
	queue->size = (unsigned)size;
	queue->head = queue->used = queue->overflows = 0;
	return 0;
}

void wk_queue_destroy(void)
{
	if(queue != NULL)
		shm_free(queue);
	queue = NULL;
}

void wk_queue_put(uint32_t conn)
{
	lock_get(&queue->lock);
	if(queue->used < queue->size)
		queue->conns[(queue->head + queue->used++) % queue->size] = conn;
	else
		queue->overflows++;
	lock_release(&queue->lock);
	wk_proc_wake();
}

size_t wk_queue_take(uint32_t *conns, size_t n)
{
	size_t i;

	lock_get(&queue->lock);
	for(i = 0; i < n && queue->used > 0; i++) {
		conns[i] = queue->conns[queue->head];
		queue->head = (queue->head + 1) % queue->size;
		queue->used--;
	}
	lock_release(&queue->lock);
	return i;
}

unsigned wk_queue_overflows(void)
{
	return queue == NULL ? 0 : queue->overflows;
}
