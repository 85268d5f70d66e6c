/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_TO_WIC_H
#define WIMS_TO_WIC_H

/* What leaves the trust domain towards a WIC (TS 24.229 4.4, RFC 3325 5). */

#include "base/wims_pl.h"

/* Is this a header that only nodes of the trust domain may see: charging,
 * visited network, served user, access network, paths inside the core? Names
 * in any case. */
bool wims_core_only_header(struct wims_pl name);
/* Does this Privacy header (RFC 3323 4.2) ask for the asserted identity to be
 * withheld: "id" among its values? */
bool wims_privacy_id(struct wims_pl privacy);

#endif
