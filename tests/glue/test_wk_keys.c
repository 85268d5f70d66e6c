/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "keys_world.h"
#include "wk_event.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- the first set ---- */

static void test_first(void **state)
{
	uint64_t before = (one(), wk_keys_generation());

	assert_int_equal(wk_keys_missing(one()), WIMS_KEYS_PENDING);
	assert_int_equal(wk_keys_counts().empty, 1);
	wk_keys_tick();
	wk_keys_tick();
	assert_int_equal(standin.begun, 1);
	assert_string_equal(standin.url, URL);
	assert_contains(standin.ca_file, "/ca.pem");
	assert_int_equal(standin.ca_file[0], '/');
	assert_int_equal(standin.timeout_ms, 5000);
	assert_int_equal(standin.max_bytes, 256 * 1024);
	assert_true(view().in_flight);
	assert_int_equal(wk_keys_missing(one()), WIMS_KEYS_PENDING);
	fetched("k1", "k2", 300);
	assert_true(has("k1") && has("k2"));
	assert_false(has("k3"));
	assert_int_not_equal(wk_keys_generation(), before);
	assert_int_equal(wk_keys_counts().empty, 0);
	assert_int_equal(ksr_counter("key_refreshes"), 1);
	assert_int_equal(ksr_counter("key_sets"), 1);
	assert_contains(ksr_log(), "WWSF one: 2 keys from " URL);
	after(200 * 1000);
	assert_int_equal(standin.begun, 1);
	after(100 * 1000);
	assert_int_equal(standin.begun, 2);
}

/* The same bytes are no news: no process builds keys anew. */
static void test_same_set(void **state)
{
	const struct wims_key *key;
	uint64_t before;

	fetched("k1", NULL, 60);
	key = wims_keyset_find(one()->keys, WIMS_PL("k1"));
	before = wk_keys_generation();
	after(60 * 1000);
	fetched("k1", NULL, 60);
	assert_ptr_equal(wims_keyset_find(one()->keys, WIMS_PL("k1")), key);
	assert_int_equal(wk_keys_generation(), before);
	assert_int_equal(ksr_counter("key_refreshes"), 2);
	assert_int_equal(ksr_counter("key_sets"), 1);
	after(60 * 1000);
	fetched("k2", NULL, 60);
	assert_true(has("k2"));
	assert_false(has("k1"));
	assert_int_not_equal(wk_keys_generation(), before);
}

/* What is no good set never takes the place of one. */
static void test_bad_answers(void **state)
{
	char *private = mint_text("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"%043d\"}]}", 0);
	const struct
	{
		enum wims_fetch_outcome outcome;
		const char *body, *trouble;
	} rows[] = {
			{WIMS_FETCH_CONNECT, NULL, "connect: as the test wants"},
			{WIMS_FETCH_TIMEOUT, NULL, "timeout: "},
			{WIMS_FETCH_TLS, NULL, "tls: "},
			{WIMS_FETCH_STATUS, NULL, "status: "},
			{WIMS_FETCH_REDIRECT, NULL, "redirect: "},
			{WIMS_FETCH_TOO_LARGE, NULL, "too_large: "},
			{WIMS_FETCH_CHILD, NULL, "child: "},
			{WIMS_FETCH_OK, NULL, "bad set: line 1"},
			{WIMS_FETCH_OK, "<html>", "bad set: line 1"},
			{WIMS_FETCH_OK, "{\"keys\":[]}", "bad set: key 0: no key"},
			{WIMS_FETCH_OK, "{\"keys\":[{\"kty\":\"RSA\"}]}", "bad set: key 0: \"n\" and \"e\""},
			{WIMS_FETCH_OK, private, "no key for an allowed algorithm"},
	};
	uint64_t before;
	size_t i;

	fetched("k1", NULL, 60);
	assert_true(has("k1"));
	before = wk_keys_generation();
	after(60 * 1000);
	for(i = 0; i < COUNT(rows); i++) {
		standin_answer(rows[i].outcome, 60, rows[i].body);
		assert_true(has("k1"));
		assert_int_equal(wk_keys_generation(), before);
		assert_int_equal(view().failures, i + 1);
		assert_contains(view().trouble, rows[i].trouble);
		assert_contains(ksr_log(), rows[i].trouble);
		assert_contains(ksr_log(), "those at hand stay in use");
		wk_keys_refresh(one()) ? wk_keys_tick() : fail();
	}
	assert_int_equal(ksr_counter("key_refresh_failures"), COUNT(rows));
	assert_false(view().fresh);
	assert_int_equal(wk_keys_counts().stale, 1);
	fetched("k2", NULL, 60);
	assert_true(has("k2"));
	assert_int_equal(view().failures, 0);
	assert_string_equal(view().trouble, "");
	assert_contains(ksr_log(), "again, after 12 failures");
	free(private);
}

