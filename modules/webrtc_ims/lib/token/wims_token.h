/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_TOKEN_H
#define WIMS_TOKEN_H

/* The one public token verifier: compact JWS (RFC 7515) -> claims (RFC 7519,
 * RFC 9068) -> IMS identities (TS 33.203 X.3.2.3 step 4). */

#include "jose/wims_jws.h"
#include "provision/wims_provision.h"

enum
{
	WIMS_TOKEN_MAX = WIMS_JWS_MAX,           /* bytes of the compact form */
	WIMS_BEARER_MAX = WIMS_TOKEN_MAX + 1024, /* bytes of an Authorization body */
	WIMS_TOKEN_IMPUS_MAX = 16,
	WIMS_TOKEN_BLOCKS_MAX = 16, /* that may serve its user */
	WIMS_TOKEN_ISSUER_MAX = 512,
	WIMS_TOKEN_NAME_MAX = 255, /* sub, jti, client_id, WAF identity */
	WIMS_TOKEN_SCOPE_MAX = 1024,
	WIMS_TOKEN_TEXT_MAX = 6144
};

/* Result of a validation. The slices point into text[], so a copy by
 * assignment would point into the original. All of them are fit for a SIP
 * header (wims_claim_text_ok). */
struct wims_token
{
	bool valid;                   /* false until the last check passed */
	const struct wims_wwsf *wwsf; /* borrowed from the provisioning */
	struct wims_pl issuer;
	struct wims_pl subject;                     /* empty: an anonymous user (wims_exclusive.h) */
	struct wims_pl jti;                         /* may be empty */
	struct wims_pl scope;                       /* space separated; may be empty */
	struct wims_pl client_id;                   /* WWSF identity; may be empty */
	struct wims_pl waf;                         /* WAF identity; may be empty */
	struct wims_pl impi;                        /* canonical user@domain; may be empty with user */
	struct wims_pl impus[WIMS_TOKEN_IMPUS_MAX]; /* canonical; [0] is the default */
	size_t impu_count;                          /* 0 with user, and only then */
	/* to whom an IMPU is allocated (wims_user.h), of the first of these ranges of the
	 * WWSF that has one free; may be empty */
	struct wims_pl user;
	uint16_t blocks[WIMS_TOKEN_BLOCKS_MAX];
	size_t block_count;
	struct wims_pl range; /* wildcard to register, brought by the token; may be empty */
	int64_t exp;
	int64_t iat; /* rounded down; 0 when absent */
	bool has_iat;
	int64_t nbf; /* 0 when absent */
	size_t used;
	char text[WIMS_TOKEN_TEXT_MAX];
};

/* now: seconds since the epoch, wall clock. Entitlement (IMPI and IMPUs belong
 * to the WWSF) is part of it; the rules and their order are in
 * docs/token-profile.md. Whatever is wrong, out->valid is false and nothing
 * else is set but out->wwsf, as soon as a WWSF of that issuer is known, so that
 * the challenge can name its realm; the token may still be forged then. */
WIMS_MUST_CHECK enum wims_reason wims_token_validate(struct wims_token *out,
													 const struct wims_env *env,
													 const struct wims_provision *pv,
													 struct wims_pl compact, int64_t now);

/* What time says of a token that was validated before: exp, nbf, iat and the
 * greatest lifetime, as its WWSF has them now (RFC 7519 4.1.4 - 4.1.6). OK,
 * TOKEN_EXPIRED, TOKEN_NOT_YET, TOKEN_LIFETIME. */
WIMS_MUST_CHECK enum wims_reason wims_token_check_times(const struct wims_token *t, int64_t now);
/* Is enough of its life left for a registration? TOKEN_NEARLY_EXPIRED: less
 * than the WWSF's min_remaining; for other requests such a token is good. */
WIMS_MUST_CHECK enum wims_reason wims_token_check_remaining(const struct wims_token *t,
															int64_t now);

/* JWS layer alone: split, header checks, key choice, signature. The payload
 * need not be JSON. Used by tools and benchmarks. */
WIMS_MUST_CHECK enum wims_reason wims_token_signature(const struct wims_env *env,
													  const struct wims_keyset *keys,
													  struct wims_pl compact);

/* RFC 6750 2.1: what a Bearer token may be made of, 1 byte at least. */
bool wims_b64token(struct wims_pl s);
/* The token inside an Authorization header body: "Bearer <b64token>" (RFC
 * 8898 2.1) or 'Bearer access_token="..."' (TS 24.371 A.3.2), scheme in any
 * case. TOKEN_ABSENT: another scheme or empty. AUTH_MALFORMED: Bearer, but
 * broken. TOKEN_TOO_LONG: more than WIMS_BEARER_MAX. token is borrowed from
 * body, and empty unless WIMS_OK. */
WIMS_MUST_CHECK enum wims_reason wims_bearer_parse(struct wims_pl *token, struct wims_pl body);
/* The same, and the username parameter that may stand beside access_token; an
 * empty slice when there is none. */
WIMS_MUST_CHECK enum wims_reason wims_bearer_read(struct wims_pl *token, struct wims_pl *username,
												  struct wims_pl body);

#endif
