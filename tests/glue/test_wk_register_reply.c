/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "mint.h"
#include "wk_params.h"
#include "wk_register.h"
#include "wk_state.h"
#include "wk_token.h"

#define CONTACT "Contact: <sip:w@x.invalid;transport=ws>;+sip.instance=\"<urn:uuid:1>\"\n"

/* A REGISTER that went to the core, and the Contact it had there. */
struct sent
{
	sip_msg_t *msg;
	char user[WIMS_CONTACT_USER_LEN + 1];
};

static struct sent send_register(const char *more)
{
	char *token = glue_token(NULL, NULL);
	struct sent s = {.msg = glue_register(token, more)};
	const char *at;

	ksr_tm_new(s.msg);
	assert_int_equal(wk_token_validate(s.msg, NULL), WK_TRUE);
	assert_int_equal(wk_identity_check(s.msg), WK_TRUE);
	assert_int_equal(wk_tna_apply(s.msg), WK_TRUE);
	at = strstr(ksr_out(s.msg), "Contact: <sip:");
	assert_non_null(at);
	snprintf(s.user, sizeof(s.user), "%s", at + strlen("Contact: <sip:"));
	free(token);
	return s;
}

#define ROUTES "Service-Route: <sip:o@scscf.ims.test:6060;lr>\n"

/* Header lines of the answer; "%s" in them is our Contact's user. */
static sip_msg_t *answer(const char *status, const char *lines, const char *user)
{
	char *format = mint_text("SIP/2.0 %s\nTo: <sip:alice@ims.test>;tag=c\n"
							 "From: <sip:alice@ims.test>;tag=f1\nCall-ID: reg-1\n"
							 "CSeq: 1 REGISTER\n%s\n",
							 status, lines);
	char *mark = strstr(format, "USER"), *text;
	sip_msg_t *msg;

	if(mark == NULL)
		return msg = ksr_msg(PROTO_UDP, 0, format), free(format), msg;
	*mark = '\0';
	text = mint_text("%s%s%s", format, user, mark + strlen("USER"));
	msg = ksr_msg(PROTO_UDP, 0, text);
	free(text);
	free(format);
	return msg;
}

static void finish(struct sent *s, sip_msg_t *reply, int status)
{
	ksr_tm_end(status);
	ksr_msg_free(reply);
	ksr_msg_free(s->msg);
}

static int64_t expires_in(void)
{
	struct wims_binding_view v;
	enum wims_reason r =
			wims_binding_of_conn(wk_flows_lock(), GLUE_CONN, WIMS_PL_NONE, wk_now_ms(), &v);

	wk_flows_unlock();
	return r == WIMS_OK ? (v.expires - wk_now_ms()) / 1000 : -1;
}

/* The WIC sees its own Contact, nobody else's and nothing of ours. */
static void test_accepted(void **state)
{
	struct sent s = send_register(CONTACT "Expires: 120\n");
	sip_msg_t *reply = answer("200 OK",
							  ROUTES "Contact: <sip:another@192.0.2.7>;expires=99, "
									 "<sip:USER@127.0.0.1:5060>;expires=600;+g.x\nExpires: 600\n"
									 "P-Associated-URI: <sip:alice@ims.test>\n",
							  s.user);

	assert_int_equal(wk_register_reply(reply), WK_TRUE);
	assert_contains(ksr_out(reply), "Contact: <sip:w@x.invalid;transport=ws>;+g.x;expires=120\n");
	assert_lacks(ksr_out(reply), "192.0.2.7");
	assert_lacks(ksr_out(reply), s.user);
	assert_lacks(ksr_out(reply), "Expires: ");
	assert_contains(ksr_out(reply), "SIP/2.0 200 OK\n");
	assert_int_equal(expires_in(), 120);
	assert_int_equal(ksr_counter("registered"), 1);
	assert_int_equal(glue_counts().pending, 0);
	finish(&s, reply, 200);
	assert_int_equal(glue_counts().bindings, 1);
}

static void expect_grant(const char *lines, int64_t seconds)
{
	struct sent s = send_register(CONTACT "Expires: 300\n");
	sip_msg_t *reply = answer("200 OK", lines, s.user);

	assert_int_equal(wk_register_reply(reply), WK_TRUE);
	assert_int_equal(expires_in(), seconds);
	finish(&s, reply, 200);
}

