/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <unistd.h>

#include "mint.h"
#include "wk_exclusive.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_register.h"
#include "wk_result.h"
#include "wk_revoke.h"
#include "wk_token.h"

#define OTHER_CONN 11u

/* wwsf1 becomes a pool whose users may be anonymous. */
static int group_setup(void **state)
{
	char *key, *json;
	FILE *f;
	int rc;

	if(glue_group_setup(state) != 0)
		return -1;
	key = mint_jwk(MINT_ED25519, "ed25519", "");
	json = mint_text(
			"{\"version\":1,\"wwsf\":[{\"name\":\"wwsf1\",\"domain\":\"ims.test\","
			"\"scenario\":\"pool\",\"anonymous\":true,"
			"\"origins\":[\"https://wwsf.test\"],\"issuer\":\"https://waf.wwsf.test\","
			"\"audience\":\"https://ims.test\",\"keys\":{\"jwks\":{\"keys\":[%s]}},"
			"\"impus\":[\"sip:a*@ims.test\",\"tel:+4930*\"],\"impis\":[\"a*@ims.test\"]}]}",
			key);
	f = fopen(glue_provisioning(), "w");
	rc = f == NULL || fputs(json, f) < 0 || fclose(f) != 0;
	free(json);
	free(key);
	if(rc == 0 && wk_provision_reload(&(struct wims_config_fault){0}) != WIMS_OK)
		rc = -1;
	return rc != 0 || !wk_provision_refresh();
}

static int setup(void **state)
{
	wk_params.max_anonymous = 3;
	return glue_setup(state) != 0 || glue_open(OTHER_CONN, "https://wwsf.test", "wwsf1") != 0;
}

#define held_test(f) cmocka_unit_test_setup_teardown(f, setup, glue_teardown)

/* A token: who, more claims. Free it. */
static char *token_of(const char *user, int exp, const char *more)
{
	char *payload = mint_text("{\"iss\":\"https://waf.wwsf.test\",\"aud\":\"https://ims.test\","
							  "\"iat\":1899999900,\"exp\":%d,\"impi\":\"%s@ims.test\","
							  "\"impu\":\"sip:%s@ims.test\",\"scope\":"
							  "\"webrtc-ims-client-access-to-ims\"%s}",
							  exp, user, user, more);
	char *token = mint_token(MINT_ED25519, "EdDSA", "ed25519", payload);

	free(payload);
	return token;
}

static char subject[64];

/* A REGISTER with that token over that connection; its subject is kept. */
static void expect(const char *token, uint32_t conn, const char *reason)
{
	sip_msg_t *msg = glue_register(token, "");
	const struct wims_token *t = &wk_result(msg)->token;
	bool good = strcmp(reason, "ok") == 0;

	msg->rcv.proto_reserved1 = (int)conn;
	assert_int_equal(wk_token_validate(msg, NULL), good ? WK_TRUE : WK_FALSE);
	assert_reason(msg, reason);
	assert_int_equal(t->valid, good);
	if(good)
		snprintf(subject, sizeof(subject), "%.*s", WK_FMT(t->subject));
	ksr_msg_free(msg);
}

static void expect_new(const char *user, int exp, const char *more, uint32_t conn,
					   const char *reason)
{
	char *token = token_of(user, exp, more);

	expect(token, conn, reason);
	free(token);
}

#define FIRST 1900000600 /* exp */
#define NAMED ",\"sub\":\"user-7\""

static void test_exclusive(void **state)
{
	char *mine = token_of("alice", FIRST, ""), before[sizeof(subject)];

	expect(mine, GLUE_CONN, "ok");
	assert_contains(subject, "anonymous:");
	assert_int_equal(strlen(subject), WIMS_ANONYMOUS_LEN);
	memcpy(before, subject, sizeof(before));
	expect_new("alice", FIRST + 1, "", OTHER_CONN, "identity_in_use");
	expect_new("alice", FIRST + 1, "", GLUE_CONN, "identity_in_use"); /* not registered */
	expect_new("alice", FIRST + 1, NAMED, GLUE_CONN, "identity_in_use");
	assert_int_equal(ksr_counter("identity_in_use"), 3);
	/* the same token, over another connection, from the cache and not */
	expect(mine, OTHER_CONN, "ok");
	assert_string_equal(subject, before);
	assert_int_equal(wk_exclusive_count(), 1);
	/* nobody has anything to do with anybody else */
	expect_new("alan", FIRST, NAMED, OTHER_CONN, "ok");
	assert_string_equal(subject, "user-7");
	expect_new("anna", FIRST, "", OTHER_CONN, "ok");
	assert_string_not_equal(subject, before);
	assert_int_equal(ksr_counter("anonymous"), 2);
	free(mine);
}

