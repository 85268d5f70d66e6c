/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_BANS_H
#define WK_BANS_H

/* Addresses that may open no WebSocket for a while, because too many tokens or
 * passwords that came from there were refused. Only the address of a TCP connection
 * counts, which nobody can forge. In shared memory; not kept over a restart. */

#include "wk.h"

#include "core/ip_addr.h"
#include "guard/wims_bans.h"
#include "guard/wims_net.h"

int wk_bans_init(void);
void wk_bans_destroy(void);

/* One client's address, as the flow table and the bans know it. */
struct wims_address wk_address(const struct ip_addr *from);

/* May no WebSocket be opened from there? */
bool wk_banned(const struct ip_addr *from);
/* A request from there was refused for this reason. Where that is misbehaviour, and
 * too much of it, the address is banned, with one line in the log. */
void wk_bans_refused(const struct ip_addr *from, enum wims_reason why);

/* Scenario 1: the core did not take the password of somebody there. */
void wk_bans_guessed(const struct ip_addr *from);

/* ---- for operators; what they change is one line in the log ---- */

/* OK, LIMIT_REACHED (it is in ban_exempt), NOMEM. */
WIMS_MUST_CHECK enum wims_reason wk_bans_add(const struct wims_address *a, int seconds);
WIMS_MUST_CHECK bool wk_bans_remove(const struct wims_address *a);
size_t wk_bans_list(size_t skip, struct wims_ban *out, size_t n);
size_t wk_bans_count(void);

#endif
