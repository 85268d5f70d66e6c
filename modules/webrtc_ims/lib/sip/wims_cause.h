/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_CAUSE_H
#define WIMS_CAUSE_H

/* The Reason header of an answer. */

#include "base/wims_pl.h"

enum
{
	WIMS_CAUSE_MAX = 128 /* bytes */
};

/* Is this a value of Reason that an answer may carry: Q.850, which alone RFC
 * 6432 allows there, one cause of 1 to 127, and one text at most? */
WIMS_MUST_CHECK bool wims_cause_ok(struct wims_pl value);

#endif
