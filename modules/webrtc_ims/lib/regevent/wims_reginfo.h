/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REGINFO_H
#define WIMS_REGINFO_H

/* What a NOTIFY of the event package "reg" says: application/reginfo+xml of
 * RFC 3680 5, with wildcarded identities (TS 24.229 7.10.2). Elements and
 * namespaces that are not known here are passed over, as RFC 3680 5.3 asks. */

#include "base/wims_env.h"
#include "base/wims_reason.h"

enum
{
	WIMS_REGINFO_MAX = 64 * 1024,         /* bytes of one document */
	WIMS_REGINFO_REGISTRATIONS_MAX = 256, /* of one document */
	WIMS_REGINFO_CONTACTS_MAX = 256,      /* of one document */
	WIMS_REGINFO_WILDCARD_MAX = 768,      /* bytes; what is longer is no identity */
	WIMS_REGINFO_CONTACT_MAX = 1024       /* bytes of a Contact URI */
};

enum wims_reginfo_state
{
	WIMS_REGINFO_NONE, /* of a contact: there is none */
	WIMS_REGINFO_INIT,
	WIMS_REGINFO_ACTIVE,
	WIMS_REGINFO_TERMINATED
};

/* Why a contact is in its state (RFC 3680 4.7.1). */
enum wims_reginfo_event
{
	WIMS_REGINFO_UNSAID, /* there is no contact */
	WIMS_REGINFO_REGISTERED,
	WIMS_REGINFO_CREATED,
	WIMS_REGINFO_REFRESHED,
	WIMS_REGINFO_SHORTENED,
	WIMS_REGINFO_EXPIRED,
	WIMS_REGINFO_DEACTIVATED,
	WIMS_REGINFO_PROBATION,
	WIMS_REGINFO_UNREGISTERED,
	WIMS_REGINFO_REJECTED
};

/* One contact of one registration; a registration without contacts is one such
 * piece of news, too, with contact_state NONE. Exactly one of aor and wildcard
 * is there: with a wildcardedIdentity, aor is any identity that it stands for
 * and has no rights of its own. */
struct wims_reginfo_news
{
	struct wims_pl aor;            /* canonical identity */
	struct wims_pl wildcard;       /* as the core writes it, escapes included */
	enum wims_reginfo_state state; /* of the registration; never NONE */
	enum wims_reginfo_state contact_state;
	enum wims_reginfo_event event;
	int64_t expires;        /* s; -1: not said */
	int64_t retry_after;    /* s; -1: not said */
	struct wims_pl contact; /* URI as written; empty: none, or too long */
	bool full;              /* the document says all that there is */
};

/* A document that was good from its first byte to its last. */
struct wims_reginfo;

/* *out is NULL unless WIMS_OK; free it with wims_reginfo_free. BODY_TOO_LONG (one of
 * the limits), BODY_XML, REGINFO_MISSING (element or attribute that must be
 * there), REGINFO_VALUE (an attribute with a value that it cannot have), NOMEM.
 * A registration whose identity is none is passed over. */
WIMS_MUST_CHECK enum wims_reason
wims_reginfo_parse(struct wims_reginfo **out, const struct wims_env *env, struct wims_pl text);
/* NULL is fine. */
void wims_reginfo_free(struct wims_reginfo *doc);

/* Counts up by one from document to document of a subscription. */
uint32_t wims_reginfo_version(const struct wims_reginfo *doc);
bool wims_reginfo_is_full(const struct wims_reginfo *doc);

/* Tells all news in the order of the document; slices are valid while doc is. */
void wims_reginfo_each(const struct wims_reginfo *doc,
					   void (*tell)(void *ctx, const struct wims_reginfo_news *news), void *ctx);

const char *wims_reginfo_state_text(enum wims_reginfo_state state);
const char *wims_reginfo_event_text(enum wims_reginfo_event event);

#endif
