/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_MW_INT_H
#define WL_MW_INT_H

/* What mw.c and mw_register.c know of each other. */

#include "load.h"

enum
{
	WL_RANGES_MAX = 64,
	WL_BRANCH_MAX = 128
};

/* What is registered in the core for one user or one range. */
struct wl_binding
{
	char *text; /* of all slices; NULL: nothing */
	struct wl_str to, contact;
	struct wl_list path;
	int64_t until;
	char branch[WL_BRANCH_MAX]; /* of the last REGISTER, to know a repeated one */
	size_t branch_n;
};

struct wl_mw
{
	struct wl_load *load;
	int fd;
	struct ev_io io;
	struct sockaddr_in edge;
	char host[32];
	struct wl_binding *of; /* by user */
	struct wl_binding ranges[WL_RANGES_MAX];
	unsigned n_ranges;
	uint64_t registers, deregisters, repeated, requests, strange, unsent;
};

/* A REGISTER: kept, and the answer to it written. Its length, 0: no room. */
size_t wl_mw_register(struct wl_mw *mw, const struct wl_sip *m, char *buf, size_t size);
void wl_mw_forget(struct wl_mw *mw);

#endif
