/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* What is taken as a URI holds nothing that could end it elsewhere. */
#include "sip/wims_uri.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl in = {(const char *)data, size};
	struct wims_pl one = {in.p, wims_pl_find(in, '\n')};
	struct wims_uri a, b;
	struct wims_pl value;
	size_t i;

	if(wims_uri_parse(&a, one) != WIMS_OK)
		return 0;
	for(i = 0; i < one.l; i++)
		if(one.p[i] <= ' ' || one.p[i] > '~' || one.p[i] == '<' || one.p[i] == '"')
			abort();
	(void)wims_uri_param(a.params, WIMS_PL("transport"), &value);
	if(wims_uri_parse(&b, wims_pl_from(in, one.l + 1)) == WIMS_OK
	   && wims_uri_same_target(&a, &b) != wims_uri_same_target(&b, &a))
		abort();
	return 0;
}
