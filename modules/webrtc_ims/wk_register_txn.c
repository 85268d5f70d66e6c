/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_register_txn.h"

#include <string.h>

#include "core/mem/shm_mem.h"
#include "wk_state.h"

struct wk_register_txn *wk_register_txn_new(struct wims_pl wic_contact)
{
	struct wk_register_txn *x = shm_malloc(sizeof(*x) + wic_contact.l);

	if(x == NULL)
		return NULL;
	memset(x, 0, sizeof(*x));
	x->uri_len = (uint16_t)wic_contact.l;
	if(wic_contact.l > 0)
		memcpy(x->uri, wic_contact.p, wic_contact.l);
	return x;
}

void wk_register_txn_free(struct wk_register_txn *x)
{
	shm_free(x);
}

void wk_register_txn_failed(const struct cell *t, int status)
{
	wims_binding_abort(wk_flows_lock(), wk_tm_name(t), wk_now_ms(),
					   status < 300 || status == 408 || status == 503);
	wk_flows_unlock();
}

static void on_over(struct cell *t, int type, struct tmcb_params *ps)
{
	(void)type;
	(void)ps;
	if(!wk_state_gone())
		wk_register_txn_failed(t, t->uas.status);
}

static void release(void *param)
{
	wk_register_txn_free(param);
}

bool wk_register_txn_take(sip_msg_t *msg, struct cell *t, struct wk_register_txn *x)
{
	if(wk_tm.register_tmcb(msg, t, TMCB_DESTROY, on_over, x, release) > 0)
		return true;
	wk_register_txn_free(x);
	return false;
}

const struct wk_register_txn *wk_register_txn_of(const struct cell *t)
{
	const volatile struct tm_callback *cb;

	for(cb = t->tmcb_hl.first; cb != NULL; cb = cb->next)
		if(cb->callback == on_over)
			return cb->param;
	return NULL;
}
