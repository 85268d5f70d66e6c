/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "mint.h"
#include "wk_params.h"
#include "wk_register.h"
#include "wk_result.h"
#include "wk_screen.h"
#include "wk_state.h"
#include "wk_token.h"

#define CONTACT "Contact: <sip:w@x.invalid;transport=ws>;+sip.instance=\"<urn:uuid:1>\";reg-id=1\n"

/* Screened, token and identity checked, a transaction waiting. */
static sip_msg_t *ready(const char *more)
{
	char *token = glue_token(NULL, NULL);
	sip_msg_t *msg = glue_register(token, more);

	assert_int_equal(wk_screen(msg), WK_TRUE);
	assert_int_equal(wk_token_validate(msg, NULL), WK_TRUE);
	assert_int_equal(wk_identity_check(msg), WK_TRUE);
	ksr_tm_new(msg);
	free(token);
	return msg;
}

static void expect_apply(const char *more, const char *reason)
{
	sip_msg_t *msg = ready(more);

	assert_int_equal(wk_tna_apply(msg), strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
	if(strcmp(glue_reason(msg), reason) != 0)
		fail_msg("%s: %s instead of %s", more, glue_reason(msg), reason);
	ksr_tm_end(408);
	ksr_msg_free(msg);
}

/* value of $1 in text between two marks */
static void between(char *to, size_t n, const char *text, const char *mark)
{
	const char *at = strstr(text, mark);

	if(at == NULL)
		fail_msg("no %s in\n%s", mark, text);
	snprintf(to, n + 1, "%s", at + strlen(mark));
}

static void test_tna_headers(void **state)
{
	sip_msg_t *msg = ready(CONTACT "Expires: 120\nRoute: <sip:evil.test;lr>\n"
								   "Path: <sip:evil.test;lr>\nSupported: outbound\n");
	char user[25], token[33], icid[33], *want;
	const char *out;

	assert_int_equal(wk_tna_apply(msg), WK_TRUE);
	out = ksr_out(msg);
	between(user, 24, out, "Contact: <sip:");
	between(token, 32, out, "Path: <sip:");
	between(icid, 32, out, "icid-value=");
	want = mint_text(
			"Supported: outbound\nContent-Length: 0\n"
			"Authorization: Digest username=\"alice@ims.test\", realm=\"ims.test\", "
			"uri=\"sip:ims.test\", nonce=\"\", response=\"\", integrity-protected=\"auth-done\"\n"
			"Contact: <sip:%s@127.0.0.1:5060>;+sip.instance=\"<urn:uuid:1>\";reg-id=1\n"
			"Expires: 600\nP-Visited-Network-ID: ims.test\n"
			"Path: <sip:%s@127.0.0.1:5060;lr;ob>\nRequire: path\nSupported: path\n"
			"P-Charging-Vector: icid-value=%s;orig-ioi=ims.test\n\n",
			user, token, icid);
	assert_contains(out, want);
	assert_contains(out, "REGISTER sip:ims.test SIP/2.0\n");
	assert_lacks(out, "evil");
	assert_lacks(out, "Bearer");
	assert_lacks(out, "w@x.invalid");
	assert_true(wims_pl_eq(wk_pl(&msg->dst_uri), WIMS_PL("sip:icscf.ims.test:4060")));
	assert_int_equal(glue_counts().pending, 1);
	free(want);
	ksr_msg_free(msg);
}

static void test_tna_without_token(void **state)
{
	sip_msg_t *msg = glue_register(NULL, CONTACT);

	assert_int_equal(wk_tna_apply(msg), WK_FALSE);
	assert_reason(msg, "token_absent");
	assert_int_equal(glue_counts().pending, 0);
	ksr_msg_free(msg);
}

static void test_wishes(void **state)
{
	expect_apply("", "contact_bad");
	expect_apply("Contact: <sip:a@x.invalid>, <sip:b@x.invalid>\n", "contact_bad");
	expect_apply("Contact: <sip:a@x.invalid>\nm: <sip:b@x.invalid>\n", "contact_bad");
	expect_apply("Contact: <tel:+49>\n", "contact_bad");
	expect_apply("Contact: *\n", "contact_bad");
	expect_apply("Contact: *\nExpires: 60\n", "contact_bad");
	expect_apply(CONTACT "Expires: soon\n", "request_malformed");
	expect_apply(CONTACT "Expires: 29\n", "expires_too_brief");
	expect_apply(CONTACT "Expires: 30\n", "ok");
	expect_apply(CONTACT, "ok");
	expect_apply(CONTACT "Expires: 99999999999999\n", "ok");
	expect_apply("Contact: <sip:a@x.invalid>;expires=60\nExpires: 1\n", "ok");
	expect_apply("Contact: <sip:a@x.invalid>;expires=10\nExpires: 60\n", "expires_too_brief");
	/* nothing of them is left open */
	assert_int_equal(glue_counts().pending, 0);
}

/* Leaving without having been there is answered here. */
static void test_remove_of_nothing(void **state)
{
	static const char *const wishes[] = {CONTACT "Expires: 0\n", "Contact: *\nExpires: 0\n"};
	size_t i;

	for(i = 0; i < 2; i++) {
		sip_msg_t *msg = ready(wishes[i]);

		ksr_sl.replies = 0;
		assert_int_equal(wk_tna_apply(msg), WK_TRUE);
		assert_true(wk_result(msg)->answered);
		assert_int_equal(ksr_sl.replies, 1);
		assert_int_equal(ksr_sl.code, 200);
		assert_int_equal(glue_counts().pending, 0);
		assert_int_equal(msg->dst_uri.len, 0);
		ksr_msg_free(msg);
	}
}

static void test_remove_answer_fails(void **state)
{
	sip_msg_t *msg = ready(CONTACT "Expires: 0\n");

	ksr_sl.fails = true;
	assert_int_equal(wk_tna_apply(msg), WK_FALSE);
	assert_false(wk_result(msg)->answered);
	assert_reason(msg, "internal");
	ksr_msg_free(msg);
}

static void test_star(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1], *want;
	sip_msg_t *msg;

	glue_registered(user);
	msg = ready("Contact: *\nExpires: 0\n");
	assert_int_equal(wk_tna_apply(msg), WK_TRUE);
	assert_false(wk_result(msg)->answered);
	want = mint_text("Contact: <sip:%s@127.0.0.1:5060>\nExpires: 0\n", user);
	assert_contains(ksr_out(msg), want);
	assert_lacks(ksr_out(msg), "*");
	free(want);
	ksr_msg_free(msg);
}