static char told[200];

static void look_at_event(sip_msg_t *msg)
{
	assert_string_equal(ksr_pv(msg, "wwsf"), "one");
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s ", ksr_pv(msg, "reason"));
}

/* The routing script is told of trouble and of its end. */
static void test_events(void **state)
{
	told[0] = '\0';
	ksr_route.name = "webrtc-ims:key-trouble";
	ksr_route.look = look_at_event;
	assert_int_equal(wk_event_init(), 0);
	wk_keys_tick();
	standin_answer(WIMS_FETCH_TLS, -1, NULL);
	after(60 * 1000);
	standin_answer(WIMS_FETCH_OK, 60, "[]");
	after(60 * 1000);
	fetched("k1", NULL, 60);
	after(160 * 1000);
	assert_string_equal(told, "tls bad_set recovered ended ");
	standin_answer(WIMS_FETCH_CONNECT, -1, NULL);
	ksr_route.name = NULL;
	assert_int_equal(wk_event_init(), 0);
}

/* The same trouble is told ever less often. */
static void test_log_lines(void **state)
{
	static const char *const whys[] = {"after 9 ms: refused", "after 10 ms: refused"};
	int i, lines = 0;

	for(i = 0; i < 100; i++) {
		standin.why = whys[i % 2];
		assert_true(wk_keys_refresh(one()));
		wk_keys_tick();
		ksr_log_clear();
		standin_answer(WIMS_FETCH_CONNECT, -1, NULL);
		lines += strstr(ksr_log(), "no keys from") != NULL;
		assert_true(lines > 0);
	}
	assert_int_equal(lines, 7); /* 1, 2, 4, ... 64 */
	assert_contains(view().trouble, "connect: after 10 ms");
	ksr_log_clear();
	standin.why = "after 10 ms: reset";
	assert_true(wk_keys_refresh(one()));
	wk_keys_tick();
	standin_answer(WIMS_FETCH_CONNECT, -1, NULL);
	assert_contains(ksr_log(), "ms: reset");
}

/* Too much is asked for at once, in all or from one host: neither a failure nor
 * worth a line, and tried again soon. */
static void test_busy(void **state)
{
	int i;

	ksr_log_clear();
	standin.full = true;
	for(i = 0; i < 10; i++)
		after(1000);
	standin.full = false;
	assert_int_equal(standin.begun, 0);
	for(i = 0; i < 10; i++) {
		after(1000);
		assert_int_equal(standin.begun, i + 1);
		standin_answer(WIMS_FETCH_BUSY, -1, NULL);
		assert_false(view().in_flight);
		assert_int_equal(wk_keys_missing(one()), WIMS_KEYS_PENDING);
	}
	assert_int_equal(view().failures, 0);
	assert_string_equal(ksr_log(), "");
	assert_int_equal(ksr_counter("key_refresh_failures"), 0);
	after(1000);
	fetched("k1", NULL, 600);
	assert_true(has("k1"));
}

/* The child is down: an attempt that failed. */
static void test_no_child(void **state)
{
	standin.down = true;
	wk_keys_tick();
	assert_int_equal(view().failures, 1);
	assert_false(view().in_flight);
	assert_contains(ksr_log(), "fetching process is down");
	standin.down = false;
	after(1000);
	assert_int_equal(standin.begun, 1);
}

/* ---- unknown keys ---- */

