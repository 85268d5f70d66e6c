/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Elements lie in the body and in order; their URIs lie in the elements. */
#include "sip/wims_list.h"

#include <stdlib.h>

static bool inside(struct wims_pl part, struct wims_pl whole)
{
	return part.l == 0 || (part.p >= whole.p && part.p + part.l <= whole.p + whole.l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl body = {(const char *)data, size};
	struct wims_list list = {0};
	struct wims_pl uri, params;
	enum wims_reason r = wims_list_add(&list, body);
	size_t i;

	if(r != WIMS_OK && list.count != 0)
		abort();
	for(i = 0; i < list.count; i++) {
		if(list.item[i].l == 0 || !inside(list.item[i], body))
			abort();
		if(wims_list_uri(list.item[i], &uri, &params)
		   && (uri.l == 0 || !inside(uri, list.item[i]) || !inside(params, list.item[i])))
			abort();
	}
	return 0;
}
