/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_PEER_WATCH_H
#define WK_PEER_WATCH_H

/* Branches that ring at other nodes. When such a node is dead, what rings there has
 * failed: nobody would say so for as long as a phone may ring. */

#include "wk_tm.h"

/* mod_init: 0, or -1 after a log line. */
int wk_peer_watch_init(void);
void wk_peer_watch_destroy(void);

struct wk_peer_branch
{
	int number;
	struct wims_pl name; /* user of its request URI: a binding's at the other node */
	uint16_t node;
	uint32_t epoch;
};

/* In branch_route. OK, NOMEM; INTERNAL: that is no name of a binding. */
WIMS_MUST_CHECK enum wims_reason wk_peer_watch(sip_msg_t *msg, struct cell *t,
											   const struct wk_peer_branch *b);

/* The WIMS process: fails the branches to nodes that are dead, as if their time were
 * over, so that failure_route goes on. */
void wk_peer_watch_tick(void);

#endif
