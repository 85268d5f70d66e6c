/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RANGEWAIT_H
#define WK_RANGEWAIT_H

/* WICs whose range is not registered yet: their REGISTERs wait while the core is
 * asked, and no worker does. All that wait for one range are told at once. The
 * lock is a leaf. */

#include "wk_suspend.h"
#include "wk_tm.h"

enum
{
	WK_RANGEWAITS_EACH = 32 /* of one connection */
};

/* mod_init: 0, or -1 after a log line. */
int wk_rangewait_init(void);
void wk_rangewait_destroy(void);

/* wims_range_register(ROUTE), after wims_identity_check: 1, the range is
 * registered, go on; 0, the request is suspended and goes on with that route,
 * where the same call answers 1 or -1; -1, refused, an outcome is set. In KEMI
 * ROUTE is the name of a function. */
int wk_fixup_range_register(void **param, int number);
int wk_range_register_route(sip_msg_t *msg, int route);
int wk_range_register(sip_msg_t *msg, str *route);

/* Is it the transaction of a REGISTER that waits for a range? */
bool wk_rangewait_holds(const struct cell *t);
/* How many wait now. */
size_t wk_rangewait_count(void);

/* The wims process: takes what is new, and ends those whose time is over. Each
 * tick, and when woken. */
void wk_rangewait_tick(void);
/* The wims process: this is known of that range now. */
void wk_rangewait_settle(struct wims_pl wildcard, enum wims_reason outcome);

#endif
