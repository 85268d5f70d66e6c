/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_MEMBERS_H
#define WIMS_MEMBERS_H

/* Where the WWSFs of one provisioning look up whose an IMPU is: a set that may
 * be shared by processes, and what one of them writes to while it looks. The
 * set has WWSFs as owners, in the order of the file, and behind them each range
 * that allocates, for it shares nothing with the rest of its WWSF either; its
 * ranges are, WWSF by WWSF, the entries of "impus", then those of "ranges". */

#include "provision/wims_provision.h"

struct wims_members
{
	const struct wims_wwsf *wwsfs;
	size_t count;
	const struct wims_ranges *set;
	struct wims_regex_room *room;
};

/* m: NULL, or with no set, finds nothing. */
WIMS_MUST_CHECK bool wims_members_find(const struct wims_members *m, struct wims_pl impu,
									   struct wims_owned *out);

#endif
