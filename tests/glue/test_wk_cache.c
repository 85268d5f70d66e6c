/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "mint.h"
#include "wk_cache.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_token.h"

/* One REGISTER with that token, and what it does to the counters. */
static void expect(const char *token, const char *reason, int hits, int misses)
{
	int hits_before = ksr_counter("token_cache_hits");
	int misses_before = ksr_counter("token_cache_misses");
	sip_msg_t *msg = glue_register(token, "");

	assert_int_equal(wk_token_validate(msg, NULL), strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
	assert_reason(msg, reason);
	assert_int_equal(wk_result(msg)->token.valid, strcmp(reason, "ok") == 0);
	assert_int_equal(ksr_counter("token_cache_hits") - hits_before, hits);
	assert_int_equal(ksr_counter("token_cache_misses") - misses_before, misses);
	ksr_msg_free(msg);
}

static void test_hit(void **state)
{
	char *token = glue_token(NULL, NULL);
	sip_msg_t *msg;
	int i;

	expect(token, "ok", 0, 1);
	for(i = 0; i < 3; i++)
		expect(token, "ok", 1, 0);
	assert_int_equal(wk_cache_counts().entries, 1);
	/* what a hit gives is what the validation gave */
	msg = glue_register(token, "");
	assert_int_equal(wk_token_validate(msg, NULL), WK_TRUE);
	assert_int_equal(wk_identity_check(msg), WK_TRUE);
	assert_true(wims_pl_eq(wk_result(msg)->impu, WIMS_PL("sip:alice@ims.test")));
	assert_true(wims_pl_eq(wk_result(msg)->token.subject, WIMS_PL("user-7")));
	ksr_msg_free(msg);
	free(token);
}

/* Another signature, header or payload is never found, and leaves nothing. */
static void test_altered_after_a_hit(void **state)
{
	char *token = glue_token(NULL, NULL), *dot = strchr(token, '.'), *at[3];
	size_t i;

	at[0] = dot - 4;
	at[1] = dot + 20;
	at[2] = token + strlen(token) - 1;
	expect(token, "ok", 0, 1);
	expect(token, "ok", 1, 0);
	for(i = 0; i < 3; i++) {
		sip_msg_t *msg;
		char was = *at[i];

		*at[i] = was == 'A' ? 'Q' : 'A';
		msg = glue_register(token, "");
		assert_int_equal(wk_token_validate(msg, NULL), WK_FALSE);
		assert_false(wk_result(msg)->token.valid);
		ksr_msg_free(msg);
		*at[i] = was;
	}
	assert_int_equal(ksr_counter("token_cache_hits"), 1);
	assert_int_equal(wk_cache_counts().entries, 1);
	free(token);
}

static void test_refused_is_not_kept(void **state)
{
	char *token = glue_token("aud", "\"https://else.test\"");

	expect(token, "audience_mismatch", 0, 1);
	expect(token, "audience_mismatch", 0, 1);
	expect("no-token-at-all", "token_format", 0, 1);
	assert_int_equal(wk_cache_counts().entries, 0);
	free(token);
}

/* exp 1900000600, leeway 60, 30 s needed for a REGISTER. */
static void test_time_goes_on(void **state)
{
	char *token = glue_token(NULL, NULL);

	expect(token, "ok", 0, 1);
	ksr_clock.wall = 1900000570;
	expect(token, "ok", 1, 0);
	ksr_clock.wall = 1900000571;
	expect(token, "token_nearly_expired", 1, 0);
	ksr_clock.wall = 1900000659;
	expect(token, "token_nearly_expired", 1, 0);
	assert_int_equal(wk_cache_counts().entries, 1);
	ksr_clock.wall = 1900000660;
	expect(token, "token_expired", 0, 1);
	assert_int_equal(wk_cache_counts().entries, 0);
	ksr_clock.wall = 1900000000;
	expect(token, "ok", 0, 1);
	ksr_clock.wall = 1899999839;
	expect(token, "token_not_yet_valid", 1, 0);
	free(token);
}

static void test_reload_empties_in_effect(void **state)
{
	struct wims_config_fault fault;
	char *token = glue_token(NULL, NULL);

	expect(token, "ok", 0, 1);
	expect(token, "ok", 1, 0);
	assert_int_equal(wk_provision_reload(&fault), WIMS_OK);
	expect(token, "ok", 0, 1);
	expect(token, "ok", 1, 0);
	free(token);
}

/* A hit is no way around the Origin. */
static void test_origin_on_a_hit(void **state)
{
	char *token = glue_token(NULL, NULL);
	str given = {token, (int)strlen(token)};
	sip_msg_t *msg;

	assert_int_equal(glue_open(9, "https://other.test", "wwsf2"), 0);
	expect(token, "ok", 0, 1);
	msg = ksr_msg(PROTO_WSS, 9,
				  "REGISTER sip:ims.test SIP/2.0\nVia: SIP/2.0/WSS x;branch=z9hG4bK\n\n");
	assert_int_equal(wk_token_validate(msg, &given), WK_FALSE);
	assert_reason(msg, "wwsf_mismatch");
	assert_false(wk_result(msg)->token.valid);
	assert_int_equal(ksr_counter("token_cache_hits"), 1);
	ksr_msg_free(msg);
	free(token);
}

/* Memory that runs out costs hits and nothing else. */
static void test_no_memory(void **state)
{
	char *token = glue_token(NULL, NULL);

	ksr_memory.left = 0;
	expect(token, "ok", 0, 1);
	expect(token, "ok", 0, 1);
	ksr_memory.left = SIZE_MAX;
	expect(token, "ok", 0, 1);
	expect(token, "ok", 1, 0);
	free(token);
}

static void test_init_without_memory(void **state)
{
	size_t live, n;
	int rc = -1;

	wk_cache_destroy();
	live = ksr_memory.live;
	for(n = 0; rc < 0 && n < 100; n++) {
		ksr_memory.left = n;
		rc = wk_cache_init();
		ksr_memory.left = SIZE_MAX;
		if(rc < 0) {
			assert_int_equal(ksr_memory.live, live);
			assert_contains(ksr_log(), "no shared memory for ");
		}
	}
	assert_int_equal(n, 1 + 2 * 16 + 1);
}

static void test_off(void **state)
{
	int size = wk_params.token_cache_size;
	char *token = glue_token(NULL, NULL);

	wk_cache_destroy();
	wk_params.token_cache_size = 0;
	assert_int_equal(wk_cache_init(), 0);
	expect(token, "ok", 0, 0);
	expect(token, "ok", 0, 0);
	assert_int_equal(wk_cache_counts().entries, 0);
	wk_cache_flush();
	wk_params.token_cache_size = size;
	free(token);
}

static void test_rpc(void **state)
{
	char *token = glue_token(NULL, NULL), *want;

	expect(token, "ok", 0, 1);
	expect(token, "ok", 1, 0);
	want = mint_text("entries=1 bytes=%zu hits=1 misses=1 size=100\n", wk_cache_counts().bytes);
	assert_string_equal(ksr_rpc_run("webrtc_ims.token_cache", NULL, NULL), want);
	assert_string_equal(ksr_rpc_run("webrtc_ims.token_cache", "clear", NULL),
						"400 argument: flush, or none\n");
	assert_int_equal(wk_cache_counts().entries, 1);
	assert_string_equal(ksr_rpc_run("webrtc_ims.token_cache", "flush", NULL),
						"entries=0 bytes=0 hits=1 misses=1 size=100\n");
	expect(token, "ok", 0, 1);
	free(want);
	free(token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_hit),
			glue_test(test_altered_after_a_hit),
			glue_test(test_refused_is_not_kept),
			glue_test(test_time_goes_on),
			glue_test(test_reload_empties_in_effect),
			glue_test(test_origin_on_a_hit),
			glue_test(test_no_memory),
			glue_test(test_init_without_memory),
			glue_test(test_off),
			glue_test(test_rpc),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
