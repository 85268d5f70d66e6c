/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ask_help.h"

#include "core/route.h"
#include "mint.h"
#include "wk_claim.h"
#include "wk_hdr.h"
#include "wk_introspect.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_token.h"

/* What the routing script and its requests meet; test_wk_asker.c has what the wims
 * process does. */

static void test_nothing_to_ask(void **state)
{
	char *jwt = glue_token(NULL, NULL);
	sip_msg_t *msg;

	ask_refused(NULL, WK_TRUE, "ok");
	ask_refused("a=b", WK_TRUE, "ok");
	ask_refused("access_token=\"a b\"", WK_TRUE, "ok");
	/* signed tokens of a WWSF with keys; of one without, they are asked about */
	assert_int_equal(glue_open(GLUE_CONN + 2, "https://both.test", "both"), 0);
	msg = glue_register(jwt, "");
	msg->rcv.proto_reserved1 = GLUE_CONN + 2;
	assert_int_equal(wk_token_resolve_route(msg, 1), WK_TRUE);
	ksr_msg_free(msg);
	/* nobody's connection */
	msg = glue_register("opaque", "");
	msg->rcv.proto_reserved1 = 99;
	assert_int_equal(wk_token_resolve_route(msg, 1), WK_TRUE);
	ksr_msg_free(msg);
	wk_introspect_ask();
	assert_int_equal(ask_fetch_count, 0);
	free(jwt);
}

static void test_asks(void **state)
{
	sip_msg_t *msg = ask_resolved("opaque-1+", WK_SUSPENDED);
	const struct ask_fetch *f = &ask_fetches[0];
	const struct wims_token *t;

	assert_int_equal(ksr_counter("token_lookups"), 1);
	assert_int_equal(ksr_tm.fr_ms, 7000);
	wk_introspect_ask();
	wk_introspect_ask();
	assert_int_equal(ask_fetch_count, 1);
	assert_string_equal(f->url, "https://as.test/i");
	assert_string_equal(f->post, "token=opaque-1%2B&token_type_hint=access_token");
	assert_string_equal(f->user, "epcscf");
	assert_string_equal(f->password, "s3cret");
	assert_int_equal(f->timeout_ms, 3000);
	assert_true(f->ca_file[0] == '/');
	assert_contains(f->ca_file, "/ca.pem");
	ask_answer(0, WIMS_FETCH_OK, 200, NULL);
	assert_int_equal(ksr_async_run(), 1);
	assert_int_equal(ksr_tm.continued, 1);
	assert_reason(msg, "ok");
	t = &wk_result(msg)->token;
	assert_true(t->valid && wims_pl_eq(t->subject, WIMS_PL("user-7")));
	assert_true(wims_pl_eq(wk_claim(msg, WIMS_PL("class")), WIMS_PL("gold")));
	ksr_msg_free(msg);
	/* the answer is kept: the next one goes on at once */
	msg = ask_resolved("opaque-1+", WK_TRUE);
	assert_int_equal(wk_token_validate(msg, NULL), WK_TRUE);
	assert_true(wims_pl_eq(wk_claim(msg, WIMS_PL("class")), WIMS_PL("gold")));
	ksr_msg_free(msg);
	assert_int_equal(ask_fetch_count, 1);
	/* until its time is over */
	ksr_clock.wall += 60;
	msg = ask_resolved("opaque-1+", WK_SUSPENDED);
	wk_introspect_ask();
	ask_answer(1, WIMS_FETCH_OK, 200, "{\"active\":false}");
	ksr_async_run();
	assert_reason(msg, "token_inactive");
	ksr_msg_free(msg);
	assert_int_equal(ksr_counter("introspections"), 2);
	assert_int_equal(ksr_counter("introspection_failures"), 0);
}

