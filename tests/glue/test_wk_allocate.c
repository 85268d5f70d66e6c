/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Users who get their IMPU at registration. */
#include "registrar_help.h"

#include "ksr_int.h"
#include "mint.h"
#include "wk_allocate.h"
#include "wk_event.h"
#include "wk_registrar.h"
#include "wk_registry_stats.h"
#include "wk_result.h"
#include "wk_screen.h"
#include "wk_state.h"
#include "wk_token.h"
#include "wk_used_up.h"
#include "world.h"

#define EXPIRES "Expires: 120\n"

/* A REGISTER over that connection, screened and its token found valid; claims: what
 * the token has beside the usual. */
static sip_msg_t *user_request(uint32_t conn, const char *claims, const char *to, const char *from,
							   const char *more)
{
	static unsigned cseq;
	char *payload = mint_text("{\"iss\":\"https://waf.gw.test\",\"aud\":\"a\",\"iat\":%ld,"
							  "\"exp\":%ld,\"scope\":\"" WORLD_SCOPE "\"%s}",
							  (long)ksr_clock.wall, (long)ksr_clock.wall + 600, claims);
	char *token = mint_token(MINT_ED25519, "EdDSA", "ed25519", payload);
	char *text = mint_text("REGISTER sip:ims.test SIP/2.0\n"
						   "Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\nMax-Forwards: 70\n"
						   "To: <%s>\nFrom: <%s>;tag=f1\nCall-ID: reg-%u\nCSeq: %u REGISTER\n"
						   "Authorization: Bearer %s\n"
						   "Contact: <sip:w@x%u.invalid;transport=ws>\n%sContent-Length: 0\n\n",
						   to, from, conn, ++cseq, token, conn, more);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, conn, text);

	assert_int_equal(wk_screen(msg), WK_TRUE);
	if(wk_token_validate(msg, NULL) != WK_TRUE)
		fail_msg("%s: %s", claims, glue_reason(msg));
	free(text);
	free(token);
	free(payload);
	return msg;
}

#define SUB(name) ",\"sub\":\"" name "\""
#define USER(name) "sip:" name "@ims.test"

/* The IMPU that the user gets and registers, or why not. */
static const char *get(uint32_t conn, const char *claims, const char *to, const char *more)
{
	static char out[WIMS_IMPU_MAX + 1];
	sip_msg_t *msg = user_request(conn, claims, to, to, more);

	assert_int_equal(wk_identity_check(msg), WK_TRUE);
	assert_string_equal(ksr_pv(msg, "registrar"), "epcscf");
	assert_string_equal(ksr_pv(msg, "impu"), "$null");
	if(wk_registrar_allocate(msg) == WK_TRUE && !wk_result(msg)->answered)
		wk_registrar_save(msg);
	snprintf(gw_reply, sizeof(gw_reply), "%s", ksr_reply_lines(msg));
	snprintf(out, sizeof(out), "%s",
			 strcmp(glue_reason(msg), "ok") == 0 ? ksr_pv(msg, "impu") : glue_reason(msg));
	assert_int_equal(ksr_usrloc.locks, 0);
	assert_int_equal(glue_counts().pending, 0);
	ksr_msg_free(msg);
	return out;
}

static void expect_get(uint32_t conn, const char *name, const char *want)
{
	char *claims = mint_text(SUB("%s"), name), *to = mint_text(USER("%s"), name);
	const char *got = get(conn, claims, to, EXPIRES);

	if(strcmp(got, want) != 0)
		fail_msg("%s: %s instead of %s", name, got, want);
	free(to);
	free(claims);
}

static void test_gets_one_and_keeps_it(void **state)
{
	sip_msg_t *msg;

	(void)state;
	expect_get(CONN, "amy", "sip:desk-0@ims.test");
	assert_contains(gw_reply, "P-Associated-URI: <sip:desk-0@ims.test>\n");
	assert_contains(ksr_contacts("sip:desk-0@ims.test"), "conn=21");
	/* refresh, another connection, another user */
	expect_get(CONN, "amy", "sip:desk-0@ims.test");
	assert_int_equal(wk_registry_times(WK_STEP_ALLOCATE).steps, 1);
	expect_get(OTHER_CONN, "amy", "sip:desk-0@ims.test");
	expect_get(THIRD_CONN, "ben", "sip:desk-1@ims.test");
	assert_int_equal(ksr_tm.requests, 0);
	/* what the script sees */
	msg = user_request(CONN, SUB("amy"), USER("amy"), USER("amy"), EXPIRES);
	assert_string_equal(ksr_pv(msg, "user"), "sip:amy@ims.test");
	assert_int_equal(wk_identity_check(msg), WK_TRUE);
	assert_int_equal(wk_registrar_allocate(msg), WK_TRUE);
	assert_string_equal(ksr_pv(msg, "range"), DESKS);
	assert_string_equal(ksr_pv(msg, "impi"), "desk@ims.test");
	/* once more changes nothing */
	assert_int_equal(wk_registrar_allocate(msg), WK_TRUE);
	assert_string_equal(ksr_pv(msg, "impu"), "sip:desk-0@ims.test");
	ksr_msg_free(msg);
}

