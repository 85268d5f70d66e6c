/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_networks.h"

#include "core/dprint.h"
#include "wk_env.h"
#include "wk_params.h"

int wk_networks_read(struct wims_nets **out, const char *name, const char *value)
{
	struct wims_fault fault = {""};
	enum wims_reason r = wims_nets_new(out, wk_env(), wims_pl_str(value), &fault);

	if(r != WIMS_OK)
		LM_ERR("modparam %s=%s: %s: must be networks such as 192.0.2.0/24, commas between\n", name,
			   value, *fault.text != '\0' ? fault.text : wims_reason_text(r));
	return r == WIMS_OK ? 0 : -1;
}

static int check(const char *name, const char *value)
{
	struct wims_nets *nets = NULL;
	int rc = wk_networks_read(&nets, name, value);

	wims_nets_free(nets);
	return rc;
}

int wk_networks_check(void)
{
	return check("core_networks", wk_params.core_networks) < 0
						   || check("peer_networks", wk_params.peer_networks) < 0
				   ? -1
				   : 0;
}
