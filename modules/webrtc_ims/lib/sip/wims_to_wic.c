/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_to_wic.h"

bool wims_core_only_header(struct wims_pl name)
{
	static const struct wims_pl names[] = {
			{"P-Charging-Vector", 17},
			{"P-Charging-Function-Addresses", 29},
			{"P-Visited-Network-ID", 20},
			{"P-Served-User", 13},
			{"P-Profile-Key", 13},
			{"P-User-Database", 15},
			{"P-Access-Network-Info", 21},
			{"P-Private-Network-Indication", 28},
			{"P-DCS-Billing-Info", 18},
			{"Relayed-Charge", 14},
			{"Cellular-Network-Info", 21},
			{"Feature-Caps", 12},
			{"Resource-Share", 14},
			{"Restoration-Info", 16},
			{"Path", 4},
	};
	size_t i;

	for(i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if(wims_pl_caseeq(name, names[i]))
			return true;
	return false;
}

bool wims_privacy_id(struct wims_pl privacy)
{
	struct wims_pl rest = privacy;

	while(rest.l > 0) {
		size_t end = wims_pl_find(rest, ';');
		struct wims_pl value = wims_pl_trim((struct wims_pl){rest.p, end});

		if(wims_pl_caseeq(value, WIMS_PL("id")))
			return true;
		rest = wims_pl_from(rest, end + 1);
	}
	return false;
}
