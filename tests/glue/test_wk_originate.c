/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "wk_originate.h"
#include "wk_params.h"
#include "wk_state.h"

static const struct wims_binding_view binding = {
		.conn = GLUE_CONN,
		.token_exp = 1900000600,
		.contact_user = "0123456789abcdef01234567",
		.impi = {"alice@ims.test", 14},
		.impu = {"sip:alice@ims.test", 18},
		.domain = {"ims.test", 8},
		.wic_contact = {"sip:w@x.invalid", 15},
		.call_id = {"reg-1", 5},
};

static void test_dereg(void **state)
{
	char id[64], tag[64];

	wk_send_dereg(&binding);
	assert_int_equal(ksr_tm.requests, 1);
	glue_line_of(id, sizeof(id), ksr_tm.sent, "call-id ");
	glue_line_of(tag, sizeof(tag), ksr_tm.sent, "from-tag ");
	assert_int_equal(strlen(id), 24);
	assert_int_equal(strlen(tag), 24);
	assert_string_not_equal(id, tag);
	assert_contains(ksr_tm.sent, "method REGISTER\ntarget sip:ims.test\n"
								 "next hop sip:icscf.ims.test:4060\n");
	assert_contains(ksr_tm.sent, "\nfrom sip:alice@ims.test\n");
	assert_contains(ksr_tm.sent, "\nto sip:alice@ims.test\nto-tag \ncseq 1\n"
								 "Contact: <sip:0123456789abcdef01234567@127.0.0.1:5060>\r\n"
								 "Expires: 0\r\nP-Visited-Network-ID: ims.test\r\nPath: <sip:");
	assert_contains(ksr_tm.sent,
					"Authorization: Digest username=\"alice@ims.test\", realm=\"ims.test\"");
	assert_contains(ksr_tm.sent, "integrity-protected=\"auth-done\"\r\n");
	assert_lacks(ksr_tm.sent, "x.invalid");
	assert_int_equal(ksr_counter("dereg_sent"), 1);
	assert_false(ksr_tm.borrowed_freed);
}

/* Each one under a Call-ID of its own, so that no CSeq is in its way. */
static void test_dereg_is_fresh(void **state)
{
	char first[64], second[64];

	wk_send_dereg(&binding);
	glue_line_of(first, sizeof(first), ksr_tm.sent, "call-id ");
	wk_send_dereg(&binding);
	glue_line_of(second, sizeof(second), ksr_tm.sent, "call-id ");
	assert_string_not_equal(first, second);
}

static void answer(int code)
{
	struct tmcb_params ps = {.code = code};

	assert_non_null(ksr_tm.answer_cb);
	ksr_tm.answer_cb(NULL, TMCB_LOCAL_COMPLETED, &ps);
}

static void test_dereg_answers(void **state)
{
	wk_send_dereg(&binding);
	answer(200);
	answer(202);
	assert_int_equal(ksr_counter("dereg_failed"), 0);
	answer(408);
	answer(403);
	assert_int_equal(ksr_counter("dereg_failed"), 2);
	assert_contains(ksr_log(), "the core answered 403 to a de-REGISTER");
}

static void test_dereg_fails(void **state)
{
	ksr_tm.no_dialog = true;
	wk_send_dereg(&binding);
	assert_contains(ksr_log(), "cannot send the de-REGISTER of sip:alice@ims.test");
	assert_int_equal(ksr_tm.requests, 0);
	ksr_tm.no_dialog = false;
	ksr_tm.request_fails = true;
	ksr_log_clear();
	wk_send_dereg(&binding);
	assert_contains(ksr_log(), "cannot send the de-REGISTER of sip:alice@ims.test");
	assert_false(ksr_tm.borrowed_freed);
}

/* Nobody but the WIC can take back what the core authenticated, unless the operator says
 * that the core trusts this node in that too. */