static void test_unknown_kid(void **state)
{
	int i;

	fetched("k1", NULL, 3600);
	one();
	after(1000);
	standin.wakes = 0;
	assert_int_equal(wk_keys_missing(one()), WIMS_KEYS_PENDING);
	assert_int_equal(standin.wakes, 1);
	for(i = 0; i < 1000; i++) {
		assert_int_equal(wk_keys_missing(one()), WIMS_KEYS_PENDING);
		wk_keys_tick();
	}
	assert_int_equal(standin.begun, 2);
	fetched("k1", NULL, 3600);
	for(i = 0; i < 28; i++) {
		assert_int_equal(wk_keys_missing(one()), WIMS_KEY_UNKNOWN);
		after(1000);
	}
	assert_int_equal(standin.begun, 2);
	after(2000); /* asked for inside the window: one at its end */
	assert_int_equal(standin.begun, 3);
	fetched("k2", NULL, 3600);
	/* newer keys than those that this process judged by */
	assert_int_equal(wk_keys_missing(wims_provision_by_name(wk_provision(), WIMS_PL("one"))),
					 WIMS_KEYS_PENDING);
	assert_true(has("k2"));
	assert_int_equal(wk_keys_missing(NULL), WIMS_KEY_UNKNOWN);
	assert_int_equal(wk_keys_missing(wims_provision_by_name(wk_provision(), WIMS_PL("thin"))),
					 WIMS_KEY_UNKNOWN);
}

/* The operator's own key is never replaced by a published one of that name. */
static void test_fixed_first(void **state)
{
	char *key = mint_jwk(MINT_RSA, "k1", "");
	char *keys = mint_text("[{\"jwks\":%s},%s]", key, REMOTE);
	const struct wims_key *fixed;

	provision(keys);
	reload(WIMS_OK);
	fixed = wims_keyset_find(one()->keys, WIMS_PL("k1"));
	assert_non_null(fixed);
	fetched("k1", "k2", 60);
	assert_int_equal(wims_keyset_count(one()->keys), 3);
	assert_ptr_equal(wims_keyset_find(one()->keys, WIMS_PL("k1")), fixed);
	assert_true(has("k2"));
	assert_contains(ksr_rpc_run("webrtc_ims.keys", NULL, NULL), "wwsf=one fixed=k1\n");
	assert_contains(ksr_rpc_run("webrtc_ims.keys", NULL, NULL), "published=k1 k2 state=fresh");
	free(key);
	free(keys);
}

/* ---- the end ---- */

static void test_end(void **state)
{
	fetched("k1", NULL, 60);
	assert_true(has("k1"));
	after(60 * 1000);
	standin_answer(WIMS_FETCH_CONNECT, -1, NULL);
	after(99 * 1000);
	assert_true(has("k1"));
	ksr_log_clear();
	after(1000);
	assert_false(has("k1"));
	assert_int_equal(wims_keyset_count(one()->keys), 0);
	assert_int_equal(wk_keys_missing(one()), WIMS_KEYS_PENDING);
	assert_int_equal(ksr_counter("key_sets_ended"), 1);
	assert_contains(ksr_log(), "WWSF one: its keys ended");
	assert_contains(ksr_rpc_run("webrtc_ims.keys", NULL, NULL), "published= state=none");
	standin_answer(WIMS_FETCH_CONNECT, -1, NULL);
	after(60 * 1000);
	fetched("k2", NULL, 60);
	assert_true(has("k2"));
}

/* ---- RPC ---- */

static void test_rpc(void **state)
{
	const char *keys = ksr_rpc_run("webrtc_ims.keys", NULL, NULL);

	assert_contains(keys, "wwsf=one fixed=\n");
	assert_contains(keys, "jwks_uri=" URL " published= state=none age=0 next=0 refreshing=no "
						  "failures=0 trouble=\n");
	assert_lacks(keys, "thin");
	fetched("k1", NULL, 600);
	after(10 * 1000);
	keys = ksr_rpc_run("webrtc_ims.keys", NULL, NULL);
	assert_contains(keys, "published=k1 state=fresh age=10");
	standin.wakes = 0;
	assert_string_equal(ksr_rpc_run("webrtc_ims.refresh_keys", "one", NULL), "");
	assert_int_equal(standin.wakes, 1);
	wk_keys_tick();
	assert_int_equal(standin.begun, 2);
	assert_contains(ksr_rpc_run("webrtc_ims.keys", NULL, NULL), "refreshing=yes");
	assert_contains(ksr_rpc_run("webrtc_ims.refresh_keys", "two", NULL), "404 no WWSF");
	assert_contains(ksr_rpc_run("webrtc_ims.refresh_keys", "thin", NULL), "409 the WWSF has no");
	assert_contains(ksr_rpc_run("webrtc_ims.refresh_keys", NULL, NULL), "400");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_first),     T(test_same_set), T(test_bad_answers), T(test_events),
			T(test_log_lines), T(test_no_child), T(test_unknown_kid), T(test_fixed_first),
			T(test_end),       T(test_rpc),      T(test_busy),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
