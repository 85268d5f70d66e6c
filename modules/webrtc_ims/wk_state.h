/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_STATE_H
#define WK_STATE_H

/* What all processes share: the flow table and its lock, the events that the
 * wims process works off, and a few numbers. All of it is made in mod_init.
 *
 * Lock order: the flow lock is taken with no other lock held but that of the
 * contacts of an IMPU (wk_location_lock), and nothing is called under it but the
 * flow table; the queue's lock is a leaf. Neither is
 * held over tm, a send or a log line. */

#include "flow/wims_flow.h"
#include "sip/wims_flowtoken.h"
#include "wk.h"

/* 0 or -1 after a log line. */
int wk_state_init(void);
void wk_state_destroy(void);
/* At shutdown tm ends its transactions after the table is freed. */
bool wk_state_gone(void);

/* Takes and gives back the flow lock; the table may be used in between only. */
struct wims_flows *wk_flows_lock(void);
void wk_flows_unlock(void);
/* wims_flow_check, with the lock. */
WIMS_MUST_CHECK enum wims_reason wk_flow_check(uint32_t conn, struct wims_conn_view *view);
/* Is that IMPU one of a WIC of this node, or of one that may come back? */
bool wk_is_registered(struct wims_pl impu);

/* Milliseconds of a clock that never goes back, the same in all processes. */
int64_t wk_now_ms(void);
/* Seconds of wall clock time, for tokens; and milliseconds of it. */
int64_t wk_wall(void);
int64_t wk_wall_ms(void);
/* When this Kamailio started; part of every flow token, so that a token of an
 * earlier run names nobody. */
uint32_t wk_boot_epoch(void);
const struct wims_flowtoken_keys *wk_flow_keys(void);

/* The least Expires the core takes; grows when the core answers 423. */
uint32_t wk_core_min_expires(void);
void wk_core_min_expires_learn(uint32_t seconds);

#endif
