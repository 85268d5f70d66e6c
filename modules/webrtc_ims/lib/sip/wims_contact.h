/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_CONTACT_H
#define WIMS_CONTACT_H

/* Contact header bodies (RFC 3261 20.10, RFC 5626 4.1): what a WIC registers,
 * and what the core says it registered. */

#include "base/wims_reason.h"
#include "sip/wims_uri.h"

enum
{
	WIMS_CONTACT_MAX = 2048, /* bytes of one contact */
	WIMS_CONTACTS_MAX = 10,  /* contacts of one REGISTER */
	WIMS_INSTANCE_MAX = 255, /* bytes of +sip.instance */
	WIMS_Q_MAX = 1000,       /* q=1 */
	WIMS_Q_NONE = -1
};

/* Slices are borrowed from the body. */
struct wims_contact
{
	struct wims_pl uri;    /* as written */
	struct wims_uri parts; /* of uri */
	struct wims_pl params; /* header parameters as written, ";a=b;c" or empty */
	bool has_expires;
	uint32_t expires;        /* s */
	int q;                   /* thousandths; WIMS_Q_NONE: it does not say */
	struct wims_pl instance; /* "<urn:uuid:...>" without its quotes; empty: none */
	uint32_t reg_id;         /* 0: none */
};

/* One contact, not "*". CONTACT_BAD and *out zeroed: too long, no strict sip
 * or sips URI, one of the parameters above twice or out of its range. An
 * instance may be repeated if it stays the same: SIP.js does that. */
WIMS_MUST_CHECK enum wims_reason wims_contact_parse(struct wims_contact *out, struct wims_pl one);

/* The contacts of one REGISTER; begins as {0}. */
struct wims_contacts
{
	bool star; /* "*": all of them; count is 0 */
	size_t count;
	struct wims_contact contact[WIMS_CONTACTS_MAX];
};

/* Adds the contacts of one header line. CONTACT_BAD and *all zeroed: more than
 * WIMS_CONTACTS_MAX, "*" beside anything else, an empty element, or one that
 * wims_contact_parse refuses. */
WIMS_MUST_CHECK enum wims_reason wims_contacts_add(struct wims_contacts *all, struct wims_pl body);

/* The first contact of one header line of a 200 OK whose URI has that user
 * part, byte by byte. Contacts of other devices are passed over, whatever they
 * look like. False and *out zeroed: not there. */
WIMS_MUST_CHECK bool wims_contact_find_user(struct wims_contact *out, struct wims_pl body,
											struct wims_pl user);

#endif
