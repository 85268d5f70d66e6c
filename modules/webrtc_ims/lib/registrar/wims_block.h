/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_BLOCK_H
#define WIMS_BLOCK_H

/* A block of IMPUs as the registrar sees it: one registered range. */

#include "base/wims_pl.h"

enum
{
	WIMS_BLOCK_TAG_LEN = 16 /* hex digits */
};

struct wims_block
{
	/* the first digits of SHA-256 of the range's text as provisioned; NUL behind */
	char tag[WIMS_BLOCK_TAG_LEN + 1];
	struct wims_pl range; /* that text */
	uint64_t size;        /* IMPUs to be allocated; 0: WICs claim the one of their token */
	uint32_t quarantine;  /* s for which nobody else gets a released IMPU; 0 if size is 0 */
};

#endif
