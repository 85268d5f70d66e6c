/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Registrations of ranges in the state directory, ranges.state: what is begun
 * under a Call-ID goes on under it after a restart. */

#include "wk_rangereg.h"

#include "core/timer.h"
#include "store/wims_record.h"
#include "wk_state.h"
#include "wk_store.h"

#define FILE_NAME "ranges"

static uint64_t kept; /* generation that this process saved last */

static bool write_table(void *ctx, struct wims_buf *out)
{
	struct wims_rangereg *rr = wk_rangereg_lock();
	bool written = wims_rangereg_save(rr, out, wk_wall_ms(), wk_now_ms());

	*(uint64_t *)ctx = wims_rangereg_generation(rr);
	wk_rangereg_unlock();
	return written;
}

void wk_rangereg_keep(void)
{
	uint64_t now = wims_rangereg_generation(wk_rangereg_lock());

	wk_rangereg_unlock();
	if(!wk_store_on() || now == kept || wk_store_save(FILE_NAME, write_table, &now) != WIMS_OK)
		return;
	kept = now;
	wims_rangereg_saved(wk_rangereg_lock());
	wk_rangereg_unlock();
}

static void keep_news(unsigned ticks, void *param)
{
	(void)ticks;
	(void)param;
	wk_rangereg_keep();
}

static enum wims_reason take_over(struct wims_pl body)
{
	size_t line = 0;
	enum wims_reason r =
			wims_rangereg_load(wk_rangereg_lock(), body, wk_wall_ms(), wk_now_ms(), &line);

	wk_rangereg_unlock();
	if(r != WIMS_OK)
		LM_ERR("line %zu of " FILE_NAME ".state and what is below it is ignored: %s\n", line,
			   wims_reason_text(r));
	return r;
}

int wk_rangereg_kept_init(void)
{
	struct wims_buf body;

	kept = 0;
	if(wk_store_load(FILE_NAME, WIMS_RECORD_BODY_MAX, &body)
	   && take_over(wims_buf_pl(&body)) == WIMS_OK)
		LM_INFO("%zu ranges of an earlier start are registered\n", wk_rangereg_counts().registered);
	wims_buf_clear(&body);
	if(register_timer(keep_news, NULL, 1) >= 0)
		return 0;
	LM_ERR("no timer that keeps the registrations of ranges\n");
	return -1;
}
