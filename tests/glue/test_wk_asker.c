/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ask_help.h"

#include "wk_introspect.h"
#include "wk_params.h"
#include "wk_result.h"

enum
{
	PENDING_MAX = 3 /* of wwsf1 */
};

#define RELOADED                                                \
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"r\",\"x\":" \
	"\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

static sip_msg_t *filling[24]; /* as many as one server is asked about at once */

/* One question for all who wait, whoever asks first. */
static void test_together(void **state)
{
	sip_msg_t *msgs[PENDING_MAX];
	size_t i;

	for(i = 0; i < PENDING_MAX; i++) {
		msgs[i] = ask_resolved(i == 1 ? "opaque-b" : "opaque-a", WK_SUSPENDED);
		wk_introspect_ask();
	}
	assert_int_equal(ask_fetch_count, 2);
	ask_answer(0, WIMS_FETCH_OK, 200, NULL);
	assert_int_equal(ksr_async_run(), 2);
	assert_int_equal(ksr_tm.continued, 2);
	ask_answer(1, WIMS_FETCH_OK, 200, "{\"active\":false}");
	assert_int_equal(ksr_async_run(), 1);
	assert_string_equal(ask_reason(msgs[0]), "ok");
	assert_string_equal(ask_reason(msgs[1]), "token_inactive");
	assert_string_equal(ask_reason(msgs[2]), "ok");
	for(i = 0; i < PENDING_MAX; i++)
		ksr_msg_free(msgs[i]);
}

static void test_limits(void **state)
{
	sip_msg_t *msgs[PENDING_MAX];
	size_t i;

	for(i = 0; i < PENDING_MAX; i++)
		msgs[i] = ask_resolved("opaque-l", WK_SUSPENDED);
	ask_refused("opaque-m", WK_FALSE, "limit_reached");
	wk_introspect_ask();
	ask_answer(0, WIMS_FETCH_OK, 200, NULL);
	ksr_async_run();
	wk_params.max_token_lookups = 1;
	ksr_msg_free(msgs[0]);
	msgs[0] = ask_resolved("opaque-m", WK_SUSPENDED);
	ask_refused("opaque-n", WK_FALSE, "limit_reached");
	wk_params.max_token_lookups = 1000;
	wk_introspect_ask();
	ask_answer(1, WIMS_FETCH_OK, 200, NULL);
	ksr_async_run();
	for(i = 0; i < PENDING_MAX; i++)
		ksr_msg_free(msgs[i]);
}

static void test_breaker(void **state)
{
	size_t i;

	for(i = 0; i < WK_LOOKUP_FAILURES; i++)
		ask_fails("opaque-f");
	assert_contains(ksr_log(), "token server of wwsf1 fails, and is left alone");
	ask_refused("opaque-f", WK_FALSE, "token_server_failed");
	assert_string_equal(ksr_rpc_run("webrtc_ims.introspection", NULL, NULL),
						"wwsf=wwsf1 endpoint=https://as.test/i pending=0 failures=5 breaker=open "
						"pause=2 reason=why not\n"
						"wwsf=both endpoint=https://as.test/i pending=0 failures=0 breaker=closed "
						"pause=0 reason=\n");
	/* an operator knows that it is back */
	assert_string_equal(ksr_rpc_run("webrtc_ims.introspection", "again", NULL),
						"400 argument: retry, or none\n");
	assert_contains(ksr_rpc_run("webrtc_ims.introspection", "retry", NULL), "breaker=closed");
	ask_works("opaque-f");
	for(i = 0; i < WK_LOOKUP_FAILURES; i++)
		ask_fails("opaque-f");
	/* one request tries, and one only; if it cannot be suspended, the next */
	ksr_clock.mono_ms += 2000;
	ksr_tm.suspend = -1;
	ask_refused("opaque-f", WK_FALSE, "internal");
	ksr_tm.suspend = 0;
	ksr_tm_end(500);
	{
		sip_msg_t *msg = ask_resolved("opaque-f", WK_SUSPENDED);

		ask_refused("opaque-g", WK_FALSE, "token_server_failed");
		assert_string_equal(wk_lookup_server(WIMS_PL("wwsf1")).state, "trying");
		wk_introspect_ask();
		ask_answer(ask_fetch_count - 1, WIMS_FETCH_OK, 200, NULL);
		ksr_async_run();
		assert_string_equal(ask_reason(msg), "ok");
		ksr_msg_free(msg);
	}
	assert_string_equal(wk_lookup_server(WIMS_PL("wwsf1")).state, "closed");
	assert_contains(ksr_log(), "token server of wwsf1 answers again");
}

/* One place is free, then none. */
static void fill(void)
{
	char token[32];
	int i;

	for(i = 0; i < 24; i++) {
		uint32_t conn = 100 + (uint32_t)i;

		assert_int_equal(glue_open(conn, "https://wwsf.test", "wwsf1"), 0);
		snprintf(token, sizeof(token), "opaque-fill-%d", i);
		filling[i] = ask_resolved_on(conn, token, WK_SUSPENDED);
	}
	wk_introspect_ask();
	assert_int_equal(ask_fetch_count, 24);
}

