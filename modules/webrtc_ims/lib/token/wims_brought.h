/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_BROUGHT_H
#define WIMS_BROUGHT_H

/* Ranges that tokens bring: a wildcarded identity inside a range of the WWSF that
 * is provisioned for it (WIMS_RANGE_BY_TOKEN). */

#include "provision/wims_provision.h"

/* May tokens of this WWSF bring ranges at all? */
bool wims_brought_known(const struct wims_wwsf *w);
/* Is one of the canonical IMPUs in a range that has to be brought? */
bool wims_brought_needed(const struct wims_wwsf *w, const struct wims_pl *impus, size_t count);
/* May a token with these IMPUs, 1 at least, bring the range that text writes?
 * CLAIM_VALUE: no wildcarded identity with scheme and host in lower case.
 * RANGE_NOT_ENTITLED: not inside the range of the WWSF that the IMPUs are in, or
 * none that tokens bring. IMPU_NOT_ENTITLED: an IMPU is not in it. NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_brought_check(const struct wims_env *env,
													const struct wims_wwsf *w, struct wims_pl text,
													const struct wims_pl *impus, size_t count);

#endif