/* The same text may be a token of two servers. */
static void test_two_wwsfs(void **state)
{
	sip_msg_t *msg = ask_resolved("opaque-2w", WK_SUSPENDED);

	assert_int_equal(glue_open(GLUE_CONN + 2, "https://both.test", "both"), 0);
	wk_introspect_ask();
	ask_answer(0, WIMS_FETCH_OK, 200, NULL);
	ksr_async_run();
	assert_reason(msg, "ok");
	ksr_msg_free(msg);
	msg = glue_register("opaque-2w", "");
	msg->rcv.proto_reserved1 = GLUE_CONN + 2;
	assert_int_equal(wk_token_resolve_route(msg, 1), WK_SUSPENDED);
	wk_introspect_ask();
	ask_answer(1, WIMS_FETCH_OK, 200, "{\"active\":false}");
	ksr_async_run();
	assert_reason(msg, "token_inactive");
	ksr_msg_free(msg);
}

/* Each transaction gets its own time-out back for what follows, also the second
 * one that waited for the same answer, which finds it in the cache. */
static void test_timeout_of_tm(void **state)
{
	sip_msg_t *msgs[2];
	struct cell *t[2];
	size_t i;

	for(i = 0; i < 2; i++) {
		msgs[i] = glue_register("opaque-t", "");
		t[i] = ksr_tm_new(msgs[i]);
		t[i]->fr_timeout = 64 + (unsigned)i;
		assert_int_equal(wk_token_resolve_route(msgs[i], 1), WK_SUSPENDED);
		assert_int_not_equal(t[i]->fr_timeout, 64 + i);
	}
	wk_introspect_ask();
	ask_answer(0, WIMS_FETCH_OK, 200, NULL);
	assert_int_equal(ksr_async_run(), 2);
	for(i = 0; i < 2; i++) {
		assert_string_equal(ask_reason(msgs[i]), "ok");
		assert_int_equal(t[i]->fr_timeout, 64 + i);
		ksr_msg_free(msgs[i]);
	}
}

static void test_outcomes(void **state)
{
	static const struct
	{
		enum wims_fetch_outcome outcome;
		int status;
		const char *body, *reason;
		bool failed;
	} rows[] = {{WIMS_FETCH_OK, 200, "{\"active\":false}", "token_inactive", false},
				{WIMS_FETCH_OK, 200, "{\"active\":true}", "claim_missing", false},
				{WIMS_FETCH_OK, 200, "<html>", "token_server_failed", true},
				{WIMS_FETCH_OK, 200, "{}", "token_server_failed", true},
				{WIMS_FETCH_STATUS, 500, "", "token_server_failed", true},
				{WIMS_FETCH_STATUS, 401, "", "token_server_failed", true},
				{WIMS_FETCH_TIMEOUT, 0, "", "token_server_failed", true},
				{WIMS_FETCH_TLS, 0, "", "token_server_failed", true},
				{WIMS_FETCH_TOO_LARGE, 200, "", "token_server_failed", true},
				/* none of the server's fault, or of nothing but this token */
				{WIMS_FETCH_STATUS, 400, "", "token_server_failed", false},
				{WIMS_FETCH_STATUS, 413, "", "token_server_failed", false},
				{WIMS_FETCH_STATUS, 414, "", "token_server_failed", false},
				{WIMS_FETCH_STATUS, 422, "", "token_server_failed", false},
				{WIMS_FETCH_STATUS, 431, "", "token_server_failed", false},
				{WIMS_FETCH_STATUS, 404, "", "token_server_failed", true},
				{WIMS_FETCH_STATUS, 429, "", "token_server_failed", true},
				{WIMS_FETCH_CHILD, 0, "", "token_server_failed", false},
				{WIMS_FETCH_FAILED, 0, "", "token_server_failed", false}};
	size_t i;

	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sip_msg_t *msg = ask_resolved("opaque-2", WK_SUSPENDED);

		wk_introspect_ask();
		ask_answer(ask_fetch_count - 1, rows[i].outcome, rows[i].status, rows[i].body);
		ksr_async_run();
		if(strcmp(glue_reason(msg), rows[i].reason) != 0)
			fail_msg("row %zu: %s", i, glue_reason(msg));
		assert_false(wk_result(msg)->token.valid);
		assert_int_equal(wk_lookup_server(WIMS_PL("wwsf1")).failures, rows[i].failed ? 1 : 0);
		ksr_msg_free(msg);
		ask_works("opaque-good"); /* so that the breaker stays closed */
	}
	assert_contains(ksr_log(), "answers 401: it does not accept client_id and client_secret");
}

