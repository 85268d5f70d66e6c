/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_IDENTITIES_H
#define WIMS_IDENTITIES_H

/* The identities that a WWSF may hand out (TS 33.203 X.3.1 REQ 2.4, X.4
 * REQ 3.2): read one by one, then compared across all WWSFs, so that none
 * belongs to two. */

#include "provision/wims_set.h"

enum
{
	/* literal digits that a tel: pattern has before its '*' */
	WIMS_TEL_PATTERN_DIGITS = 4,
	WIMS_PATTERNS_MAX = 256 /* IMPU or IMPI patterns of each WWSF */
};

/* field is a struct wims_wwsf with its domain set; canonical identities go to
 * rd->impus and rd->impis. */
WIMS_SETTER(wims_set_impus);
WIMS_SETTER(wims_set_impis);

/* After the last WWSF: refuses what two claim, and fills impus and impis of
 * each of the count WWSFs. */
WIMS_MUST_CHECK enum wims_reason wims_identities_settle(struct wims_reading *rd,
														struct wims_wwsf *wwsfs, size_t count);

#endif
