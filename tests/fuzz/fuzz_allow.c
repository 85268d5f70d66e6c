/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* First line: the operator's list; the rest: a header name. Whatever the list
 * says, the headers of the trust domain stay out. */
#include "sip/wims_allow.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl in = {(const char *)data, size};
	struct wims_pl extra = {in.p, wims_pl_find(in, '\n')};
	struct wims_pl rest = wims_pl_from(in, extra.l + 1);
	struct wims_fault fault;
	struct wims_allow *a;

	if(wims_allow_new(&a, &wims_env_libc, extra, &fault) != WIMS_OK)
		return 0;
	(void)!wims_allow_header(a, WIMS_ALLOW_REPLY, rest, rest);
	(void)!wims_allow_header(a, WIMS_ALLOW_REGISTER, WIMS_PL("P-Access-Network-Info"), rest);
	if(wims_allow_header(a, WIMS_ALLOW_REQUEST, WIMS_PL("P-Asserted-Identity"), rest)
	   || wims_allow_header(a, WIMS_ALLOW_REGISTER, WIMS_PL("Path"), rest)
	   || wims_allow_header(a, WIMS_ALLOW_REQUEST, WIMS_PL("Service-Route"), rest))
		abort();
	wims_allow_free(a);
	return 0;
}
