/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_RANGES_READ_H
#define WIMS_RANGES_READ_H

/* The "ranges" member: ranges of IMPUs that a WWSF may hand out, and how the
 * eP-CSCF registers them. Whether they overlap is found when the set of all is
 * built (wims_members_build). */

#include "provision/wims_set.h"

enum
{
	WIMS_WWSF_RANGES_MAX = 10000 /* each WWSF */
};

/* field is a struct wims_wwsf with its scenario and domain set. */
WIMS_SETTER(wims_set_ranges);

/* As the provisioning has it; a C string too. */
struct wims_pl wims_range_trigger_name(enum wims_range_trigger trigger);

/* After the last WWSF, and wims_identities_settle: what two registrations would
 * share. */
WIMS_MUST_CHECK enum wims_reason wims_ranges_settle(struct wims_reading *rd,
													const struct wims_wwsf *wwsfs, size_t count);

#endif
