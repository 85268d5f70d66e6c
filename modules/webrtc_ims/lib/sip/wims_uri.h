/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_URI_H
#define WIMS_URI_H

/* sip: and sips: URIs, taken apart without being changed (RFC 3261 19.1).
 * Stricter than the RFC where its freedom only serves attackers: no password,
 * no "?headers", no parameter twice, no bytes that should be escaped.
 * Identities are compared by identity/wims_impu.h; this is for places to send
 * to. */

#include "base/wims_reason.h"

enum
{
	WIMS_URI_MAX = 1024,
	WIMS_URI_PARAMS_MAX = 16
};

/* Slices are borrowed from the text. */
struct wims_uri
{
	bool sips;
	struct wims_pl user;   /* escapes as written; empty: none */
	struct wims_pl host;   /* IPv6 with its brackets */
	uint16_t port;         /* 0: none */
	struct wims_pl params; /* ";a=b;c", or empty */
};

/* URI_BAD and *out zeroed unless it is one, at most WIMS_URI_MAX bytes. */
WIMS_MUST_CHECK enum wims_reason wims_uri_parse(struct wims_uri *out, struct wims_pl text);
/* Is the parameter there, by name without regard to case? *value is empty
 * when it has none. params: of a parsed URI. */
bool wims_uri_param(struct wims_pl params, struct wims_pl name, struct wims_pl *value);
/* Do both lead to the same host, port and transport? maddr stands in for the
 * host; an absent port is 5060 (5061 with TLS); an absent transport is udp,
 * for sips TLS. User and other parameters play no part. */
bool wims_uri_same_target(const struct wims_uri *a, const struct wims_uri *b);
/* Are they the same URI (RFC 3261 19.1.4)? An absent port is no default one, an escape
 * of a character that may stand in a user part is that character, as the libraries of
 * browsers write ";" and "=" there, and parameters that only one of them has
 * play no part, but user, ttl, method, maddr and transport. */
bool wims_uri_same(const struct wims_uri *a, const struct wims_uri *b);

#endif
