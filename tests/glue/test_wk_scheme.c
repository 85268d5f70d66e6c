/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/route.h"
#include "glue.h"

#include "mint.h"
#include "wk_params.h"
#include "wk_register.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_screen.h"
#include "wk_state.h"
#include "wk_tm.h"
#include "wk_token.h"

/* Scenario 1 from the challenge to the answer, and a web site whose users come with a
 * token or without. */

#define CONTACT "Contact: <sip:w@x.invalid;transport=ws>;+sip.instance=\"<urn:uuid:1>\"\n"
#define DIGEST(nonce) \
	"Authorization: Digest username=\"wic-7@ims.test\", realm=\"ims.test\", nonce=\"" nonce "\"\n"
#define ASKED(nonce) "Digest username=\"wic-7@ims.test\", realm=\"ims.test\", nonce=\"" nonce "\""
#define SAID(nonce, algorithm) ASKED(nonce) ", algorithm=" algorithm
#define BY(nonce, algorithm) "Authorization: " SAID(nonce, algorithm) "\n"

static sip_msg_t *wic_request(uint32_t conn, const char *method, const char *more)
{
	static unsigned cseq;
	char *text = mint_text("%s sip:elsewhere.test SIP/2.0\nTo: <sip:mia@ims.test>\n"
						   "From: <sip:mia@ims.test>;tag=f\nCall-ID: scheme-1\n"
						   "CSeq: %u %s\n%sContent-Length: 0\n\n",
						   method, ++cseq, method, more);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, conn, text);

	free(text);
	assert_int_equal(wk_screen(msg), WK_TRUE);
	return msg;
}

/* A REGISTER without a token, up to the core. */
static sip_msg_t *sent(uint32_t conn, const char *more)
{
	sip_msg_t *msg = wic_request(conn, "REGISTER", more);

	ksr_tm_new(msg);
	assert_int_equal(wk_scenario_check(msg), WK_TRUE);
	if(wk_digest_apply(msg) != WK_TRUE)
		fail_msg("%s: %s", more, glue_reason(msg));
	return msg;
}

static sip_msg_t *answer(const char *status, const char *more)
{
	char *text = mint_text("SIP/2.0 %s\nTo: <sip:mia@ims.test>;tag=c\nFrom: <sip:mia@ims.test>;"
						   "tag=f\nCall-ID: scheme-1\nCSeq: 1 REGISTER\n%s\n",
						   status, more);
	sip_msg_t *msg = ksr_msg(PROTO_UDP, 0, text);

	free(text);
	return msg;
}

