/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "wk_provision.h"
#include "wk_result.h"
#include "wk_state.h"

#define OPTIONS "OPTIONS sip:ims.test SIP/2.0\nCall-ID: c1\nCSeq: 1 OPTIONS\n\n"

static sip_msg_t *options(uint32_t conn)
{
	return ksr_msg(PROTO_WSS, conn, OPTIONS);
}

static void test_nothing_before_the_first_look(void **state)
{
	sip_msg_t *msg = options(GLUE_CONN);

	assert_null(wk_result_peek(msg));
	wk_result(msg)->reason = WIMS_URI_BAD;
	assert_non_null(wk_result_peek(msg));
	assert_reason(msg, "uri_bad");
	ksr_msg_free(msg);
}

static void fill(sip_msg_t *msg)
{
	struct wk_result *res = wk_result(msg);

	res->reason = WIMS_URI_BAD;
	res->answered = true;
	res->token.valid = true;
	res->wwsf = wims_provision_by_name(wk_provision(), WIMS_PL("wwsf2"));
	wk_result_identity(res, WIMS_PL("sip:alice@ims.test"), WIMS_PL("alice@ims.test"));
	assert_true(wims_pl_eq(res->impu, WIMS_PL("sip:alice@ims.test")));
	assert_true(wims_pl_eq(res->impi, WIMS_PL("alice@ims.test")));
}

static void expect_empty(sip_msg_t *msg)
{
	const struct wk_result *res;

	assert_null(wk_result_peek(msg));
	res = wk_result(msg);
	assert_int_equal(res->reason, WIMS_OK);
	assert_false(res->answered);
	assert_false(res->token.valid);
	assert_null(res->wwsf);
	assert_int_equal(res->impu.l, 0);
	assert_int_equal(res->impi.l, 0);
}

/* Never another message's result: not the next one's, not that of the same
 * number in another process, and not on coming back. */
static void test_belongs_to_one_message(void **state)
{
	sip_msg_t *a = options(GLUE_CONN), *b = options(GLUE_CONN), *c = options(GLUE_CONN);

	fill(a);
	expect_empty(b);
	fill(b);
	expect_empty(a);
	fill(a);
	c->id = a->id;
	c->pid = a->pid + 1;
	expect_empty(c);
	ksr_msg_free(a);
	ksr_msg_free(b);
	ksr_msg_free(c);
}

static void test_wwsf_of_the_connection(void **state)
{
	sip_msg_t *msg = options(GLUE_THIN_CONN), *other = options(99);

	assert_true(wims_pl_eq(wk_result_wwsf(msg)->name, WIMS_PL("thin")));
	assert_null(wk_result_wwsf(other));
	wims_flow_close(wk_flows_lock(), GLUE_CONN, wk_now_ms(), 4403, WIMS_PL("x"), false);
	wk_flows_unlock();
	other->rcv.proto_reserved1 = GLUE_CONN;
	assert_true(wims_pl_eq(wk_result_wwsf(other)->name, WIMS_PL("wwsf1")));
	ksr_msg_free(msg);
	ksr_msg_free(other);
}

static void test_outcome(void **state)
{
	sip_msg_t *msg = options(GLUE_CONN);

	assert_int_equal(wk_outcome(msg, WIMS_TO_MISMATCH), WK_FALSE);
	assert_reason(msg, "to_mismatch");
	assert_int_equal(ksr_counter("to_mismatch"), 1);
	assert_int_equal(ksr_counter("from_mismatch"), 0);
	assert_int_equal(wk_outcome(msg, WIMS_OK), WK_TRUE);
	assert_reason(msg, "ok");
	assert_int_equal(ksr_counter("to_mismatch"), 1);
	ksr_msg_free(msg);
}

/* What is too long is not shown in part. */
static void test_identity_too_long(void **state)
{
	static char text[WIMS_IMPU_MAX + WIMS_IMPI_MAX + 2];
	sip_msg_t *msg = options(GLUE_CONN);
	struct wk_result *res = wk_result(msg);

	memset(text, 'a', sizeof(text));
	wk_result_identity(res, (struct wims_pl){text, WIMS_IMPU_MAX + 1},
					   (struct wims_pl){text, WIMS_IMPI_MAX});
	assert_int_equal(res->impu.l, 0);
	assert_int_equal(res->impi.l, WIMS_IMPI_MAX);
	wk_result_identity(res, (struct wims_pl){text, WIMS_IMPU_MAX},
					   (struct wims_pl){text, WIMS_IMPI_MAX + 1});
	assert_int_equal(res->impu.l, WIMS_IMPU_MAX);
	assert_int_equal(res->impi.l, 0);
	ksr_msg_free(msg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_nothing_before_the_first_look),
			glue_test(test_belongs_to_one_message),
			glue_test(test_wwsf_of_the_connection),
			glue_test(test_outcome),
			glue_test(test_identity_too_long),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
