/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_limits.h"

#include <stdatomic.h>

#include "core/mem/shm_mem.h"
#include "wk_params.h"

enum
{
	/* for each request; the answers of a WIC that is called much have room in it */
	MESSAGES = 10
};

static atomic_int *values; /* WK_LIMIT_COUNT of them */

#define LIMIT_ROW(id, name) [WK_##id] = {#name, &wk_params.name},
static const struct
{
	const char *name;
	const int *begin;
} limits[] = {WK_LIMITS(LIMIT_ROW)};

int wk_limits_init(void)
{
	size_t i;

	values = shm_malloc(WK_LIMIT_COUNT * sizeof(*values));
	if(values == NULL) {
		LM_ERR("no shared memory for limits\n");
		return -1;
	}
	for(i = 0; i < WK_LIMIT_COUNT; i++)
		atomic_init(&values[i], *limits[i].begin);
	return 0;
}

void wk_limits_destroy(void)
{
	if(values != NULL)
		shm_free(values);
	values = NULL;
}

int wk_limit(enum wk_limit which)
{
	return atomic_load_explicit(&values[which], memory_order_relaxed);
}

const char *wk_limit_name(enum wk_limit which)
{
	return limits[which].name;
}

bool wk_limit_set(enum wk_limit which, int value)
{
	int low, high;

	if(!wk_param_range(limits[which].name, &low, &high) || value < low || value > high)
		return false;
	LM_NOTICE("%s is %d now, it was %d\n", limits[which].name, value, wk_limit(which));
	atomic_store(&values[which], value);
	return true;
}

struct wims_pace wk_limits_requests(void)
{
	return wims_pace_per_second((uint32_t)wk_limit(WK_REQUEST_RATE),
								(uint32_t)wk_limit(WK_REQUEST_BURST));
}

struct wims_pace wk_limits_messages(void)
{
	return wims_pace_per_second(MESSAGES * (uint32_t)wk_limit(WK_REQUEST_RATE),
								MESSAGES * (uint32_t)wk_limit(WK_REQUEST_BURST));
}