static void test_quarantine(void **state)
{
	(void)state;
	expect_get(CONN, "amy", "sip:desk-0@ims.test");
	expect_get(OTHER_CONN, "ben", "sip:desk-1@ims.test");
	expect_get(THIRD_CONN, "cat", "block_used_up");
	/* leaves: for five seconds it is nobody else's */
	get(CONN, SUB("amy"), USER("amy"), "Expires: 0\n");
	assert_int_equal(gw_deregs(), 0);
	expect_get(THIRD_CONN, "cat", "block_used_up");
	ksr_clock.mono_ms += 4000;
	expect_get(CONN, "amy", "sip:desk-0@ims.test");
	get(CONN, SUB("amy"), USER("amy"), "Expires: 0\n");
	ksr_clock.mono_ms += 5001;
	expect_get(THIRD_CONN, "cat", "sip:desk-0@ims.test");
	expect_get(CONN, "amy", "block_used_up");
	assert_int_equal(ksr_counter("block_used_up"), 3);
}

/* Who is not there and leaves gets nothing for it. */
static void test_leaves_without_coming(void **state)
{
	int replies = ksr_sl.replies;

	(void)state;
	assert_string_equal(get(CONN, SUB("amy"), USER("amy"), "Expires: 0\n"), "$null");
	assert_int_equal(ksr_sl.replies, replies + 1);
	assert_int_equal(ksr_sl.code, 200);
	expect_get(CONN, "ben", "sip:desk-0@ims.test");
	/* over another connection it is the user that leaves */
	expect_get(CONN, "ben", "sip:desk-0@ims.test");
	assert_string_equal(get(OTHER_CONN, SUB("ben"), USER("ben"), "Expires: 0\n"),
						"sip:desk-0@ims.test");
}

#define VIP ",\"vip\":true"

static void test_next_block(void **state)
{
	(void)state;
	expect_get(CONN, "amy", "sip:desk-0@ims.test");
	assert_string_equal(get(OTHER_CONN, SUB("ben") VIP, USER("ben"), EXPIRES),
						"sip:desk-1@ims.test");
	assert_string_equal(get(THIRD_CONN, SUB("cat") VIP, USER("cat"), EXPIRES),
						"sip:vip-ann@ims.test");
	/* one of the first block is free again: cat stays what she is */
	get(CONN, SUB("amy"), USER("amy"), "Expires: 0\n");
	ksr_clock.mono_ms += 6000;
	assert_int_equal(glue_open(CONN + 10, "https://gw.test", "gw"), 0);
	assert_int_equal(glue_open(CONN + 11, "https://gw.test", "gw"), 0);
	assert_string_equal(get(CONN + 10, SUB("cat") VIP, USER("cat"), EXPIRES),
						"sip:vip-ann@ims.test");
	assert_string_equal(get(CONN + 11, SUB("dan") VIP, USER("dan"), EXPIRES),
						"sip:desk-0@ims.test");
	/* by the claim it would be another block now; what is registered stays */
	assert_string_equal(get(THIRD_CONN, SUB("cat"), USER("cat"), EXPIRES), "sip:vip-ann@ims.test");
}

static void expect_identity(const char *claims, const char *to, const char *from, const char *want)
{
	sip_msg_t *msg = user_request(CONN, claims, to, from, EXPIRES);

	assert_int_equal(wk_identity_check(msg), strcmp(want, "ok") == 0 ? WK_TRUE : WK_FALSE);
	if(strcmp(glue_reason(msg), want) != 0)
		fail_msg("%s: %s instead of %s", to, glue_reason(msg), want);
	if(strcmp(want, "ok") != 0) {
		/* whoever goes on all the same gets nothing */
		assert_int_equal(wk_registrar_allocate(msg), WK_FALSE);
		assert_string_equal(ksr_pv(msg, "registrar"), "$null");
	}
	ksr_msg_free(msg);
}

