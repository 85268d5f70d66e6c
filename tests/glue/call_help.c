/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "call_help.h"

#include "mint.h"
#include "wk_params.h"
#include "wk_result.h"
#include "wk_state.h"

char call_contact_user[WIMS_CONTACT_USER_LEN + 1];

int call_setup(void **state)
{
	if(glue_setup(state) < 0 || glue_open(CALL_OTHER_CONN, "https://wwsf.test", "wwsf1") < 0)
		return -1;
	glue_registered(call_contact_user);
	return 0;
}

/* One side's request. tags: "" or ";tag=x"; more: whole header lines. */
sip_msg_t *call_from_wic(uint32_t conn, const char *method, const char *to_tag, const char *more)
{
	return call_from_wic_to(conn, method, BOB, to_tag, more);
}

sip_msg_t *call_from_wic_to(uint32_t conn, const char *method, const char *uri, const char *to_tag,
							const char *more)
{
	char *text = mint_text("%s %s SIP/2.0\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\n"
						   "From: <" ALICE ">;tag=w1\nTo: <" BOB ">%s\nCall-ID: call-1\n"
						   "CSeq: 7 %s\n%s\n",
						   method, uri, to_tag, method, more);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, conn, text);

	free(text);
	return msg;
}

void call_expect(sip_msg_t *msg, int (*f)(sip_msg_t *), const char *reason)
{
	int rc = f(msg);

	if(strcmp(glue_reason(msg), reason) != 0)
		fail_msg("%s instead of %s", glue_reason(msg), reason);
	assert_int_equal(rc, strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
}

void call_path_of_wic(char *to, size_t size, uint32_t conn)
{
	const struct wims_flowtoken t = {.kind = WIMS_FLOWTOKEN_PATH,
									 .node = (uint16_t)wk_params.node_id,
									 .epoch = wk_boot_epoch(),
									 .conn = conn};
	char text[WIMS_FLOWTOKEN_LEN];

	assert_int_equal(wims_flowtoken_encode(text, wk_flow_keys(), &t, WIMS_PL_NONE), WIMS_OK);
	snprintf(to, size, "Route: <sip:%.32s@127.0.0.1:5060;lr>\n", text);
}

sip_msg_t *call_to_wic(const char *method, const char *uri_user, const char *more)
{
	char *text = mint_text("%s sip:%s@127.0.0.1:5060 SIP/2.0\n"
						   "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKc\n"
						   "Record-Route: <sip:s1.test;lr>\nRecord-Route: <sip:s2.test;lr>\n"
						   "From: <" BOB ">;tag=c1\nTo: <" ALICE ">\nCall-ID: call-2\n"
						   "CSeq: 3 %s\nContact: <sip:bob@192.0.2.5>\n%s\n",
						   method, uri_user, method, more);
	sip_msg_t *msg = ksr_msg(PROTO_UDP, 0, text);

	free(text);
	return msg;
}

size_t call_without_memory(int (*f)(sip_msg_t *), const char *uri, bool once)
{
	bool failed = true;
	size_t n;

	for(n = 0; failed; n++) {
		sip_msg_t *msg = call_from_wic_to(GLUE_CONN, "INVITE", uri, "", "");
		int rc;

		ksr_memory.once = once;
		rc = glue_scarce(f, msg, n, &failed);
		if(failed != (rc == WK_FALSE))
			fail_msg("allocation %zu: %d", n, rc);
		ksr_tm_end(503);
		assert_int_equal(glue_counts().calls, 0);
		ksr_msg_free(msg);
	}
	return n;
}
