/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_hand.h"

#include <string.h>

#include "core/async_task.h"
#include "core/mem/shm_mem.h"

/* In one block, which the worker frees. */
struct handed
{
	async_task_t task;
	void (*f)(const void *arg);
	char arg[];
};

static void run(void *param)
{
	const struct handed *h = param;

	h->f(h->arg);
}

static struct handed *new_one(void (*f)(const void *arg), const void *arg, size_t size)
{
	struct handed *h = shm_malloc(sizeof(*h) + size);

	if(h == NULL)
		return NULL;
	h->task.exec = run;
	h->task.param = h;
	h->f = f;
	memcpy(h->arg, arg, size);
	return h;
}

void wk_hand(void (*f)(const void *arg), const void *arg, size_t size)
{
	struct handed *h = async_task_workers_get() > 0 ? new_one(f, arg, size) : NULL;

	if(h != NULL && async_task_push(&h->task) >= 0)
		return;
	if(h != NULL)
		shm_free(h);
	f(arg);
}
