/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* A range's REGISTER on its way to the core, and the answer on its way back. */

#include "wk_rangereg.h"

#include "wk_edge.h"
#include "wk_granted.h"
#include "wk_hdr.h"
#include "wk_originate.h"
#include "wk_proc.h"
#include "wk_state.h"
#include "wk_stats.h"

enum
{
	UNREADABLE = 500 /* what an answer counts as that is no SIP */
};

#define NOTHING_SAID(status)                                                  \
	{                                                                         \
		.code = (status), .granted = -1, .min_expires = -1, .retry_after = -1 \
	}

/* A 2xx without our Contact registered nothing of ours. */
static int64_t granted(sip_msg_t *reply, const struct wims_rangereg_view *range)
{
	struct wims_contact c = {0};

	if(!wk_granted_contact(reply, wims_pl_str(range->contact_user), &c))
		return 0;
	return wk_granted_expires(reply, &c);
}

/* What is longer than the table would read is to it as a list that is none: that
 * takes nothing away from the registration itself. */
static struct wims_pl list_of(sip_msg_t *reply, struct wims_pl name, char *buf, size_t size)
{
	struct wims_pl list;

	return wk_hdr_joined(reply, name, buf, size, &list) ? list : WIMS_PL(",");
}

static void read_answer(sip_msg_t *reply, const struct wims_rangereg_view *range,
						struct wims_rangereg_answer *a)
{
	static char routes[WIMS_ROUTES_MAX], associated[WIMS_RANGEREG_ASSOCIATED_BYTES];

	a->granted = granted(reply, range);
	a->min_expires = wk_hdr_seconds(reply, WIMS_PL("Min-Expires"));
	a->retry_after = wk_hdr_retry_after(reply);
	a->has_associated = wk_hdr_next(reply, NULL, WIMS_PL("P-Associated-URI")) != NULL;
	a->service_route = list_of(reply, WIMS_PL("Service-Route"), routes, sizeof(routes));
	a->associated = list_of(reply, WIMS_PL("P-Associated-URI"), associated, sizeof(associated));
}

static void give(uint64_t txn, const struct wims_rangereg_answer *a)
{
	wims_rangereg_answered(wk_rangereg_lock(), txn, a, wk_now_ms());
	wk_rangereg_unlock();
	wk_proc_wake();
}

static void take(uint64_t txn, sip_msg_t *reply, int code, const struct wims_rangereg_view *range)
{
	struct wims_rangereg_answer a = NOTHING_SAID(code);

	if(reply != NULL && reply != FAKED_REPLY) {
		if(wk_hdr_parse(reply)) {
			read_answer(reply, range, &a);
		} else {
			LM_ERR("the core's %d to the REGISTER of %.*s cannot be read\n", code,
				   WK_FMT(range->to));
			a.code = UNREADABLE;
		}
	}
	give(txn, &a);
}

/* In the worker that got the answer, or in tm's timer. */
static void on_answer(struct cell *t, int type, struct tmcb_params *ps)
{
	static struct wims_rangereg_view range;
	uint64_t txn = (uint64_t)(uintptr_t)*ps->param;
	bool known = wims_rangereg_view_of(wk_rangereg_lock(), txn, wk_now_ms(), &range);

	(void)t;
	(void)type;
	wk_rangereg_unlock();
	if(ps->code < 200 || ps->code > 299) {
		wk_stats_event(WK_EV_RANGE_REGISTERS_FAILED);
		if(known)
			LM_WARN("the core answered %d to the REGISTER of %.*s\n", ps->code, WK_FMT(range.to));
	}
	take(txn, ps->rpl, ps->code, &range);
}

void wk_rangereg_send(const struct wims_rangereg_action *a)
{
	static const struct wims_rangereg_answer unsent = NOTHING_SAID(0);
	struct wk_own_register r = {.call_id = wims_pl_str(a->call_id),
								.from_tag = wims_pl_str(a->from_tag),
								.cseq = a->cseq,
								.party = a->to,
								.impi = a->impi,
								.domain = a->domain,
								.contact_user = wims_pl_str(a->contact_user),
								.path = wk_edge_plain(),
								.expires = a->expires};

	/* of another node: what it registered, byte for byte */
	if(a->contact_address.l > 0 && wk_edge_parse(&r.contact, a->contact_address))
		r.path = r.contact;
	/* no flow token: no connection is behind it, and it outlives a restart */
	r.path.token = WIMS_PL("range");
	if(wk_send_register(&r, on_answer, (void *)(uintptr_t)a->txn)) {
		wk_stats_event(WK_EV_RANGE_REGISTERS);
		return;
	}
	LM_ERR("cannot send the REGISTER of %.*s\n", WK_FMT(a->wildcard));
	wk_stats_event(WK_EV_RANGE_REGISTERS_FAILED);
	give(a->txn, &unsent);
}
