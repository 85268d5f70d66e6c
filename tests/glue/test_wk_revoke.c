/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <sys/stat.h>
#include <unistd.h>

#include "mint.h"
#include "wk_params.h"
#include "wk_register.h"
#include "wk_revoke.h"
#include "wk_state.h"
#include "wk_store.h"
#include "wk_token.h"

static char dir[] = "/tmp/wims-revoke-XXXXXX";
static char none[] = "";

static int setup(void **state)
{
	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	wk_params.state_dir = mkdtemp(dir);
	wk_params.max_revocations = 10;
	return glue_setup(state) != 0 || wk_params.state_dir == NULL;
}

static int teardown(void **state)
{
	char *command = mint_text("rm -r %s", dir);
	int rc = glue_teardown(state) | system(command);

	free(command);
	return rc;
}

static const char *run(const char *command, const char *kind, const char *wwsf, const char *value,
					   const char *seconds)
{
	return ksr_rpc_args(command, (const char *[4]){kind, wwsf, value, seconds});
}

static const char *take_back(const char *kind, const char *wwsf, const char *value)
{
	return run("webrtc_ims.revoke", kind, wwsf, value, NULL);
}

static const char *give_back(const char *kind, const char *wwsf, const char *value)
{
	return run("webrtc_ims.unrevoke", kind, wwsf, value, NULL);
}

static const char *list(const char *kind, const char *skip)
{
	return run("webrtc_ims.revocations", kind, skip, NULL, NULL);
}

