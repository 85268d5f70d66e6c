/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_SCRIPT_H
#define WL_SCRIPT_H

/* The commands: lines of a file or of standard input, each run when the one
 * before has ended, or has been put into the background with "&". */

#include <stdbool.h>
#include <stddef.h>

struct wl_load;
struct wl_job;
struct wl_script;

enum
{
	WL_LINE_MAX = 256
};

/* Reads from fd. NULL: no memory. */
struct wl_script *wl_script_new(struct wl_load *load, int fd);
void wl_script_free(struct wl_script *s);
/* This job, "wait" or "quit", is ok when no command runs in the background. */
void wl_script_await(struct wl_script *s, struct wl_job *job);
/* A job has ended and printed its line. */
void wl_script_ended(struct wl_script *s, const struct wl_job *job);
/* All lines were commands that could be run. */
bool wl_script_good(const struct wl_script *s);

#endif