static void test_grants(void **state)
{
	expect_grant("Contact: <sip:USER@127.0.0.1:5060>;expires=600\n", 300);
	expect_grant("Contact: <sip:USER@127.0.0.1:5060>;expires=200\nExpires: 100\n", 200);
	expect_grant("Contact: <sip:USER@127.0.0.1:5060>\nExpires: 100\n", 100);
	expect_grant("Contact: <sip:USER@127.0.0.1:5060>\n", 300);
	expect_grant("Contact: <sip:USER@127.0.0.1:5060>\nExpires: soon\n", 300);
	/* another one's expires is not ours */
	expect_grant("Contact: <sip:other@127.0.0.1:5060>;expires=60, "
				 "<sip:USER@127.0.0.1:5060>\nExpires: 100\n",
				 100);
}

/* The token ends before what the core grants: at its exp to the millisecond,
 * and whatever becomes of the wall clock. */
static void test_token_ends_first(void **state)
{
	struct wims_action a;
	struct sent s;
	sip_msg_t *reply;

	ksr_clock.wall_ms = 300;
	s = send_register(CONTACT "Expires: 3000\n");
	reply = answer("200 OK", "Contact: <sip:USER@127.0.0.1:5060>;expires=3000\n", s.user);
	assert_int_equal(wk_register_reply(reply), WK_TRUE);
	assert_int_equal(expires_in(), 599);
	assert_contains(ksr_out(reply), ";expires=600\n");
	finish(&s, reply, 200);
	ksr_clock.wall += 100000;
	ksr_clock.mono_ms += 600000 - 301;
	assert_false(glue_next_action(&a));
	ksr_clock.wall -= 200000;
	ksr_clock.mono_ms += 1;
	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_CLOSE);
	assert_int_equal(a.close_code, 4401);
	assert_string_equal(a.close_text, "token_expired");
	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_DEREG);
	assert_true(a.token_expired);
	assert_int_equal(a.conn, GLUE_CONN);
}

static void expect_dereg(const char *user)
{
	struct wims_action a;

	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_DEREG);
	assert_string_equal(a.binding.contact_user, user);
	assert_int_equal(glue_counts().bindings, 0);
}

/* The WIC must not believe that it is registered, and the core must not. */
static void expect_spoilt(struct sent *s, sip_msg_t *reply, const char *reason)
{
	assert_int_equal(wk_register_reply(reply), WK_FALSE);
	assert_reason(reply, reason);
	assert_int_equal(reply->first_line.u.reply.statuscode, 500);
	assert_contains(ksr_out(reply), "SIP/2.0 500 ");
	assert_lacks(ksr_out(reply), "Contact:");
	assert_lacks(ksr_out(reply), "Service-Route:");
	assert_lacks(ksr_out(reply), "P-Associated-URI:");
	assert_int_equal(glue_counts().pending, 0);
	ksr_tm_end(500);
	expect_dereg(s->user);
	ksr_msg_free(reply);
	ksr_msg_free(s->msg);
}

static void test_token_ended_meanwhile(void **state)
{
	struct sent s = send_register(CONTACT);

	ksr_clock.wall += 601;
	expect_spoilt(&s,
				  answer("200 OK",
						 ROUTES "Contact: <sip:USER@127.0.0.1:5060>;expires=600\n"
								"P-Associated-URI: <sip:alice@ims.test>\n",
						 s.user),
				  "token_nearly_expired");
}

static void test_service_route_too_long(void **state)
{
	struct sent s = send_register(CONTACT);
	char *host = calloc(1, WIMS_ROUTES_MAX + 1), *lines;

	memset(host, 'a', WIMS_ROUTES_MAX);
	lines = mint_text("Service-Route: <sip:%s;lr>\nContact: <sip:USER@127.0.0.1:5060>\n", host);
	expect_spoilt(&s, answer("200 OK", lines, s.user), "core_answer_bad");
	free(lines);
	free(host);
}

/* The core registered nothing of ours, or what nobody could find again. */
static void test_without_our_contact(void **state)
{
	static const char *const lines[] = {
			ROUTES "Expires: 600\n",
			ROUTES "Contact: <sip:other@127.0.0.1:5060>;expires=600\n",
	};
	size_t i;

	for(i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct sent s = send_register(CONTACT);

		expect_spoilt(&s, answer("200 OK", lines[i], s.user), "core_answer_bad");
	}
}

