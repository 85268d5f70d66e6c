/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTER_TXN_H
#define WK_REGISTER_TXN_H

/* What the answer to a REGISTER needs to know of the request. It hangs on the
 * transaction and goes with it. */

#include "flow/wims_flow.h"
#include "sip/wims_expires.h"
#include "wk_tm.h"

struct wk_register_txn
{
	struct wims_expires_plan plan;
	int64_t token_exp;
	char contact_user[WIMS_CONTACT_USER_LEN + 1];
	bool by_core;  /* scenario 1: a challenge of the core is the WIC's to answer */
	bool answered; /* with an answer to one, which a wrong password makes a wrong one */
	uint16_t uri_len;
	char uri[]; /* Contact URI of the WIC */
};

/* In shared memory; NULL: none left. */
struct wk_register_txn *wk_register_txn_new(struct wims_pl wic_contact);
void wk_register_txn_free(struct wk_register_txn *x);
/* Hangs it on the transaction, which frees it, and which ends the open
 * REGISTER in the flow table when it is over. False: freed already. */
WIMS_MUST_CHECK bool wk_register_txn_take(sip_msg_t *msg, struct cell *t,
										  struct wk_register_txn *x);
/* Ends the open REGISTER now, which else happens when tm forgets the
 * transaction, seconds after its end. Where no answer was taken over, the core
 * may have registered the WIC all the same if it was silent towards us. */
void wk_register_txn_failed(const struct cell *t, int status);
/* NULL when the transaction is none of a REGISTER of ours. */
const struct wk_register_txn *wk_register_txn_of(const struct cell *t);

#endif
