/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_RANGE_INSIDE_H
#define WIMS_RANGE_INSIDE_H

/* Is one range a part of another? Two expressions may be too much to compare, so
 * only what is shown cheaply counts. */

#include "base/wims_env.h"
#include "base/wims_reason.h"
#include "range/wims_range.h"

/* Is every identity of inner one of outer? True when they have scheme, host and
 * literal parts in common as far as those of outer go, and
 *   - their expressions are the same, with the same literal parts, or
 *   - outer varies one set over and over (`.*`, `[0-9]{4}`), and what inner has in
 *     its place, literal or not, is of that set and as long, or
 *   - outer is a block of up to 32 digits, and what inner has in their place are
 *     digits, none below the first or above the last of the block.
 * False: not inside, or not to be told. */
bool wims_range_inside(const struct wims_range *inner, const struct wims_range *outer);

/* Are all of the canonical IMPUs in the range that text writes? OK,
 * IMPU_NOT_ENTITLED (also for no range at all) or NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_range_holds(const struct wims_env *env, struct wims_pl text,
												  const struct wims_pl *impus, size_t count);

#endif
