/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_BUNDLE_H
#define WK_BUNDLE_H

/* The provisioning file and the key files that it names, as one block of
 * bytes: what one process read, every other one gets to see the same. */

#include "wk.h"

enum
{
	WK_BUNDLE_MAX = 16 * 1024 * 1024
};

/* Begins as {0}; the block is libc memory. */
struct wk_bundle
{
	char *bytes;
	size_t len;
};

/* Appends a copy of text under a name. False: no memory, or over the maximum;
 * the bundle stays as it was. */
WIMS_MUST_CHECK bool wk_bundle_add(struct wk_bundle *b, struct wims_pl name, struct wims_pl text);
/* The text of that name, borrowed from the bundle; false when there is none. */
WIMS_MUST_CHECK bool wk_bundle_find(const struct wk_bundle *b, struct wims_pl name,
									struct wims_pl *text);
/* The bundle is {0} again. */
void wk_bundle_free(struct wk_bundle *b);

#endif
