/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_used_up.h"

#include <string.h>

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "range/wims_range.h"
#include "wk_env.h"
#include "wk_event.h"
#include "wk_proc.h"
#include "wk_state.h"

enum
{
	NOTED_MAX = 16, /* blocks at a time; of more than that the counter tells alone */
	WWSF_MAX = 64   /* bytes of its name */
};

struct noted
{
	char tag[WIMS_BLOCK_TAG_LEN + 1];
	bool due;
	int64_t told;
	uint16_t wwsf_len, range_len;
	char wwsf[WWSF_MAX];
	char range[WIMS_RANGE_TEXT_MAX];
};

static struct shared
{
	gen_lock_t lock;
	struct noted at[NOTED_MAX];
} * shared;

int wk_used_up_init(void)
{
	shared = shm_malloc(sizeof(*shared));
	if(shared != NULL)
		memset(shared, 0, sizeof(*shared));
	if(shared == NULL || lock_init(&shared->lock) == NULL) {
		LM_ERR("no shared memory for blocks\n");
		return -1;
	}
	return 0;
}

void wk_used_up_destroy(void)
{
	if(shared != NULL)
		shm_free(shared);
	shared = NULL;
}

/* Its own place, or that of the block told of the longest time ago; NULL: all are
 * due. */
static struct noted *place_of(const char *tag)
{
	struct noted *best = NULL;
	size_t i;

	for(i = 0; i < NOTED_MAX; i++) {
		struct noted *n = &shared->at[i];

		if(strcmp(n->tag, tag) == 0)
			return n;
		if(!n->due && (best == NULL || n->told < best->told))
			best = n;
	}
	return best;
}

static void fill(struct noted *n, const struct wims_wwsf *w, const struct wims_wwsf_range *range)
{
	memcpy(n->tag, range->block.tag, sizeof(n->tag));
	n->wwsf_len = (uint16_t)(w->name.l < WWSF_MAX ? w->name.l : WWSF_MAX);
	memcpy(n->wwsf, w->name.p, n->wwsf_len);
	n->range_len =
			(uint16_t)(range->text.l < WIMS_RANGE_TEXT_MAX ? range->text.l : WIMS_RANGE_TEXT_MAX);
	memcpy(n->range, range->text.p, n->range_len);
}

void wk_used_up_note(const struct wims_wwsf *w, const struct wims_wwsf_range *range)
{
	int64_t now = wk_now_ms();
	struct noted *n;
	bool new = false;

	lock_get(&shared->lock);
	n = place_of(range->block.tag);
	if(n != NULL && !n->due
	   && (strcmp(n->tag, range->block.tag) != 0 || now - n->told >= WK_USED_UP_EACH_MS)) {
		fill(n, w, range);
		n->due = new = true;
	}
	lock_release(&shared->lock);
	if(new)
		wk_proc_wake();
}

static bool next_due(struct noted *out)
{
	size_t i;

	lock_get(&shared->lock);
	for(i = 0; i < NOTED_MAX && !shared->at[i].due; i++)
		;
	if(i < NOTED_MAX) {
		shared->at[i].due = false;
		shared->at[i].told = wk_now_ms();
		*out = shared->at[i];
	}
	lock_release(&shared->lock);
	return i < NOTED_MAX;
}

void wk_used_up_tick(void)
{
	static struct noted n;

	while(next_due(&n)) {
		const struct wk_event_fields fields = {
				.wwsf = {n.wwsf, n.wwsf_len},
				.range = {n.range, n.range_len},
				.reason = wims_pl_str(wims_reason_text(WIMS_BLOCK_USED_UP)),
		};

		LM_WARN("no IMPU of %.*s is free\n", WK_FMT(fields.range));
		wk_event_run(WK_ON_BLOCK_USED_UP, &fields);
	}
}
