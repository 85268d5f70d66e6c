/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "mint.h"
#include "wk_hdr.h"

#define HEAD                                       \
	"INVITE sip:bob@ims.test SIP/2.0\n"            \
	"Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\n" \
	"f: \"A\" <sip:alice@ims.test>;tag=f1\n"       \
	"t: <sip:bob@ims.test>\n"                      \
	"i:   call-1  \n"                              \
	"CSeq: 4711 INVITE\n"

static sip_msg_t *parsed(const char *more)
{
	char *text = mint_text("%s%s\nbody: none\n", HEAD, more);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, GLUE_CONN, text);

	free(text);
	assert_true(wk_hdr_parse(msg));
	return msg;
}

static bool body_is(sip_msg_t *msg, const char *name, const char *want)
{
	return wims_pl_eq(wk_hdr_body(msg, wims_pl_str(name)), wims_pl_str(want));
}

static void test_find(void **state)
{
	sip_msg_t *msg = parsed("X-One:  a b \nx-one: c\nX-Only: d\n  e\n");
	hdr_field_t *h = wk_hdr_next(msg, NULL, WIMS_PL("x-ONE"));

	assert_true(wims_pl_eq(wk_pl(&h->body), WIMS_PL("a b")));
	h = wk_hdr_next(msg, h, WIMS_PL("X-One"));
	assert_true(wims_pl_eq(wk_pl(&h->body), WIMS_PL("c")));
	assert_null(wk_hdr_next(msg, h, WIMS_PL("X-One")));
	assert_null(wk_hdr_next(msg, NULL, WIMS_PL("X-On")));
	assert_true(body_is(msg, "X-Only", "d\r\n  e"));
	assert_true(body_is(msg, "Nothing", ""));
	/* the body of the message is no head */
	assert_true(body_is(msg, "body", ""));
	ksr_msg_free(msg);
}

static void test_compact(void **state)
{
	sip_msg_t *msg = parsed("m: <sip:a@x>\nK: path\nk-: no\n");

	assert_true(body_is(msg, "Contact", "<sip:a@x>"));
	assert_true(body_is(msg, "contact", "<sip:a@x>"));
	assert_true(body_is(msg, "Supported", "path"));
	assert_true(body_is(msg, "Event", ""));
	ksr_msg_free(msg);
}

static void test_not_sip(void **state)
{
	sip_msg_t *msg = ksr_msg(PROTO_WSS, GLUE_CONN, "INVITE sip:b@x SIP/2.0\nno colon\n\n");

	assert_false(wk_hdr_parse(msg));
	ksr_msg_free(msg);
}

static void test_joined(void **state)
{
	sip_msg_t *msg = parsed("R: <a>\nX: y\nr: \nR: <b>, <c>\n");
	struct wims_pl out;
	char buf[32];
	size_t need = strlen("<a>, <b>, <c>");

	assert_true(wk_hdr_joined(msg, WIMS_PL("R"), buf, sizeof(buf), &out));
	assert_true(wims_pl_eq(out, WIMS_PL("<a>, <b>, <c>")));
	assert_true(wk_hdr_joined(msg, WIMS_PL("R"), buf, need, &out));
	assert_false(wk_hdr_joined(msg, WIMS_PL("R"), buf, need - 1, &out));
	assert_int_equal(out.l, 0);
	assert_true(wk_hdr_joined(msg, WIMS_PL("Nothing"), buf, sizeof(buf), &out));
	assert_int_equal(out.l, 0);
	ksr_msg_free(msg);
}

static void test_list(void **state)
{
	sip_msg_t *msg = parsed("R: <sip:a>, <sip:b>\nX: <sip:x>\nR: <sip:c>\n");
	struct wims_list list;

	assert_int_equal(wk_hdr_list(msg, WIMS_PL("R"), &list), WIMS_OK);
	assert_int_equal(list.count, 3);
	assert_true(wims_pl_eq(list.item[2], WIMS_PL("<sip:c>")));
	assert_int_equal(wk_hdr_list(msg, WIMS_PL("None"), &list), WIMS_OK);
	assert_int_equal(list.count, 0);
	ksr_msg_free(msg);
}

static void test_drop_and_add(void **state)
{
	sip_msg_t *msg = parsed("X-A: 1\nm: <sip:a@x>\nX-B: 2\n 3\nContact: <sip:b@x>\n");

	assert_true(wk_hdr_drop_all(msg, WIMS_PL("Contact")));
	assert_true(wk_hdr_drop(msg, wk_hdr_next(msg, NULL, WIMS_PL("X-B"))));
	assert_true(wk_hdr_drop_all(msg, WIMS_PL("Not-There")));
	assert_true(wk_hdr_add(msg, WIMS_PL("New: 1\r\nNew: 2\r\n")));
	assert_string_equal(ksr_out(msg), HEAD "X-A: 1\nNew: 1\nNew: 2\n\nbody: none\n");
	assert_false(wk_hdr_add(msg, WIMS_PL_NONE));
	ksr_msg_free(msg);
}

