/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_ALLOW_H
#define WIMS_ALLOW_H

/* What a WIC may send into the trust domain (RFC 3325 2.3, TS 24.229 4.4): a
 * list of what passes, so that a header nobody thought of does not. The
 * eP-CSCF removes everything else and sets its own headers afterwards.
 *
 * In are the headers of RFC 3261, 3262, 3311, 3323, 3326, 3515, 3840, 3841,
 * 3891, 3892, 3903, 3911, 4028, 4488, 4538, 5009, 5373, 5393, 6050, 6086, 6665
 * and 7044 that a user agent sets, P-Preferred-Identity, P-Access-Network-Info
 * and X-*. Out are all other P-*, Authorization, Proxy-Authorization, Path,
 * Service-Route, Security-*, Feature-Caps and the like, and each name spelt
 * with '_' for '-'. */

#include "base/wims_env.h"
#include "base/wims_reason.h"
#include "base/wims_fault.h"

enum
{
	WIMS_ALLOW_TEXT_MAX = 1024, /* the operator's list */
	WIMS_ALLOW_EXTRA_MAX = 32,  /* names in it */
	WIMS_ALLOW_NAME_MAX = 64    /* bytes of one name */
};

struct wims_allow;

/* What the header stands in. */
enum wims_allow_kind
{
	WIMS_ALLOW_REGISTER = 1,
	WIMS_ALLOW_REQUEST = 2, /* any other request */
	WIMS_ALLOW_REPLY = 4
};

/* extra: the operator's additions, "Foo, Bar-*, User-to-User": names, or
 * beginnings of names before one '*'; may be empty. They pass in all kinds.
 * *out is NULL unless WIMS_OK; the caller frees it. CONFIG_VALUE: too long,
 * too many, no token, or a name or pattern that covers a header of the trust
 * domain, with the reason in fault (may be NULL). NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_allow_new(struct wims_allow **out, const struct wims_env *env,
												struct wims_pl extra, struct wims_fault *fault);
/* NULL is fine. */
void wims_allow_free(struct wims_allow *a);

/* May this header go on as it stands? Compact names count as their long ones.
 * P-Access-Network-Info passes without np and network-provided, which only
 * the network may say (RFC 7315 5.4), Priority without psap-callback; their values
 * are looked at for that. False
 * for Route: see wims_allow_route. */
WIMS_MUST_CHECK bool wims_allow_header(const struct wims_allow *a, enum wims_allow_kind kind,
									   struct wims_pl name, struct wims_pl value);
/* Is every entry of this P-Access-Network-Info the user agent's own, and well formed? */
WIMS_MUST_CHECK bool wims_access_of_user_agent(struct wims_pl value);
/* Route is not judged by its name: the one who checks the route set keeps it
 * or removes it. */
WIMS_MUST_CHECK bool wims_allow_route(struct wims_pl name);

#endif