/* Whoever tries many tokens takes no more than his own places; the same token
 * once more is no new one. */
static void test_share_of_a_connection(void **state)
{
	sip_msg_t *waiting[WK_LOOKUP_REQUESTS_MAX];
	char token[32];
	size_t i, n = 0;

	ask_provision(",\"introspection\":{" ASK_INTROSPECTION "}");
	assert_int_equal(glue_open(100, "https://wwsf.test", "wwsf1"), 0);
	for(; n < WK_LOOKUP_TOKENS_MAX; n++) {
		snprintf(token, sizeof(token), "opaque-%zu", n);
		waiting[n] = ask_resolved(token, WK_SUSPENDED);
	}
	ask_refused("opaque-more", WK_FALSE, "limit_reached");
	assert_int_equal(wk_lookup_server(WIMS_PL("wwsf1")).pending, WK_LOOKUP_TOKENS_MAX);
	waiting[n++] = ask_resolved_on(100, "opaque-more", WK_SUSPENDED);
	while(n < WK_LOOKUP_REQUESTS_MAX)
		waiting[n++] = ask_resolved_on(100, "opaque-more", WK_SUSPENDED);
	wk_introspect_ask();
	assert_int_equal(ask_fetch_count, WK_LOOKUP_TOKENS_MAX + 1);
	for(i = 0; i < ask_fetch_count; i++)
		ask_answer(i, WIMS_FETCH_OK, 200, NULL);
	assert_int_equal(ksr_async_run(), (int)n);
	for(i = 0; i < n; i++)
		ksr_msg_free(waiting[i]);
	ask_provision(ASK_MEMBER);
}

static void test_requests_of_a_connection(void **state)
{
	sip_msg_t *waiting[WK_LOOKUP_REQUESTS_MAX];
	size_t i;

	ask_provision(",\"introspection\":{" ASK_INTROSPECTION "}");
	for(i = 0; i < WK_LOOKUP_REQUESTS_MAX; i++)
		waiting[i] = ask_resolved("opaque-same", WK_SUSPENDED);
	ask_refused("opaque-same", WK_FALSE, "limit_reached");
	wk_introspect_ask();
	ask_answer(0, WIMS_FETCH_OK, 200, NULL);
	assert_int_equal(ksr_async_run(), WK_LOOKUP_REQUESTS_MAX);
	for(i = 0; i < WK_LOOKUP_REQUESTS_MAX; i++)
		ksr_msg_free(waiting[i]);
	ask_provision(ASK_MEMBER);
}

static void drain(void)
{
	int i;

	for(i = 0; i < 24; i++)
		ask_answer((size_t)i, WIMS_FETCH_OK, 200, NULL);
	assert_int_equal(ksr_async_run(), 24);
	for(i = 0; i < 24; i++) {
		assert_string_equal(ask_reason(filling[i]), "ok");
		ksr_msg_free(filling[i]);
	}
}

/* A token that had to wait for its turn leaves the server less time: that is not
 * the server's fault, and whoever waited too long is not asked about at all. */
static void test_queue(void **state)
{
	sip_msg_t *msg, *late;

	ask_provision(",\"introspection\":{" ASK_INTROSPECTION "}");
	fill();
	msg = ask_resolved("opaque-q", WK_SUSPENDED);
	wk_introspect_ask();
	assert_int_equal(ask_fetch_count, 24);
	ksr_clock.mono_ms += 2000;
	late = ask_resolved("opaque-late", WK_SUSPENDED);
	drain();
	wk_introspect_ask();
	assert_int_equal(ask_fetches[24].timeout_ms, 1000);
	assert_int_equal(ask_fetches[25].timeout_ms, 3000);
	ask_answer(24, WIMS_FETCH_TIMEOUT, 0, "");
	assert_int_equal(wk_lookup_server(WIMS_PL("wwsf1")).failures, 0);
	ask_answer(25, WIMS_FETCH_TIMEOUT, 0, "");
	assert_int_equal(wk_lookup_server(WIMS_PL("wwsf1")).failures, 1);
	ksr_async_run();
	assert_string_equal(ask_reason(msg), "token_server_failed");
	assert_string_equal(ask_reason(late), "token_server_failed");
	ksr_msg_free(msg);
	ksr_msg_free(late);
	msg = ask_resolved("opaque-q", WK_SUSPENDED);
	ksr_clock.mono_ms += 3000;
	wk_introspect_ask();
	ksr_async_run();
	assert_string_equal(ask_reason(msg), "token_server_failed");
	assert_int_equal(ask_fetch_count, 26);
	ksr_msg_free(msg);
	ask_provision(ASK_MEMBER);
}

/* The fetching process has no place: it is asked again. */
static void test_busy(void **state)
{
	sip_msg_t *msg = ask_resolved("opaque-q", WK_SUSPENDED);

	wk_introspect_ask();
	ask_answer(0, WIMS_FETCH_BUSY, 0, "");
	assert_int_equal(ksr_async_run(), 0);
	wk_introspect_ask();
	ask_answer(1, WIMS_FETCH_OK, 200, NULL);
	ksr_async_run();
	assert_string_equal(ask_reason(msg), "ok");
	ksr_msg_free(msg);
}

