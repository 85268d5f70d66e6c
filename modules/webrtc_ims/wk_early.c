/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_early.h"

#include "core/mem/shm_mem.h"
#include "modules/tm/t_reply.h"
#include "wk_hand.h"
#include "wk_hdr.h"
#include "wk_state.h"
#include "wk_stats.h"
#include "wk_tm.h"

static bool goes_to(const struct ua_client *uac, uint32_t conn)
{
	return wk_tm_goes_to_wic(uac) && (uint32_t)uac->request.dst.id == conn;
}

static void say_terminated(struct cell *t)
{
	wk_tm.t_reply_trans(t, t->uas.request, 487, "Request Terminated");
}

static const struct cancel_reason why = {.cause = 480, .u.text = str_init("WebSocket lost")};

/* What nobody has answered yet is cancelled by tm with the first answer, and for the
 * reason that it finds then. Without memory it goes without one. */
static void leave_reason(struct cell *t)
{
	struct cancel_reason *left = shm_malloc(sizeof(*left)), *none = NULL;

	if(left == NULL)
		return;
	*left = why;
	if(!__atomic_compare_exchange_n(&t->uas.cancel_reas, &none, left, false, __ATOMIC_SEQ_CST,
									__ATOMIC_SEQ_CST))
		shm_free(left);
}

static void cancel_all(struct cell *t)
{
	struct cancel_info all;

	init_cancel_info(&all);
	all.reason = why;
	leave_reason(t);
	/* as for a CANCEL: it goes nowhere any more, failure_route lets it be */
	t->flags |= T_CANCELED;
	wk_tm.prepare_to_cancel(t, &all.cancel_bitmap, 0);
	wk_stats_event(WK_EV_EARLY_LOST);
	if(all.cancel_bitmap != 0)
		wk_tm.cancel_uacs(t, &all, F_CANCEL_B_FORCE_RETR);
	else if(t->nr_of_outgoings == 0 || t->uac[0].request.buffer == NULL)
		say_terminated(t); /* suspended, or not sent yet */
}

/* tm never asks again for the answer to a CANCEL. */
static void fail_branch(struct cell *t, int branch)
{
	if(wk_tm_fail_branch(t, branch))
		wk_stats_event(WK_EV_EARLY_LOST);
	else if((t->flags & T_CANCELED) != 0 && t->uac[branch].last_received < 200)
		say_terminated(t);
}

static void give_up(struct cell *t, uint32_t conn)
{
	int i;

	if(t->uas.request == NULL)
		return;
	if(wk_from_wic(t->uas.request) && wk_tm_connection(t) == conn && is_invite(t))
		cancel_all(t);
	for(i = 0; i < t->nr_of_outgoings && t->uas.status < 200; i++)
		if(goes_to(&t->uac[i], conn))
			fail_branch(t, i);
}

struct lost
{
	uint64_t txn;
	uint32_t conn;
};

static void take_and_give_up(const void *arg)
{
	const struct lost *lost = arg;
	struct cell *t = wk_tm_take(lost->txn);

	if(t == NULL)
		return;
	if(t->uas.status < 200)
		give_up(t, lost->conn);
	wk_tm_let_go(t);
}

void wk_early_give_up(uint64_t txn, uint32_t conn)
{
	const struct lost lost = {.txn = txn, .conn = conn};

	wk_hand(take_and_give_up, &lost, sizeof(lost));
}

int wk_wic_lost(sip_msg_t *msg)
{
	const struct cell *t = wk_tm.t_gett();
	int branch = wk_tm.t_get_picked_branch();
	const struct ua_client *uac;

	(void)msg;
	if(t == NULL || t == T_UNDEFINED || branch < 0)
		return WK_FALSE;
	uac = &t->uac[branch];
	if(uac->reply != FAKED_REPLY || !wk_tm_goes_to_wic(uac))
		return WK_FALSE;
	return wk_flow_check((uint32_t)uac->request.dst.id, NULL) == WIMS_OK ? WK_FALSE : WK_TRUE;
}
