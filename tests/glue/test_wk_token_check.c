/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "mint.h"
#include "wk_hdr.h"
#include "wk_provision.h"
#include "wk_result.h"
#include "wk_token.h"
#include "world.h"

enum token
{
	NONE,
	GOOD,
	NEARLY, /* too little left for a REGISTER */
	EXPIRED,
	KEY_GONE, /* that it was signed by */
	BAD,
	ANOTHER,   /* user's */
	ELSEWHERE, /* of wwsf2 */
	DIGEST     /* no token at all */
};

static char *authorization(enum token kind)
{
	char *payload, *token = NULL, *line;

	switch(kind) {
		case NONE:
			return mint_text("%s", "");
		case DIGEST:
			return mint_text("Authorization: Digest username=\"alice@ims.test\"\n");
		case GOOD:
		case BAD:
			token = glue_token(NULL, NULL);
			break;
		case NEARLY:
			token = glue_token("exp", "1900000010");
			break;
		case EXPIRED:
			token = glue_token("exp", "1899999940");
			break;
		case KEY_GONE:
			payload = world_claims("exp", "1899999940");
			token = mint_token(MINT_ED25519, "EdDSA", "gone", payload);
			free(payload);
			break;
		case ANOTHER:
			token = glue_token("sub", "\"user-8\"");
			break;
		case ELSEWHERE:
			payload = mint_text("{\"iss\":\"https://waf.other.test\",\"sub\":\"user-7\","
								"\"aud\":\"https://ims.test\",\"iat\":1899999900,"
								"\"exp\":1900000600,\"impi\":\"bob@ims.test\","
								"\"scope\":\"webrtc-ims-client-access-to-ims\","
								"\"impu\":\"sip:bob@ims.test\"}");
			token = mint_token(MINT_ED25519, "EdDSA", "ed25519", payload);
			free(payload);
			break;
	}
	if(kind == BAD)
		token[strlen(token) - 4] = token[strlen(token) - 4] == 'A' ? 'Q' : 'A';
	line = mint_text("Authorization: Bearer %s\n", token);
	free(token);
	return line;
}

static sip_msg_t *of_wic(uint32_t conn, const char *method, bool in_dialog, enum token kind)
{
	char *auth = authorization(kind);
	char *text =
			mint_text("%s sip:carol@ims.test SIP/2.0\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\n"
					  "To: <sip:carol@ims.test>%s\nFrom: <sip:alice@ims.test>;tag=f1\n"
					  "Call-ID: call-1\nCSeq: 1 %s\n%sContent-Length: 0\n\n",
					  method, in_dialog ? ";tag=t1" : "", method, auth);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, conn, text);

	free(auth);
	free(text);
	return msg;
}