static void test_refresh(void **state)
{
	char *first = token_of("alice", FIRST, ""), *next = token_of("alice", FIRST + 60, "");
	char user[WIMS_CONTACT_USER_LEN + 1], before[sizeof(subject)];

	expect(first, GLUE_CONN, "ok");
	memcpy(before, subject, sizeof(before));
	glue_registered_with(first, user);
	expect(next, OTHER_CONN, "identity_in_use");
	expect(next, GLUE_CONN, "ok");
	assert_string_equal(subject, before);
	glue_registered_with(next, user);
	expect(next, OTHER_CONN, "ok");
	expect(first, OTHER_CONN, "ok");
	assert_string_equal(subject, before);
	/* it is held as long as the later one is good */
	ksr_clock.wall = FIRST + 60 + 59;
	expect_new("alice", FIRST + 600, NAMED, OTHER_CONN, "identity_in_use");
	ksr_clock.wall = FIRST + 60 + 60;
	expect_new("alice", FIRST + 600, NAMED, OTHER_CONN, "ok");
	assert_int_equal(wk_exclusive_count(), 0);
	free(first);
	free(next);
}

/* Whoever registered before it is not pushed out, and may come again. */
static void test_registered_before(void **state)
{
	char *named = token_of("alice", FIRST, NAMED), user[WIMS_CONTACT_USER_LEN + 1];

	glue_registered_with(named, user);
	expect_new("alice", FIRST, "", OTHER_CONN, "identity_in_use");
	assert_int_equal(wk_exclusive_count(), 0);
	expect(named, GLUE_CONN, "ok");
	free(named);
}

/* A user whose REGISTER was let pass before an anonymous one came. */
static void test_race(void **state)
{
	struct glue_race r;
	struct wims_action a;

	glue_race_begin(&r, "sub", "\"user-7\"");
	expect_new("alice", FIRST, "", OTHER_CONN, "ok");
	glue_race_end(&r, "identity_in_use");
	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_DEREG);
	assert_int_equal(glue_counts().bindings, 0);
	assert_int_equal(wk_exclusive_count(), 1);
}

/* One who holds something else is in nobody's way. */
static void test_no_race(void **state)
{
	struct glue_race r;

	glue_race_begin(&r, "sub", "\"user-7\"");
	expect_new("anna", FIRST, "", OTHER_CONN, "ok");
	glue_race_end(&r, "ok");
	assert_int_equal(glue_counts().bindings, 1);
}

static void leave(const char *token)
{
	sip_msg_t *msg = glue_register(token, "Expires: 0\n"
										  "Contact: <sip:w@x.invalid;transport=ws>;"
										  "+sip.instance=\"<urn:uuid:1>\"\n");
	sip_msg_t *reply = ksr_msg(PROTO_UDP, 0,
							   "SIP/2.0 200 OK\nTo: <sip:alice@ims.test>;tag=c\n"
							   "From: <sip:alice@ims.test>;tag=f1\nCall-ID: reg-1\n"
							   "CSeq: 1 REGISTER\nContent-Length: 0\n\n");

	ksr_tm_new(msg);
	assert_int_equal(wk_token_validate(msg, NULL), WK_TRUE);
	assert_int_equal(wk_identity_check(msg), WK_TRUE);
	assert_int_equal(wk_tna_apply(msg), WK_TRUE);
	assert_int_equal(wk_register_reply(reply), WK_TRUE);
	ksr_tm_end(200);
	ksr_msg_free(reply);
	ksr_msg_free(msg);
}

/* The token is good still, so the identities are not free. */
static void test_leaving(void **state)
{
	char *first = token_of("alice", FIRST, ""), user[WIMS_CONTACT_USER_LEN + 1];

	glue_registered_with(first, user);
	assert_int_equal(glue_counts().bindings, 1);
	leave(first);
	assert_int_equal(glue_counts().bindings, 0);
	expect_new("alice", FIRST, NAMED, OTHER_CONN, "identity_in_use");
	expect(first, OTHER_CONN, "ok");
	free(first);
}

static const char *run(const char *command, const char *first, const char *wwsf, const char *value)
{
	return ksr_rpc_args(command, (const char *[4]){first, wwsf, value, NULL});
}

static void test_revoked_by_jti(void **state)
{
	char *first = token_of("alice", FIRST, ",\"jti\":\"j1\"");

	expect(first, GLUE_CONN, "ok");
	assert_contains(run("webrtc_ims.revoke", "jti", "wwsf1", "j2"), "ended=0");
	assert_int_equal(wk_exclusive_count(), 1);
	assert_contains(run("webrtc_ims.revoke", "jti", "wwsf1", "j1"), "ended=0");
	assert_int_equal(wk_exclusive_count(), 0);
	expect(first, GLUE_CONN, "token_revoked");
	assert_int_equal(wk_exclusive_count(), 0);
	expect_new("alice", FIRST, "", OTHER_CONN, "ok");
	expect(first, GLUE_CONN, "token_revoked");
	free(first);
}

