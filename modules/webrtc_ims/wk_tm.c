/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_tm.h"

#include "core/pt.h"
#include "modules/tm/lock.h"
#include "modules/tm/t_reply.h"
#include "wk_answers.h"
#include "wk_hdr.h"

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

struct cell *wk_tm_take(uint64_t name)
{
	struct cell *t = NULL;

	return wk_tm.t_lookup_ident(&t, (unsigned)(name >> 32), (unsigned)name) < 0 ? NULL : t;
}

void wk_tm_let_go(struct cell *t)
{
	wk_tm.t_sett(T_UNDEFINED, T_BR_UNDEFINED);
	wk_tm.unref_cell(t);
}

bool wk_tm_goes_to_wic(const struct ua_client *uac)
{
	return wk_is_websocket(uac->request.dst.proto);
}

/* tm's own lock of answers, which it gives no other module a way to take: all that looks
 * at last_received, or sets it, holds it. The process that has it may take it again. */
static void lock_replies(struct cell *t)
{
	if(atomic_get(&t->reply_locker_pid) == my_pid()) {
		t->reply_rec_lock_level++;
		return;
	}
	lock(&t->reply_mutex);
	atomic_set(&t->reply_locker_pid, my_pid());
}

static void unlock_replies(struct cell *t)
{
	if(t->reply_rec_lock_level > 0) {
		t->reply_rec_lock_level--;
		return;
	}
	atomic_set(&t->reply_locker_pid, 0);
	unlock(&t->reply_mutex);
}

/* A branch that was never answered is failed by tm without a CANCEL, for which nobody
 * is there. That it rang does not count any more; a final answer does. */
static bool fail_locked(struct cell *t, int branch)
{
	struct ua_client *uac = &t->uac[branch];
	struct cancel_info one;

	init_cancel_info(&one);
	if(uac->last_received >= 200)
		return false;
	uac->last_received = 0;
	wk_tm.prepare_to_cancel(t, &one.cancel_bitmap, ~(1u << branch));
	if(one.cancel_bitmap == 0)
		return false;
	uac->request.flags = (uac->request.flags | F_RB_TIMEOUT) & ~F_RB_REPLIED;
	wk_tm.cancel_uacs(t, &one, F_CANCEL_B_KILL | F_CANCEL_B_FAKE_REPLY);
	return true;
}

bool wk_tm_fail_branch(struct cell *t, int branch)
{
	bool failed;

	lock_replies(t);
	failed = fail_locked(t, branch);
	unlock_replies(t);
	return failed;
}

uint32_t wk_tm_connection(const struct cell *t)
{
	return t->uas.request == NULL ? 0 : (uint32_t)t->uas.request->rcv.proto_reserved1;
}

/* A URI says ws for wss too. Plain SIP over TLS is neither: it comes in on the
 * WSS port. */
static bool comes_from(const sip_msg_t *msg, const struct dest_info *dst)
{
	if(wk_is_websocket(dst->proto))
		return wk_from_wic(msg) && msg->rcv.proto_reserved1 == dst->id;
	return msg->rcv.proto == PROTO_UDP || msg->rcv.proto == PROTO_TCP;
}

enum wims_reason wk_tm_reply_source(sip_msg_t *msg)
{
	enum wims_reason r = WIMS_NOT_DIALOG_PARTY;
	const struct cell *t;
	int branch = -1;

	if(wk_tm.t_check(msg, &branch) <= 0 || branch < 0)
		return WIMS_DIALOG_UNKNOWN;
	t = wk_tm.t_gett();
	if(comes_from(msg, &t->uac[branch].request.dst))
		r = !wk_from_wic(msg) || wk_answers(msg, t->uas.request) ? WIMS_OK : WIMS_REQUEST_MALFORMED;
	/* tm looks for it once more; a reply that is dropped would keep it */
	wk_tm.t_unref(msg);
	return r;
}
