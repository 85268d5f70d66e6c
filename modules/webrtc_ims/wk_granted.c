/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_granted.h"

#include "wk_hdr.h"

bool wk_granted_contact(sip_msg_t *reply, struct wims_pl contact_user, struct wims_contact *c)
{
	static const struct wims_pl name = {"Contact", 7};
	hdr_field_t *h;

	for(h = wk_hdr_next(reply, NULL, name); h != NULL; h = wk_hdr_next(reply, h, name))
		if(wims_contact_find_user(c, wk_pl(&h->body), contact_user))
			return true;
	return false;
}

int64_t wk_granted_expires(sip_msg_t *reply, const struct wims_contact *c)
{
	struct wims_pl header = wk_hdr_body(reply, WIMS_PL("Expires"));
	uint64_t n = 0;

	if(c->has_expires)
		return c->expires;
	return header.l > 0 && wims_pl_u64(header, &n) && n <= UINT32_MAX ? (int64_t)n : -1;
}