/* That user is out, with whatever token, and nobody else in. */
static void test_revoked_by_subject(void **state)
{
	char *first = token_of("alice", FIRST, ""), user[WIMS_CONTACT_USER_LEN + 1];
	char *next = token_of("alice", FIRST + 60, "");

	glue_registered_with(first, user);
	expect(next, GLUE_CONN, "ok");
	assert_contains(run("webrtc_ims.revoke", "subject", "wwsf1", subject), "ended=1");
	expect(first, OTHER_CONN, "token_revoked");
	expect(next, OTHER_CONN, "token_revoked");
	expect_new("alice", FIRST + 90, "", OTHER_CONN, "identity_in_use");
	assert_int_equal(wk_exclusive_count(), 1);
	/* nor does it get in by itself again */
	assert_string_equal(run("webrtc_ims.free_anonymous", "alice@ims.test", NULL, NULL), "");
	expect(first, OTHER_CONN, "token_revoked");
	assert_int_equal(wk_exclusive_count(), 0);
	free(first);
	free(next);
}

/* A MESSAGE with that token. */
static void expect_request(const char *token, uint32_t conn, const char *reason)
{
	char *text = mint_text("MESSAGE sip:bob@ims.test SIP/2.0\n"
						   "Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK2\n"
						   "To: <sip:bob@ims.test>\nFrom: <sip:alice@ims.test>;tag=m\n"
						   "Call-ID: m-1\nCSeq: 1 MESSAGE\nAuthorization: Bearer %s\n"
						   "Content-Length: 0\n\n",
						   token);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, conn, text);
	bool good = strcmp(reason, "ok") == 0;

	assert_int_equal(wk_token_check(msg), good ? WK_TRUE : WK_FALSE);
	assert_reason(msg, reason);
	assert_int_equal(wk_result(msg)->token.valid, good);
	ksr_msg_free(msg);
	free(text);
}

static void test_other_requests(void **state)
{
	char *first = token_of("alice", FIRST, ""), *next = token_of("alice", FIRST + 60, "");
	char user[WIMS_CONTACT_USER_LEN + 1];

	/* nothing is held by them */
	expect_request(first, GLUE_CONN, "ok");
	assert_int_equal(wk_exclusive_count(), 0);
	glue_registered_with(first, user);
	expect_request(first, GLUE_CONN, "ok");
	expect_request(next, GLUE_CONN, "ok");
	expect_request(next, OTHER_CONN, "identity_in_use");
	expect_new("anna", FIRST, "", OTHER_CONN, "ok");
	/* somebody else's, on the connection of one who is registered */
	free(next);
	next = token_of("anna", FIRST, "");
	expect_request(next, GLUE_CONN, "subject_mismatch");
	free(first);
	free(next);
}

static void test_rpc(void **state)
{
	expect_new("alice", FIRST, "", GLUE_CONN, "ok");
	assert_contains(run("webrtc_ims.anonymous", NULL, NULL, NULL),
					"impi=alice@ims.test impu=sip:alice@ims.test impus=1 wwsf=wwsf1 "
					"subject=anonymous:");
	assert_contains(run("webrtc_ims.anonymous", NULL, NULL, NULL), subject);
	assert_contains(run("webrtc_ims.anonymous", "0", NULL, NULL), " seconds=660\n");
	assert_string_equal(run("webrtc_ims.anonymous", "1", NULL, NULL), "");
	assert_contains(run("webrtc_ims.anonymous", "-1", NULL, NULL), "400 SKIP");
	assert_contains(run("webrtc_ims.free_anonymous", NULL, NULL, NULL), "400 ");
	assert_contains(run("webrtc_ims.free_anonymous", "alan@ims.test", NULL, NULL), "404 ");
	assert_string_equal(run("webrtc_ims.free_anonymous", "alice@ims.test", NULL, NULL), "");
	assert_contains(run("webrtc_ims.free_anonymous", "alice@ims.test", NULL, NULL), "404 ");
	assert_int_equal(ksr_counter("anonymous"), 0);
	expect_new("alice", FIRST, NAMED, GLUE_CONN, "ok");
}

static void test_limits(void **state)
{
	expect_new("a1", FIRST, "", GLUE_CONN, "ok");
	expect_new("a2", FIRST, "", GLUE_CONN, "ok");
	expect_new("a3", FIRST, "", GLUE_CONN, "ok");
	expect_new("a4", FIRST, "", GLUE_CONN, "limit_reached");
	expect_new("a4", FIRST, NAMED, GLUE_CONN, "ok");
	/* what is too short for a REGISTER holds nothing */
	assert_string_equal(run("webrtc_ims.free_anonymous", "a1@ims.test", NULL, NULL), "");
	expect_new("a1", 1900000020, "", GLUE_CONN, "token_nearly_expired");
	assert_int_equal(wk_exclusive_count(), 2);
	/* nor does one over a connection that is not there */
	expect_new("a1", FIRST, "", 99, "flow_unknown");
	assert_int_equal(wk_exclusive_count(), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			held_test(test_exclusive),
			held_test(test_refresh),
			held_test(test_registered_before),
			held_test(test_leaving),
			held_test(test_revoked_by_jti),
			held_test(test_revoked_by_subject),
			held_test(test_other_requests),
			held_test(test_rpc),
			held_test(test_limits),
			held_test(test_race),
			held_test(test_no_race),
	};

	return cmocka_run_group_tests(tests, group_setup, glue_group_teardown);
}