static void expect_token(const char *claim, const char *value, const char *reason)
{
	char *token = glue_token(claim, value);
	sip_msg_t *msg = glue_register(token, "");

	assert_int_equal(wk_token_validate(msg, NULL), strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
	assert_reason(msg, reason);
	ksr_msg_free(msg);
	free(token);
}

/* As if Kamailio had been started again. */
static int restart(void)
{
	wk_revoke_destroy();
	ksr_log_clear();
	return wk_revoke_init();
}

/* max_lifetime 86400 and twice the leeway of 60 */
#define DEFAULT "seconds=86520 "

static void test_kinds(void **state)
{
	expect_token(NULL, NULL, "ok");
	assert_string_equal(take_back("jti", "wwsf1", "t1"),
						DEFAULT "ended=0 revocations=1 saved=yes\n");
	expect_token("jti", "\"t1\"", "token_revoked");
	expect_token("jti", "\"t2\"", "ok");
	assert_int_equal(ksr_counter("token_revoked"), 1);
	assert_contains(take_back("subject", "wwsf1", "mallory"), "revocations=2 ");
	expect_token("sub", "\"mallory\"", "token_revoked");
	expect_token(NULL, NULL, "ok");
	assert_contains(take_back("issued_before", "wwsf1", "1899999000"), "revocations=3 ");
	expect_token("iat", "1899998999", "token_revoked");
	expect_token("iat", "1899999000", "ok");
	expect_token("iat", NULL, "token_revoked");
	assert_int_equal(ksr_counter("revocations"), 3);
	assert_contains(give_back("jti", "wwsf1", "t1"), "revocations=2 saved=yes");
	expect_token("jti", "\"t1\"", "ok");
	assert_contains(give_back("jti", "wwsf1", "t1"), "404 no such revocation");
	assert_contains(give_back("issued_before", "wwsf1", "1899999001"), "404 ");
	assert_contains(give_back("issued_before", "wwsf1", "1899999000"), "revocations=1 ");
	expect_token("iat", NULL, "ok");
}

/* The second in which it is said is the last that is refused. */
static void test_now(void **state)
{
	assert_contains(take_back("issued_before", "wwsf1", "now"), "seconds=86521 ");
	expect_token("iat", "1900000000", "token_revoked");
	expect_token("iat", "1900000001", "ok");
	assert_contains(list(NULL, NULL), "kind=issued_before wwsf=wwsf1 value=1900000001 ");
}

static void test_expiry(void **state)
{
	assert_contains(run("webrtc_ims.revoke", "jti", "wwsf1", "t1", "10"), "seconds=10 ");
	expect_token("jti", "\"t1\"", "token_revoked");
	ksr_clock.wall += 9;
	expect_token("jti", "\"t1\"", "token_revoked");
	ksr_clock.wall += 1;
	expect_token("jti", "\"t1\"", "ok");
	assert_int_equal(ksr_counter("revocations"), 0);
	assert_string_equal(list("all", NULL), "");
}

static void test_arguments(void **state)
{
	assert_string_equal(take_back("jti", "wwsf1", NULL), "400 argument missing\n");
	assert_contains(take_back("kid", "wwsf1", "x"), "400 first argument");
	assert_contains(take_back("jti", "wwsf9", "x"), "404 no WWSF");
	assert_contains(take_back("jti", "thin", "x"), "400 this WWSF has no tokens");
	assert_contains(take_back("jti", "wwsf1", "a\tb"), "400 not revoked: claim_value");
	assert_contains(take_back("subject", "wwsf1", ""), "400 not revoked: claim_value");
	assert_contains(take_back("issued_before", "wwsf1", "soon"), "400 third argument: seconds");
	assert_contains(take_back("issued_before", "wwsf1", "0"), "400 third argument: seconds");
	assert_contains(take_back("issued_before", "wwsf1", "1900003601"), "400 third argument: must");
	assert_contains(run("webrtc_ims.revoke", "jti", "wwsf1", "4711", "10"), "seconds=10 ");
	assert_contains(run("webrtc_ims.unrevoke", "jti", "wwsf1", "4711", NULL), "revocations=");
	assert_contains(run("webrtc_ims.revoke", "jti", "wwsf1", "x", "0"), "400 SECONDS: must be 1..");
	assert_contains(run("webrtc_ims.revoke", "jti", "wwsf1", "x", "1h"), "400 SECONDS: must be");
	assert_contains(run("webrtc_ims.revoke", "jti", "wwsf1", "x", "315360001"), "400 SECONDS");
	assert_contains(list("jit", NULL), "400 first argument");
	assert_contains(list("all", "-1"), "400 SKIP: must be 0..");
	assert_int_equal(wk_revoke_count(), 0);
}

static void test_full(void **state)
{
	char value[16];
	int i;

	for(i = 0; i < wk_params.max_revocations; i++) {
		snprintf(value, sizeof(value), "%d", i);
		assert_contains(take_back(i % 2 ? "jti" : "subject", "wwsf1", value), "saved=yes");
	}
	assert_contains(take_back("jti", "wwsf1", "more"), "500 not revoked: limit_reached");
	expect_token("jti", "\"more\"", "ok");
	assert_contains(list("jti", NULL), "kind=jti wwsf=wwsf1 value=1 seconds=86520\n");
	assert_lacks(list("jti", NULL), "subject");
	assert_lacks(list("jti", "5"), "kind");
	assert_contains(list("jti", "4"), "kind=jti");
	assert_contains(list("all", "9"), "kind=");
	assert_lacks(list("all", "10"), "kind=");
}

static void test_restart(void **state)
{
	assert_contains(take_back("jti", "wwsf1", "t1"), "saved=yes");
	assert_contains(run("webrtc_ims.revoke", "subject", "wwsf1", "brief", "5"), "saved=yes");
	assert_contains(take_back("issued_before", "wwsf2", "1899999000"), "saved=yes");
	ksr_clock.wall += 5;
	assert_int_equal(restart(), 0);
	assert_contains(ksr_log(), "2 revocations of earlier starts are in force");
	expect_token("jti", "\"t1\"", "token_revoked");
	expect_token("sub", "\"brief\"", "ok");
	wk_params.max_revocations = 1;
	assert_int_equal(restart(), -1);
	assert_contains(ksr_log(), "modparam max_revocations=1: must be enough");
	wk_params.max_revocations = 2;
	assert_int_equal((wk_revoke_destroy(), wk_revoke_init()), 0);
}

static void put(const char *text)
{
	char *path = mint_text("%s/revocations.state", dir);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	free(path);
}

static bool write_bad(void *ctx, struct wims_buf *out)
{
	return wims_buf_add(out, WIMS_PL("jti\twwsf1\tt1\t1900086520\njti wwsf1 t2\n"));
}

/* One line, and a start without it. */
static void test_damaged(void **state)
{
	put("webrtc_ims 1 revocations 3 00\none");
	assert_int_equal(restart(), 0);
	assert_contains(ksr_log(), "revocations.state is ignored: is damaged");
	assert_int_equal(wk_store_save("revocations", write_bad, NULL), WIMS_OK);
	assert_int_equal(restart(), 0);
	assert_contains(ksr_log(), "revocations.state is ignored: line 2");
	assert_int_equal(wk_revoke_count(), 0);
	expect_token("jti", "\"t1\"", "ok");
}

/* In force all the same, and the answer says what it is worth. */
static void test_not_saved(void **state)
{
	char *temp = mint_text("%s/revocations.tmp", dir);

	assert_int_equal(mkdir(temp, 0700), 0);
	assert_contains(take_back("jti", "wwsf1", "t1"),
					"saved=in force, not saved: open: Is a directory");
	expect_token("jti", "\"t1\"", "token_revoked");
	assert_contains(give_back("jti", "wwsf1", "t1"), "saved=taken back, not saved: open: ");
	expect_token("jti", "\"t1\"", "ok");
	assert_int_equal(rmdir(temp), 0);
	assert_contains(take_back("jti", "wwsf1", "t1"), "saved=yes");
	wk_params.state_dir = none;
	assert_contains(take_back("jti", "wwsf1", "t2"), "saved=no state_dir");
	wk_params.state_dir = dir;
	free(temp);
}

static void test_no_memory(void **state)
{
	ksr_memory.left = 0;
	assert_contains(take_back("jti", "wwsf1", "t1"), "500 not revoked: no_memory");
	wk_revoke_destroy();
	assert_int_equal(wk_revoke_init(), -1);
	assert_contains(ksr_log(), "no shared memory for revocations");
	wk_revoke_destroy();
	ksr_memory.left = SIZE_MAX;
	assert_int_equal(wk_revoke_init(), 0);
}

/* ---- what rests on it ---- */

static void expect_ended(void)
{
	struct wims_action a;

	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_CLOSE);
	assert_int_equal(a.conn, GLUE_CONN);
	assert_int_equal(a.close_code, 4401);
	assert_string_equal(a.close_text, "token_revoked");
	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_DEREG);
	assert_false(glue_next_action(&a));
	assert_int_equal(glue_counts().bindings, 0);
	assert_int_equal(ksr_counter("revoked_registrations"), 1);
}

