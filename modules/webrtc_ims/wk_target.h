/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_TARGET_H
#define WK_TARGET_H

/* Requests of the core for an IMPU of a range: the core knows only the range,
 * so whether anybody is there is for us to say (TS 23.228 calls with a target
 * that is not registered). */

#include "wk.h"

/* True: the request is for an IMPU that the core registers by its range, as no
 * flow token on top says which connection it is for. $wims(impu) is the IMPU:
 * that of P-Called-Party-ID, else of the Request-URI. */
int wk_for_range(sip_msg_t *msg);
/* True: nobody is registered as that IMPU, or it is none, and the request has
 * been answered without a transaction (an ACK gets no answer). False: somebody
 * is, and nothing has been sent. */
int wk_reject_unregistered(sip_msg_t *msg);
/* wims_registrar_query(URI): WK_TRUE: somebody is registered as that IMPU; else one of
 * these. For whoever sends a request on: nothing is answered. $wims(impu), $wims(range)
 * and $wims(range_wwsf) tell what the IMPU is. */
enum
{
	WK_QUERY_NOBODY = -1,
	WK_QUERY_AWAY = -2,    /* the registrar does not say */
	WK_QUERY_NOT_OURS = -3 /* no IMPU of a range of which eP-CSCFs are the registrar */
};
int wk_registrar_query(sip_msg_t *msg, const str *uri);
/* Answers as if nobody was registered, because nobody could be reached. */
int wk_unreachable(sip_msg_t *msg);

#endif
