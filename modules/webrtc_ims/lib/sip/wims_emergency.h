/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_EMERGENCY_H
#define WIMS_EMERGENCY_H

/* Is a request an emergency call? The Request-URI alone says so (TS 24.229
 * 5.2.10.1): neither Route nor To nor any parameter opens that door. */

#include "base/wims_env.h"
#include "base/wims_reason.h"
#include "base/wims_fault.h"

enum
{
	WIMS_EMERGENCY_TEXT_MAX = 512,   /* the operator's list */
	WIMS_EMERGENCY_NUMBERS_MAX = 32, /* numbers in it */
	WIMS_EMERGENCY_DIGITS_MAX = 15,  /* of one number */
	WIMS_EMERGENCY_SERVICE_MAX = 64  /* bytes of "sos.police" */
};

struct wims_emergency;

/* text: "112, 110=sos.police": numbers of 1 to 15 digits, each with its service
 * (RFC 5031), "sos" without one; may be empty. *out is NULL unless WIMS_OK; the
 * caller frees it. CONFIG_VALUE: too long, too many, twice the same, no number, no
 * service of "sos", with the reason in fault (may be NULL). NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_emergency_new(struct wims_emergency **out,
													const struct wims_env *env, struct wims_pl text,
													struct wims_fault *fault);
/* NULL is fine. */
void wims_emergency_free(struct wims_emergency *e);

/* The service that a Request-URI asks for, "sos" or "sos.police"; empty: none. That is
 * urn:service:sos and what is below it, tel: with one of the numbers, and sip: or
 * sips: with one of them as user, at that domain and no other. Separators of
 * RFC 3966 in a number, a "+" in front of it and parameters behind it do not count, and an
 * escape is the character that it stands for (RFC 3986 6.2.2.2). Borrowed from buf or e. */
struct wims_pl wims_emergency_service(const struct wims_emergency *e, struct wims_pl uri,
									  struct wims_pl domain, char buf[WIMS_EMERGENCY_SERVICE_MAX]);

#endif
