/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "keys_world.h"

/* ---- reload ---- */

static void test_reload_keeps(void **state)
{
	fetched("k1", NULL, 600);
	reload(WIMS_OK);
	assert_true(has("k1"));
	wk_keys_tick();
	assert_int_equal(standin.begun, 1);
	provision("{\"jwks_uri\":\"" URL "\",\"refresh_max\":7200}"); /* other bounds */
	reload(WIMS_OK);
	assert_true(has("k1"));
	wk_keys_tick();
	assert_int_equal(standin.begun, 2);
	assert_string_equal(standin.ca_file, "");
	fetched("k2", NULL, 600);
	assert_true(has("k2"));
	/* algorithms for which no key is left */
	provision("{\"jwks_uri\":\"" URL "\"},\"algorithms\":[\"RS512\"]");
	reload(WIMS_OK);
	assert_int_equal(wims_keyset_count(one()->keys), 0);
	assert_contains(ksr_log(), "no key for an allowed algorithm");
}

/* Another URL is another source; what its predecessor asked for comes too
 * late. */
static void test_reload_drops(void **state)
{
	fetched("k1", NULL, 60);
	assert_true(has("k1"));
	after(60 * 1000);
	assert_int_equal(standin.begun, 2);
	provision("{\"jwks_uri\":\"https://other.test/k\"}");
	reload(WIMS_OK);
	assert_false(has("k1"));
	assert_int_equal(wk_keys_missing(one()), WIMS_KEYS_PENDING);
	fetched("k2", NULL, 60); /* begins the new one; answers that */
	assert_string_equal(standin.url, "https://other.test/k");
	assert_true(has("k2"));
	provision("{\"jwks\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"f\","
			  "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}}");
	after(60 * 1000);
	reload(WIMS_OK);
	standin_answer(WIMS_FETCH_OK, 60, "{}");
	wk_keys_tick();
	assert_false(has("k2"));
	assert_true(has("f"));
	assert_int_equal(wk_keys_counts().sources, 0);
	assert_int_equal(standin.begun, 4);
}

static void test_late_answer(void **state)
{
	char *set = set_of("k1", NULL);

	wk_keys_tick();
	provision("{\"jwks_uri\":\"https://other.test/k\"}");
	reload(WIMS_OK);
	standin_answer(WIMS_FETCH_OK, 60, set);
	assert_false(has("k1"));
	assert_int_equal(wk_keys_counts().empty, 1);
	free(set);
}

/* Neither does it where the certificates that it was trusted by are others now. */
static void test_late_answer_of_an_old_trust(void **state)
{
	char *set = set_of("k1", NULL);

	fetched("k0", NULL, 60);
	after(60 * 1000);
	assert_int_equal(standin.begun, 2);
	provision("{\"jwks_uri\":\"" URL "\",\"stale\":100}");
	reload(WIMS_OK);
	standin_answer(WIMS_FETCH_OK, 60, set);
	assert_false(has("k1"));
	assert_true(has("k0"));
	wk_keys_tick();
	assert_int_equal(standin.begun, 3);
	assert_string_equal(standin.ca_file, "");
	standin_answer(WIMS_FETCH_OK, 60, set);
	assert_true(has("k1"));
	free(set);
}

/* Anything wrong: the old sources stay. */
static void test_reload_fails(void **state)
{
	size_t left;

	fetched("k1", NULL, 60);
	standin.no_check = true;
	reload(WIMS_CONFIG_VALUE);
	assert_contains(ksr_log(), "fetch_program");
	standin.no_check = false;
	for(left = 0; left < 4; left++) {
		struct wims_config_fault fault;

		ksr_memory.left = left;
		assert_int_not_equal(wk_provision_reload(&fault), WIMS_OK);
		ksr_memory.left = SIZE_MAX;
	}
	assert_true(has("k1"));
}

/* ---- memory ---- */

static void test_no_memory(void **state)
{
	char *set = set_of("k1", NULL);

	wk_keys_tick();
	ksr_memory.left = 0;
	standin_answer(WIMS_FETCH_OK, 60, set);
	ksr_memory.left = SIZE_MAX;
	assert_contains(view().trouble, "no shared memory");
	assert_int_equal(view().failures, 1);
	after(1000);
	standin_answer(WIMS_FETCH_OK, 60, set);
	assert_true(has("k1"));
	free(set);
}

