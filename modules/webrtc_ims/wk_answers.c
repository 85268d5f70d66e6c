/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_answers.h"

#include "core/parser/parse_cseq.h"
#include "sip/wims_list.h"
#include "sip/wims_vital.h"
#include "wk_hdr.h"

static const struct wims_pl via = {"Via", 3};

/* The elements of a header, line by line. */
struct walk
{
	sip_msg_t *msg;
	hdr_field_t *line;
	struct wims_pl rest;
};

/* Empty: there are no more. False: no list. */
static bool next(struct walk *at, struct wims_pl *item)
{
	*item = WIMS_PL_NONE;
	while(at->rest.l == 0) {
		at->line = wk_hdr_next(at->msg, at->line, via);
		if(at->line == NULL)
			return true;
		at->rest = wk_pl(&at->line->body);
	}
	return wims_list_next(&at->rest, item);
}

/* Kamailio sends it to where the request came from, but in the way that these say: a
 * callee that makes TCP read UDP there would leave the end of its body to be guessed, and
 * the ones behind lead it on when it has left here. */
static bool same_way_back(sip_msg_t *reply, sip_msg_t *request)
{
	struct walk of_reply = {.msg = reply}, of_request = {.msg = request};
	struct wims_pl a, b;
	bool first = true;

	if(!next(&of_reply, &a))
		return false;
	do {
		if(!next(&of_reply, &a) || !next(&of_request, &b) || !wims_via_same(a, b, first))
			return false;
		first = false;
	} while(a.l > 0);
	return true;
}

static struct wims_vitals vitals_of(sip_msg_t *msg)
{
	return (struct wims_vitals){
			.from = wk_hdr_body(msg, WIMS_PL("From")),
			.to = wk_hdr_body(msg, WIMS_PL("To")),
			.call_id = wk_hdr_body(msg, WIMS_PL("Call-ID")),
			.cseq = wk_hdr_body(msg, WIMS_PL("CSeq")),
			.has_tag = wk_hdr_to_tag(msg).l > 0,
	};
}

static bool says_the_same(sip_msg_t *reply, sip_msg_t *request)
{
	const struct wims_vitals answer = vitals_of(reply), asked = vitals_of(request);

	return wims_vitals_answer(&answer, &asked, (int)reply->first_line.u.reply.statuscode);
}

bool wk_answers(sip_msg_t *reply, sip_msg_t *request)
{
	if(!wk_hdr_parse(reply) || reply->cseq == NULL)
		return false;
	/* each CANCEL is made by tm, and so ends what answers it */
	if(get_cseq(reply)->method_id == METHOD_CANCEL)
		return true;
	return request != NULL && same_way_back(reply, request) && says_the_same(reply, request);
}
