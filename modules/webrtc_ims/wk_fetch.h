/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_FETCH_H
#define WK_FETCH_H

/* HTTPS documents for the wims process, fetched by a child program of its own
 * (`wims fetch serve`): no SIP process waits for a web server, none has a
 * second user of OpenSSL in it, and what a hostile server can break is a
 * process without SIP, keys or shared memory. All but the first three calls
 * are the wims process's. */

#include "wk.h"

#include "fetch/wims_fetch.h"

/* mod_init: shared memory for what the RPC shows. */
int wk_fetch_init(void);
void wk_fetch_destroy(void);
/* Before anything is to be fetched, any process: can fetch_program be run? 0,
 * or -1 after a log line. */
int wk_fetch_check(void);

/* The answer lives until done returns. */
typedef void (*wk_fetch_done)(void *ctx, const struct wims_fetch_answer *answer);

/* done is called exactly once for a started fetch, from the loop of the wims
 * process and never from within this call: with what came, or with what kept
 * it away (time-out, end of the child). False: nothing was started and done is
 * not called, because a limit is broken, WIMS_FETCH_OPEN_MAX are open already,
 * or the child is down. */
WIMS_MUST_CHECK bool wk_fetch_start(const struct wims_fetch_in *in, wk_fetch_done done, void *ctx);

/* ---- for the loop of the wims process ---- */

/* The socket to the child and what to poll it for; -1: there is none now. */
int wk_fetch_poll(short *events);
/* What poll() said of it. */
void wk_fetch_io(short revents);
/* Each tick: ends a hung child, takes note of a dead one, starts it again. */
void wk_fetch_tick(void);

/* ---- for the RPC, any process ---- */

struct wk_fetch_status
{
	int pid; /* 0: it does not run */
	unsigned open;
	unsigned restarts;
};

struct wk_fetch_status wk_fetch_status(void);
/* Ends the child, and starts it (again). Open fetches fail. */
void wk_fetch_restart(void);

#endif
