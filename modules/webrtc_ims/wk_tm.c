/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_tm.h"

struct tm_binds wk_tm;

int wk_tm_bind(void)
{
	if(load_tm_api(&wk_tm) < 0) {
		LM_ERR("the tm module is not loaded\n");
		return -1;
	}
	return 0;
}

struct cell *wk_tm_transaction(sip_msg_t *msg)
{
	struct cell *t = wk_tm.t_gett();

	if(t == NULL || t == T_UNDEFINED) {
		if(wk_tm.t_newtran(msg) <= 0)
			return NULL;
		t = wk_tm.t_gett();
	}
	return t == T_UNDEFINED ? NULL : t;
}

uint64_t wk_tm_name(const struct cell *t)
{
	return ((uint64_t)t->hash_index << 32) | t->label;
}

uint32_t wk_tm_connection(const struct cell *t)
{
	return t->uas.request == NULL ? 0 : (uint32_t)t->uas.request->rcv.proto_reserved1;
}
