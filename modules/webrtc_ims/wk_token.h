/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_TOKEN_H
#define WK_TOKEN_H

#include "provision/wims_wwsf.h"
#include "wk.h"

/* Does what this REGISTER carries fit the scenario that the WWSF of its Origin
 * is provisioned for? $wims(scenario) names that one afterwards: "ims-auth"
 * (relayed) or "web-auth" (token). */
int wk_scenario_check(sip_msg_t *msg);
/* The token of this request (NULL: from its Authorization header), RFC 8898:
 * valid, of the WWSF whose Origin opened the connection, and naming the
 * identities that the request claims to be: To, From and a user name beside
 * the token (TS 33.203 X.3.1 REQ 2.4). */
int wk_token_validate(sip_msg_t *msg, const str *token);
/* What the WWSF's request_token says of a request other than REGISTER (TS 24.371
 * 7.2.1): a token that counts is as good as one of a REGISTER, but for
 * min_remaining, and of the subject that registered on this connection. */
int wk_token_check(sip_msg_t *msg);
/* What applies to this request of a WIC of w: a REGISTER always needs a token,
 * ACK and CANCEL never. */
enum wims_token_policy wk_token_policy(sip_msg_t *msg, const struct wims_wwsf *w);
int wk_identity_check(sip_msg_t *msg);

#endif
