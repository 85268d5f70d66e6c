/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_USERS_H
#define WL_USERS_H

/* The users whose WICs register: a file of lines IMPU TAB TOKEN, or
 * IMPU TAB TOKEN TAB ORIGIN. Further lines of the same IMPU right behind are
 * its further tokens. It is mapped into memory, not copied; the slices live
 * as long as the users do. */

#include "str.h"

struct wl_users;

enum
{
	WL_IMPU_MAX = 255,
	WL_TOKEN_MAX = 16384,
	WL_ORIGIN_MAX = 255
};

/* NULL: errno says why; EINVAL: a line is none, *line is its number from 1. */
struct wl_users *wl_users_open(const char *path, unsigned *line);
void wl_users_close(struct wl_users *u);

/* User i is the i-th IMPU of the file, from 0. */
unsigned wl_users_count(const struct wl_users *u);
struct wl_str wl_users_impu(const struct wl_users *u, unsigned i);
/* The token of its REGISTER number k, from 0; after the last one the first
 * again. Empty ("-" in the file): none. */
struct wl_str wl_users_token(const struct wl_users *u, unsigned i, unsigned k);
/* The Origin of its first line; empty: the line has none. */
struct wl_str wl_users_origin(const struct wl_users *u, unsigned i);
/* Whose IMPU is it? wl_users_count(): nobody's. */
unsigned wl_users_find(const struct wl_users *u, struct wl_str impu);

#endif
