/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_CALL_INT_H
#define WL_CALL_INT_H

/* What call.c and call_text.c know of each other. */

#include "call.h"
#include "load.h"

enum wl_phase
{
	WL_CALLING, /* INVITE is sent */
	WL_TALKING, /* 200 came, ACK is sent */
	WL_ENDING   /* BYE is sent */
};

/* A message that is sent until it is answered. */
struct wl_repeat
{
	struct ev_timer timer;
	struct wl_call *call;
	struct wl_wic *to; /* NULL: to the eP-CSCF from the core */
	char *bytes;       /* NULL: it has been sent often enough */
	size_t n;
	double next; /* s */
};

struct wl_call
{
	struct wl_load *load;
	struct wl_call *chain;
	uint64_t number;
	enum wl_phase phase;
	uint64_t wic_id; /* the connection that it began on */
	double hold;
	struct ev_timer timer;
	struct wl_repeat caller, callee;
	char *invite, *ack, *bye; /* as they were sent */
	size_t invite_n, ack_n, bye_n;
	bool acked, held; /* the callee has got it; its time is over */
	struct wl_called result;
	wl_call_done done;
	void *own;
};

/* Each writes a message of the caller and returns its length; 0: no room, or
 * (INVITE) the core knows that nobody is there. */
size_t wl_call_invite(const struct wl_call *c, char *buf, size_t size);
/* Of an answer from 300 on. */
size_t wl_call_ack_failure(const struct wl_call *c, const struct wl_sip *answer, char *buf,
						   size_t size);
/* ACK or BYE in the dialog that this 200 made; w NULL: the core called. */
size_t wl_call_in_dialog(const struct wl_load *load, struct wl_wic *w, const char *method,
						 const struct wl_sip *answer, char *buf, size_t size);

/* 180 or 200 of who is called; w NULL: somebody of the core. */
size_t wl_call_say(const struct wl_load *load, struct wl_wic *w, unsigned status,
				   const struct wl_sip *invite, char *buf, size_t size);

/* The number in a Call-ID of this program; false: it is of no call of ours. */
bool wl_call_number(const struct wl_load *load, struct wl_str call_id, uint64_t *number);
/* The WIC that gave this tag to a dialog; -1: none. */
int64_t wl_call_tag_of(struct wl_str to_tag);

#endif
