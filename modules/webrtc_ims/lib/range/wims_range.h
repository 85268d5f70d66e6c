/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_RANGE_H
#define WIMS_RANGE_H

/* One range of public user identities, as an operator or the IMS core writes
 * it:
 *
 *   sip:PREFIX!ERE!SUFFIX@HOST   a wildcarded identity (TS 23.003 13.5); the
 *   tel:PREFIX!ERE!SUFFIX        outermost two '!' delimit, %21 is a '!'
 *   tel:+15550000..+15559999     a block of numbers: as many digits in all of
 *   +15550000..+15559999         them, and the same text before and behind
 *   sip:web000..web999@HOST
 *   sip:alice@HOST               one distinct identity
 *
 * The literal parts become canonical as identities do (wims_impu_canonical). */

#include "identity/wims_impu.h"
#include "range/wims_ere.h"

enum
{
	WIMS_RANGE_TEXT_MAX = 768
};

enum wims_range_kind
{
	WIMS_RANGE_DISTINCT,
	WIMS_RANGE_BLOCK,
	WIMS_RANGE_EXPRESSION
};

/* A canonical identity, taken apart. */
struct wims_identity
{
	struct wims_pl scheme; /* "sip:" */
	struct wims_pl user;
	struct wims_pl host; /* with a port that is not the default; empty: tel */
};

/* All slices borrow from impu. What is not canonical gives slices that mean
 * nothing. */
struct wims_identity wims_identity_split(struct wims_pl impu);

/* A user part of the range is prefix, what fits, suffix. Large: an expression
 * lies in it. Not to be copied, the slices point into it. */
struct wims_range
{
	enum wims_range_kind kind;
	struct wims_pl scheme;
	struct wims_pl host;
	struct wims_pl prefix;
	struct wims_pl suffix;
	struct wims_pl first, last; /* BLOCK: as many digits each */
	struct wims_ere ere;        /* EXPRESSION and BLOCK: what fits between */
	char buf[5][WIMS_IMPU_MAX + 1];
};

/* False: *fault has why and at. */
WIMS_MUST_CHECK bool wims_range_read(struct wims_range *r, struct wims_pl text,
									 struct wims_range_fault *fault);

#endif
