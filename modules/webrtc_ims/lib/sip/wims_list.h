/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_LIST_H
#define WIMS_LIST_H

/* Comma-separated header bodies of name-addr or addr-spec (RFC 3261 7.3.1 and
 * 25.1): Contact, Path, Service-Route, Record-Route, P-Associated-URI. Quotes
 * and angle brackets keep their commas. All slices are borrowed from the
 * bodies. */

#include "base/wims_reason.h"

enum
{
	WIMS_LIST_MAX = 16 /* elements, over all header lines */
};

/* Takes the next element, trimmed, off *rest, which begins as the body. False
 * at the end, and then *rest is empty; false with *rest not empty means bad
 * syntax: an empty element, or a quote or bracket left open. */
WIMS_MUST_CHECK bool wims_list_next(struct wims_pl *rest, struct wims_pl *item);

/* Begins as {0}. */
struct wims_list
{
	size_t count;
	struct wims_pl item[WIMS_LIST_MAX];
};

/* Adds the elements of one header line; an empty body has none. After
 * REQUEST_MALFORMED or LIMIT_REACHED (more than WIMS_LIST_MAX) the list is
 * empty. */
WIMS_MUST_CHECK enum wims_reason wims_list_add(struct wims_list *list, struct wims_pl body);

/* The URI of one element, and its header parameters (";a=b...", or empty).
 * Without angle brackets all parameters are the header's (RFC 3261 20). False
 * and both empty: not of that form. The URI itself is not looked into. */
WIMS_MUST_CHECK bool wims_list_uri(struct wims_pl item, struct wims_pl *uri,
								   struct wims_pl *params);

#endif
