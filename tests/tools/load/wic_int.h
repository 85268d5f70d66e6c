/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_WIC_INT_H
#define WL_WIC_INT_H

/* What the files of a WIC know of each other. */

#include "load.h"

/* Writes and sends the REGISTER that w->wished says. (wic_register.c) */
void wl_wic_send_register(struct wl_wic *w);
/* An answer to a REGISTER of it. (wic_register.c) */
void wl_wic_answered(struct wl_wic *w, const struct wl_sip *answer);

/* The server has closed it; a "back" that runs has it come back again. (back.c) */
void wl_back_lost(struct wl_wic *w);

/* It is in that state now, and what it waited for has ended so. (wic.c) */
void wl_wic_finish(struct wl_wic *w, enum wl_state state, const struct wl_outcome *o);

#endif
