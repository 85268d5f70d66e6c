/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_LOAD_H
#define WL_LOAD_H

/* The program: what its parts share. */

#include "call.h"
#include "ledger.h"
#include "link.h"
#include "options.h"
#include "random.h"
#include "users.h"
#include "wic.h"

struct wl_load
{
	const struct wl_options *options;
	struct ev_loop *loop;
	struct wl_users *users;
	struct wl_ledger *ledger;
	struct wl_net net;
	struct wl_wics wics;
	struct wl_mw *mw; /* NULL: no --core */
	struct wl_calls calls;
	struct wl_loser **losers; /* by user; NULL: not lost, or known to be */
	struct wl_script *script;
	struct wl_random random;
	/* A SIP message that came to a WIC and is no answer to a REGISTER. NULL: nobody
	 * wants to know. */
	void (*other)(struct wl_wic *w, const struct wl_sip *message);
};

#endif
