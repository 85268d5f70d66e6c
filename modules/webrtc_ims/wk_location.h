/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_LOCATION_H
#define WK_LOCATION_H

/* The contacts of IMPUs in ranges, in usrloc: which ones there are and in which
 * order they ring. Whether one of them is alive, the flow table says; a contact
 * that only usrloc has is of nobody. Nobody else writes that table.
 *
 * An AOR is a canonical IMPU. A contact is sip:USER@MW, USER being the name of
 * its binding in the flow table, and its ruid is USER. */

#include "flow/wims_flow.h"
#include "sip/wims_contact.h"
#include "wk.h"

enum
{
	WK_CONTACTS_MAX = 31 /* of one IMPU: what max_contacts may be at most */
};

struct wk_contact
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	int q;           /* 0..WIMS_Q_MAX; one that did not say has the highest */
	uint32_t reg_id; /* 0: none */
};

/* mod_init. 0 or -1 after a log line. */
int wk_location_init(void);
/* Is usrloc loaded? Else there are no contacts, and no range is registered
 * (wk_rangereg_can_serve). */
bool wk_location_on(void);

/* Nobody else changes or looks at the contacts of that IMPU in between. The flow
 * lock may be taken while this one is held, never the other way round; nothing
 * is sent. The calls below take it themselves when their process has it not. */
void wk_location_lock(struct wims_pl impu);
void wk_location_unlock(struct wims_pl impu);

/* Contacts in the order they ring, highest q first and then the oldest; the
 * number of them. */
WIMS_MUST_CHECK size_t wk_location_contacts(struct wims_pl impu,
											struct wk_contact out[WK_CONTACTS_MAX]);

struct wk_location_in
{
	struct wims_pl impu;
	struct wims_pl user;
	int q;            /* as in struct wims_contact */
	uint32_t expires; /* s from now */
	struct wims_pl call_id;
	struct wims_pl instance;
	uint32_t cseq, reg_id;
	bool *renewed; /* set: was it there already, over this very connection? NULL: nobody asks */
};
/* Adds the contact that this REGISTER brings, or renews it. False: no memory;
 * a new one is not there then. */
WIMS_MUST_CHECK bool wk_location_put(sip_msg_t *msg, const struct wk_location_in *in);
/* Unknown contact: nothing happens. */
void wk_location_drop(struct wims_pl impu, struct wims_pl user);

#endif
