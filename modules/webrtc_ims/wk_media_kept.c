/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Names of media sessions in the state directory, media.state, one a line. A start
 * knows nothing of the calls before it, so it ends their sessions: rtpengine would
 * keep each for as long as one side goes on sending. */

#include "wk_media_kept.h"

#include <stdatomic.h>

#include "core/mem/shm_mem.h"
#include "core/timer.h"
#include "identity/wims_host.h"
#include "store/wims_record.h"
#include "wk_event.h"
#include "wk_media.h"
#include "wk_params.h"
#include "wk_state.h"
#include "wk_store.h"

#define FILE_NAME "media"

enum
{
	BLOCK = 200,        /* sessions that are read with the lock held once */
	EACH_SECOND = 800,  /* of earlier starts; the script takes 1000 */
	DELIVERY_MS = 60000 /* so long the script tries to have a session ended */
};

static struct shared
{
	_Atomic int64_t told; /* when the script had been told of all of of_past; 0: not yet */
} * shared;

/* What earlier starts had: the process WIMS ends them, that of the slow timer keeps
 * them until that is over, for a start that does not last as long. */
static struct wims_buf of_past;

/* Of the slow timer: what it saved last. */
static uint64_t kept; /* changes of the table */
static bool with_past;
/* Of the process WIMS. */
static size_t at, ended; /* bytes of of_past, sessions in them */

struct block
{
	size_t used;
	uint64_t at[BLOCK];
};

static void collect(void *ctx, const struct wims_media_view *view)
{
	struct block *b = ctx;

	b->at[b->used++] = view->media;
}

static bool write_block(struct wims_buf *out, const struct block *b)
{
	char name[WK_MEDIA_NAME_MAX];
	size_t i;

	for(i = 0; i < b->used; i++)
		if(!wims_buf_add(out, wk_media_name(name, b->at[i])) || !wims_buf_add(out, WIMS_PL("\n")))
			return false;
	return true;
}

static bool past_is_over(void)
{
	int64_t told = atomic_load(&shared->told);

	return told != 0 && wk_now_ms() - told >= DELIVERY_MS;
}

static bool write_names(void *ctx, struct wims_buf *out)
{
	struct block b = {0};
	bool written = true;

	(void)ctx;
	do {
		uint64_t after = b.used > 0 ? b.at[b.used - 1] : 0;

		b.used = 0;
		(void)wims_flow_medias(wk_flows_lock(), after, collect, &b, BLOCK);
		wk_flows_unlock();
		written = write_block(out, &b);
	} while(written && b.used == BLOCK);
	return written && (past_is_over() || wims_buf_add(out, wims_buf_pl(&of_past)));
}

static void keep_news(unsigned ticks, void *param)
{
	uint64_t now = wims_flow_media_changes(wk_flows_lock());

	(void)ticks;
	(void)param;
	wk_flows_unlock();
	if(now == kept && (!with_past || !past_is_over()))
		return;
	if(wk_store_save(FILE_NAME, write_names, NULL) != WIMS_OK)
		return;
	kept = now;
	with_past = with_past && !past_is_over();
}

int wk_media_kept_init(void)
{
	if((shared = shm_malloc(sizeof(*shared))) == NULL) {
		LM_ERR("no shared memory for the names of media sessions\n");
		return -1;
	}
	atomic_init(&shared->told, 0);
	with_past = wk_store_load(FILE_NAME, WIMS_RECORD_BODY_MAX, &of_past);
	kept = at = ended = 0;
	if(!wk_store_on() || register_timer(keep_news, NULL, 1) >= 0)
		return 0;
	LM_ERR("no timer that keeps the names of media sessions\n");
	return -1;
}

void wk_media_kept_destroy(void)
{
	wims_buf_clear(&of_past);
	if(shared != NULL)
		shm_free(shared);
	shared = NULL;
}

/* The script writes it into a command: nothing else may be in it. */
static bool is_name(struct wims_pl line)
{
	static const struct wims_pl prefix = {"wims-", 5};
	size_t i;

	for(i = prefix.l; i < line.l; i++)
		if(!wims_is_digit(line.p[i]) && line.p[i] != '-')
			return false;
	return line.l < WK_MEDIA_NAME_MAX && wims_pl_starts(line, prefix);
}

/* The next line of of_past. */
static bool end_one(void)
{
	struct wims_pl rest = wims_pl_from(wims_buf_pl(&of_past), at);
	const struct wk_event_fields fields = {.media = {rest.p, wims_pl_find(rest, '\n')}};

	at += fields.media.l + 1;
	if(!is_name(fields.media))
		return false;
	wk_event_run(WK_ON_MEDIA_OVER, &fields);
	return true;
}

void wk_media_kept_tick(void)
{
	int left = wk_params.tick_ms * EACH_SECOND / 1000;

	if(of_past.len == 0 || atomic_load(&shared->told) != 0)
		return;
	while(at < of_past.len && left-- > 0)
		ended += end_one();
	if(at < of_past.len)
		return;
	if(ended > 0)
		LM_NOTICE("%zu media sessions of an earlier start are ended\n", ended);
	atomic_store(&shared->told, wk_now_ms());
}
