/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_DIGEST_H
#define WIMS_DIGEST_H

/* Authorization: Digest of a WIC that the core authenticates itself (scenario
 * 1, TS 33.203 X.2.2): passed on as it is but for integrity-protected, which
 * only the P-CSCF may say (TS 33.203 P.3). */

#include "base/wims_reason.h"
#include "base/wims_w.h"

enum
{
	WIMS_DIGEST_MAX = 4096,
	WIMS_DIGEST_PARAMS_MAX = 32
};

struct wims_digest
{
	struct wims_pl username; /* without quotes, escapes as written; empty: none */
	struct wims_pl realm;
};

/* Takes "Digest a=b, c="d"" apart. AUTH_MALFORMED: another scheme, bad syntax,
 * a parameter twice, too long. Slices are borrowed from body. */
WIMS_MUST_CHECK enum wims_reason wims_digest_parse(struct wims_digest *out, struct wims_pl body);
/* The header line for the core, CRLF included: every parameter but
 * integrity-protected, then integrity-protected="no". body must have passed
 * wims_digest_parse; otherwise the writer fails. */
void wims_digest_relay(struct wims_w *w, struct wims_pl body);

#endif