static void test_ends(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_action a;

	glue_registered(user);
	assert_contains(take_back("subject", "wwsf1", "mallory"), "ended=0 ");
	assert_contains(take_back("issued_before", "wwsf2", "now"), "ended=0 ");
	assert_false(glue_next_action(&a));
	assert_contains(take_back("issued_before", "wwsf1", "now"), "ended=1 ");
	assert_contains(ksr_log(), "revoked by issued_before of wwsf1: 1 registrations ended");
	expect_ended();
}

static void test_race(void **state)
{
	struct glue_race r;

	glue_race_begin(&r, "jti", "\"t1\"");
	assert_contains(take_back("jti", "wwsf1", "t1"), "ended=0 ");
	glue_race_end(&r, "token_revoked");
	expect_ended();
}

static void test_race_of_another(void **state)
{
	struct glue_race r;

	glue_race_begin(&r, "jti", "\"t1\"");
	assert_contains(take_back("jti", "wwsf1", "t2"), "ended=0 ");
	glue_race_end(&r, "ok");
	assert_int_equal(glue_counts().bindings, 1);
}

/* The WIC is gone when the core answers: nothing may wait for it. */
static void test_race_lost(void **state)
{
	struct glue_race r;
	struct wims_action a;

	glue_race_begin(&r, "jti", "\"t1\"");
	assert_contains(take_back("jti", "wwsf1", "t1"), "ended=0 ");
	wims_flow_lost(wk_flows_lock(), GLUE_CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	glue_race_end(&r, "token_revoked");
	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_DEREG);
	assert_int_equal(glue_counts().waiting, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_kinds),     T(test_now),     T(test_expiry),  T(test_arguments),
			T(test_full),      T(test_restart), T(test_damaged), T(test_not_saved),
			T(test_no_memory), T(test_ends),    T(test_race),    T(test_race_of_another),
			T(test_race_lost),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