static void expect(uint32_t conn, const char *method, bool in_dialog, enum token kind,
				   const char *reason)
{
	sip_msg_t *msg = of_wic(conn, method, in_dialog, kind);
	bool ok = strcmp(reason, "ok") == 0;
	int rc = wk_token_check(msg);

	if(strcmp(glue_reason(msg), reason) != 0 || rc != (ok ? WK_TRUE : WK_FALSE))
		fail_msg("%s%s with token %d: %s instead of %s", method, in_dialog ? " in a dialog" : "",
				 kind, glue_reason(msg), reason);
	/* what is passed over is not believed either */
	assert_true(!wk_result(msg)->token.valid
				|| (ok && (kind == GOOD || kind == NEARLY || kind == ANOTHER)));
	ksr_msg_free(msg);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* The provisioning of the group, with this request_token of wwsf1 (NULL: none). */
static void set_policy(const char *policy)
{
	static char text[8192];
	struct wims_config_fault fault;
	char *at, *changed;

	if(text[0] == '\0') {
		FILE *f = fopen(glue_provisioning(), "r");

		assert_non_null(f);
		assert_true(fread(text, 1, sizeof(text) - 1, f) < sizeof(text) - 1);
		fclose(f);
	}
	assert_non_null(at = strstr(text, "\"impus\""));
	changed = mint_text("%.*s%s%s%s%s", (int)(at - text), text,
						policy == NULL ? "" : "\"request_token\":", policy == NULL ? "" : policy,
						policy == NULL ? "" : ",", at);
	write_file(glue_provisioning(), changed);
	assert_int_equal(wk_provision_reload(&fault), WIMS_OK);
	assert_true(wk_provision_refresh()); /* what the last one had is given back */
	free(changed);
}

static const char *const methods[] = {"INVITE", "MESSAGE", "SUBSCRIBE", "OPTIONS", "BYE", "UPDATE"};

/* clang-format off */
static const struct { enum token kind; const char *accept, *accept_in_dialog, *require; } matrix[] = {
	{NONE,      "ok",               "ok",               "token_absent"},
	{DIGEST,    "ok",               "ok",               "token_absent"},
	{GOOD,      "ok",               "ok",               "ok"},
	{NEARLY,    "ok",               "ok",               "ok"},
	{EXPIRED,   "token_expired",    "ok",               "token_expired"},
	{KEY_GONE,  "key_unknown",      "ok",               "key_unknown"},
	{BAD,       "signature_bad",    "signature_bad",    "signature_bad"},
	{ANOTHER,   "subject_mismatch", "subject_mismatch", "subject_mismatch"},
	{ELSEWHERE, "wwsf_mismatch",    "wwsf_mismatch",    "wwsf_mismatch"},
};
/* clang-format on */

enum
{
	METHODS = sizeof(methods) / sizeof(methods[0]),
	TOKENS = sizeof(matrix) / sizeof(matrix[0])
};

static void register_alice(void)
{
	char contact_user[WIMS_CONTACT_USER_LEN + 1];

	glue_registered(contact_user);
}

/* Each method with each token, outside and inside a dialog. */
static void walk(const char *initial, const char *in_dialog)
{
	size_t m, t;
	int d;

	for(m = 0; m < METHODS; m++)
		for(t = 0; t < TOKENS; t++)
			for(d = 0; d < 2; d++) {
				const char *policy = d ? in_dialog : initial, *want = "ok";

				if(strcmp(policy, "require") == 0)
					want = matrix[t].require;
				else if(strcmp(policy, "accept") == 0)
					want = d ? matrix[t].accept_in_dialog : matrix[t].accept;
				expect(GLUE_CONN, methods[m], d, matrix[t].kind, want);
			}
}

static void test_matrix(void **state)
{
	register_alice();
	walk("accept", "accept");
	set_policy("\"require\"");
	walk("require", "require");
	set_policy("{\"initial\":\"require\",\"in_dialog\":\"ignore\"}");
	walk("require", "ignore");
	set_policy("{\"initial\":\"ignore\"}");
	walk("ignore", "accept");
	set_policy(NULL);
}

/* Neither can be answered, nor does it start anything. */
static void test_never_asked(void **state)
{
	size_t t;

	register_alice();
	set_policy("\"require\"");
	for(t = 0; t < TOKENS; t++) {
		expect(GLUE_CONN, "ACK", true, matrix[t].kind, "ok");
		expect(GLUE_CONN, "ACK", false, matrix[t].kind, "ok");
		expect(GLUE_CONN, "CANCEL", false, matrix[t].kind, "ok");
	}
	set_policy(NULL);
}

static void test_register(void **state)
{
	set_policy("\"ignore\"");
	expect(GLUE_CONN, "REGISTER", false, NONE, "token_absent");
	expect(GLUE_CONN, "REGISTER", false, EXPIRED, "token_expired");
	expect(GLUE_CONN, "REGISTER", false, GOOD, "ok");
	set_policy(NULL);
}

/* The core knows who these are; no token has a meaning. */
static void test_scenario_1(void **state)
{
	size_t t;

	for(t = 0; t < TOKENS; t++) {
		expect(GLUE_THIN_CONN, "INVITE", false, matrix[t].kind, "ok");
		expect(GLUE_THIN_CONN, "BYE", true, matrix[t].kind, "ok");
	}
}

/* Whoever has not registered here has no subject to differ from; that he is not
 * registered is for others to say. */
static void test_not_registered(void **state)
{
	expect(GLUE_CONN, "MESSAGE", false, NONE, "ok");
	expect(GLUE_CONN, "MESSAGE", false, ANOTHER, "ok");
	expect(GLUE_CONN, "MESSAGE", false, BAD, "signature_bad");
	expect(99, "MESSAGE", false, GOOD, "flow_unknown");
}

static void test_broken_head(void **state)
{
	sip_msg_t *msg = ksr_msg(PROTO_WSS, GLUE_CONN,
							 "MESSAGE sip:carol@ims.test SIP/2.0\nAuthorization: Bearer a b\n\n");

	assert_int_equal(wk_token_check(msg), WK_FALSE);
	assert_reason(msg, "auth_malformed");
	ksr_msg_free(msg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_matrix),     glue_test(test_never_asked),    glue_test(test_register),
			glue_test(test_scenario_1), glue_test(test_not_registered), glue_test(test_broken_head),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
