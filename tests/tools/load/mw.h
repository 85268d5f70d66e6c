/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_MW_H
#define WL_MW_H

/* The core as the eP-CSCF sees it on Mw (UDP): I-CSCF, S-CSCF and whoever is
 * behind. It registers everybody, for a user or for a range, and knows where a
 * call for each of them has to go. */

#include "sip.h"

#include <netinet/in.h>
#include <stdio.h>

struct wl_load;
struct wl_mw;

/* Bound to the address of --core. NULL: errno says why. */
struct wl_mw *wl_mw_new(struct wl_load *load);
void wl_mw_free(struct wl_mw *mw);

/* HOST:PORT of this side, for Via, Contact and Service-Route. */
struct wl_str wl_mw_host(const struct wl_mw *mw);

/* To the eP-CSCF: --edge, or where its last REGISTER came from. */
void wl_mw_send(struct wl_mw *mw, struct wl_str message);

enum wl_reach
{
	WL_REACH_NONE,  /* the core knows that this user is not registered */
	WL_REACH_OWN,   /* he registered in the core himself */
	WL_REACH_RANGE, /* a range that he may be in did: only the eP-CSCF knows */
	WL_REACH_PLAIN  /* nobody ever registered in this core: the server is the registrar */
};

/* Where a call for that user goes: the request URI and the Route. */
enum wl_reach wl_mw_reach(const struct wl_mw *mw, unsigned user, struct wl_str *uri,
						  const struct wl_list **path);

/* ,"core":{...}: what came, since the beginning. */
void wl_mw_print(const struct wl_mw *mw, FILE *to);

#endif
