/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "mint.h"
#include "wk_provision.h"
#include "wk_state.h"

static void expect_rpc(const char *name, const char *a, const char *b, const char *want)
{
	const char *got = ksr_rpc_run(name, a, b);

	if(strcmp(got, want) != 0)
		fail_msg("%s %s %s:\n%sinstead of\n%s", name, a == NULL ? "" : a, b == NULL ? "" : b, got,
				 want);
}

static void test_bindings(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1], *want;

	glue_registered(user);
	ksr_clock.mono_ms += 10000;
	want = mint_text(
			"connection=7 impu=sip:alice@ims.test impi=alice@ims.test subject=user-7 "
			"wwsf=wwsf1 expires=590 contact=%s token=590 jti=id-1 reg-id=0 charging= term-ioi=\n",
			user);
	expect_rpc("webrtc_ims.bindings", "impu", "sip:alice@ims.test", want);
	expect_rpc("webrtc_ims.bindings", "impu", "tel:+4930123", want);
	expect_rpc("webrtc_ims.bindings", "subject", "user-7", want);
	expect_rpc("webrtc_ims.bindings", "jti", "id-1", want);
	expect_rpc("webrtc_ims.bindings", "jti", "id-2", "");
	expect_rpc("webrtc_ims.bindings", "impu", "sip:alice@ims.tes", "");
	free(want);
}

static void test_bindings_faults(void **state)
{
	expect_rpc("webrtc_ims.bindings", "impi", "alice@ims.test",
			   "400 first argument: impu, subject or jti\n");
	expect_rpc("webrtc_ims.bindings", "impu", NULL, "400 argument missing\n");
	expect_rpc("webrtc_ims.bindings", NULL, NULL, "400 argument missing\n");
}

static void test_connections(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];

	glue_registered(user);
	wims_flow_close(wk_flows_lock(), GLUE_THIN_CONN, wk_now_ms(), 4403, WIMS_PL("x"), true);
	wk_flows_unlock();
	ksr_clock.mono_ms += 3500;
	assert_contains(ksr_rpc_run("webrtc_ims.connections", NULL, NULL),
					"connection=7 state=open origin=https://wwsf.test wwsf=wwsf1 subject=user-7 "
					"bindings=1 calls=0 age=3\n");
	assert_contains(ksr_rpc_run("webrtc_ims.connections", "0", NULL),
					"connection=8 state=closing origin=https://thin.test wwsf=thin subject= "
					"bindings=0 calls=0 age=3\n");
}

/* Kept open by a call after the end of its token. */
static void test_connection_without_token(void **state)
{
	const struct wims_call_in in = {
			.conn = GLUE_CONN, .wic_is_caller = true, .call_id = WIMS_PL("call-1")};
	const struct wims_call_news news = {.confirmed = true};
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_action a;
	struct wims_flows *fs;
	enum wims_reason r;
	uint64_t call;

	glue_registered(user);
	fs = wk_flows_lock();
	r = wims_call_open(fs, &in, wk_now_ms(), &call);
	if(r == WIMS_OK)
		r = wims_call_learn(fs, call, &news);
	wk_flows_unlock();
	assert_int_equal(r, WIMS_OK);
	ksr_clock.mono_ms += 600000;
	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_DEREG);
	assert_contains(ksr_rpc_run("webrtc_ims.connections", NULL, NULL),
					"connection=7 state=calls origin=https://wwsf.test wwsf=wwsf1 subject=user-7 "
					"bindings=0 calls=1 age=600\n");
}

/* Asking again from the last id on shows each connection once. */
static void test_connections_in_parts(void **state)
{
	const char *first = ksr_rpc_run("webrtc_ims.connections", NULL, NULL);
	char *after;
	int id = (int)strtol(first + strlen("connection="), NULL, 10);

	after = mint_text("%d", id);
	assert_contains(ksr_rpc_run("webrtc_ims.connections", after, NULL),
					id == 7 ? "connection=8 " : "connection=7 ");
	free(after);
	after = mint_text("%d", id == 7 ? 8 : 7);
	expect_rpc("webrtc_ims.connections", after, NULL, "");
	expect_rpc("webrtc_ims.connections", "-1", NULL, "400 ID: must be 0..2147483647\n");
	free(after);
}

