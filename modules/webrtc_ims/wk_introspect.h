/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_INTROSPECT_H
#define WK_INTROSPECT_H

/* Reference tokens (RFC 7662): while the WWSF's server is asked about one, its
 * request is suspended and no worker waits. An async worker goes on with it. */

#include "provision/wims_provision.h"
#include "wk_lookup.h"

/* Can this provisioning be served: are there async workers, and a program that
 * fetches? False: fault says what is missing. */
WIMS_MUST_CHECK bool wk_introspect_check(const struct wims_provision *pv,
										 struct wims_config_fault *fault);

/* wims_token_resolve(ROUTE): 1, go on, nothing needs asking; 0, the request is
 * suspended and goes on with that route; -1, refused, an outcome is set. In KEMI
 * ROUTE is the name of a function. */
int wk_fixup_resolve(void **param, int number);
int wk_token_resolve_route(sip_msg_t *msg, int route);
int wk_token_resolve(sip_msg_t *msg, str *route);

/* The token of a request over a connection of w, which w's server is to be
 * asked about: what it said, or what the cache has of it, judged. *t is whole
 * when that is OK. TOKEN_SERVER_FAILED as well where nobody was asked. */
WIMS_MUST_CHECK enum wims_reason wk_introspect_validate(const struct wims_wwsf *w,
														struct wims_pl token, struct wims_token *t);

/* The request in hand waits once more, for something else: what its server said
 * of the token belongs to the caller now, who lends it while the request goes on
 * and frees it then. NULL: it was not asked about. */
struct wk_lookup *wk_introspect_keep(void);
/* NULL: takes it back. */
void wk_introspect_lend(struct wk_lookup *l);

/* The wims process: asks what waits to be asked. Each tick, and when woken. */
void wk_introspect_ask(void);
/* Hands it to an async worker, which resumes its request and ends it. */
void wk_introspect_resume(struct wk_lookup *l);

#endif