/* ---- the state directory ---- */

static char *state_file(const char *name)
{
	return mint_text("%s/%s.state", wk_params.state_dir, name);
}

static void remove_state(const char *name)
{
	char *path = state_file(name);

	unlink(path);
	free(path);
}

/* A new start: shared memory is gone, the directory is not. */
static void restart(void)
{
	wk_provision_destroy();
	ksr_log_clear();
	standin.begun = 0;
	assert_int_equal(wk_provision_init(), 0);
	if(wk_provision_taken() == wk_provision_generation())
		reload(WIMS_OK);
}

static void test_restart(void **state)
{
	wk_params.state_dir = dir;
	fetched("k1", NULL, 60);
	ksr_clock.wall += 5; /* a slow disk: its age counts from when it came */
	ksr_slow_timer();
	ksr_clock.wall -= 5;
	restart();
	assert_true(has("k1"));
	assert_contains(ksr_log(), "1 keys of 0 s ago, from the state directory");
	wk_keys_tick();
	assert_int_equal(standin.begun, 1); /* asked for again at once */
	/* unchanged: kept anew after a while only */
	standin_answer(WIMS_FETCH_CONNECT, -1, NULL);
	ksr_clock.wall += 60 + 99;
	restart();
	assert_true(has("k1"));
	assert_false(view().fresh);
	ksr_clock.wall += 1;
	restart();
	assert_false(has("k1"));
	assert_contains(ksr_log(), "is ignored: it is too old");
	ksr_clock.wall -= 1000; /* a clock that was set back */
	restart();
	assert_true(has("k1"));
	remove_state("keys-one");
	restart();
	assert_false(has("k1"));
	assert_lacks(ksr_log(), "ignored");
	wk_params.state_dir = "";
}

/* The same bytes, an hour long: written anew each five minutes. */
static void test_kept_anew(void **state)
{
	char *path;
	int i, saves = 0;

	wk_params.state_dir = dir;
	path = state_file("keys-one");
	for(i = 0; i < 60; i++) {
		fetched("k1", NULL, 60);
		ksr_slow_timer();
		saves += access(path, F_OK) == 0;
		unlink(path);
		after(60 * 1000);
	}
	free(path);
	assert_int_equal(saves, 12);
	wk_params.state_dir = "";
}

static void test_kept_damaged(void **state)
{
	static const struct
	{
		const char *config, *says;
	} rows[] = {
			{"{\"jwks_uri\":\"https://other.test/k\"}", "another URL"},
			{"{\"jwks_uri\":\"" URL "\"},\"algorithms\":[\"RS512\"]", "no key in it can be used"},
	};
	char *path;
	size_t i;

	wk_params.state_dir = dir;
	fetched("k1", NULL, 60);
	ksr_slow_timer();
	path = state_file("keys-one");
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		provision(rows[i].config);
		restart();
		assert_false(has("k1"));
		assert_contains(ksr_log(), rows[i].says);
	}
	provision(REMOTE);
	assert_int_equal(truncate(path, 200), 0);
	restart();
	assert_false(has("k1"));
	assert_contains(ksr_log(), "keys-one.state is ignored: is damaged");
	assert_int_equal(wk_keys_missing(one()), WIMS_KEYS_PENDING);
	fetched("k2", NULL, 60);
	ksr_slow_timer();
	restart();
	assert_true(has("k2"));
	unlink(path);
	free(path);
	wk_params.state_dir = "/nowhere";
	after(1000);
	fetched("k3", NULL, 60);
	assert_true(has("k3"));
	assert_lacks(ksr_log(), "would not");
	ksr_slow_timer();
	assert_contains(ksr_log(), "would not survive a restart");
	wk_params.state_dir = "";
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_reload_keeps), T(test_reload_drops),
			T(test_late_answer),  T(test_late_answer_of_an_old_trust),
			T(test_reload_fails), T(test_no_memory),
			T(test_restart),      T(test_kept_anew),
			T(test_kept_damaged),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