/* The core knows the WIC by one Contact, whatever the WIC calls itself now. */
static void test_refresh_keeps_the_contact(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1], *want;
	sip_msg_t *msg;

	glue_registered(user);
	msg = ready("Contact: <sip:other@y.invalid>;+sip.instance=\"<urn:uuid:1>\"\n");
	assert_int_equal(wk_tna_apply(msg), WK_TRUE);
	want = mint_text("Contact: <sip:%s@127.0.0.1:5060>", user);
	assert_contains(ksr_out(msg), want);
	assert_int_equal(glue_counts().bindings, 1);
	free(want);
	ksr_msg_free(msg);
}

/* ---- scenario 1 ---- */

static sip_msg_t *thin(const char *to, const char *more)
{
	char *text = mint_text("REGISTER sip:elsewhere.test SIP/2.0\nTo: <%s>\nFrom: <%s>;tag=f\n"
						   "Call-ID: thin-1\nCSeq: 1 REGISTER\n%s\n",
						   to, to, more);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, GLUE_THIN_CONN, text);

	free(text);
	ksr_tm_new(msg);
	return msg;
}

static void expect_digest(sip_msg_t *msg, const char *reason)
{
	assert_int_equal(wk_screen(msg), WK_TRUE);
	assert_int_equal(wk_digest_apply(msg), strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
	assert_reason(msg, reason);
}

static void test_digest_headers(void **state)
{
	sip_msg_t *msg = thin("sip:zoe@ims.test",
						  CONTACT "Authorization: Digest username=\"zoe@ims.test\", "
								  "integrity-protected=\"auth-done\", realm=\"ims.test\"\n");
	const char *out;

	expect_digest(msg, "ok");
	out = ksr_out(msg);
	assert_contains(out, "Authorization: Digest username=\"zoe@ims.test\", realm=\"ims.test\"\n");
	assert_lacks(out, "auth-done");
	assert_contains(out, "REGISTER sip:ims.test SIP/2.0\n");
	assert_contains(out, "\nPath: <sip:");
	assert_true(wims_pl_eq(wk_result(msg)->impi, WIMS_PL("zoe@ims.test")));
	ksr_msg_free(msg);
}

/* The first REGISTER has no credentials: the IMPI is derived, the core
 * challenges. */
static void test_digest_without_credentials(void **state)
{
	sip_msg_t *msg = thin("sip:zoe@ims.test", CONTACT);

	expect_digest(msg, "ok");
	assert_lacks(ksr_out(msg), "Authorization");
	assert_true(wims_pl_eq(wk_result(msg)->impi, WIMS_PL("zoe@ims.test")));
	ksr_msg_free(msg);
}

static void test_digest_refused(void **state)
{
	sip_msg_t *msg = thin("sip:zoe@ims.test", CONTACT "Authorization: Basic YTpi\n");

	expect_digest(msg, "auth_malformed");
	ksr_msg_free(msg);
	msg = thin("http://ims.test", CONTACT);
	expect_digest(msg, "uri_bad");
	ksr_msg_free(msg);
	msg = glue_register(NULL, CONTACT "Authorization: Digest username=\"alice@ims.test\"\n");
	ksr_tm_new(msg);
	expect_digest(msg, "scenario_refused");
	assert_int_equal(glue_counts().pending, 0);
	ksr_msg_free(msg);
}

/* ---- when something fails ---- */

static void test_no_transaction(void **state)
{
	sip_msg_t *msg = ready(CONTACT);

	ksr_tm.newtran = -1;
	assert_int_equal(wk_tna_apply(msg), WK_FALSE);
	assert_reason(msg, "internal");
	ksr_tm.newtran = 0; /* a retransmission, absorbed by tm */
	assert_int_equal(wk_tna_apply(msg), WK_FALSE);
	ksr_tm.newtran = 1;
	ksr_tm.register_tmcb = -1;
	assert_int_equal(wk_tna_apply(msg), WK_FALSE);
	assert_reason(msg, "no_memory");
	assert_int_equal(glue_counts().pending, 0);
	assert_int_equal(glue_counts().bindings, 0);
	ksr_msg_free(msg);
}

static void test_closing_connection(void **state)
{
	sip_msg_t *msg = ready(CONTACT);

	wims_flow_close(wk_flows_lock(), GLUE_CONN, wk_now_ms(), 4403, WIMS_PL("x"), true);
	wk_flows_unlock();
	assert_int_equal(wk_tna_apply(msg), WK_FALSE);
	assert_reason(msg, "flow_closing");
	ksr_msg_free(msg);
}

/* The core has heard of nothing: nothing is left, and it is not told. */
static void expect_no_trace(size_t n)
{
	struct wims_action a;

	if(glue_next_action(&a))
		fail_msg("allocation %zu: action %d", n, a.kind);
	if(glue_counts().bindings != 0 || glue_counts().pending != 0)
		fail_msg("allocation %zu: %zu bindings, %zu pending", n, glue_counts().bindings,
				 glue_counts().pending);
}

/* The allocation after the first n fails: the request is refused, and when its
 * transaction is over nothing of it is left. True while one failed. */
static bool apply_with(size_t n, const char *more)
{
	sip_msg_t *msg = ready(more);
	bool failed;
	int rc = glue_scarce(wk_tna_apply, msg, n, &failed);

	if(failed != (rc == WK_FALSE))
		fail_msg("allocation %zu: answered %d", n, rc);
	if(failed)
		assert_reason(msg, "no_memory");
	ksr_tm_end(failed ? 503 : 403);
	ksr_msg_free(msg);
	return failed;
}

static void each_allocation(void **state, bool once)
{
	bool failed = true;
	size_t n = 0;

	for(; failed; n++) {
		assert_int_equal(glue_teardown(state), 0);
		assert_int_equal(glue_setup(state), 0);
		ksr_memory.once = once;
		failed = apply_with(n, CONTACT);
		expect_no_trace(n);
	}
	/* what may fail: story, table, callback, lumps, URIs */
	assert_true(n > 10);
}

static void test_each_allocation(void **state)
{
	each_allocation(state, false);
	each_allocation(state, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_tna_headers),
			glue_test(test_tna_without_token),
			glue_test(test_wishes),
			glue_test(test_remove_of_nothing),
			glue_test(test_remove_answer_fails),
			glue_test(test_star),
			glue_test(test_refresh_keeps_the_contact),
			glue_test(test_digest_headers),
			glue_test(test_digest_without_credentials),
			glue_test(test_digest_refused),
			glue_test(test_no_transaction),
			glue_test(test_closing_connection),
			glue_test(test_each_allocation),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
