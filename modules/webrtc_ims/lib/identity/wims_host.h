/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_HOST_H
#define WIMS_HOST_H

/* The host part of an identity, a realm or an Origin (RFC 3261 25.1 "host",
 * RFC 1123 2.1). */

#include "base/wims_w.h"

enum
{
	WIMS_HOST_MAX = 253 /* RFC 1035 2.3.4, in text */
};

/* Writes host in canonical form: names in lower case without the trailing
 * dot, IPv4 as a dotted quad, IPv6 in brackets as RFC 5952 writes it. False
 * when host is none of these; w then is of no use. A name whose last label is
 * all digits is not a name. */
WIMS_MUST_CHECK bool wims_host_write(struct wims_w *w, struct wims_pl host);
/* host [":" port] as above; a port equal to default_port is dropped and so
 * are leading zeros. */
WIMS_MUST_CHECK bool wims_hostport_write(struct wims_w *w, struct wims_pl hostport,
										 uint64_t default_port);

/* ASCII classes; the locale plays no part. */
static inline bool wims_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool wims_is_alnum(char c)
{
	return wims_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

#endif