static void test_who_he_is(void **state)
{
	(void)state;
	expect_identity(SUB("amy"), "sip:%61my@IMS.test:5060;x=y", USER("amy"), "ok");
	expect_identity(SUB("a|b+c"), USER("a%7cb+c"), USER("a%7Cb%2Bc"), "ok");
	expect_identity(SUB("amy"), USER("ben"), USER("amy"), "to_mismatch");
	expect_identity(SUB("amy"), "sips:amy@ims.test", USER("amy"), "to_mismatch");
	expect_identity(SUB("amy"), "sip:amy@acme.test", USER("amy"), "to_mismatch");
	expect_identity(SUB("amy"), "sip:desk-0@ims.test", USER("amy"), "to_mismatch");
	expect_identity(SUB("amy"), USER("amy"), USER("ben"), "from_mismatch");
	expect_identity(SUB("amy"), "sip:ims.test", USER("amy"), "uri_bad");
	expect_identity(SUB("amy"), USER("amy"), "amy@ims.test", "uri_bad");
}

/* Without wims_registrar_allocate() there is nothing to save. */
static void test_not_saved_without(void **state)
{
	sip_msg_t *msg = user_request(CONN, SUB("amy"), USER("amy"), USER("amy"), EXPIRES);

	(void)state;
	assert_int_equal(wk_identity_check(msg), WK_TRUE);
	assert_int_equal(wk_registrar_save(msg), WK_FALSE);
	assert_int_equal(glue_counts().bindings, 0);
	ksr_msg_free(msg);
	/* nor is anything allocated to who claims an IMPU */
	msg = user_request(CONN, SUB("amy") ",\"impi\":\"web-7@ims.test\",\"impu\":\"" IMPU "\"", IMPU,
					   IMPU, EXPIRES);
	assert_int_equal(wk_identity_check(msg), WK_TRUE);
	assert_int_equal(wk_registrar_allocate(msg), WK_TRUE);
	assert_string_equal(ksr_pv(msg, "impu"), IMPU);
	assert_string_equal(ksr_pv(msg, "user"), "$null");
	ksr_msg_free(msg);
}

static void test_bad_requests(void **state)
{
	(void)state;
	assert_string_equal(get(CONN, SUB("amy"), USER("amy"), "Expires: 1\n"), "expires_too_brief");
	assert_string_equal(get(CONN, SUB("amy"), USER("amy"), "Contact: <sip:b@x.invalid>\n"),
						"contact_bad");
	/* nothing was held for them */
	expect_get(OTHER_CONN, "ben", "sip:desk-0@ims.test");
}

static int told;

static void look_at_block(sip_msg_t *msg)
{
	told++;
	assert_string_equal(ksr_pv(msg, "range"), DESKS);
	assert_string_equal(ksr_pv(msg, "wwsf"), "gw");
	assert_string_equal(ksr_pv(msg, "reason"), "block_used_up");
}

static void test_event(void **state)
{
	int i;

	(void)state;
	told = 0;
	ksr_route.name = "webrtc-ims:block-used-up";
	ksr_route.look = look_at_block;
	assert_int_equal(wk_event_init(), 0);
	expect_get(CONN, "amy", "sip:desk-0@ims.test");
	expect_get(OTHER_CONN, "ben", "sip:desk-1@ims.test");
	wk_used_up_tick();
	assert_int_equal(told, 0);
	for(i = 0; i < 3; i++) {
		expect_get(THIRD_CONN, "cat", "block_used_up");
		wk_used_up_tick();
	}
	assert_int_equal(told, 1);
	ksr_clock.mono_ms += WK_USED_UP_EACH_MS;
	expect_get(THIRD_CONN, "cat", "block_used_up");
	wk_used_up_tick();
	wk_used_up_tick();
	assert_int_equal(told, 2);
}

/* More blocks than there is room for: none is told of twice for that. */
static void test_many_blocks_used_up(void **state)
{
	struct wims_wwsf w = {.name = {"gw", 2}};
	struct wims_wwsf_range range = {.text = WIMS_PL(DESKS)};
	int i, turn;

	(void)state;
	told = 0;
	ksr_route.name = "webrtc-ims:block-used-up";
	ksr_route.look = look_at_block;
	assert_int_equal(wk_event_init(), 0);
	for(turn = 0; turn < 2; turn++)
		for(i = 0; i < 20; i++) {
			memset(range.block.tag, 'a' + i, WIMS_BLOCK_TAG_LEN);
			wk_used_up_note(&w, &range);
		}
	wk_used_up_tick();
	assert_int_equal(told, 16);
}

#define gw_test(f) cmocka_unit_test_setup_teardown(f, gw_setup, gw_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			gw_test(test_gets_one_and_keeps_it),
			gw_test(test_quarantine),
			gw_test(test_leaves_without_coming),
			gw_test(test_next_block),
			gw_test(test_who_he_is),
			gw_test(test_not_saved_without),
			gw_test(test_bad_requests),
			gw_test(test_event),
			gw_test(test_many_blocks_used_up),
	};

	return cmocka_run_group_tests(tests, gw_group_setup, gw_group_teardown);
}
