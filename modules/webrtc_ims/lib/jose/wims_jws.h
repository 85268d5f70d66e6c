/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_JWS_H
#define WIMS_JWS_H

/* JSON Web Signature, compact form only (RFC 7515 3.1, 5.2). Nothing in the
 * token chooses its own rules: keys that it carries or points at (jwk, jku,
 * x5u, x5c) are never read, alg must be one that the key was bound to, and
 * crit, b64 and zip, which would change how it is read, are refused. */

#include "jose/wims_alg_ossl.h"
#include "jose/wims_keyset.h"

enum
{
	WIMS_JWS_MAX = 8192,         /* bytes of the compact form */
	WIMS_JWS_HEADER_MAX = 1024,  /* characters of the encoded header */
	WIMS_JWS_PAYLOAD_MAX = 6144, /* bytes, decoded: more than 8192 characters hold */
	WIMS_JWS_SIGNATURE_MAX = WIMS_SIGNATURE_MAX / 3 * 4 + 2, /* characters */
	WIMS_JWS_TYP_MAX = 127
};

/* What the protected header says. */
struct wims_jws_header
{
	const struct wims_alg *alg;
	size_t kid_len; /* 0: absent */
	size_t typ_len;
	bool has_typ;
	bool has_cty;
	char kid[WIMS_KID_MAX];
	char typ[WIMS_JWS_TYP_MAX];
};

/* A compact JWS taken apart. Nothing in it is to be believed before
 * wims_jws_verify. */
struct wims_jws
{
	struct wims_pl header_text;   /* still base64url; borrowed from the compact form */
	struct wims_pl signing_input; /* borrowed */
	struct wims_pl payload;       /* decoded, in payload_bytes */
	struct wims_pl signature;     /* decoded, in signature_bytes */
	struct wims_jws_header header;
	char payload_bytes[WIMS_JWS_PAYLOAD_MAX];
	char signature_bytes[WIMS_SIGNATURE_MAX];
};

/* Large: keep it on the stack, do not copy it. The payload may be anything,
 * also empty. TOKEN_TOO_LONG, TOKEN_FORMAT (not three parts, or a header
 * member of the wrong kind), TOKEN_BASE64, TOKEN_JSON (header), TOKEN_TYP (no
 * string), TOKEN_CRIT, ALG_UNKNOWN, NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_jws_parse(struct wims_jws *out, const struct wims_env *env,
												struct wims_pl compact);
/* KEY_UNKNOWN: keys (may be NULL) has no key for this header. Otherwise as
 * wims_key_verify. */
WIMS_MUST_CHECK enum wims_reason wims_jws_verify(const struct wims_jws *jws,
												 const struct wims_keyset *keys);

#endif
