/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <unistd.h>

#include "mint.h"
#include "world.h"
#include "wk_location.h"
#include "wk_params.h"
#include "wk_proc.h"
#include "wk_provision.h"
#include "wk_registrar.h"
#include "wk_result.h"
#include "wk_revoke.h"
#include "wk_screen.h"
#include "wk_state.h"
#include "wk_token.h"

#define RANGE "sip:web-!.*!@ims.test"
#define IMPU "sip:web-7@ims.test"
#define INSTANCE ";+sip.instance=\"<urn:uuid:1>\""
#define CONTACT "Contact: <sip:w@x.invalid;transport=ws>" INSTANCE ";reg-id=1;q=0.5\n"

enum
{
	CONN = 21, /* of the WWSF with the range */
	OTHER_CONN = 22,
	THIRD_CONN = 23
};

static char path[] = "/tmp/wims-glue-registrar-XXXXXX";

static void write_provisioning(void)
{
	char *jwk = mint_jwk(MINT_ED25519, "ed25519", "");
	char *json = mint_text("{\"version\":1,\"wwsf\":[{\"name\":\"gw\",\"domain\":\"ims.test\","
						   "\"origins\":[\"https://gw.test\"],"
						   "\"issuer\":\"https://waf.gw.test\",\"audience\":\"a\","
						   "\"keys\":{\"jwks\":{\"keys\":[%s]}},\"impis\":[\"web-*@ims.test\"],"
						   "\"scenario\":\"range\",\"impus\":[\"sip:vip@ims.test\"],"
						   "\"ranges\":[{\"range\":\"" RANGE "\",\"impi\":\"web-0@ims.test\"}]}]}",
						   jwk);
	int fd;

	snprintf(path, sizeof(path), "/tmp/wims-glue-registrar-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, json, strlen(json)), (ssize_t)strlen(json));
	close(fd);
	free(json);
	free(jwk);
}

static int group_setup(void **state)
{
	struct wims_config_fault fault;

	if(glue_group_setup(state) != 0)
		return -1;
	write_provisioning();
	wk_params.provisioning = path;
	wk_params.max_contacts = 2;
	if(wk_location_init() != 0 || wk_provision_reload(&fault) != WIMS_OK)
		return -1;
	return wk_provision_refresh() ? 0 : -1;
}

static int group_teardown(void **state)
{
	unlink(path);
	return glue_group_teardown(state);
}

static int setup(void **state)
{
	if(glue_setup(state) != 0 || wk_location_init() != 0)
		return -1;
	return glue_open(CONN, "https://gw.test", "gw") | glue_open(OTHER_CONN, "https://gw.test", "gw")
		   | glue_open(THIRD_CONN, "https://gw.test", "gw");
}

static int teardown(void **state)
{
	int locks = ksr_usrloc.locks;

	ksr_memory.left = SIZE_MAX;
	wk_proc_destroy();
	ksr_reset();
	assert_int_equal(locks, 0);
	return glue_teardown(state);
}

/* ---- a WIC of the range ---- */

struct wic
{
	uint32_t conn;
	const char *impu, *subject, *call_id;
	unsigned cseq;
	int64_t exp; /* s from now */
};

static struct wic wic_of(uint32_t conn)
{
	return (struct wic){conn, IMPU, "user-7", "reg-1", 1, 600};
}

static char *token_of(const struct wic *w)
{
	char *payload =
			mint_text("{\"iss\":\"https://waf.gw.test\",\"sub\":\"%s\",\"aud\":\"a\","
					  "\"iat\":%ld,\"exp\":%ld,\"jti\":\"id-1\",\"client_id\":\"web-site\","
					  "\"scope\":\"" WORLD_SCOPE "\",\"impi\":\"web-7@ims.test\",\"impu\":\"%s\"}",
					  w->subject, (long)ksr_clock.wall, (long)(ksr_clock.wall + w->exp), w->impu);
	char *token = mint_token(MINT_ED25519, "EdDSA", "ed25519", payload);

	free(payload);
	return token;
}

static sip_msg_t *request_of(const struct wic *w, const char *more)
{
	char *token = token_of(w);
	char *text = mint_text("REGISTER sip:ims.test SIP/2.0\n"
						   "Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\nMax-Forwards: 70\n"
						   "To: <%s>\nFrom: <%s>;tag=f1\nCall-ID: %s\nCSeq: %u REGISTER\n"
						   "Authorization: Bearer %s\n%sContent-Length: 0\n\n",
						   w->impu, w->impu, w->call_id, w->cseq, token, more);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, w->conn, text);

	assert_int_equal(wk_screen(msg), WK_TRUE);
	if(wk_token_validate(msg, NULL) != WK_TRUE || wk_identity_check(msg) != WK_TRUE)
		fail_msg("%s", glue_reason(msg));
	free(text);
	free(token);
	return msg;
}

