/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_fork.h"

#include "base/wims_w.h"
#include "core/dset.h"
#include "modules/tm/t_reply.h"
#include "wk_edge.h"
#include "wk_hdr.h"
#include "wk_leg.h"
#include "wk_location.h"
#include "wk_result.h"

enum
{
	CONTACT_MAX = 160 /* bytes of the URI that stands for a WIC */
};

static bool is_connected(const struct wk_contact *c)
{
	static struct wims_binding_view b;

	return wk_leg_binding(wims_pl_str(c->user), &b) == WIMS_OK;
}

static size_t connected_contacts(struct wims_pl impu, struct wk_contact out[WK_CONTACTS_MAX])
{
	size_t n = wk_location_contacts(impu, out), i, kept = 0;

	for(i = 0; i < n; i++)
		if(is_connected(&out[i]))
			out[kept++] = out[i];
	return kept;
}

/* The first one takes the place of the request's own. */
static bool add_branch(sip_msg_t *msg, const struct wk_contact *c, bool first)
{
	struct wims_edge_uri own = wk_edge_plain();
	char buf[CONTACT_MAX];
	struct wims_w w;
	str uri;

	wims_w_init(&w, buf, sizeof(buf));
	wims_edge_user_write(&w, wims_pl_str(c->user), &own);
	uri = wk_str(wims_w_done(&w));
	if(!w.ok)
		return false;
	if(!first)
		return append_branch(msg, &uri, NULL, NULL, c->q, 0, NULL, NULL, 0, NULL, NULL) > 0;
	set_ruri_q(c->q);
	return rewrite_uri(msg, &uri) >= 0;
}

static enum wims_reason to_contacts(sip_msg_t *msg, struct wims_pl impu)
{
	struct wk_contact contacts[WK_CONTACTS_MAX];
	size_t n = connected_contacts(impu, contacts), i;

	if(n == 0)
		return WIMS_TARGET_UNREGISTERED;
	if(!wk_hdr_drop_all(msg, WIMS_PL("Route")))
		return WIMS_NOMEM;
	for(i = 0; i < n; i++)
		if(!add_branch(msg, &contacts[i], i == 0))
			return WIMS_NOMEM;
	return WIMS_OK;
}

int wk_registrar_lookup(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? to_contacts(msg, wk_result(msg)->impu)
											 : WIMS_REQUEST_MALFORMED);
}

/* tm cancels them too, but not one whose first answer is just being worked on by
 * another process: that one would ring on. Each got its INVITE over a connection
 * that keeps the order, so the CANCEL need not wait for an answer (RFC 3261 9.1). */
void wk_fork_answered(struct cell *t)
{
	struct cancel_info others;

	if(t->nr_of_outgoings < 2)
		return;
	init_cancel_info(&others);
	others.reason.cause = 200;
	wk_tm.prepare_to_cancel(t, &others.cancel_bitmap, 1u << wk_tm.tm_ctx_get()->branch_index);
	if(others.cancel_bitmap != 0)
		wk_tm.cancel_uacs(t, &others, F_CANCEL_B_FORCE_C);
}
