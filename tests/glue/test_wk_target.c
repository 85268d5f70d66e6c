/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range_help.h"

#include "mint.h"
#include "call_help.h"
#include "wk_answer.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_target.h"

static char bob[WIMS_CONTACT_USER_LEN + 1];

/* ---- who is meant ---- */

/* Whom a request that is for a range is for; "" where it is not for one. The
 * reason for nobody stays in *reason. */
static const char *target(sip_msg_t *msg, const char **reason)
{
	static char impu[300];
	int rc = wk_for_range(msg);

	snprintf(impu, sizeof(impu), "%s", rc == WK_TRUE ? ksr_pv(msg, "impu") : "");
	*reason = glue_reason(msg);
	ksr_msg_free(msg);
	return impu;
}

static void expect_target(sip_msg_t *msg, const char *want, const char *want_reason)
{
	const char *reason;
	const char *got = target(msg, &reason);

	if(strcmp(got, want) != 0 || strcmp(reason, want_reason) != 0)
		fail_msg("%s (%s) instead of %s (%s)", got, reason, want, want_reason);
}

static void test_called_party(void **state)
{
	static const struct
	{
		const char *called, *impu, *reason;
	} rows[] = {
			{"<sip:r1-bob@ims.test>", RANGE_BOB, "ok"},
			{"\"Bob, B.\" <sip:%721-bob@IMS.test;x=y>;a=b", RANGE_BOB, "ok"},
			{"sip:r1-bob@ims.test", RANGE_BOB, "ok"},
			{"<sip:r1-bob@ims.test>, <sip:other@ims.test>", RANGE_BOB, "ok"},
			{"<tel:+4930123>", "tel:+4930123", "ok"},
			{"", "$null", "request_malformed"},
			{"<sip:r1-bob@ims.test", "$null", "request_malformed"},
			{"<>", "$null", "request_malformed"},
			{"<r1-bob>", "$null", "uri_bad"},
			{"<sip:r1-bob:secret@ims.test>", "$null", "uri_bad"},
			{"<sip:r1-%00@ims.test>", "$null", "uri_bad"},
	};
	size_t i;

	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_target(range_request("MESSAGE", rows[i].called, ""), rows[i].impu, rows[i].reason);
}

static sip_msg_t *to_uri(const char *uri)
{
	char *text = mint_text("MESSAGE %s SIP/2.0\nCall-ID: c\n\n", uri);
	sip_msg_t *msg = ksr_msg(PROTO_UDP, 0, text);

	free(text);
	return msg;
}

static void test_request_uri(void **state)
{
	expect_target(to_uri("sip:r1-bob@IMS.test;user=ip"), RANGE_BOB, "ok");
	expect_target(to_uri("sip:r1-bob@127.0.0.1:5061"), "sip:r1-bob@127.0.0.1:5061", "ok");
	/* our own address names nobody */
	expect_target(to_uri("sip:r1-bob@127.0.0.1:5060"), "$null", "target_unknown");
	expect_target(to_uri("sip:127.0.0.1:5060"), "$null", "target_unknown");
	expect_target(to_uri("sip:ims.test"), "$null", "uri_bad");
}

/* What is on top decides, whoever is called. */
static void test_top_route(void **state)
{
	char path[128];

	expect_target(range_request("INVITE", "<" RANGE_BOB ">",
								"Route: <sip:range@127.0.0.1:5060;lr>\nRoute: <sip:x@y>\n"),
				  RANGE_BOB, "ok");
	expect_target(range_request("INVITE", "<" RANGE_BOB ">", "Route: <sip:127.0.0.1:5060;lr>\n"),
				  RANGE_BOB, "ok");
	call_path_of_wic(path, sizeof(path), GLUE_CONN);
	expect_target(range_request("INVITE", "<" RANGE_BOB ">", path), "", "ok");
	expect_target(range_request("INVITE", "<" RANGE_BOB ">", "Route: <sip:ranges@127.0.0.1;lr>\n"),
				  "", "ok");
	expect_target(range_request("INVITE", "<" RANGE_BOB ">", "Route: <sip:range@127.0.0.1\n"), "",
				  "ok");
}

static void test_range_shown(void **state)
{
	sip_msg_t *msg = range_request("MESSAGE", "<" RANGE_BOB ">", "");

	assert_int_equal(wk_for_range(msg), WK_TRUE);
	assert_true(wims_pl_eq(wk_result(msg)->member.range->text, WIMS_PL(RANGE_WILDCARD)));
	assert_true(wims_pl_eq(wk_result(msg)->member.wwsf->name, WIMS_PL("wwsf3")));
	ksr_msg_free(msg);
	msg = range_request("MESSAGE", "<sip:nobody@ims.test>", "");
	assert_int_equal(wk_for_range(msg), WK_TRUE);
	assert_null(wk_result(msg)->member.range);
	assert_null(wk_result(msg)->member.wwsf);
	ksr_msg_free(msg);
}

