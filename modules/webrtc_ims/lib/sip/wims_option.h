/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_OPTION_H
#define WIMS_OPTION_H

/* Lists of option tags (RFC 3261 19.2): Require, Proxy-Require and Supported of a WIC.
 * Tags are compared without regard to case. Empty elements count for nothing. */

#include "base/wims_reason.h"
#include "base/wims_w.h"

enum
{
	WIMS_OPTIONS_MAX = 2048 /* bytes of one list */
};

/* Writes the tags of the list without sec-agree, which is between the user agent and its
 * P-CSCF (RFC 3329 2.3.1, TS 24.229 5.2.2.1). True: it was there, and *w has what is left,
 * maybe nothing. False: the list may stay as it is; what w has then is of no use. */
WIMS_MUST_CHECK bool wims_options_without_agree(struct wims_w *w, struct wims_pl list);

/* Writes those tags of a Proxy-Require that this proxy does not know, separated by ", "
 * (RFC 3261 16.3 step 5). Known are path (RFC 3327), outbound (RFC 5626), privacy
 * (RFC 3323) and sec-agree.
 * OK: it knows them all. OPTION_UNKNOWN. REQUEST_MALFORMED: a tag that is no token, a list
 * longer than WIMS_OPTIONS_MAX, or one that w has no room for. */
WIMS_MUST_CHECK enum wims_reason wims_options_unknown(struct wims_w *w, struct wims_pl list);

#endif
