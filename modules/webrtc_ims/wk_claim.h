/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_CLAIM_H
#define WK_CLAIM_H

/* Claims of the token that was found valid for the message in hand, by name. They
 * are kept as text, and read when somebody asks: most requests never do. Whoever
 * finds a token valid says here where its claims are, before anything else. */

#include "token/wims_cache.h"
#include "wk.h"

/* They are the payload of that compact token. */
void wk_claims_of_token(struct wims_pl compact);
/* They are JSON: room for WIMS_CACHE_CLAIMS_MAX bytes, and how many were put
 * there. */
char *wk_claims_room(void);
void wk_claims_of_document(size_t len);

/* The claim of that name or path as one text (wims_claim_print), valid until the
 * next call; empty: no token of this message was found valid, or it has no such
 * claim, or none with a value that the script may use. */
struct wims_pl wk_claim(const sip_msg_t *msg, struct wims_pl name);
/* Is there one? Says nothing else and counts nothing. */
int wk_token_claim(sip_msg_t *msg, const str *name);

#endif
