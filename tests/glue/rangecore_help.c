/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rangecore_help.h"

#include "mint.h"
#include "wk_rangereg.h"

/* Sets of ranges are in shared memory: each test begins and ends with this one. */
static void usual(void)
{
	rc_provision(RC_OTHER);
}

int rc_group_setup(void **state)
{
	if(ask_group_setup(state) != 0 || glue_setup(state) != 0)
		return -1;
	usual();
	glue_teardown(state);
	return 0;
}

int rc_setup(void **state)
{
	return ask_setup(state);
}

int rc_teardown(void **state)
{
	ksr_memory.left = SIZE_MAX;
	usual();
	return ask_teardown(state);
}

void rc_provision(const char *ranges)
{
	char *more = mint_text(",\"scenario\":\"range\",\"ranges\":[%s]" ASK_MEMBER, ranges);

	ask_provision(more);
	free(more);
	wk_rangereg_tick();
}

static void give(struct tmcb_params *ps)
{
	ps->param = &ksr_tm.answer_param;
	assert_non_null(ksr_tm.answer_cb);
	ksr_tm.answer_cb(NULL, TMCB_LOCAL_COMPLETED, ps);
	wk_rangereg_tick();
}

void rc_answer(const char *status, const char *more, bool contact)
{
	char *ours = mint_text("Contact: %s;expires=600\n", glue_sent("Contact: "));
	char *text =
			mint_text("SIP/2.0 %s\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\n"
					  "To: <%s>;tag=c\nFrom: <%s>;tag=f\nCall-ID: %s\nCSeq: 1 REGISTER\n%s%s\n",
					  status, glue_sent("\nto "), glue_sent("\nfrom "), glue_sent("call-id "),
					  contact ? ours : "", more);
	sip_msg_t *msg = ksr_msg(PROTO_UDP, 0, text);
	struct tmcb_params ps = {.rpl = msg, .code = (int)strtol(status, NULL, 10)};

	give(&ps);
	ksr_msg_free(msg);
	free(text);
	free(ours);
}

void rc_accept(void)
{
	rc_answer("200 OK",
			  "P-Associated-URI: <" RC_PILOT ">, <" RC_WILDCARD ">\n"
			  "Service-Route: <sip:orig@scscf.ims.test;lr>\n",
			  true);
}

void rc_register(const char *wildcard)
{
	wk_rangereg_tick();
	assert_int_equal(wk_rangereg_check(wims_pl_str(wildcard), NULL), WIMS_RANGE_PENDING);
	wk_rangereg_tick();
	rc_answer("200 OK", "", true);
	assert_int_equal(wk_rangereg_check(wims_pl_str(wildcard), NULL), WIMS_OK);
	ksr_tm.requests = 0;
}

void rc_silence(void)
{
	struct tmcb_params ps = {.rpl = FAKED_REPLY, .code = 408};

	give(&ps);
}

const char *rc_rpc(void)
{
	return ksr_rpc_run("webrtc_ims.ranges", NULL, NULL);
}
