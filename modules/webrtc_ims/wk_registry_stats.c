/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registry_stats.h"

#include <stdatomic.h>
#include <string.h>

#include "core/mem/shm_mem.h"
#include "wk_state.h"
#include "wk_stats.h"

struct times
{
	atomic_ullong steps, failures;
	atomic_ullong classes[WK_REGISTRY_CLASSES];
	atomic_llong slowest_us;
};

struct shared
{
	struct times of[WK_REGISTRY_STEP_COUNT];
	atomic_ullong away;
	atomic_int last;
	atomic_llong last_at;
};

static struct shared *shared;

static const int64_t bounds[] = {WK_REGISTRY_CLASSES_US};
_Static_assert(sizeof(bounds) / sizeof(bounds[0]) == WK_REGISTRY_CLASSES - 1,
			   "a class for each bound, and one for the rest");

int wk_registry_stats_init(void)
{
	if((shared = shm_malloc(sizeof(*shared))) == NULL)
		return -1;
	memset(shared, 0, sizeof(*shared));
	return 0;
}

void wk_registry_stats_destroy(void)
{
	if(shared != NULL)
		shm_free(shared);
	shared = NULL;
}

/* What says that something is wrong with the store and not with the request. */
static bool is_failure(enum wims_reason r)
{
	return r == WIMS_REGISTRAR_AWAY || r == WIMS_REGISTRAR_BAD || r == WIMS_NOMEM
		   || r == WIMS_INTERNAL;
}

static void note_failure(struct times *t, enum wims_reason r)
{
	atomic_fetch_add(&t->failures, 1);
	atomic_store(&shared->last, (int)r);
	atomic_store(&shared->last_at, wk_now_ms());
	if(r == WIMS_REGISTRAR_AWAY)
		atomic_fetch_add(&shared->away, 1);
	wk_stats_event(WK_EV_REGISTRAR_FAILURES);
}

void wk_registry_note(enum wk_registry_step step, enum wims_reason r, int64_t began, int64_t ended,
					  uint64_t ignored)
{
	struct times *t = &shared->of[step];
	int64_t took = ended - began;
	long long slowest = atomic_load(&t->slowest_us);
	size_t i = 0;

	while(i < WK_REGISTRY_CLASSES - 1 && took > bounds[i])
		i++;
	atomic_fetch_add(&t->steps, 1);
	atomic_fetch_add(&t->classes[i], 1);
	while(took > slowest && !atomic_compare_exchange_weak(&t->slowest_us, &slowest, took))
		;
	wk_stats_event(WK_EV_REGISTRAR_STEPS);
	wk_stats_events(WK_EV_REGISTRAR_IGNORED, ignored);
	if(is_failure(r))
		note_failure(t, r);
}

struct wk_registry_times wk_registry_times(enum wk_registry_step step)
{
	struct times *t = &shared->of[step];
	struct wk_registry_times out = {
			.steps = atomic_load(&t->steps),
			.failures = atomic_load(&t->failures),
			.slowest_us = atomic_load(&t->slowest_us),
	};
	size_t i;

	for(i = 0; i < WK_REGISTRY_CLASSES; i++)
		out.classes[i] = atomic_load(&t->classes[i]);
	return out;
}

#define STEP_TEXT(id, name) name,
const char *wk_registry_step_text(enum wk_registry_step step)
{
	static const char *const texts[] = {WK_REGISTRY_STEPS(STEP_TEXT)};

	return texts[step];
}

enum wims_reason wk_registry_last_failure(int64_t *at)
{
	*at = atomic_load(&shared->last_at);
	return (enum wims_reason)atomic_load(&shared->last);
}

uint64_t wk_registry_away_count(void)
{
	return atomic_load(&shared->away);
}