/* Sends it; reply holds the lines of the 200, if it is one. */
static char reply[4096];

static void expect(const struct wic *w, const char *more, const char *reason)
{
	sip_msg_t *msg = request_of(w, more);
	int replies = ksr_sl.replies;
	bool ok = strcmp(reason, "ok") == 0;

	assert_int_equal(wk_registrar_save(msg), ok ? WK_TRUE : WK_FALSE);
	if(strcmp(glue_reason(msg), reason) != 0)
		fail_msg("%s: %s instead of %s", more, glue_reason(msg), reason);
	assert_int_equal(ksr_sl.replies, replies + ok);
	if(ok)
		assert_int_equal(ksr_sl.code, 200);
	snprintf(reply, sizeof(reply), "%s", ok ? ksr_reply_lines(msg) : "");
	assert_int_equal(ksr_usrloc.locks, 0);
	assert_int_equal(glue_counts().pending, 0);
	ksr_msg_free(msg);
}

static void expect_bindings(size_t n)
{
	size_t in_range = wims_flows_in_range(wk_flows_lock(), WIMS_PL(RANGE));

	wk_flows_unlock();
	assert_int_equal(in_range, n);
	assert_int_equal(ksr_usrloc_records(), n > 0);
}

static size_t contacts(void)
{
	struct wk_contact all[WK_CONTACTS_MAX];

	return wk_location_contacts(WIMS_PL(IMPU), all);
}

/* All that is due now. */
static size_t deregs(void)
{
	static struct wims_action a;
	size_t n = 0;

	while(glue_next_action(&a)) {
		if(a.kind != WIMS_ACT_DEREG)
			continue;
		assert_true(wims_pl_eq(a.binding.range, WIMS_PL(RANGE)));
		wk_location_drop(a.binding.impu, wims_pl_str(a.binding.contact_user));
		n++;
	}
	return n;
}

/* ---- tests ---- */

static void test_register(void **state)
{
	struct wic w = wic_of(CONN);

	expect(&w, CONTACT "Expires: 120\n", "ok");
	assert_string_equal(reply, "Contact: <sip:w@x.invalid;transport=ws>" INSTANCE
							   ";reg-id=1;q=0.5;expires=120\nP-Associated-URI: <" IMPU ">\n");
	expect_bindings(1);
	assert_int_equal(contacts(), 1);
	assert_contains(ksr_contacts(IMPU), "q=500 expires=1900000121 callid=reg-1 cseq=1 "
										"instance=<urn:uuid:1> reg-id=1 agent= conn=21");
	assert_int_equal(ksr_counter("registered"), 1);
	assert_int_equal(ksr_tm.requests, 0);
	assert_null(ksr_tm.current);
	/* refresh: the same contact */
	w.cseq = 2;
	expect(&w, CONTACT "Expires: 300\n", "ok");
	assert_contains(reply, ";expires=300\n");
	expect_bindings(1);
	assert_int_equal(contacts(), 1);
	assert_contains(ksr_contacts(IMPU), "expires=1900000301 callid=reg-1 cseq=2");
	/* and leaving */
	w.cseq = 3;
	expect(&w, CONTACT "Expires: 0\n", "ok");
	assert_string_equal(reply, "");
	expect_bindings(0);
	assert_int_equal(deregs(), 0);
	/* once more: it is gone, as was asked for */
	w.cseq = 4;
	expect(&w, CONTACT "Expires: 0\n", "ok");
	expect(&w, "Contact: *\nExpires: 0\n", "ok");
	assert_int_equal(ksr_counter("registered"), 3);
}

