/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar_help.h"

#include "wk_registrar.h"
#include "wk_revoke.h"
#include "wk_state.h"

static void test_register(void **state)
{
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT "Expires: 120\n", "ok");
	assert_string_equal(gw_reply, "Contact: <sip:w@x.invalid;transport=ws>" INSTANCE
								  ";reg-id=1;q=0.5;expires=120\nP-Associated-URI: <" IMPU ">\n");
	gw_expect_bindings(1);
	assert_int_equal(gw_contacts(), 1);
	assert_contains(ksr_contacts(IMPU), "q=500 expires=1900000121 callid=reg-1 cseq=1 "
										"instance=<urn:uuid:1> reg-id=1 agent= conn=21");
	assert_int_equal(ksr_counter("registered"), 1);
	assert_int_equal(ksr_tm.requests, 0);
	assert_null(ksr_tm.current);
	/* refresh: the same contact */
	w.cseq = 2;
	gw_expect(&w, CONTACT "Expires: 300\n", "ok");
	assert_contains(gw_reply, ";expires=300\n");
	gw_expect_bindings(1);
	assert_int_equal(gw_contacts(), 1);
	assert_contains(ksr_contacts(IMPU), "expires=1900000301 callid=reg-1 cseq=2");
	/* and leaving */
	w.cseq = 3;
	gw_expect(&w, CONTACT "Expires: 0\n", "ok");
	assert_string_equal(gw_reply, "");
	gw_expect_bindings(0);
	assert_int_equal(gw_deregs(), 0);
	/* once more: it is gone, as was asked for */
	w.cseq = 4;
	gw_expect(&w, CONTACT "Expires: 0\n", "ok");
	gw_expect(&w, "Contact: *\nExpires: 0\n", "ok");
	assert_int_equal(ksr_counter("registered"), 3);
}

static void test_expires(void **state)
{
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT "Expires: 29\n", "expires_too_brief");
	gw_expect(&w, CONTACT "Expires: soon\n", "request_malformed");
	gw_expect(&w, CONTACT "Contact: <sip:b@x.invalid>\n", "contact_bad");
	gw_expect(&w, "Contact: <sip:w@x.invalid>;q=1.1\n", "contact_bad");
	gw_expect(&w, "Contact: *\n", "contact_bad");
	gw_expect_bindings(0);
	/* never beyond the token */
	w.exp = 100;
	gw_expect(&w, CONTACT "Expires: 300\n", "ok");
	assert_contains(gw_reply, ";expires=100\n");
	assert_contains(ksr_contacts(IMPU), "expires=1900000101");
	ksr_clock.mono_ms += 100000;
	assert_int_equal(gw_deregs(), 1);
	gw_expect_bindings(0);
}

/* A reloaded page: a new connection and Call-ID, the same instance. */
static void test_reload(void **state)
{
	struct wic w = gw_wic(CONN), reloaded = gw_wic(OTHER_CONN);

	reloaded.call_id = "reg-2";
	gw_expect(&w, CONTACT, "ok");
	gw_expect(&reloaded, "Contact: <sip:other@y.invalid>" INSTANCE ";reg-id=1\n", "ok");
	gw_expect_bindings(1);
	assert_int_equal(gw_contacts(), 1);
	assert_contains(ksr_contacts(IMPU), "callid=reg-2 cseq=1");
	assert_contains(ksr_contacts(IMPU), "conn=22");
	/* the connection before ends: nothing happens to the contact */
	wims_flow_lost(wk_flows_lock(), CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	ksr_clock.mono_ms += 5000;
	assert_int_equal(gw_deregs(), 0);
	assert_int_equal(gw_contacts(), 1);
}

static void test_loss(void **state)
{
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT, "ok");
	wims_flow_lost(wk_flows_lock(), CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	assert_int_equal(gw_deregs(), 0);
	assert_int_equal(gw_contacts(), 1);
	gw_expect_bindings(1);
	ksr_clock.mono_ms += 5000;
	assert_int_equal(gw_deregs(), 1);
	gw_expect_bindings(0);
}

static void test_order(void **state)
{
	struct wic w = gw_wic(CONN);

	w.cseq = 5;
	gw_expect(&w, CONTACT, "ok");
	gw_expect(&w, CONTACT, "register_late");
	w.cseq = 4;
	gw_expect(&w, CONTACT "Expires: 0\n", "register_late");
	gw_expect(&w, "Contact: *\nExpires: 0\n", "register_late");
	assert_contains(ksr_contacts(IMPU), "cseq=5");
	gw_expect_bindings(1);
}

/* Two contacts are the most; none of them makes room. */
static void test_cap(void **state)
{
	struct wic w = gw_wic(CONN), second = gw_wic(OTHER_CONN), third = gw_wic(THIRD_CONN);

	second.call_id = "reg-2";
	third.call_id = "reg-3";
	gw_expect(&w, CONTACT, "ok");
	gw_expect(&second, "Contact: <sip:b@x.invalid>;reg-id=3\n", "ok");
	assert_contains(ksr_contacts(IMPU), "callid=reg-2 cseq=1 instance= reg-id=0");
	gw_expect(&third, "Contact: <sip:c@x.invalid>\n", "limit_reached");
	gw_expect_bindings(2);
	assert_int_equal(gw_contacts(), 2);
	assert_contains(ksr_contacts(IMPU), "callid=reg-1");
	assert_contains(ksr_contacts(IMPU), "callid=reg-2");
	/* of another IMPU they are none of it */
	third.impu = "sip:web-8@ims.test";
	gw_expect(&third, "Contact: <sip:c@x.invalid>\n", "ok");
}

static void test_star(void **state)
{
	struct wic w = gw_wic(CONN), second = gw_wic(OTHER_CONN);

	second.call_id = "reg-2";
	gw_expect(&w, CONTACT, "ok");
	gw_expect(&second, "Contact: <sip:b@x.invalid>\n", "ok");
	second.cseq = 2;
	gw_expect(&second, "Contact: *\nExpires: 0\n", "ok");
	assert_string_equal(gw_reply, "");
	/* its own at once, the other one with what is due */
	assert_int_equal(gw_contacts(), 1);
	assert_contains(ksr_contacts(IMPU), "callid=reg-1");
	assert_int_equal(gw_deregs(), 1);
	gw_expect_bindings(0);
}

/* The subject that has the connection, and nobody else. */
static void test_another_subject(void **state)
{
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT, "ok");
	w.subject = "user-8";
	w.cseq = 2;
	gw_expect(&w, CONTACT, "subject_mismatch");
	assert_contains(ksr_contacts(IMPU), "cseq=1");
}

