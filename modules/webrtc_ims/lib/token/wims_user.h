/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_USER_H
#define WIMS_USER_H

/* Users to whom the eP-CSCF allocates an IMPU: the token names the user, and a block
 * of its WWSF has the IMPU. */

#include "identity/wims_impu.h"
#include "provision/wims_wwsf.h"
#include "wims_token.h"

/* Whom a token without a subject names (RFC 3323 4.1.1.3). No token with one may be
 * his. */
#define WIMS_USER_ANONYMOUS "sip:anonymous@anonymous.invalid"

/* A user identity as a URI, in one spelling: text is a sip:, sips: or tel: URI,
 * user@domain, or a name in that domain. Each character of the user part that is not
 * unreserved (RFC 3261 25.1) becomes an escape, whether it was one or not, as
 * encodeURIComponent() of JavaScript has it. *out borrows buf and is empty unless OK.
 * URI_BAD. */
WIMS_MUST_CHECK enum wims_reason wims_user_identity(struct wims_pl *out, char buf[WIMS_IMPU_MAX],
													struct wims_pl text, struct wims_pl domain);

/* The blocks that serve this user with these claims, in the order of the file: how
 * many, and their places in w->ranges; the first WIMS_TOKEN_BLOCKS_MAX of them. */
WIMS_MUST_CHECK size_t wims_user_blocks(const struct wims_wwsf *w, struct wims_pl user,
										const struct wims_json_value *claims,
										uint16_t out[WIMS_TOKEN_BLOCKS_MAX]);

/* Who is to have the IMPU, as the store knows him: the user, or the one anonymous user
 * that the token is of. */
struct wims_pl wims_user_owner(const struct wims_token *t);

#endif
