/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range_help.h"

#include "mint.h"
#include "wk_location.h"
#include "wk_state.h"

static char users[8][WIMS_CONTACT_USER_LEN + 1];
static size_t n_users;

int range_setup(void **state)
{
	n_users = 0;
	return glue_setup(state);
}

int range_teardown(void **state)
{
	while(n_users > 0)
		wk_location_drop(WIMS_PL(RANGE_BOB), wims_pl_str(users[--n_users]));
	return glue_teardown(state);
}

static struct wims_binding_in binding(uint32_t conn, struct wims_pl device)
{
	return (struct wims_binding_in){
			.txn = conn,
			.conn = conn,
			.wwsf = WIMS_PL("wwsf3"),
			.subject = WIMS_PL("bob"),
			.impi = WIMS_PL("r1-bob@ims.test"),
			.impu = WIMS_PL(RANGE_BOB),
			.instance = device,
			.wic_contact = device,
			.call_id = device,
			.domain = WIMS_PL("ims.test"),
			.range = WIMS_PL(RANGE_WILDCARD),
			.cseq = 1,
	};
}

static void into_usrloc(struct wims_pl user, int q)
{
	const struct wk_location_in in = {.impu = WIMS_PL(RANGE_BOB),
									  .user = user,
									  .q = q,
									  .expires = 600,
									  .call_id = WIMS_PL("c"),
									  .cseq = 1};
	sip_msg_t *msg = ksr_msg(PROTO_WSS, 1, "REGISTER sip:ims.test SIP/2.0\nCall-ID: c\n\n");

	assert_true(wk_location_put(msg, &in));
	ksr_msg_free(msg);
}

void range_registered(uint32_t conn, int q, char contact_user[WIMS_CONTACT_USER_LEN + 1])
{
	char device[64];
	struct wims_core_answer answer = {.granted_ms = 600000, .core_granted_ms = 600000};
	struct wims_binding_in in;

	snprintf(device, sizeof(device), "sip:b%u@wic%u.invalid;transport=ws", conn, conn);
	in = binding(conn, wims_pl_str(device));
	assert_int_equal(glue_open(conn, "https://range.test", "wwsf3"), 0);
	assert_int_equal(wims_binding_begin(wk_flows_lock(), &in, wk_now_ms(), contact_user), WIMS_OK);
	wk_flows_unlock();
	assert_int_equal(wims_binding_commit(wk_flows_lock(), in.txn, &answer, wk_now_ms()), WIMS_OK);
	wk_flows_unlock();
	into_usrloc(wims_pl_str(contact_user), q);
	memcpy(users[n_users++], contact_user, WIMS_CONTACT_USER_LEN + 1);
}

sip_msg_t *range_request(const char *method, const char *called, const char *more)
{
	char *party =
			called == NULL ? mint_text("%s", "") : mint_text("P-Called-Party-ID: %s\n", called);
	char *text = mint_text("%s sip:0123456789abcdef01234567@127.0.0.1:5060 SIP/2.0\n"
						   "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKr\n"
						   "Record-Route: <sip:s1.test;lr>\n"
						   "From: <sip:carol@ims.test>;tag=c1\nTo: <sip:r1-bob@ims.test>\n"
						   "Call-ID: call-3\nCSeq: 3 %s\nContact: <sip:carol@192.0.2.5>\n%s%s\n",
						   method, method, party, more);
	sip_msg_t *msg = ksr_msg(PROTO_UDP, 0, text);

	free(party);
	free(text);
	return msg;
}