/* The core challenges a REGISTER without credentials; what the WIC gets. Free it. */
static char *challenged(uint32_t conn, const char *lines, const char *reason)
{
	sip_msg_t *msg = sent(conn, CONTACT), *reply = answer("401 Unauthorized", lines);
	char *out;

	assert_int_equal(wk_register_reply(reply), strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
	assert_reason(reply, reason);
	out = mint_text("%s", ksr_out(reply));
	ksr_tm_end(401);
	ksr_msg_free(reply);
	ksr_msg_free(msg);
	return out;
}

static void expect_relayed(uint32_t conn, const char *more, const char *authorization)
{
	sip_msg_t *msg = sent(conn, more);
	char *line = mint_text("Authorization: %s\n", authorization);

	assert_contains(ksr_out(msg), line);
	free(line);
	ksr_tm_end(403);
	ksr_msg_free(msg);
}

#define MD5 "WWW-Authenticate: Digest realm=\"ims.test\", nonce=\"n1\", algorithm=MD5\n"
#define AKA "WWW-Authenticate: Digest realm=\"ims.test\", nonce=\"n2\", algorithm=AKAv2-SHA-256\n"

static void test_challenge(void **state)
{
	char *out = challenged(GLUE_THIN_CONN,
						   "WWW-Authenticate: Digest realm=\"ims.test\", nonce=\"n1\", stale=true, "
						   "ck=\"00\", IK=\"11\"\n" AKA "WWW-Authenticate: Bearer x\n",
						   "ok");

	assert_contains(out, "SIP/2.0 401 Unauthorized\n");
	assert_contains(out,
					"WWW-Authenticate: Digest realm=\"ims.test\", nonce=\"n1\", stale=true\n" AKA);
	assert_lacks(out, "ck=");
	assert_lacks(out, "IK=");
	assert_lacks(out, "Bearer");
	assert_contains(ksr_log(), "a challenge of the core is no Digest");
	free(out);
}

static void test_no_challenge(void **state)
{
	static const char *const lines[] = {"", "WWW-Authenticate: Digest ck=\"00\"\n",
										"WWW-Authenticate: Bearer x, ck=\"00\"\n"};
	size_t i;

	for(i = 0; i < 3; i++) {
		char *out = challenged(GLUE_THIN_CONN, lines[i], "core_answer_bad");

		assert_contains(out, "SIP/2.0 500 Bad Answer From Core\n");
		assert_lacks(out, "ck=");
		free(out);
	}
}

static void test_proxy_challenge(void **state)
{
	sip_msg_t *msg = sent(GLUE_THIN_CONN, CONTACT);
	sip_msg_t *reply = answer("407 Proxy Authentication Required",
							  "Proxy-Authenticate: Digest realm=\"x\", nonce=\"n\"\n");

	assert_int_equal(wk_register_reply(reply), WK_FALSE);
	assert_contains(ksr_out(reply), "SIP/2.0 500 ");
	assert_lacks(ksr_out(reply), "Proxy-Authenticate");
	ksr_tm_end(500);
	ksr_msg_free(reply);
	ksr_msg_free(msg);
}

/* A challenge of scenario 1 is the WIC's to answer. */
static void test_challenge_in_failure_route(void **state)
{
	sip_msg_t *msg = sent(GLUE_THIN_CONN, CONTACT), *reply = answer("401 Unauthorized", MD5);
	struct cell *t = wk_tm.t_gett();

	ksr_tm_sent(t, PROTO_UDP, 0);
	t->uac[0].reply = reply;
	t->uac[0].last_received = 401;
	set_route_type(FAILURE_ROUTE);
	assert_int_equal(wk_core_failed(msg), WK_FALSE);
	set_route_type(REQUEST_ROUTE);
	ksr_tm_end(401);
	ksr_msg_free(reply);
	ksr_msg_free(msg);
}

/* What this node says comes from the core's challenge on this connection. */
static void test_integrity(void **state)
{
	expect_relayed(GLUE_THIN_CONN, CONTACT DIGEST("n2"), ASKED("n2"));
	free(challenged(GLUE_THIN_CONN, AKA, "ok"));
	expect_relayed(GLUE_THIN_CONN, CONTACT BY("n2", "\"AKAv2-SHA-256\""),
				   SAID("n2", "\"AKAv2-SHA-256\"") ", integrity-protected=\"tls-connected\"");
	expect_relayed(GLUE_THIN_CONN, CONTACT BY("n2", "MD5"), SAID("n2", "MD5"));
	expect_relayed(GLUE_THIN_CONN, CONTACT BY("n1", "AKAv2-SHA-256"), SAID("n1", "AKAv2-SHA-256"));
	expect_relayed(GLUE_THIN_CONN, CONTACT DIGEST("n2"), ASKED("n2"));
	expect_relayed(GLUE_THIN_CONN, CONTACT DIGEST("n1"), ASKED("n1"));
	assert_int_equal(glue_both_open(), 0);
	expect_relayed(GLUE_BOTH_CONN, CONTACT BY("n2", "AKAv2-SHA-256"), SAID("n2", "AKAv2-SHA-256"));
	free(challenged(GLUE_THIN_CONN, MD5, "ok"));
	expect_relayed(GLUE_THIN_CONN, CONTACT BY("n2", "AKAv2-SHA-256"), SAID("n2", "AKAv2-SHA-256"));
	wk_params.ims_auth_integrity = 1;
	expect_relayed(GLUE_THIN_CONN, CONTACT DIGEST("n1"),
				   ASKED("n1") ", integrity-protected=\"no\"");
	wk_params.ims_auth_integrity = 0;
}

/* Registers mia as wic-7@ims.test. */
static void registered(uint32_t conn)
{
	sip_msg_t *msg = sent(conn, CONTACT DIGEST("n1")), *reply;
	char user[WIMS_CONTACT_USER_LEN + 1], *contact;

	snprintf(user, sizeof(user), "%s",
			 strstr(ksr_out(msg), "Contact: <sip:") + strlen("Contact: <sip:"));
	contact = mint_text("Contact: <sip:%s@127.0.0.1:5060>;expires=600\n"
						"Authentication-Info: rspauth=\"0a\", nextnonce=\"n9\"\n",
						user);
	reply = answer("200 OK", contact);
	assert_int_equal(wk_register_reply(reply), WK_TRUE);
	assert_contains(ksr_out(reply), "Authentication-Info: rspauth=\"0a\", nextnonce=\"n9\"\n");
	ksr_tm_end(200);
	ksr_msg_free(reply);
	ksr_msg_free(msg);
	free(contact);
}

/* The IMPI of an IMPU of another name: guessed, then claimed, then known. */
static void test_impi_of_another_name(void **state)
{
	sip_msg_t *msg;

	free(challenged(GLUE_THIN_CONN, MD5, "ok"));
	registered(GLUE_THIN_CONN);
	msg = sent(GLUE_THIN_CONN, CONTACT);
	assert_true(wims_pl_eq(wk_result(msg)->impi, WIMS_PL("wic-7@ims.test")));
	ksr_tm_end(403);
	ksr_msg_free(msg);
	msg = wic_request(GLUE_THIN_CONN, "REGISTER",
					  CONTACT "Authorization: Digest username=\"mia@ims.test\"\n");
	ksr_tm_new(msg);
	assert_int_equal(wk_digest_apply(msg), WK_FALSE);
	assert_reason(msg, "subject_mismatch");
	ksr_msg_free(msg);
}

/* The core's answer to a REGISTER with these credentials; strikes since the test began. */
static int strikes_after(const char *credentials, const char *status, const char *lines)
{
	char *more = mint_text("%s%s", CONTACT, credentials);
	sip_msg_t *msg = sent(GLUE_THIN_CONN, more), *reply = answer(status, lines);

	assert_int_equal(wk_register_reply(reply), WK_TRUE);
	ksr_tm_end(403);
	ksr_msg_free(reply);
	ksr_msg_free(msg);
	free(more);
	return (int)ksr_counter("strikes");
}

#define RESPONSE "Authorization: " ASKED("n1") ", response=\"0a\"\n"
#define STALE "WWW-Authenticate: Digest realm=\"ims.test\", nonce=\"n1\", stale=TRUE\n"

/* A wrong password counts towards a ban; to be asked, however often, does not. */
static void test_guesses(void **state)
{
	const char *const asked = "401 Unauthorized", *const away = "403 Forbidden";

	assert_int_equal(strikes_after("", asked, MD5), 0);
	assert_int_equal(strikes_after(DIGEST("n1"), asked, MD5), 0);
	assert_int_equal(strikes_after("Authorization: " ASKED("") ", response=\"\"\n", asked, MD5), 0);
	assert_int_equal(strikes_after("", away, ""), 0);
	assert_int_equal(strikes_after(RESPONSE, asked, STALE), 0);
	assert_int_equal(strikes_after(RESPONSE, asked, MD5), 1);
	assert_int_equal(strikes_after(RESPONSE, away, ""), 2);
	assert_int_equal(strikes_after("Authorization: " ASKED("n1") ", response=\"0a\", auts=\"b\"\n",
								   asked, MD5),
					 3);
}

/* With a nonce of another connection a first try is one, too. */
static void test_first_guess(void **state)
{
	assert_int_equal(strikes_after(RESPONSE, "401 Unauthorized", MD5), 1);
}

/* Who is registered may come with its old nonce: once. */
static void test_guess_of_registered(void **state)
{
	free(challenged(GLUE_THIN_CONN, MD5, "ok"));
	registered(GLUE_THIN_CONN);
	assert_int_equal(strikes_after(RESPONSE, "401 Unauthorized", MD5), 0);
	assert_int_equal(strikes_after(RESPONSE, "401 Unauthorized", MD5), 1);
}

/* AKA: the response is none, the sequence number of the core is not the USIM's. */
static void test_synchronisation(void **state)
{
#define AUTS BY("n2", "AKAv2-SHA-256, response=\"0a\", auts=\"b\"")
	assert_int_equal(strikes_after(AUTS, "401 Unauthorized", AKA), 1);
	assert_int_equal(strikes_after(AUTS, "401 Unauthorized", AKA), 1);
}

/* An IMPU of a range has no registration of its own in the core. */
static void test_in_range(void **state)
{
	sip_msg_t *msg = ksr_msg(
			PROTO_WSS, GLUE_THIN_CONN,
			"REGISTER sip:ims.test SIP/2.0\nTo: <sip:r1-x@ims.test>\n"
			"From: <sip:r1-x@ims.test>;tag=f\nCall-ID: range\nCSeq: 1 REGISTER\n" CONTACT "\n");

	ksr_tm_new(msg);
	assert_int_equal(wk_digest_apply(msg), WK_FALSE);
	assert_reason(msg, "scenario_refused");
	assert_int_equal(glue_counts().pending, 0);
	ksr_msg_free(msg);
}

/* ---- a web site with both ---- */

static char *token(const char *more)
{
	char *payload =
			mint_text("{\"iss\":\"https://waf.both.test\",\"sub\":\"user-m\","
					  "\"aud\":\"https://ims.test\",\"iat\":1899999900,"
					  "\"exp\":1900000600,\"impi\":\"mia@ims.test\",\"client_id\":\"site 1\","
					  "\"scope\":\"webrtc-ims-client-access-to-ims\","
					  "\"impu\":\"sip:mia@ims.test\"%s}",
					  more);
	char *compact = mint_token(MINT_ED25519, "EdDSA", "ed25519", payload);
	char *line = mint_text(CONTACT "Authorization: Bearer %s\n", compact);

	free(payload);
	free(compact);
	return line;
}

static sip_msg_t *by_token(const char *more, const char *reason)
{
	char *line = token(more);
	sip_msg_t *msg = wic_request(GLUE_BOTH_CONN, "REGISTER", line);

	free(line);
	ksr_tm_new(msg);
	assert_int_equal(wk_scenario_check(msg), WK_TRUE);
	assert_int_equal(wk_token_validate(msg, NULL), WK_TRUE);
	assert_int_equal(wk_identity_check(msg), WK_TRUE);
	assert_int_equal(wk_tna_apply(msg), strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
	assert_reason(msg, reason);
	return msg;
}

static void test_conveyed(void **state)
{
	sip_msg_t *msg;

	assert_int_equal(glue_both_open(), 0);
	msg = by_token(",\"waf\":\"https://waf.both.test\"", "ok");
	assert_contains(ksr_out(msg), "integrity-protected=\"auth-done\", authorization-entity="
								  "\"https://waf.both.test\", site=\"site 1\"\n");
	ksr_tm_end(403);
	ksr_msg_free(msg);
}

/* Whoever cannot be named to the core is not registered there. */
static void test_too_long_to_be_conveyed(void **state)
{
	char id[257], *more;
	sip_msg_t *msg;

	memset(id, 'w', 256);
	id[256] = '\0';
	more = mint_text(",\"waf\":\"%s\"", id);
	assert_int_equal(glue_both_open(), 0);
	msg = by_token(more, "claim_value");
	assert_int_equal(glue_counts().pending, 0);
	ksr_msg_free(msg);
	free(more);
}

/* A WIC says nothing of who vouches for it. */
static void test_conveyed_by_nobody_else(void **state)
{
	sip_msg_t *msg;

	assert_int_equal(glue_both_open(), 0);
	msg = sent(GLUE_BOTH_CONN,
			   CONTACT "Authorization: Digest username=\"mia@ims.test\", realm=\"ims.test\", "
					   "authorization-entity=\"https://waf.both.test\", site=\"x\"\n");
	assert_lacks(ksr_out(msg), "authorization-entity");
	assert_lacks(ksr_out(msg), "site=");
	ksr_tm_end(403);
	ksr_msg_free(msg);
}

static void test_scheme_changes(void **state)
{
	char *line = token("");
	sip_msg_t *msg;

	assert_int_equal(glue_both_open(), 0);
	registered(GLUE_BOTH_CONN);
	msg = wic_request(GLUE_BOTH_CONN, "REGISTER", line);
	ksr_tm_new(msg);
	assert_int_equal(wk_scenario_check(msg), WK_TRUE);
	assert_int_equal(wk_token_validate(msg, NULL), WK_TRUE);
	assert_int_equal(wk_identity_check(msg), WK_TRUE);
	assert_int_equal(wk_tna_apply(msg), WK_FALSE);
	assert_reason(msg, "scheme_changed");
	ksr_msg_free(msg);
	free(line);
}

/* Whom the core authenticated has no token to show with an INVITE. */
static void test_token_of_others(void **state)
{
	sip_msg_t *msg;

	assert_int_equal(glue_both_open(), 0);
	msg = wic_request(GLUE_BOTH_CONN, "INVITE", "");
	assert_int_equal(wk_token_check(msg), WK_FALSE);
	assert_reason(msg, "token_absent");
	ksr_msg_free(msg);
	registered(GLUE_BOTH_CONN);
	msg = wic_request(GLUE_BOTH_CONN, "INVITE", "");
	assert_int_equal(wk_token_check(msg), WK_TRUE);
	ksr_msg_free(msg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_challenge),
			glue_test(test_no_challenge),
			glue_test(test_proxy_challenge),
			glue_test(test_challenge_in_failure_route),
			glue_test(test_integrity),
			glue_test(test_guesses),
			glue_test(test_first_guess),
			glue_test(test_guess_of_registered),
			glue_test(test_synchronisation),
			glue_test(test_impi_of_another_name),
			glue_test(test_in_range),
			glue_test(test_conveyed),
			glue_test(test_too_long_to_be_conveyed),
			glue_test(test_conveyed_by_nobody_else),
			glue_test(test_scheme_changes),
			glue_test(test_token_of_others),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
