/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* First line: an address; the rest: the operator's list of networks. A client in words
 * that is an address is that client. */
#include "guard/wims_net.h"

#include <string.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl in = {(const char *)data, size};
	struct wims_pl first = {in.p, wims_pl_find(in, '\n')};
	struct wims_pl list = wims_pl_from(in, first.l + 1), client, again;
	struct wims_address a, b;
	char text[WIMS_CLIENT_TEXT_MAX];
	struct wims_nets *nets;

	if(!wims_address_parse(&a, first))
		return 0;
	client = wims_address_client(&a);
	wims_client_text(text, client);
	FUZZ_ASSERT(*text != '\0');
	FUZZ_ASSERT(wims_address_parse(&b, (struct wims_pl){text, strcspn(text, "/")}));
	again = wims_address_client(&b);
	/* the /64 of mapped addresses has none of its own */
	FUZZ_ASSERT(client.l != again.l || wims_pl_eq(client, again));
	if(wims_nets_new(&nets, &wims_env_libc, list, NULL) != WIMS_OK)
		return 0;
	(void)wims_nets_have(nets, &a);
	wims_nets_free(nets);
	return 0;
}