/* What waits here when the server is found to fail waits no longer. */
static void test_breaker_clears_the_queue(void **state)
{
	sip_msg_t *msg;
	int i;

	ask_provision(",\"introspection\":{" ASK_INTROSPECTION "}");
	fill();
	msg = ask_resolved("opaque-q", WK_SUSPENDED);
	wk_introspect_ask();
	for(i = 0; i < WK_LOOKUP_FAILURES; i++)
		ask_answer((size_t)i, WIMS_FETCH_TIMEOUT, 0, "");
	wk_introspect_ask();
	assert_int_equal(ksr_async_run(), WK_LOOKUP_FAILURES + 1);
	assert_string_equal(ask_reason(msg), "token_server_failed");
	ksr_msg_free(msg);
	for(; i < 24; i++)
		ask_answer((size_t)i, WIMS_FETCH_TIMEOUT, 0, "");
	ksr_async_run();
	for(i = 0; i < 24; i++)
		ksr_msg_free(filling[i]);
	assert_int_equal(ask_fetch_count, 24);
	ask_provision(ASK_MEMBER);
}

static void test_no_fetch(void **state)
{
	sip_msg_t *msg = ask_resolved("opaque-x", WK_SUSPENDED);

	ask_fetch_fails = true;
	wk_introspect_ask();
	ksr_async_run();
	assert_string_equal(ask_reason(msg), "token_server_failed");
	assert_int_equal(wk_lookup_server(WIMS_PL("wwsf1")).failures, 0);
	assert_contains(ksr_rpc_run("webrtc_ims.introspection", NULL, NULL),
					"reason=nothing can be fetched now");
	ksr_msg_free(msg);
}

static void test_workers_full(void **state)
{
	sip_msg_t *msg = ask_resolved("opaque-w", WK_SUSPENDED);

	wk_introspect_ask();
	ksr_async.push_fails = true;
	ask_answer(0, WIMS_FETCH_OK, 200, NULL);
	wk_suspended_retry();
	assert_int_equal(ksr_async_run(), 0);
	ksr_async.push_fails = false;
	wk_suspended_retry();
	assert_int_equal(ksr_async_run(), 1);
	assert_string_equal(ask_reason(msg), "ok");
	ksr_msg_free(msg);
}

static void test_reload(void **state)
{
	sip_msg_t *msg = ask_resolved("opaque-r", WK_SUSPENDED);

	ask_provision(",\"keys\":{\"jwks\":{\"keys\":[" RELOADED "]}}");
	wk_introspect_ask();
	assert_int_equal(ask_fetch_count, 0);
	ksr_async_run();
	assert_string_equal(ask_reason(msg), "token_format");
	ksr_msg_free(msg);
	ask_provision(ASK_MEMBER);
}

/* What the old server says is for those who asked before the reload, and is not
 * kept. */
static void test_reload_of_the_server(void **state)
{
	sip_msg_t *old = ask_resolved("opaque-s", WK_SUSPENDED), *msgs[2];
	size_t i;

	wk_introspect_ask();
	ask_provision(",\"introspection\":{\"endpoint\":\"https://new.test/i\",\"client_id\":\"a\","
				  "\"client_secret_file\":\"secret\"}");
	msgs[0] = ask_resolved("opaque-s", WK_SUSPENDED);
	wk_introspect_ask();
	assert_int_equal(ask_fetch_count, 2);
	assert_string_equal(ask_fetches[0].url, "https://as.test/i");
	assert_string_equal(ask_fetches[1].url, "https://new.test/i");
	ask_answer(0, WIMS_FETCH_OK, 200, NULL);
	assert_int_equal(ksr_async_run(), 1);
	assert_string_equal(ask_reason(old), "ok");
	msgs[1] = ask_resolved("opaque-s", WK_SUSPENDED);
	wk_introspect_ask();
	assert_int_equal(ask_fetch_count, 2);
	ask_answer(1, WIMS_FETCH_OK, 200, "{\"active\":false}");
	assert_int_equal(ksr_async_run(), 2);
	for(i = 0; i < 2; i++) {
		assert_string_equal(ask_reason(msgs[i]), "token_inactive");
		ksr_msg_free(msgs[i]);
	}
	ksr_msg_free(old);
	ask_provision(ASK_MEMBER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {ask_test(test_together),
									   ask_test(test_limits),
									   ask_test(test_breaker),
									   ask_test(test_queue),
									   ask_test(test_share_of_a_connection),
									   ask_test(test_requests_of_a_connection),
									   ask_test(test_busy),
									   ask_test(test_breaker_clears_the_queue),
									   ask_test(test_no_fetch),
									   ask_test(test_workers_full),
									   ask_test(test_reload),
									   ask_test(test_reload_of_the_server)};

	return cmocka_run_group_tests(tests, ask_group_setup, ask_group_teardown);
}
