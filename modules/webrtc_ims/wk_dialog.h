/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_DIALOG_H
#define WK_DIALOG_H

/* What happens once a dialog is being made: answers, requests inside it,
 * CANCEL. */

#include "wk.h"

/* A request inside a dialog, of either side, after loose_route: the flow token
 * of our Record-Route is good for this Call-ID, the connection is a party, and
 * the next hop is one that the dialog has shown before. */
int wk_indialog(sip_msg_t *msg);
/* A reply of a dialog-forming request, in the onreply_route: what it shows of
 * the dialog. */
int wk_dialog_reply(sip_msg_t *msg);
/* CANCEL: does the transaction it means belong to the same connection? */
int wk_same_flow(sip_msg_t *msg);

#endif