static void test_expires(void **state)
{
	struct wic w = wic_of(CONN);

	expect(&w, CONTACT "Expires: 29\n", "expires_too_brief");
	expect(&w, CONTACT "Expires: soon\n", "request_malformed");
	expect(&w, CONTACT "Contact: <sip:b@x.invalid>\n", "contact_bad");
	expect(&w, "Contact: <sip:w@x.invalid>;q=1.1\n", "contact_bad");
	expect(&w, "Contact: *\n", "contact_bad");
	expect_bindings(0);
	/* never beyond the token */
	w.exp = 100;
	expect(&w, CONTACT "Expires: 300\n", "ok");
	assert_contains(reply, ";expires=100\n");
	assert_contains(ksr_contacts(IMPU), "expires=1900000101");
	ksr_clock.mono_ms += 100000;
	assert_int_equal(deregs(), 1);
	expect_bindings(0);
}

/* A reloaded page: a new connection and Call-ID, the same instance. */
static void test_reload(void **state)
{
	struct wic w = wic_of(CONN), reloaded = wic_of(OTHER_CONN);

	reloaded.call_id = "reg-2";
	expect(&w, CONTACT, "ok");
	expect(&reloaded, "Contact: <sip:other@y.invalid>" INSTANCE "\n", "ok");
	expect_bindings(1);
	assert_int_equal(contacts(), 1);
	assert_contains(ksr_contacts(IMPU), "callid=reg-2 cseq=1");
	assert_contains(ksr_contacts(IMPU), "conn=22");
	/* the connection before ends: nothing happens to the contact */
	wims_flow_lost(wk_flows_lock(), CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	ksr_clock.mono_ms += 5000;
	assert_int_equal(deregs(), 0);
	assert_int_equal(contacts(), 1);
}

static void test_loss(void **state)
{
	struct wic w = wic_of(CONN);

	expect(&w, CONTACT, "ok");
	wims_flow_lost(wk_flows_lock(), CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	assert_int_equal(deregs(), 0);
	assert_int_equal(contacts(), 1);
	expect_bindings(1);
	ksr_clock.mono_ms += 5000;
	assert_int_equal(deregs(), 1);
	expect_bindings(0);
}

static void test_order(void **state)
{
	struct wic w = wic_of(CONN);

	w.cseq = 5;
	expect(&w, CONTACT, "ok");
	expect(&w, CONTACT, "register_late");
	w.cseq = 4;
	expect(&w, CONTACT "Expires: 0\n", "register_late");
	expect(&w, "Contact: *\nExpires: 0\n", "register_late");
	assert_contains(ksr_contacts(IMPU), "cseq=5");
	expect_bindings(1);
}

/* Two contacts are the most; none of them makes room. */
static void test_cap(void **state)
{
	struct wic w = wic_of(CONN), second = wic_of(OTHER_CONN), third = wic_of(THIRD_CONN);

	second.call_id = "reg-2";
	third.call_id = "reg-3";
	expect(&w, CONTACT, "ok");
	expect(&second, "Contact: <sip:b@x.invalid>\n", "ok");
	expect(&third, "Contact: <sip:c@x.invalid>\n", "limit_reached");
	expect_bindings(2);
	assert_int_equal(contacts(), 2);
	assert_contains(ksr_contacts(IMPU), "callid=reg-1");
	assert_contains(ksr_contacts(IMPU), "callid=reg-2");
	/* of another IMPU they are none of it */
	third.impu = "sip:web-8@ims.test";
	expect(&third, "Contact: <sip:c@x.invalid>\n", "ok");
}

static void test_star(void **state)
{
	struct wic w = wic_of(CONN), second = wic_of(OTHER_CONN);

	second.call_id = "reg-2";
	expect(&w, CONTACT, "ok");
	expect(&second, "Contact: <sip:b@x.invalid>\n", "ok");
	second.cseq = 2;
	expect(&second, "Contact: *\nExpires: 0\n", "ok");
	assert_string_equal(reply, "");
	/* its own at once, the other one with what is due */
	assert_int_equal(contacts(), 1);
	assert_contains(ksr_contacts(IMPU), "callid=reg-1");
	assert_int_equal(deregs(), 1);
	expect_bindings(0);
}

/* The subject that has the connection, and nobody else. */
static void test_another_subject(void **state)
{
	struct wic w = wic_of(CONN);

	expect(&w, CONTACT, "ok");
	w.subject = "user-8";
	w.cseq = 2;
	expect(&w, CONTACT, "subject_mismatch");
	assert_contains(ksr_contacts(IMPU), "cseq=1");
}

/* An IMPU that is registered by itself, and one that nobody has checked. */
static void test_not_here(void **state)
{
	struct wic w = wic_of(CONN);
	sip_msg_t *msg;

	w.impu = "sip:vip@ims.test";
	expect(&w, CONTACT, "scenario_refused");
	msg = ksr_msg(PROTO_WSS, CONN, "REGISTER sip:ims.test SIP/2.0\nCall-ID: c\n\n");
	assert_int_equal(wk_registrar_save(msg), WK_FALSE);
	assert_reason(msg, "token_absent");
	ksr_msg_free(msg);
	expect_bindings(0);
}

/* ---- failures ---- */

static void lose_connection(void)
{
	wims_flow_lost(wk_flows_lock(), CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
}

/* While the contact was written: it waits its grace like any other. */
static void test_lost_meanwhile(void **state)
{
	struct wic w = wic_of(CONN);

	ksr_usrloc.on_write = lose_connection;
	expect(&w, CONTACT, "flow_gone");
	ksr_usrloc.on_write = NULL;
	expect_bindings(1);
	ksr_clock.mono_ms += 5000;
	assert_int_equal(deregs(), 1);
	expect_bindings(0);
}

static void revoke_token(void)
{
	const struct wims_revocation r = {.kind = WIMS_REVOKE_JTI,
									  .wwsf = WIMS_PL("gw"),
									  .value = WIMS_PL("id-1"),
									  .expires = 2000000000};
	enum wims_reason saved;
	size_t ended;

	assert_int_equal(wk_revoke_add(&r, &ended, &saved), WIMS_OK);
}

static void test_revoked_meanwhile(void **state)
{
	struct wic w = wic_of(CONN);

	ksr_usrloc.on_write = revoke_token;
	expect(&w, CONTACT, "token_revoked");
	ksr_usrloc.on_write = NULL;
	assert_int_equal(deregs(), 1);
	expect_bindings(0);
}

static void test_no_answer(void **state)
{
	struct wic w = wic_of(CONN);
	sip_msg_t *msg = request_of(&w, CONTACT);

	ksr_sl.fails = true;
	assert_int_equal(wk_registrar_save(msg), WK_FALSE);
	assert_reason(msg, "internal");
	ksr_sl.fails = false;
	ksr_msg_free(msg);
	assert_int_equal(glue_counts().closing, 1);
	assert_int_equal(deregs(), 1);
	expect_bindings(0);
}

/* usrloc or the flow table has no memory: nothing is left in either. */
static void test_no_memory(void **state)
{
	struct wic w = wic_of(CONN);
	size_t n;
	bool failed = true;

	for(n = 0; failed; n++) {
		sip_msg_t *msg;
		int rc;

		/* one that could not be answered is closed */
		w.conn = (uint32_t)(100 + n);
		assert_int_equal(glue_open(w.conn, "https://gw.test", "gw"), 0);
		msg = request_of(&w, CONTACT);
		ksr_memory.left = n;
		ksr_memory.failed = false;
		rc = wk_registrar_save(msg);
		failed = ksr_memory.failed;
		ksr_memory.left = SIZE_MAX;
		ksr_msg_free(msg);
		assert_true(failed || rc == WK_TRUE);
		(void)deregs();
		if(rc != WK_TRUE)
			expect_bindings(0);
		w.cseq++;
	}
	assert_in_range(n, 6, 40);
	expect_bindings(1);
	/* a refresh that fails leaves what was there */
	ksr_usrloc.update_fails = true;
	expect(&w, CONTACT, "no_memory");
	ksr_usrloc.update_fails = false;
	expect_bindings(1);
	assert_int_equal(deregs(), 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
			TEST(test_register),
			TEST(test_expires),
			TEST(test_reload),
			TEST(test_loss),
			TEST(test_order),
			TEST(test_cap),
			TEST(test_star),
			TEST(test_another_subject),
			TEST(test_not_here),
			TEST(test_lost_meanwhile),
			TEST(test_revoked_meanwhile),
			TEST(test_no_answer),
			TEST(test_no_memory),
	};
#undef TEST

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
