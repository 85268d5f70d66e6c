/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_origin.h"

#include "identity/wims_host.h"

/* clang-format off */
static const struct
{
	struct wims_pl prefix;
	uint64_t default_port;
} schemes[] = {
	{{"https://", 8}, 443},
	{{"http://", 7},  80},
};
/* clang-format on */

enum wims_reason wims_origin_canonical(struct wims_pl *out, char *buf, size_t size,
									   struct wims_pl in)
{
	struct wims_w w;
	size_t i;

	*out = WIMS_PL_NONE;
	if(in.l > WIMS_ORIGIN_MAX)
		return WIMS_ORIGIN_REFUSED;
	wims_w_init(&w, buf, size);
	for(i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if(!wims_pl_casestarts(in, schemes[i].prefix))
			continue;
		wims_w_pl(&w, schemes[i].prefix);
		if(!wims_hostport_write(&w, wims_pl_from(in, schemes[i].prefix.l), schemes[i].default_port))
			return WIMS_ORIGIN_REFUSED;
		*out = wims_w_done(&w);
		return WIMS_OK;
	}
	return WIMS_ORIGIN_REFUSED;
}
