/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Names of media sessions in the state directory, media.state, one a line. A start
 * knows nothing of the calls before it, so it ends their sessions: rtpengine would
 * keep each for as long as one side goes on sending. */

#include "wk_media_kept.h"

#include "core/timer.h"
#include "identity/wims_host.h"
#include "store/wims_record.h"
#include "wk_event.h"
#include "wk_media.h"
#include "wk_state.h"
#include "wk_store.h"

#define FILE_NAME "media"

enum
{
	BLOCK = 200 /* sessions that are read with the lock held once */
};

static uint64_t kept;           /* changes of the table that this process saved last */
static struct wims_buf of_past; /* what an earlier start had; for the process WIMS */

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
	return written;
}

static void keep_news(unsigned ticks, void *param)
{
	uint64_t now = wims_flow_media_changes(wk_flows_lock());

	(void)ticks;
	(void)param;
	wk_flows_unlock();
	if(now != kept && wk_store_save(FILE_NAME, write_names, NULL) == WIMS_OK)
		kept = now;
}

int wk_media_kept_init(void)
{
	bool any = wk_store_load(FILE_NAME, WIMS_RECORD_BODY_MAX, &of_past);

	/* what is there is written anew, even before the first call */
	kept = any ? UINT64_MAX : 0;
	if(!wk_store_on() || register_timer(keep_news, NULL, 1) >= 0)
		return 0;
	LM_ERR("no timer that keeps the names of media sessions\n");
	return -1;
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

void wk_media_kept_end(void)
{
	struct wims_pl rest = wims_buf_pl(&of_past);
	size_t n = 0;

	while(rest.l > 0) {
		size_t end = wims_pl_find(rest, '\n');
		const struct wk_event_fields fields = {.media = {rest.p, end}};

		rest = wims_pl_from(rest, end + 1);
		if(!is_name(fields.media))
			continue;
		wk_event_run(WK_ON_MEDIA_OVER, &fields);
		n++;
	}
	wims_buf_clear(&of_past);
	if(n > 0)
		LM_NOTICE("%zu media sessions of an earlier start are ended\n", n);
}
