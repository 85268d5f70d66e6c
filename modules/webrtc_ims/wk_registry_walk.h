/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_WALK_H
#define WK_REGISTRY_WALK_H

/* A walk of the registrar process over all blocks that the store has, in parts. */

#include "provision/wims_wwsf.h"
#include "wk.h"

/* Begins as {0}. */
struct wk_registry_walk
{
	size_t wwsf, range;
	uint64_t cursor; /* in that block */
};

/* The range whose block is next; NULL: that was all. A reload of the provisioning may make
 * the walk pass over some. */
const struct wims_wwsf_range *wk_registry_walk(struct wk_registry_walk *w);
/* A part of it was looked at, and the cursor was moved. */
void wk_registry_walked(struct wk_registry_walk *w);

#endif
