/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_WISH_H
#define WK_WISH_H

/* What a WIC's REGISTER asks for, and for whom. The same whoever is the
 * registrar. */

#include "flow/wims_flow.h"
#include "provision/wims_wwsf.h"
#include "sip/wims_contact.h"
#include "sip/wims_expires.h"
#include "wk.h"

/* Who registers: from the token, or as the core will judge. */
struct wk_who
{
	const struct wims_wwsf *wwsf;
	struct wims_pl impi, impu, subject, jti;
	/* to whom the IMPU belongs alone; empty: others may claim it as well */
	struct wims_pl owner;
	struct wims_pl conveyed; /* as in wims_tna.h; borrowed until the next wk_who_of_token() */
	bool by_core;            /* scenario 1 */
	bool answered;           /* with an answer to a challenge of the core */
	int64_t token_exp, token_iat;
};

/* By the token that the message was validated with. TOKEN_ABSENT: by none, or
 * nobody has checked the identities. CLAIM_VALUE: it names a WAF or WWSF in more bytes
 * than the core can be told. */
WIMS_MUST_CHECK enum wims_reason wk_who_of_token(sip_msg_t *msg, struct wk_who *who);

struct wk_wish
{
	struct wims_contact contact;
	struct wims_expires_plan plan;
	bool star;
};

/* CONTACT_BAD (not exactly one Contact, or "*" and not Expires: 0),
 * REQUEST_MALFORMED (Expires), or as wims_expires_plan. */
WIMS_MUST_CHECK enum wims_reason wk_wish_read(sip_msg_t *msg, const struct wk_who *who,
											  struct wk_wish *wish);
/* The same for the flow table, as of now on its clock; borrows from all three. */
struct wims_binding_in wk_wish_binding(sip_msg_t *msg, const struct wk_who *who,
									   const struct wk_wish *wish, uint64_t txn, int64_t now);

#endif