static void test_stats(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];

	glue_registered(user);
	expect_rpc("webrtc_ims.stats", NULL, NULL,
			   "connections=2 closing=0 bindings=1 waiting=0 pending=0 calls=0 "
			   "core_min_expires=600 max_connections=400\n");
}

static void test_wwsf(void **state)
{
	expect_rpc("webrtc_ims.wwsf", NULL, NULL,
			   "name=wwsf1 domain=ims.test scenario=web-auth ims_auth=0 origins=1 keys=1\n"
			   "name=wwsf2 domain=ims.test scenario=web-auth ims_auth=0 origins=1 keys=1\n"
			   "name=wwsf3 domain=ims.test scenario=range ims_auth=0 origins=1 keys=1\n"
			   "name=thin domain=ims.test scenario=ims-auth ims_auth=1 origins=1 keys=0\n"
			   "name=both domain=ims.test scenario=web-auth ims_auth=1 origins=1 keys=1\n");
}

static void test_close(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_action a;

	glue_registered(user);
	expect_rpc("webrtc_ims.close", "7", NULL, "");
	assert_true(glue_next_action(&a));
	assert_true(a.kind == WIMS_ACT_CLOSE || a.kind == WIMS_ACT_DEREG);
	if(a.kind == WIMS_ACT_CLOSE)
		assert_int_equal(a.close_code, 4900);
	assert_true(glue_next_action(&a));
	assert_int_equal(glue_counts().bindings, 0);
	assert_int_equal(glue_counts().closing, 1);
	expect_rpc("webrtc_ims.close", "7", NULL, "404 flow_closing\n");
	expect_rpc("webrtc_ims.close", "99", NULL, "404 flow_unknown\n");
	expect_rpc("webrtc_ims.close", "0", NULL, "404 flow_unknown\n");
	expect_rpc("webrtc_ims.close", "7x", NULL, "400 ID: must be 0..2147483647\n");
	expect_rpc("webrtc_ims.close", NULL, NULL, "400 ID: must be there, 0..2147483647\n");
}

static void test_min_expires(void **state)
{
	expect_rpc("webrtc_ims.core_min_expires", NULL, NULL, "600\n");
	expect_rpc("webrtc_ims.core_min_expires", "29", NULL,
			   "400 core_min_expires: must be 30..86400\n");
	expect_rpc("webrtc_ims.core_min_expires", "86401", NULL,
			   "400 core_min_expires: must be 30..86400\n");
	expect_rpc("webrtc_ims.core_min_expires", "1800", NULL, "1800\n");
	expect_rpc("webrtc_ims.core_min_expires", "900", NULL, "1800\n");
}

static void test_reload_fails(void **state)
{
	const char *got;
	char hidden[64];

	snprintf(hidden, sizeof(hidden), "%s.away", glue_provisioning());
	assert_int_equal(rename(glue_provisioning(), hidden), 0);
	got = ksr_rpc_run("webrtc_ims.reload", NULL, NULL);
	assert_contains(got, "500 ");
	assert_contains(got, "the file cannot be read");
	assert_int_equal(rename(hidden, glue_provisioning()), 0);
	assert_non_null(wims_provision_by_name(wk_provision(), WIMS_PL("wwsf1")));
	assert_contains(ksr_rpc_run("webrtc_ims.reload", NULL, NULL), " wwsf=5\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_bindings),
			glue_test(test_bindings_faults),
			glue_test(test_connections),
			glue_test(test_connection_without_token),
			glue_test(test_connections_in_parts),
			glue_test(test_stats),
			glue_test(test_wwsf),
			glue_test(test_close),
			glue_test(test_min_expires),
			glue_test(test_reload_fails),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