static void test_gone(void **state)
{
	sip_msg_t *msg = ask_resolved("opaque-gone", WK_SUSPENDED);

	wk_introspect_ask();
	wims_flow_lost(wk_flows_lock(), GLUE_CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	ask_answer(0, WIMS_FETCH_OK, 200, NULL);
	ksr_async_run();
	assert_reason(msg, "flow_unknown");
	ksr_msg_free(msg);
}

/* Nobody waits for a request that ended meanwhile; its answer is dropped. */
static void test_transaction_over(void **state)
{
	sip_msg_t *msg = glue_register("opaque-over", "");
	struct cell *t = ksr_tm_new(msg);

	assert_int_equal(wk_token_resolve_route(msg, 1), WK_SUSPENDED);
	t->flags = 0;
	wk_introspect_ask();
	ask_answer(0, WIMS_FETCH_OK, 200, NULL);
	assert_int_equal(ksr_async_run(), 1);
	assert_int_equal(ksr_tm.continued, 0);
	ksr_msg_free(msg);
}

static void test_no_transaction(void **state)
{
	ksr_tm.newtran = -1;
	ask_refused("opaque-n", WK_FALSE, "internal");
	ksr_tm.newtran = 1;
	ksr_tm.suspend = 1;
	ask_refused("opaque-n", WK_FALSE, "internal");
	ksr_tm.suspend = 0;
	wk_introspect_ask();
	assert_int_equal(ask_fetch_count, 0);
}

static void test_no_memory(void **state)
{
	int n, got = WK_FALSE;

	for(n = 0; got != WK_SUSPENDED && n < 20; n++) {
		sip_msg_t *msg = glue_register("opaque-mem", "");

		assert_true(wk_hdr_parse(msg));
		ksr_memory.left = (size_t)n;
		got = wk_token_resolve_route(msg, 1);
		ksr_memory.left = SIZE_MAX;
		if(got == WK_SUSPENDED) {
			/* and none for the answer */
			wk_introspect_ask();
			ksr_memory.left = 0;
			ask_answer(0, WIMS_FETCH_OK, 200, NULL);
			ksr_memory.left = SIZE_MAX;
			ksr_async_run();
			assert_reason(msg, "no_memory");
		} else {
			assert_int_equal(got, WK_FALSE);
			assert_reason(msg, "no_memory");
			assert_int_equal(wk_lookup_count(), 0);
		}
		ksr_msg_free(msg);
	}
	assert_int_equal(n, 3);
}

/* A script that never asked. */
static void test_not_resolved(void **state)
{
	sip_msg_t *msg = glue_register("opaque-never", "");

	assert_int_equal(wk_token_validate(msg, NULL), WK_FALSE);
	assert_reason(msg, "token_server_failed");
	ksr_msg_free(msg);
}

static void expect_request(const char *method, const char *to_tag, int want, const char *reason)
{
	char *text = mint_text("%s sip:bob@ims.test SIP/2.0\nVia: SIP/2.0/WSS x;branch=z9hG4bK2\n"
						   "To: <sip:bob@ims.test>%s\nFrom: <sip:alice@ims.test>;tag=f\n"
						   "Call-ID: c\nCSeq: 1 %s\nAuthorization: Bearer opaque-o\n\n",
						   method, to_tag, method);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, GLUE_CONN, text);

	if(wk_token_resolve_route(msg, 1) != want)
		fail_msg("%s%s: %s", method, to_tag, glue_reason(msg));
	if(want == WK_TRUE)
		wk_token_check(msg);
	ksr_tm.resumed = NULL;
	wk_introspect_ask();
	if(want == WK_SUSPENDED)
		ask_answer(ask_fetch_count - 1, WIMS_FETCH_TIMEOUT, 0, "");
	ksr_async_run();
	if(want == WK_TRUE)
		assert_reason(msg, reason);
	ksr_msg_free(msg);
	free(text);
}

