/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_fork.h"

#include "base/wims_w.h"
#include "core/dset.h"
#include "identity/wims_impu.h"
#include "modules/tm/t_reply.h"
#include "wk_callees.h"
#include "wk_hdr.h"
#include "wk_result.h"

/* The first one takes the place of the request's own. */
static bool add_branch(sip_msg_t *msg, const struct wk_callee *c, bool first)
{
	str uri = wk_str(wims_pl_str(c->uri)), path = wk_str(wims_pl_str(c->path));

	if(!first)
		return append_branch(msg, &uri, NULL, &path, c->q, 0, NULL, NULL, 0, NULL, NULL) > 0;
	set_ruri_q(c->q);
	return rewrite_uri(msg, &uri) >= 0 && (path.len == 0 || set_path_vector(msg, &path) == 0);
}

/* Another node does not take the registrar's word for who is called
 * (RFC 7315 5.2: whoever puts the Contact into the Request-URI tells). */
static bool tell_called(sip_msg_t *msg, struct wims_pl impu)
{
	char line[3 * WIMS_IMPU_MAX + 32];
	struct wims_w w;

	if(wk_hdr_next(msg, NULL, WIMS_PL("P-Called-Party-ID")) != NULL)
		return true;
	wims_w_init(&w, line, sizeof(line));
	wk_hdr_write_identity(&w, WIMS_PL("P-Called-Party-ID"), impu);
	return w.ok && wk_hdr_add(msg, wims_w_done(&w));
}

static bool any_elsewhere(const struct wk_callee *callees, size_t n)
{
	while(n-- > 0)
		if(callees[n].path[0] != '\0')
			return true;
	return false;
}

static enum wims_reason to_callees(sip_msg_t *msg, struct wims_pl impu)
{
	const struct wk_callee *callees;
	size_t n = wk_callees(msg, impu, &callees), i;

	if(n == 0)
		return WIMS_TARGET_UNREGISTERED;
	if(!wk_hdr_drop_all(msg, WIMS_PL("Route"))
	   || (any_elsewhere(callees, n) && !tell_called(msg, impu)))
		return WIMS_NOMEM;
	for(i = 0; i < n; i++)
		if(!add_branch(msg, &callees[i], i == 0))
			return WIMS_NOMEM;
	return WIMS_OK;
}

int wk_registrar_lookup(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? to_callees(msg, wk_result(msg)->impu)
											 : WIMS_REQUEST_MALFORMED);
}

/* ---- the others stop ---- */

/* tm cancels as well, but not one whose first answer has not come, or is just being
 * worked on by another process: that one would ring on. Each got its INVITE over a
 * connection that keeps the order, so the CANCEL need not wait for an answer
 * (RFC 3261 9.1). */
static void cancel_but(struct cell *t, branch_bm_t skip, struct cancel_info *why)
{
	wk_tm.prepare_to_cancel(t, &why->cancel_bitmap, skip);
	if(why->cancel_bitmap != 0)
		wk_tm.cancel_uacs(t, why, F_CANCEL_B_FORCE_C);
}

void wk_fork_answered(struct cell *t, int status)
{
	struct cancel_info why;

	if(!is_invite(t) || t->nr_of_outgoings < 2 || status < 200 || (status >= 300 && status < 600))
		return;
	init_cancel_info(&why);
	why.reason.cause = (short)status;
	cancel_but(t, 1u << wk_tm.tm_ctx_get()->branch_index, &why);
}

static branch_bm_t not_to_wics(const struct cell *t)
{
	branch_bm_t found = 0;
	int i;

	for(i = 0; i < t->nr_of_outgoings; i++)
		if(!wk_tm_goes_to_wic(&t->uac[i]))
			found |= 1u << i;
	return found;
}

int wk_cancelled(sip_msg_t *msg)
{
	struct cell *invite = wk_tm.t_lookup_original(msg);
	struct cancel_info why;

	if(invite == NULL || invite == T_NULL_CELL)
		return WK_FALSE;
	init_cancel_info(&why);
	if(invite->uas.cancel_reas != NULL)
		why.reason = *invite->uas.cancel_reas;
	if(invite->uas.status < 200)
		cancel_but(invite, not_to_wics(invite), &why);
	wk_tm.unref_cell(invite);
	return WK_TRUE;
}
