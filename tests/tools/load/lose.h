/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_LOSE_H
#define WL_LOSE_H

/* WICs that were lost, and whether the core knows it yet. */

#include <stdint.h>

struct wl_load;

/* The core got a de-REGISTER for that user. */
void wl_lose_told(struct wl_load *load, unsigned user, int64_t now);
/* Nobody waits for that any more. Before calls are closed. */
void wl_lose_close(struct wl_load *load);

#endif
