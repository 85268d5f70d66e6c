/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_ORIGIN_H
#define WIMS_ORIGIN_H

/* Web origins as RFC 6454 6.2 writes them, so that equal ones are equal
 * bytes. */

#include "base/wims_reason.h"
#include "base/wims_w.h"

enum
{
	WIMS_ORIGIN_MAX = 300
};

/* in: scheme "http" or "https" in any case, "://", host, optional port, and
 * nothing behind it. out: lower case, no default port. out borrows buf and is
 * empty unless WIMS_OK. ORIGIN_REFUSED: anything else, "null" included. */
WIMS_MUST_CHECK enum wims_reason wims_origin_canonical(struct wims_pl *out, char *buf, size_t size,
													   struct wims_pl in);

#endif
