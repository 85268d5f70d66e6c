/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_role.h"

#include "wk_params.h"
#include "wk_result.h"

static bool icscf;

bool wk_role_icscf(void)
{
	return icscf;
}

/* clang-format off */
static const struct
{
	const char *name;
	char *const *value;
} of_epcscf[] = {
	{"flow_key_file",   &wk_params.flow_key_file},
	{"state_dir",       &wk_params.state_dir},
	{"mw_address",      &wk_params.mw_address},
	{"mw_next_hop",     &wk_params.mw_next_hop},
	{"visited_network", &wk_params.visited_network},
};
/* clang-format on */

/* Whoever sets it believes that this is an eP-CSCF. */
static int check_parameters(void)
{
	size_t i;

	for(i = 0; i < sizeof(of_epcscf) / sizeof(of_epcscf[0]); i++)
		if(**of_epcscf[i].value != '\0') {
			LM_ERR("modparam %s=%s: must be empty with role=icscf\n", of_epcscf[i].name,
				   *of_epcscf[i].value);
			return -1;
		}
	if(wims_pl_eq(wims_pl_str(wk_params.registrar), WIMS_PL("shm"))) {
		LM_ERR("modparam registrar=shm: must be a Redis with role=icscf, that of the eP-CSCFs\n");
		return -1;
	}
	return 0;
}

int wk_role_init(void)
{
	struct wims_pl role = wims_pl_str(wk_params.role);

	icscf = wims_pl_eq(role, WIMS_PL("icscf"));
	if(!icscf && !wims_pl_eq(role, WIMS_PL("epcscf"))) {
		LM_ERR("modparam role=%s: must be epcscf or icscf\n", wk_params.role);
		return -1;
	}
	if(!icscf)
		return 0;
	if(module_loaded("websocket")) {
		LM_ERR("the websocket module is loaded: with role=icscf there are no WICs\n");
		return -1;
	}
	return check_parameters();
}

bool wk_role_lacks(sip_msg_t *msg)
{
	static bool told;

	if(!icscf)
		return false;
	if(!told)
		LM_ERR("the script calls a function that role=icscf has not got\n");
	told = true;
	wk_outcome(msg, WIMS_WRONG_ROLE);
	return true;
}
