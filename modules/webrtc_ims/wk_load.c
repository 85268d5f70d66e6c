/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_load.h"

#include <stdatomic.h>
#include <time.h>

#include "core/mem/shm_mem.h"
#include "wk_params.h"
#include "wk_state.h"
#include "wk_workers.h"

enum
{
	NOT_PINNED = -1,
	LOOKED_AT = 7, /* of so many messages one: to ask for the processor's time is a system call */
	AROUND = 2,    /* reading a message and waiting for it take no more than answering it */
	TOLD_FROM = WIMS_SHED_STEP / 10 /* below that it is not worth a line of the log */
};

/* Written by the process WIMS, but for what is said; pinned by that of the RPC. */
struct shared
{
	atomic_uint work, behind, queue, memory, refusing, level;
	atomic_ullong refused_ns; /* by workers: what they refused so far has taken */
	atomic_int pinned;
};

static struct shared *shared;
/* Of the process WIMS. */
static struct wims_load load;
static int64_t last;
static uint64_t refused_before;
/* Of each worker: the message that it is at. Times are the processor's of this process. */
static struct
{
	uint64_t since;    /* when it came; 0: not looked at */
	uint64_t answered; /* 0: not, or not refused */
	unsigned left;     /* until one is looked at */
	bool refused;
} message;

int wk_load_init(void)
{
	load = (struct wims_load){0};
	last = 0;
	refused_before = 0;
	if((shared = shm_malloc(sizeof(*shared))) == NULL) {
		LM_ERR("no shared memory for the load\n");
		return -1;
	}
	atomic_init(&shared->work, 0);
	atomic_init(&shared->behind, 0);
	atomic_init(&shared->queue, 0);
	atomic_init(&shared->memory, 0);
	atomic_init(&shared->refusing, 0);
	atomic_init(&shared->refused_ns, 0);
	atomic_init(&shared->level, 0);
	atomic_init(&shared->pinned, NOT_PINNED);
	return 0;
}

void wk_load_destroy(void)
{
	if(shared != NULL)
		shm_free(shared);
	shared = NULL;
}

static uint32_t memory_used(void)
{
	unsigned long left = shm_available();

	if(shm_mem_size == 0 || left >= shm_mem_size)
		return 0;
	return (uint32_t)((uint64_t)(shm_mem_size - left) * WIMS_LOAD_FULL / shm_mem_size);
}

static uint64_t own_ns(void)
{
	struct timespec t;

	if(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) < 0)
		return 0;
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* From one message to the next, as it has to be read as well; but a TLS handshake in between
 * is none of it, and takes longer than all the rest. */
static void count_refusal(void)
{
	uint64_t most = AROUND * (message.answered - message.since);
	uint64_t took = own_ns() - message.since;

	atomic_fetch_add(&shared->refused_ns, LOOKED_AT * (took < most ? took : most));
}

void wk_load_arrived(void)
{
	if(message.answered != 0)
		count_refusal();
	message.since = message.answered = 0;
	message.refused = false;
	if(wk_load_level() == 0 || message.left-- > 0)
		return;
	message.left = LOOKED_AT - 1;
	message.since = own_ns();
}

void wk_load_refused(void)
{
	message.refused = true;
}

void wk_load_answered(void)
{
	if(message.refused && message.since != 0)
		message.answered = own_ns();
}

static uint32_t refusing(uint64_t ran)
{
	uint64_t now = atomic_load(&shared->refused_ns);
	uint64_t took = now - refused_before;

	refused_before = now;
	if(ran == 0)
		return 0;
	return took >= ran ? WIMS_LOAD_FULL : (uint32_t)(took * WIMS_LOAD_FULL / ran);
}

/* Once when it begins, and once when it is over. */
static void tell(const struct wims_load *l)
{
	static bool told;

	if(told ? l->level > 0 : l->level < TOLD_FROM)
		return;
	told = !told;
	if(told)
		LM_WARN("overload: workers are busy %u %% of their time, buffers %u %% full, "
				"shared memory %u %% in use: new requests are refused\n",
				l->now.work / WK_LOAD_PERCENT, l->now.queue / WK_LOAD_PERCENT,
				l->now.memory / WK_LOAD_PERCENT);
	else
		LM_NOTICE("overload is over\n");
}

static void publish(const struct wims_load *l)
{
	atomic_store(&shared->work, l->now.work);
	atomic_store(&shared->behind, l->now.behind);
	atomic_store(&shared->queue, l->now.queue);
	atomic_store(&shared->memory, l->now.memory);
	atomic_store(&shared->refusing, l->now.refusing);
	atomic_store(&shared->level, l->level);
}

void wk_load_tick(void)
{
	int64_t now = wk_now_ms();
	struct wims_load_policy policy = {(uint32_t)wk_params.overload_work * WK_LOAD_PERCENT,
									  (uint32_t)wk_params.overload_memory * WK_LOAD_PERCENT};
	struct wk_workers workers;

	if(now - last < WIMS_LOAD_BEAT_MS)
		return;
	last = now;
	wk_workers_step_back(wk_params.tcp_nice);
	workers = wk_workers_measure(now * 1000000);
	wims_load_beat(&load, &policy,
				   &(struct wims_load_measured){.work = workers.busy,
												.behind = workers.behind,
												.queue = wk_workers_queued(),
												.memory = memory_used(),
												.refusing = refusing(workers.ran_ns)});
	publish(&load);
	tell(&load);
}

uint32_t wk_load_level(void)
{
	int pinned = atomic_load(&shared->pinned);

	return pinned != NOT_PINNED ? (uint32_t)pinned : atomic_load(&shared->level);
}

struct wk_load_view wk_load_view(void)
{
	return (struct wk_load_view){
			.measured = {atomic_load(&shared->work), atomic_load(&shared->behind),
						 atomic_load(&shared->queue), atomic_load(&shared->memory),
						 atomic_load(&shared->refusing)},
			.level = wk_load_level(),
			.pinned = atomic_load(&shared->pinned) != NOT_PINNED,
	};
}

void wk_load_pin(int level)
{
	atomic_store(&shared->pinned, level < 0 ? NOT_PINNED : level);
	if(level < 0)
		LM_NOTICE("the level of overload follows the load, by hand\n");
	else
		LM_NOTICE("the level of overload is pinned to %d %% by hand\n",
				  level / (int)WK_LEVEL_PERCENT);
}