/* Each allocation in turn: false, and nothing of the line leaves. */
static void test_no_memory(void **state)
{
	size_t n;

	for(n = 0; n < 3; n++) {
		sip_msg_t *msg = parsed("m: <sip:a@x>\n");

		ksr_memory.left = n;
		assert_false(wk_hdr_add(msg, WIMS_PL("New: 1\r\n")));
		assert_lacks(ksr_out(msg), "New");
		ksr_memory.left = 0;
		assert_false(wk_hdr_drop_all(msg, WIMS_PL("Contact")));
		assert_false(wk_hdr_add_to_reply(msg, WIMS_PL("New: 1\r\n")));
		assert_string_equal(ksr_reply_lines(msg), "");
		ksr_memory.left = SIZE_MAX;
		ksr_msg_free(msg);
	}
}

/* Each allocation in turn: false, and what was there stays. */
static void test_replace(void **state)
{
	sip_msg_t *msg;
	struct wims_pl old;
	size_t n;

	for(n = 0; n < 4; n++) {
		msg = parsed("X-A: before\n");
		old = wk_hdr_body(msg, WIMS_PL("X-A"));
		ksr_memory.left = n;
		assert_int_equal(wk_hdr_replace(msg, old, WIMS_PL("after")), n == 3);
		ksr_memory.left = SIZE_MAX;
		assert_contains(ksr_out(msg), n == 3 ? "\nX-A: after\n" : "\nX-A: before\n");
		ksr_msg_free(msg);
	}
}

static void expect_retry_after(const char *lines, int64_t want)
{
	sip_msg_t *msg = parsed(lines);

	assert_int_equal(wk_hdr_retry_after(msg), want);
	ksr_msg_free(msg);
}

static void test_retry_after(void **state)
{
	expect_retry_after("", -1);
	expect_retry_after("Retry-After: \n", -1);
	expect_retry_after("Retry-After: soon\n", -1);
	expect_retry_after("Retry-After: -1\n", -1);
	expect_retry_after("Retry-After: 0\n", 0);
	expect_retry_after("retry-after: 18 (lunch);duration=9\n", 18);
	expect_retry_after("Retry-After: 4294967295\n", UINT32_MAX);
	expect_retry_after("Retry-After: 4294967296\n", UINT32_MAX);
	expect_retry_after("Retry-After: 99999999999999999999999\n", UINT32_MAX);
}

static void test_add_to_reply(void **state)
{
	sip_msg_t *msg = parsed("");

	assert_true(wk_hdr_add_to_reply(msg, WIMS_PL("One: 1\r\n")));
	assert_true(wk_hdr_add_to_reply(msg, WIMS_PL("Two: 2\r\n")));
	assert_false(wk_hdr_add_to_reply(msg, WIMS_PL_NONE));
	assert_string_equal(ksr_reply_lines(msg), "One: 1\nTwo: 2\n");
	assert_string_equal(ksr_out(msg), HEAD "\nbody: none\n");
	ksr_msg_free(msg);
}

static void test_identities(void **state)
{
	sip_msg_t *msg = parsed("");

	assert_true(wims_pl_eq(wk_hdr_call_id(msg), WIMS_PL("call-1")));
	assert_int_equal(wk_hdr_cseq(msg), 4711);
	assert_true(wims_pl_eq(wk_hdr_from_uri(msg), WIMS_PL("sip:alice@ims.test")));
	assert_true(wims_pl_eq(wk_hdr_to_uri(msg), WIMS_PL("sip:bob@ims.test")));
	assert_true(wims_pl_eq(wk_hdr_from_tag(msg), WIMS_PL("f1")));
	assert_int_equal(wk_hdr_to_tag(msg).l, 0);
	ksr_msg_free(msg);
}

static void test_identities_absent(void **state)
{
	sip_msg_t *msg = ksr_msg(PROTO_TCP, 1, "INVITE sip:b@x SIP/2.0\nX: y\n\n");

	assert_true(wk_hdr_parse(msg));
	assert_int_equal(wk_hdr_call_id(msg).l, 0);
	assert_int_equal(wk_hdr_cseq(msg), 0);
	assert_int_equal(wk_hdr_from_uri(msg).l, 0);
	assert_int_equal(wk_hdr_to_uri(msg).l, 0);
	assert_int_equal(wk_hdr_from_tag(msg).l, 0);
	assert_int_equal(wk_hdr_to_tag(msg).l, 0);
	ksr_msg_free(msg);
}

static void test_from_wic(void **state)
{
	sip_msg_t *msg = parsed("");
	static const char others[] = {PROTO_UDP, PROTO_TCP, PROTO_TLS, PROTO_SCTP};
	size_t i;

	assert_true(wk_from_wic(msg));
	msg->rcv.proto = PROTO_WS;
	assert_true(wk_from_wic(msg));
	for(i = 0; i < sizeof(others); i++) {
		msg->rcv.proto = others[i];
		assert_false(wk_from_wic(msg));
	}
	ksr_msg_free(msg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_find),        glue_test(test_compact),
			glue_test(test_not_sip),     glue_test(test_joined),
			glue_test(test_list),        glue_test(test_drop_and_add),
			glue_test(test_no_memory),   glue_test(test_add_to_reply),
			glue_test(test_identities),  glue_test(test_identities_absent),
			glue_test(test_from_wic),    glue_test(test_replace),
			glue_test(test_retry_after),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