/* An IMPU that is registered by itself, and one that nobody has checked. */
static void test_not_here(void **state)
{
	struct wic w = gw_wic(CONN);
	sip_msg_t *msg;

	w.impu = "sip:vip@ims.test";
	gw_expect(&w, CONTACT, "scenario_refused");
	msg = ksr_msg(PROTO_WSS, CONN, "REGISTER sip:ims.test SIP/2.0\nCall-ID: c\n\n");
	assert_int_equal(wk_registrar_save(msg), WK_FALSE);
	assert_reason(msg, "token_absent");
	ksr_msg_free(msg);
	gw_expect_bindings(0);
}

/* ---- failures ---- */

static void lose_connection(void)
{
	wims_flow_lost(wk_flows_lock(), CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
}

/* While the contact was written: it waits its grace like any other. */
static void test_lost_meanwhile(void **state)
{
	struct wic w = gw_wic(CONN);

	ksr_usrloc.on_write = lose_connection;
	gw_expect(&w, CONTACT, "flow_gone");
	ksr_usrloc.on_write = NULL;
	gw_expect_bindings(1);
	ksr_clock.mono_ms += 5000;
	assert_int_equal(gw_deregs(), 1);
	gw_expect_bindings(0);
}

static void revoke_token(void)
{
	const struct wims_revocation r = {.kind = WIMS_REVOKE_JTI,
									  .wwsf = WIMS_PL("gw"),
									  .value = WIMS_PL("id-1"),
									  .expires = 2000000000};
	enum wims_reason saved;
	size_t ended;

	assert_int_equal(wk_revoke_add(&r, &ended, &saved), WIMS_OK);
}

static void test_revoked_meanwhile(void **state)
{
	struct wic w = gw_wic(CONN);

	ksr_usrloc.on_write = revoke_token;
	gw_expect(&w, CONTACT, "token_revoked");
	ksr_usrloc.on_write = NULL;
	assert_int_equal(gw_deregs(), 1);
	gw_expect_bindings(0);
}

static void lose_and_revoke(void)
{
	lose_connection();
	revoke_token();
}

static void test_lost_and_revoked(void **state)
{
	struct wic w = gw_wic(CONN);

	ksr_usrloc.on_write = lose_and_revoke;
	gw_expect(&w, CONTACT, "token_revoked");
	ksr_usrloc.on_write = NULL;
	assert_int_equal(gw_deregs(), 1);
	gw_expect_bindings(0);
}

static void test_no_answer(void **state)
{
	struct wic w = gw_wic(CONN);
	sip_msg_t *msg = gw_request(&w, CONTACT);

	ksr_sl.fails = true;
	assert_int_equal(wk_registrar_save(msg), WK_FALSE);
	assert_reason(msg, "internal");
	ksr_sl.fails = false;
	ksr_msg_free(msg);
	assert_int_equal(glue_counts().closing, 1);
	assert_int_equal(gw_deregs(), 1);
	gw_expect_bindings(0);
}

/* usrloc or the flow table has no memory: nothing is left in either. */
static void test_no_memory(void **state)
{
	struct wic w = gw_wic(CONN);
	size_t n;
	bool failed = true;

	for(n = 0; failed; n++) {
		const char *reason;
		sip_msg_t *msg;
		int rc;

		/* one that could not be answered is closed */
		w.conn = (uint32_t)(100 + n);
		assert_int_equal(glue_open(w.conn, "https://gw.test", "gw"), 0);
		msg = gw_request(&w, CONTACT);
		rc = glue_scarce(wk_registrar_save, msg, n, &failed);
		reason = glue_reason(msg);
		ksr_msg_free(msg);
		assert_true(failed || rc == WK_TRUE);
		if(strcmp(reason, "no_memory") == 0)
			assert_int_equal(gw_contacts(), 0);
		(void)gw_deregs();
		if(rc != WK_TRUE)
			gw_expect_bindings(0);
		w.cseq++;
	}
	assert_in_range(n, 6, 40);
	gw_expect_bindings(1);
	/* a refresh that fails leaves what was there */
	ksr_usrloc.update_fails = true;
	gw_expect(&w, CONTACT, "no_memory");
	ksr_usrloc.update_fails = false;
	gw_expect_bindings(1);
	assert_int_equal(gw_deregs(), 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, gw_setup, gw_teardown)
	const struct CMUnitTest tests[] = {
			TEST(test_register),
			TEST(test_expires),
			TEST(test_reload),
			TEST(test_loss),
			TEST(test_order),
			TEST(test_cap),
			TEST(test_star),
			TEST(test_another_subject),
			TEST(test_not_here),
			TEST(test_lost_meanwhile),
			TEST(test_revoked_meanwhile),
			TEST(test_lost_and_revoked),
			TEST(test_no_answer),
			TEST(test_no_memory),
	};
#undef TEST

	return cmocka_run_group_tests(tests, gw_group_setup, gw_group_teardown);
}
