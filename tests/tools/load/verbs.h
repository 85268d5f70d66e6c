/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_VERBS_H
#define WL_VERBS_H

/* The commands that are long enough for a file of their own. */

#include "job.h"

extern const struct wl_verb wl_verb_back;
extern const struct wl_verb wl_verb_call;
extern const struct wl_verb wl_verb_lose;
extern const struct wl_verb wl_verb_ring;

#endif
