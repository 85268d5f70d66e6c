/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Refused contacts leave nothing behind; taken ones have a host. */
#include "sip/wims_contact.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl body = {(const char *)data, size};
	struct wims_contacts all = {0};
	struct wims_contact one;
	enum wims_reason r = wims_contacts_add(&all, body);
	size_t i;

	if(r != WIMS_OK && (all.count != 0 || all.star))
		abort();
	for(i = 0; i < all.count; i++)
		if(all.contact[i].parts.host.l == 0)
			abort();
	if(wims_contact_find_user(&one, body, WIMS_PL("u1"))
	   && !wims_pl_eq(one.parts.user, WIMS_PL("u1")))
		abort();
	return 0;
}
