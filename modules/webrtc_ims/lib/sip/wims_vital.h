/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_VITAL_H
#define WIMS_VITAL_H

/* What a message is known by: method, From, To, Call-ID, CSeq (RFC 3261 8.1.1,
 * 8.2.6.2). Parsers are generous here, each in another way, so that one takes for
 * the sender what another takes for a name: of a WIC only the plain form counts. */

#include "base/wims_pl.h"

enum wims_vital
{
	WIMS_VITAL_FROM,
	WIMS_VITAL_TO,
	WIMS_VITAL_CALL_ID,
	WIMS_VITAL_CSEQ
};

/* Is a header of a request in the form of RFC 3261 25.1?
 *   From, To  one address: quoted-string or tokens in front of "<", no blank in the
 *             URI, one tag at most, no address in a parameter without quotes. Beyond the grammar
 * bytes of 0x80 and more may stand in a name without quotes: a WIC writes back what callers wrote
 *   Call-ID   no blank, comma or control byte
 *   CSeq      digits, blanks, a token */
WIMS_MUST_CHECK bool wims_vital_is_plain(enum wims_vital which, struct wims_pl value);
/* Not a method of the RFCs in another case: methods are case-sensitive (RFC 3261
 * 7.1), Kamailio is not. */
WIMS_MUST_CHECK bool wims_method_is_plain(struct wims_pl method);

/* Of a request, or of what answers it: the values as they stand there. */
struct wims_vitals
{
	struct wims_pl from, to, call_id, cseq;
	bool has_tag; /* To has one */
};

/* Does the answer say what the request said (RFC 3261 8.2.6.2), with a tag in To, of
 * its own only when the request had none? Blanks, folds and case of letters do not
 * count. 100 needs no tag. */
WIMS_MUST_CHECK bool wims_vitals_answer(const struct wims_vitals *answer,
										const struct wims_vitals *request, int status);
/* The same element of Via but for blanks, folds and case of letters? In the first of the
 * request as it came, received and rport do not count, which the one that received it
 * adds (RFC 3261 18.2.1, RFC 3581 4); in those behind, answers follow them. */
WIMS_MUST_CHECK bool wims_via_same(struct wims_pl a, struct wims_pl b, bool first);

#endif