/* ---- is anybody there ---- */

static void expect_rejected(sip_msg_t *msg, int code, const char *reason)
{
	memset(&ksr_sl, 0, sizeof(ksr_sl));
	(void)wk_for_range(msg);
	assert_int_equal(wk_reject_unregistered(msg), WK_TRUE);
	assert_reason(msg, reason);
	assert_int_equal(ksr_sl.code, code);
	assert_int_equal(ksr_sl.replies, code == 0 ? 0 : 1);
	/* stateless */
	assert_null(ksr_tm.current);
	assert_int_equal(ksr_counter(reason), 1);
	ksr_msg_free(msg);
}

static void test_rejected(void **state)
{
	expect_rejected(range_request("INVITE", "<" RANGE_BOB ">", ""), 480, "target_unregistered");
}

static void test_distinct(void **state)
{
	expect_rejected(range_request("INVITE", "<sip:r1-vip@ims.test>", ""), 480,
					"target_unregistered");
}

static void test_unknown(void **state)
{
	expect_rejected(range_request("INVITE", "<sip:nobody@ims.test>", ""), 404, "target_unknown");
}

/* Of a WWSF whose IMPUs are registered one by one: nobody comes for it so. */
static void test_not_by_range(void **state)
{
	expect_rejected(range_request("INVITE", "<sip:alice@ims.test>", ""), 404, "target_unknown");
}

static void test_malformed(void **state)
{
	expect_rejected(range_request("INVITE", "<sip:x:y@ims.test>", ""), 400, "uri_bad");
}

static void test_no_header(void **state)
{
	expect_rejected(ksr_msg(PROTO_UDP, 0, "INVITE sip:r1-bob@ims.test SIP/2.0\nbroken\n\n"), 400,
					"request_malformed");
}

static void test_ack(void **state)
{
	expect_rejected(range_request("ACK", "<" RANGE_BOB ">", ""), 0, "target_unregistered");
}

/* The function that looks is not needed by the one that rejects. */
static void test_by_itself(void **state)
{
	sip_msg_t *msg = range_request("INVITE", "<" RANGE_BOB ">", "");

	assert_int_equal(wk_reject_unregistered(msg), WK_TRUE);
	assert_reason(msg, "target_unregistered");
	ksr_msg_free(msg);
}

static int there(void)
{
	sip_msg_t *msg = range_request("INVITE", "<" RANGE_BOB ">", "");
	int rc;

	memset(&ksr_sl, 0, sizeof(ksr_sl));
	assert_int_equal(wk_for_range(msg), WK_TRUE);
	rc = wk_reject_unregistered(msg);
	assert_int_equal(ksr_sl.replies, rc == WK_TRUE ? 1 : 0);
	ksr_msg_free(msg);
	return rc == WK_FALSE;
}

static int query(void)
{
	sip_msg_t *msg = range_request("INVITE", NULL, "");
	str uri = str_init(RANGE_BOB);
	int rc = wk_registrar_query(msg, &uri);

	assert_string_equal(ksr_pv(msg, "impu"), RANGE_BOB);
	assert_string_equal(ksr_pv(msg, "range"), RANGE_WILDCARD);
	assert_string_equal(ksr_pv(msg, "range_wwsf"), "wwsf3");
	ksr_msg_free(msg);
	return rc;
}

/* With a registrar of this node alone: what the flow table has. */
static void test_query(void **state)
{
	assert_int_equal(query(), WK_QUERY_NOBODY);
	range_registered(RANGE_CONN, 1000, bob);
	assert_int_equal(query(), WK_TRUE);
}

static void test_registered(void **state)
{
	range_registered(RANGE_CONN, 1000, bob);
	assert_true(there());
	wims_flow_lost(wk_flows_lock(), RANGE_CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	assert_false(there());
	range_registered(RANGE_CONN + 1, 1000, bob);
	assert_true(there());
	ksr_clock.mono_ms += 600000;
	assert_false(there());
}

static void test_unreachable(void **state)
{
	sip_msg_t *msg = range_request("INVITE", "<" RANGE_BOB ">", "");

	assert_int_equal(wk_unreachable(msg), WK_TRUE);
	assert_reason(msg, "target_unregistered");
	assert_int_equal(ksr_sl.code, 480);
	ksr_msg_free(msg);
}

#define T(f) cmocka_unit_test_setup_teardown(f, range_setup, range_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_called_party), T(test_request_uri), T(test_top_route), T(test_range_shown),
			T(test_rejected),     T(test_distinct),    T(test_unknown),   T(test_not_by_range),
			T(test_malformed),    T(test_no_header),   T(test_ack),       T(test_by_itself),
			T(test_registered),   T(test_unreachable), T(test_query),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