static void test_dereg_of_scenario_1(void **state)
{
	struct wims_binding_view thin = binding;

	thin.token_exp = 0;
	thin.by_core = true;
	wk_send_dereg(&thin);
	assert_int_equal(ksr_tm.requests, 0);
	assert_int_equal(ksr_counter("dereg_sent"), 0);
	assert_int_equal(ksr_counter("dereg_left"), 1);
	wk_params.ims_auth_dereg = 1;
	wk_send_dereg(&thin);
	wk_params.ims_auth_dereg = 0;
	assert_int_equal(ksr_counter("dereg_sent"), 1);
	assert_int_equal(ksr_counter("dereg_left"), 1);
	assert_contains(ksr_tm.sent, "Expires: 0\r\n");
}

/* The core compares who vouched for the WIC in each REGISTER. */
static void test_dereg_conveys(void **state)
{
	struct wims_binding_view b = binding;

	b.conveyed = WIMS_PL(", authorization-entity=\"waf\"");
	wk_send_dereg(&b);
	assert_contains(ksr_tm.sent,
					"integrity-protected=\"auth-done\", authorization-entity=\"waf\"\r\n");
}

/* What does not fit a header is not sent in part. */
static void test_dereg_of_bad_text(void **state)
{
	struct wims_binding_view bad = binding;

	bad.impi = WIMS_PL("alice\r\nP-Asserted-Identity: x");
	wk_send_dereg(&bad);
	assert_int_equal(ksr_tm.requests, 0);
	assert_contains(ksr_log(), "cannot send the de-REGISTER");
}

static const struct wims_call_view call = {
		.call_id = {"call-1", 6},
		.wic_tag = {"w1", 2},
		.core_tag = {"c1", 2},
		.wic_uri = {"sip:alice@ims.test", 18},
		.core_uri = {"sip:bob@ims.test", 16},
		.core_target = {"sip:bob@192.0.2.5:5070", 22},
		.core_routes = {"<sip:s1.test;lr>, <sip:s2.test;lr>", 34},
		.wic_cseq = 5,
};

/* As the WIC would have sent it. */
static void test_bye(void **state)
{
	wk_send_bye(&call);
	assert_int_equal(ksr_tm.requests, 1);
	assert_string_equal(ksr_tm.sent,
						"method BYE\ntarget sip:bob@192.0.2.5:5070\nnext hop \n"
						"route sip:s1.test;lr\nroute sip:s2.test;lr\ncall-id call-1\n"
						"from sip:alice@ims.test\nfrom-tag w1\nto sip:bob@ims.test\nto-tag c1\n"
						"cseq 6\nReason: SIP;cause=480;text=\"WebSocket lost\"\r\n");
	assert_int_equal(ksr_counter("bye_sent"), 1);
	assert_false(ksr_tm.borrowed_freed);
}

static void test_bye_without_routes(void **state)
{
	struct wims_call_view c = call;

	c.core_routes = WIMS_PL_NONE;
	wk_send_bye(&c);
	assert_lacks(ksr_tm.sent, "route ");
	assert_int_equal(ksr_counter("bye_sent"), 1);
}

static void test_bye_fails(void **state)
{
	struct wims_call_view c = call;

	ksr_tm.request_fails = true;
	wk_send_bye(&c);
	ksr_tm.request_fails = false;
	c.core_target = WIMS_PL_NONE;
	wk_send_bye(&c);
	ksr_tm.no_dialog = true;
	wk_send_bye(&c);
	assert_int_equal(ksr_tm.requests, 0);
	assert_int_equal(ksr_counter("bye_sent"), 0);
	assert_contains(ksr_log(), "cannot send a BYE");
	assert_contains(ksr_log(), "cannot build a BYE");
	assert_false(ksr_tm.borrowed_freed);
}

static void test_no_memory(void **state)
{
	size_t n;

	for(n = 0; n < 5; n++) {
		ksr_memory.left = n;
		wk_send_dereg(&binding);
		wk_send_bye(&call);
		ksr_memory.left = SIZE_MAX;
		assert_int_equal(ksr_tm.requests, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_dereg),
			glue_test(test_dereg_is_fresh),
			glue_test(test_dereg_answers),
			glue_test(test_dereg_fails),
			glue_test(test_dereg_of_bad_text),
			glue_test(test_dereg_of_scenario_1),
			glue_test(test_dereg_conveys),
			glue_test(test_bye),
			glue_test(test_bye_without_routes),
			glue_test(test_bye_fails),
			glue_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
