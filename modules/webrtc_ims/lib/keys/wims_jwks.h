/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_JWKS_H
#define WIMS_JWKS_H

/* The text of a JWK set, from a file or from a web server, into keys; and the
 * form in which a fetched one is kept over a restart. */

#include "base/wims_buf.h"
#include "jose/wims_keyset.h"

enum
{
	WIMS_JWKS_MAX = 256 * 1024, /* bytes of a fetched set */
	WIMS_JWKS_URL_MAX = 512,    /* of its URL */
	WIMS_JWKS_KEPT_MAX = WIMS_JWKS_MAX + WIMS_JWKS_URL_MAX + 64
};

/* What is wrong with a set, for the operator; shows no key material. */
struct wims_jwks_fault
{
	size_t left_out; /* keys of a published set; text is about the first one */
	char text[240];
};

/* As wims_keyset_from_jwks, with one line about what is wrong. */
WIMS_MUST_CHECK enum wims_reason wims_jwks_keys(struct wims_keyset **out,
												const struct wims_env *env,
												const struct wims_json_value *jwks,
												uint32_t allowed, struct wims_jwks_fault *fault);
/* The same from the text of a file, of at most max bytes.
 * CONFIG_SYNTAX: no JSON, or too long. CONFIG_KEY: keys that cannot be used, or
 * none. NOMEM. *out is NULL unless WIMS_OK; the caller frees it. */
WIMS_MUST_CHECK enum wims_reason wims_jwks_read(struct wims_keyset **out,
												const struct wims_env *env, struct wims_pl text,
												size_t max, uint32_t allowed,
												struct wims_jwks_fault *fault);
/* From what a server published, of at most WIMS_JWKS_MAX bytes, as
 * wims_keyset_from_published: fault->left_out counts also when it is OK. */
WIMS_MUST_CHECK enum wims_reason wims_jwks_published(struct wims_keyset **out,
													 const struct wims_env *env,
													 struct wims_pl text, uint32_t allowed,
													 struct wims_jwks_fault *fault);

/* A good set as it came, and from where. */
struct wims_jwks_kept
{
	struct wims_pl url;
	int64_t fetched; /* s since the epoch */
	int64_t max_age; /* s, -1: not said */
	struct wims_pl jwks;
};

/* Appends it to out; false: out is full. */
WIMS_MUST_CHECK bool wims_jwks_keep(struct wims_buf *out, const struct wims_jwks_kept *kept);
/* The slices are borrowed from text. False: not of this form. The set itself is
 * not looked at. */
WIMS_MUST_CHECK bool wims_jwks_kept_read(struct wims_jwks_kept *out, struct wims_pl text);

#endif