static void test_other_requests(void **state)
{
	expect_request("INVITE", "", WK_SUSPENDED, NULL);
	expect_request("MESSAGE", "", WK_SUSPENDED, NULL);
	expect_request("BYE", ";tag=t", WK_TRUE, "ok");
	expect_request("ACK", ";tag=t", WK_TRUE, "ok");
	expect_request("CANCEL", "", WK_TRUE, "ok");
	ask_provision(
			",\"request_token\":{\"initial\":\"ignore\",\"in_dialog\":\"require\"}" ASK_MEMBER);
	expect_request("INVITE", "", WK_TRUE, "ok");
	expect_request("BYE", ";tag=t", WK_SUSPENDED, NULL);
	expect_request("ACK", ";tag=t", WK_TRUE, "ok");
	ask_provision(ASK_MEMBER);
}

/* The branch that leads nowhere is the one that ran out. */
static void test_core_failed(void **state)
{
	sip_msg_t *msg = glue_register("opaque-late", "");
	struct cell *t = ksr_tm_new(msg);

	ksr_tm_sent(t, PROTO_UDP, 0);
	t->uac[0].reply = FAKED_REPLY;
	t->uac[0].last_received = 408;
	t->uac[0].flags = TM_UAC_FLAG_BLIND;
	ksr_tm.current = t;
	set_route_type(FAILURE_ROUTE);
	assert_int_equal(wk_core_failed(msg), WK_TRUE);
	assert_reason(msg, "token_server_failed");
	ksr_msg_free(msg);
}

static void test_kemi(void **state)
{
	char longest[WK_ROUTE_MAX + 1];
	str name = str_init("go_on"), empty = {"", 0}, too_long = {longest, sizeof(longest)};
	sip_msg_t *msg = glue_register("opaque-k", "");

	memset(longest, 'x', sizeof(longest));
	assert_int_equal(wk_token_resolve(msg, &empty), WK_FALSE);
	assert_int_equal(wk_token_resolve(msg, &too_long), WK_FALSE);
	assert_reason(msg, "internal");
	assert_int_equal(wk_token_resolve(msg, &name), WK_SUSPENDED);
	wk_introspect_ask();
	ask_answer(0, WIMS_FETCH_OK, 200, NULL);
	ksr_async_run();
	assert_string_equal(ksr_tm.callback, "go_on(webrtc_ims:token-resolved)");
	assert_reason(msg, "ok");
	ksr_msg_free(msg);
}

static void test_fixup(void **state)
{
	void *param = (void *)"SOME";

	assert_int_equal(wk_fixup_resolve(&param, 1), -1);
	assert_contains(ksr_log(), "wims_token_resolve(\"SOME\"): there must be a route of that name");
	ksr_async.route = "SOME";
	ksr_route.empty = true;
	assert_int_equal(wk_fixup_resolve(&param, 1), -1);
	ksr_route.empty = false;
	assert_int_equal(wk_fixup_resolve(&param, 1), 0);
	assert_int_equal((long)param, 1);
}

static void test_check(void **state)
{
	struct wims_config_fault fault = {0};

	assert_true(wk_introspect_check(wk_provision(), &fault));
	ksr_async.workers = 0;
	assert_false(wk_introspect_check(wk_provision(), &fault));
	assert_string_equal(fault.path, "$.wwsf[0].introspection");
	assert_contains(fault.text, "async_workers is 0");
	assert_int_equal(wk_provision_reload(&fault), WIMS_CONFIG_VALUE);
	ksr_async.workers = 1;
	wk_params.fetch_program = "/none";
	assert_false(wk_introspect_check(wk_provision(), &fault));
	assert_contains(fault.text, "fetch_program");
	wk_params.fetch_program = "/bin/true";
}

int main(void)
{
	const struct CMUnitTest tests[] = {ask_test(test_nothing_to_ask),
									   ask_test(test_asks),
									   ask_test(test_two_wwsfs),
									   ask_test(test_timeout_of_tm),
									   ask_test(test_outcomes),
									   ask_test(test_gone),
									   ask_test(test_transaction_over),
									   ask_test(test_no_transaction),
									   ask_test(test_no_memory),
									   ask_test(test_not_resolved),
									   ask_test(test_other_requests),
									   ask_test(test_core_failed),
									   ask_test(test_kemi),
									   ask_test(test_fixup),
									   ask_test(test_check)};

	return cmocka_run_group_tests(tests, ask_group_setup, ask_group_teardown);
}
