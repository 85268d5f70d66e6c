/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FETCH_STANDIN_H
#define FETCH_STANDIN_H

/* A stand-in of the fetching process, and of the process that drives it, for a
 * test that says itself what a fetch brings. It defines what the glue calls of
 * both, so that the real ones are not linked: include it once, in the test. */

#include <limits.h>

#include "glue.h"

#include "wk_fetch.h"
#include "wk_proc.h"

static struct
{
	int begun;     /* fetches started */
	bool down;     /* nothing can be started */
	bool full;     /* nothing more can be started */
	bool no_check; /* the program is not there */
	int wakes;     /* of the wims process */
	const char *why;
	/* the last fetch; done is NULL when it was answered */
	wk_fetch_done done;
	void *ctx;
	char url[WIMS_FETCH_URL_MAX + 1], ca_file[PATH_MAX];
	uint32_t timeout_ms, max_bytes;
} standin;

bool wk_fetch_start(const struct wims_fetch_in *in, wk_fetch_done done, void *ctx)
{
	if(standin.down || standin.full)
		return false;
	standin.begun++;
	standin.done = done;
	standin.ctx = ctx;
	standin.timeout_ms = in->timeout_ms;
	standin.max_bytes = in->max_bytes;
	snprintf(standin.url, sizeof(standin.url), "%.*s", (int)in->url.l, in->url.p);
	snprintf(standin.ca_file, sizeof(standin.ca_file), "%.*s", (int)in->ca_file.l, in->ca_file.p);
	return true;
}

/* What the last fetch brings; body NULL: nothing. */
static void standin_answer(enum wims_fetch_outcome outcome, int64_t max_age, const char *body)
{
	const struct wims_fetch_answer a = {
			.outcome = outcome,
			.status = outcome == WIMS_FETCH_OK ? 200 : 0,
			.max_age = max_age,
			.body = wims_pl_str(body),
			.why = wims_pl_str(standin.why == NULL ? "as the test wants" : standin.why)};
	wk_fetch_done done = standin.done;

	assert_non_null(done);
	standin.done = NULL;
	done(standin.ctx, &a);
}

int wk_fetch_check(void)
{
	return standin.no_check ? -1 : 0;
}

int wk_fetch_init(void)
{
	return 0;
}

void wk_fetch_destroy(void)
{
}

struct wk_fetch_status wk_fetch_status(void)
{
	return (struct wk_fetch_status){.pid = standin.down ? 0 : 1001};
}

void wk_fetch_restart(void)
{
}

int wk_proc_reserve(void)
{
	return 0;
}

void wk_proc_destroy(void)
{
}

void wk_proc_wake(void)
{
	standin.wakes++;
}

#endif
