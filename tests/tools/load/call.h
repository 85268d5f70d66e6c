/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_CALL_H
#define WL_CALL_H

/* Calls of which both ends are here: a WIC, and somebody of the core. INVITE,
 * 180 and 200 at once, ACK, a time, BYE of who called (RFC 3261 13, 14, 17).
 * What goes over UDP, and each 200 until its ACK, is sent again. */

#include "mw.h"
#include "wic.h"

enum wl_way
{
	WL_FROM_WIC,
	WL_TO_WIC
};

struct wl_call;

/* What became of a call. */
struct wl_called
{
	enum wl_way way;
	bool ok;         /* set up, held and ended by both sides */
	bool accepted;   /* set up, whatever came then */
	unsigned status; /* the final answer of what failed; 0: none */
	const char *why; /* one word in place of it: "timeout", "lost", ... NULL */
	int64_t retry_after;
	unsigned user; /* of the WIC */
	int64_t by;    /* the WIC that rang; -1: none, or somebody of the core */
	int64_t due, began;
	int64_t rang, answered; /* wl_now() of 180 and of the final answer; 0: none came */
};

typedef void (*wl_call_done)(void *own, const struct wl_called *result);

struct wl_calls
{
	struct wl_call **slot; /* by number */
	uint64_t run;          /* names this program in Call-IDs */
	uint64_t next, strays;
	unsigned cursor; /* the WIC that is next to talk */
};

/* false: no memory. */
bool wl_calls_open(struct wl_load *load);
/* Calls that are under way end without a word. */
void wl_calls_close(struct wl_load *load);

/* A call of this WIC (it is live), or to it (registered or not), that was due
 * then and is held for so many seconds. done is called once, and not before
 * this returns. false: no memory, or (WL_TO_WIC) the core knows that nobody is
 * there. */
bool wl_call_begin(struct wl_load *load, enum wl_way way, unsigned user, int64_t due, double hold,
				   wl_call_done done, void *own);

/* What came to a WIC, or (NULL) to the core. */
void wl_call_request(struct wl_load *load, struct wl_wic *w, const struct wl_sip *m);
void wl_call_answer(struct wl_load *load, struct wl_wic *w, const struct wl_sip *m);

/* Likewise, as wl_load.other. */
void wl_call_heard(struct wl_wic *w, const struct wl_sip *m);

#endif