/* In the answer to a refresh: what was registered stays as it was. */
static void test_refresh_without_our_contact(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_action a;
	struct sent s;
	sip_msg_t *reply;
	int64_t before;

	glue_registered(user);
	ksr_clock.mono_ms += 10000;
	before = expires_in();
	s = send_register(CONTACT);
	reply = answer("200 OK", ROUTES "Expires: 600\n", s.user);
	assert_int_equal(wk_register_reply(reply), WK_FALSE);
	assert_reason(reply, "core_answer_bad");
	assert_contains(ksr_out(reply), "SIP/2.0 500 ");
	finish(&s, reply, 500);
	assert_int_equal(expires_in(), before);
	assert_int_equal(glue_counts().bindings, 1);
	assert_false(glue_next_action(&a));
}

/* The WIC went away before the answer. */
static void test_connection_gone(void **state)
{
	struct sent s = send_register(CONTACT);
	sip_msg_t *reply = answer("200 OK", "Contact: <sip:USER@127.0.0.1:5060>\n", s.user);
	struct wims_action a;

	wims_flow_lost(wk_flows_lock(), GLUE_CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	assert_int_equal(wk_register_reply(reply), WK_FALSE);
	assert_reason(reply, "flow_gone");
	assert_int_equal(glue_counts().waiting, 1);
	finish(&s, reply, 200);
	assert_false(glue_next_action(&a));
	ksr_clock.mono_ms += 5001;
	expect_dereg(s.user);
}

static void test_removed(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_action a;
	struct sent s;
	sip_msg_t *reply;

	glue_registered(user);
	s = send_register(CONTACT "Expires: 0\n");
	assert_string_equal(s.user, user);
	reply = answer("200 OK", "Contact: <sip:other@127.0.0.1:5060>;expires=60\n", s.user);
	assert_int_equal(wk_register_reply(reply), WK_TRUE);
	assert_lacks(ksr_out(reply), "Contact");
	assert_int_equal(glue_counts().bindings, 0);
	finish(&s, reply, 200);
	assert_false(glue_next_action(&a));
}

/* ---- refusals ---- */

static void expect_refusal(const char *status, size_t pending)
{
	struct sent s = send_register(CONTACT);
	sip_msg_t *reply = answer(status, "WWW-Authenticate: Digest realm=\"x\"\n", s.user);
	struct wims_action a;

	assert_int_equal(wk_register_reply(reply), WK_TRUE);
	assert_contains(ksr_out(reply), status);
	assert_int_equal(glue_counts().pending, pending);
	finish(&s, reply, 403);
	assert_int_equal(glue_counts().pending, 0);
	assert_int_equal(glue_counts().bindings, 0);
	assert_false(glue_next_action(&a));
}

static void test_refused(void **state)
{
	expect_refusal("403 Forbidden", 0);
	expect_refusal("404 Not Found", 0);
	expect_refusal("401 Unauthorized", 1);
	expect_refusal("407 Proxy Authentication Required", 1);
	expect_refusal("100 Trying", 1);
}

/* Silence: the core may have taken it. */
static void test_no_answer(void **state)
{
	static const int statuses[] = {408, 503, 0};
	size_t i;

	for(i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		struct sent s = send_register(CONTACT);

		ksr_tm_end(statuses[i]);
		expect_dereg(s.user);
		ksr_msg_free(s.msg);
	}
}

/* A registration stays as it was when its refresh is refused. */
static void test_refused_refresh(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	int64_t before;

	glue_registered(user);
	before = expires_in();
	{
		struct sent s = send_register(CONTACT);
		sip_msg_t *reply = answer("403 Forbidden", "", s.user);

		assert_int_equal(wk_register_reply(reply), WK_TRUE);
		finish(&s, reply, 403);
	}
	assert_int_equal(expires_in(), before);
	assert_int_equal(glue_counts().bindings, 1);
}

static void expect_learnt(const char *line, uint32_t seconds)
{
	struct sent s = send_register(CONTACT);
	sip_msg_t *reply = answer("423 Interval Too Brief", line, s.user);

	assert_int_equal(wk_register_reply(reply), WK_TRUE);
	assert_int_equal(wk_core_min_expires(), seconds);
	finish(&s, reply, 423);
}

static void test_interval_too_brief(void **state)
{
	struct sent s;
	sip_msg_t *reply;

	expect_learnt("", 600);
	expect_learnt("Min-Expires: 500\n", 600);
	expect_learnt("Min-Expires: many\n", 600);
	expect_learnt("Min-Expires: 99999999999\n", 600);
	expect_learnt("Min-Expires: 4294967295\n", 600);
	expect_learnt("Min-Expires: 4294969096\n", 600); /* 1800 in 32 bits */
	expect_learnt("Min-Expires: 1800\n", 1800);
	expect_learnt("Min-Expires: 900\n", 1800);
	s = send_register(CONTACT);
	assert_contains(ksr_out(s.msg), "Expires: 1800\n");
	reply = answer("403 Forbidden", "Min-Expires: 3600\n", s.user);
	assert_int_equal(wk_register_reply(reply), WK_TRUE);
	assert_int_equal(wk_core_min_expires(), 1800);
	finish(&s, reply, 403);
}

static void test_none_of_ours(void **state)
{
	sip_msg_t *reply = answer("200 OK", "Contact: <sip:USER@127.0.0.1:5060>\n", "x");

	assert_int_equal(wk_register_reply(reply), WK_FALSE);
	assert_reason(reply, "internal");
	ksr_msg_free(reply);
	ksr_tm.current = ksr_tm_new(NULL);
	reply = answer("200 OK", "Contact: <sip:USER@127.0.0.1:5060>\n", "x");
	assert_int_equal(wk_register_reply(reply), WK_FALSE);
	assert_reason(reply, "internal");
	assert_contains(ksr_out(reply), "SIP/2.0 500 ");
	ksr_msg_free(reply);
}

/* The allocation after the first n fails: either the WIC is registered and
 * told so, or it is told otherwise and the core is told to forget it. */
static bool reply_with(size_t n)
{
	struct sent s = send_register(CONTACT);
	sip_msg_t *reply = answer("200 OK",
							  ROUTES "Contact: <sip:USER@127.0.0.1:5060>;expires=600\n"
									 "Expires: 600\nP-Associated-URI: <sip:alice@ims.test>\n",
							  s.user);
	struct wims_action a;
	bool failed;
	int rc = glue_scarce(wk_register_reply, reply, n, &failed);

	ksr_tm_end(rc == WK_TRUE ? 200 : 500);
	/* which would count as the core's own word */
	assert_int_not_equal(reply->first_line.u.reply.statuscode, 503);
	if(failed != (rc == WK_FALSE) || glue_counts().pending != 0)
		fail_msg("allocation %zu: answered %d, pending %zu", n, rc, glue_counts().pending);
	if(rc == WK_TRUE)
		assert_int_equal(glue_counts().bindings, 1);
	while(rc == WK_FALSE && glue_counts().bindings > 0)
		if(!glue_next_action(&a) || (a.kind != WIMS_ACT_DEREG && a.kind != WIMS_ACT_CLOSE))
			fail_msg("allocation %zu: refused, but the core is not told", n);
	ksr_msg_free(reply);
	ksr_msg_free(s.msg);
	return failed;
}

static void each_allocation(void **state, bool once)
{
	size_t n = 0;
	bool failed = true;

	for(; failed; n++) {
		assert_int_equal(glue_teardown(state), 0);
		assert_int_equal(glue_setup(state), 0);
		ksr_memory.once = once;
		failed = reply_with(n);
	}
	assert_true(n > 5);
}

static void test_each_allocation(void **state)
{
	each_allocation(state, false);
	each_allocation(state, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_accepted),
			glue_test(test_grants),
			glue_test(test_token_ends_first),
			glue_test(test_token_ended_meanwhile),
			glue_test(test_service_route_too_long),
			glue_test(test_without_our_contact),
			glue_test(test_refresh_without_our_contact),
			glue_test(test_connection_gone),
			glue_test(test_removed),
			glue_test(test_refused),
			glue_test(test_no_answer),
			glue_test(test_refused_refresh),
			glue_test(test_interval_too_brief),
			glue_test(test_none_of_ours),
			glue_test(test_each_allocation),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
