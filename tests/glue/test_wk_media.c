/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "call_help.h"

#include "core/dset.h"

#include "mint.h"
#include "wk_call.h"
#include "wk_dialog.h"
#include "wk_event.h"
#include "wk_media.h"
#include "wk_media_kept.h"
#include "wk_params.h"

#define SDP_TYPE "Content-Type: application/sdp\n"
#define WEBRTC                                                                               \
	"v=0\nm=audio 9 UDP/TLS/RTP/SAVPF 0\na=mid:0\na=fingerprint:sha-256 D2\na=ice-ufrag:a\n" \
	"a=ice-pwd:b\n"
#define PHONE "v=0\nm=audio 9 RTP/AVP 0\n"

/* An INVITE of the WIC with that type and body, let pass, with a media session. */
static sip_msg_t *invite_of_wic(const char *type, const char *body, bool begun)
{
	char *more = mint_text("%s%s%s", type, *body == '\0' ? "" : "\n", body);
	sip_msg_t *msg = call_from_wic(GLUE_CONN, "INVITE", "", more);

	ksr_tm_new(msg);
	call_expect(msg, wk_originate, "ok");
	if(begun)
		call_expect(msg, wk_media_begin, "ok");
	free(more);
	return msg;
}

static void expect_sdp(sip_msg_t *msg, const char *role)
{
	assert_int_equal(wk_media_sdp(msg), WK_TRUE);
	assert_string_equal(glue_reason(msg), "ok");
	assert_string_equal(ksr_pv(msg, "sdp"), role);
	assert_int_equal(strncmp(ksr_pv(msg, "media"), "wims-", 5), 0);
}

static void expect_no_sdp(sip_msg_t *msg)
{
	assert_int_equal(wk_media_sdp(msg), WK_FALSE);
	assert_string_equal(ksr_pv(msg, "sdp"), "$null");
}

static void put(sip_msg_t *msg, const char *sdp, const char *reason)
{
	str s = {(char *)sdp, (int)strlen(sdp)};

	assert_int_equal(wk_media_put(msg, &s), strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
	assert_string_equal(glue_reason(msg), reason);
}

static void test_offer_of_wic(void **state)
{
	sip_msg_t *msg = invite_of_wic(SDP_TYPE, WEBRTC, true);

	assert_int_equal(glue_counts().media, 1);
	expect_sdp(msg, "offer");
	put(msg, PHONE "a=mid:0\na=msid:x\n", "ok");
	assert_contains(ksr_out(msg), "\n\nv=0\nm=audio 9 RTP/AVP 0\n");
	assert_lacks(ksr_out(msg), "mid:0");
	assert_lacks(ksr_out(msg), "fingerprint");
	ksr_msg_free(msg);
}

static void test_no_session(void **state)
{
	sip_msg_t *msg = invite_of_wic(SDP_TYPE, WEBRTC, false);

	expect_no_sdp(msg);
	assert_string_equal(ksr_pv(msg, "media"), "$null");
	ksr_tm_end(200);
	ksr_msg_free(msg);
	msg = call_from_wic(GLUE_CONN, "INVITE", "", "");
	call_expect(msg, wk_media_begin, "internal");
	ksr_msg_free(msg);
}

static void test_no_sdp(void **state)
{
	static const struct
	{
		const char *type, *body;
	} rows[] = {{"", ""}, {SDP_TYPE, ""}, {"Content-Type: text/plain\n", "hello"}};
	size_t i;

	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sip_msg_t *msg = invite_of_wic(rows[i].type, rows[i].body, true);

		expect_no_sdp(msg);
		put(msg, PHONE, "media_unavailable");
		ksr_tm_end(486);
		ksr_msg_free(msg);
	}
}

static void test_refused(void **state)
{
	static const struct
	{
		const char *type, *body;
	} rows[] = {
			{SDP_TYPE, PHONE},
			{SDP_TYPE, "v=0\nm=audio 9 UDP/TLS/RTP/SAVPF 0\n"},
			{"", WEBRTC},
			{"Content-Type: sdp\n", WEBRTC},
	};
	size_t i;

	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sip_msg_t *msg = invite_of_wic(rows[i].type, rows[i].body, true);

		assert_int_equal(wk_media_sdp(msg), WK_TRUE);
		assert_string_equal(glue_reason(msg), "sdp_refused");
		assert_string_equal(ksr_pv(msg, "sdp"), "$null");
		ksr_tm_end(488);
		ksr_msg_free(msg);
	}
}

static void test_put_too_long(void **state)
{
	sip_msg_t *msg = invite_of_wic(SDP_TYPE, WEBRTC, true);
	char *text = malloc(40001);

	assert_non_null(text);
	memset(text, 'v', 40000);
	text[40000] = '\0';
	put(msg, text, "media_unavailable");
	put(msg, "", "media_unavailable");
	ksr_memory.left = 0;
	put(msg, PHONE, "no_memory");
	ksr_memory.left = 1;
	put(msg, PHONE, "no_memory");
	ksr_memory.left = SIZE_MAX;
	assert_contains(ksr_out(msg), "fingerprint");
	free(text);
	ksr_msg_free(msg);
}

static sip_msg_t *answer(int proto, uint32_t conn, const char *status, const char *type_and_body)
{
	char *text = mint_text("SIP/2.0 %s\nFrom: <" ALICE ">;tag=w1\nTo: <" BOB ">;tag=c1\n"
						   "Call-ID: call-1\nCSeq: 7 INVITE\nContact: <sip:bob@192.0.2.5>\n"
						   "Record-Route: <sip:s1.test;lr>, <sip:own.test;lr>\n%s",
						   status, type_and_body);
	sip_msg_t *msg = ksr_msg(proto, conn, text);

	free(text);
	return msg;
}

/* The core answers, with an answer or, where nothing was offered, an offer. */
static void test_answers_of_core(void **state)
{
	static const struct
	{
		const char *type, *body, *role;
	} rows[] = {{SDP_TYPE, WEBRTC, "answer"}, {"", "", "offer"}};
	size_t i;

	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sip_msg_t *invite = invite_of_wic(rows[i].type, rows[i].body, true), *reply;

		reply = answer(PROTO_UDP, 0, "183 X", SDP_TYPE "\n" PHONE);
		call_expect(reply, wk_dialog_reply, "ok");
		expect_sdp(reply, rows[i].role);
		put(reply, WEBRTC, "ok");
		assert_contains(ksr_out(reply), "a=mid:0\na=fingerprint"); /* nothing is left out */
		ksr_msg_free(reply);
		reply = answer(PROTO_UDP, 0, "183 X", "\n");
		call_expect(reply, wk_dialog_reply, "ok");
		expect_no_sdp(reply);
		ksr_msg_free(reply);
		ksr_tm_end(486);
		ksr_msg_free(invite);
	}
}

static void expect_refused(sip_msg_t *msg, const char *reason)
{
	assert_int_equal(wk_media_sdp(msg), WK_TRUE);
	assert_string_equal(glue_reason(msg), reason);
	assert_string_equal(ksr_pv(msg, "sdp"), "$null");
	assert_string_equal(ksr_pv(msg, "media"), "$null");
}

/* Nobody knows whose it is: nothing with SDP passes as it is. */
static void test_of_no_call(void **state)
{
	sip_msg_t *msg = answer(PROTO_UDP, 0, "200 OK", SDP_TYPE "\n" PHONE), *invite;

	expect_refused(msg, "dialog_unknown");
	ksr_msg_free(msg);
	msg = answer(PROTO_UDP, 0, "200 OK", "\n");
	expect_no_sdp(msg);
	ksr_msg_free(msg);
	msg = call_from_wic(GLUE_CONN, "UPDATE", "", SDP_TYPE "\n" WEBRTC);
	expect_refused(msg, "dialog_unknown");
	ksr_msg_free(msg);
	invite = invite_of_wic(SDP_TYPE, WEBRTC, true);
	ksr_tm_answered(408);
	msg = answer(PROTO_UDP, 0, "200 OK", SDP_TYPE "\n" PHONE);
	expect_refused(msg, "dialog_unknown");
	ksr_msg_free(msg);
	ksr_msg_free(invite);
}

/* More dialogs than the table takes: their SDP goes the same way. */
static void test_answers_beyond_the_table(void **state)
{
	sip_msg_t *invite = invite_of_wic(SDP_TYPE, WEBRTC, true);
	int i;

	for(i = 0; i < WIMS_FORKS_MAX + 3; i++) {
		char *text = mint_text("SIP/2.0 183 X\nFrom: <" ALICE ">;tag=w1\nTo: <" BOB ">;tag=f%d\n"
							   "Call-ID: call-1\nCSeq: 7 INVITE\nContact: <sip:bob@192.0.2.5>\n"
							   "Record-Route: <sip:own.test;lr>\n" SDP_TYPE "\n" PHONE,
							   i);
		sip_msg_t *reply = ksr_msg(PROTO_UDP, 0, text);

		wk_dialog_reply(reply);
		expect_sdp(reply, "answer");
		put(reply, WEBRTC, "ok");
		ksr_msg_free(reply);
		free(text);
	}
	assert_true(glue_counts().calls < WIMS_FORKS_MAX + 3);
	ksr_tm_end(486);
	ksr_msg_free(invite);
}

/* Requests of the WIC inside the dialog that test makes; then it ends. */
static void test_within(void **state)
{
	static const struct
	{
		const char *method, *role;
	} rows[] = {{"INVITE", "offer"}, {"UPDATE", "offer"}, {"PRACK", "offer"},
				{"ACK", "answer"},   {"INFO", NULL},      {"MESSAGE", NULL}};
	sip_msg_t *invite = invite_of_wic(SDP_TYPE, WEBRTC, true), *reply;
	char route[128];
	size_t i;

	glue_line_of(route, sizeof(route), ksr_out(invite), "Record-Route: ");
	reply = answer(PROTO_UDP, 0, "200 OK", SDP_TYPE "\n" PHONE);
	call_expect(reply, wk_dialog_reply, "ok");
	ksr_tm_end(200);
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *more = mint_text("Route: %s\nRoute: <sip:s1.test;lr>\n" SDP_TYPE "\n" WEBRTC, route);
		sip_msg_t *msg =
				call_from_wic_to(GLUE_CONN, rows[i].method, "sip:bob@192.0.2.5", ";tag=c1", more);
		str hop = str_init("sip:s1.test;lr");

		set_dst_uri(msg, &hop);
		ksr_tm_new(msg);
		call_expect(msg, wk_indialog, "ok");
		if(rows[i].role == NULL)
			expect_no_sdp(msg);
		else
			expect_sdp(msg, rows[i].role);
		ksr_tm_end(200);
		ksr_msg_free(msg);
		free(more);
	}
	ksr_msg_free(reply);
	ksr_msg_free(invite);
}

/* The call of the core: the WIC answers. */
static void test_answer_of_wic(void **state)
{
	char route[128], *more;
	sip_msg_t *invite, *reply;

	call_path_of_wic(route, sizeof(route), GLUE_CONN);
	more = mint_text("%s" SDP_TYPE "\n" PHONE, route);
	invite = call_to_wic("INVITE", call_contact_user, more);
	ksr_tm_new(invite);
	call_expect(invite, wk_terminate, "ok");
	call_expect(invite, wk_media_begin, "ok");
	expect_sdp(invite, "offer");
	put(invite, WEBRTC, "ok");
	reply = ksr_msg(PROTO_WSS, GLUE_CONN,
					"SIP/2.0 200 OK\nFrom: <" BOB ">;tag=c1\nTo: <" ALICE ">;tag=w2\n"
					"Call-ID: call-2\nCSeq: 3 INVITE\nContact: <sip:w@x.invalid>\n" SDP_TYPE
					"\n" WEBRTC);
	call_expect(reply, wk_dialog_reply, "ok");
	expect_sdp(reply, "answer");
	put(reply, PHONE "a=mid:0\n", "ok");
	assert_lacks(ksr_out(reply), "mid:0");
	ksr_msg_free(reply);
	ksr_msg_free(invite);
	free(more);
}

static void test_end_to_end(void **state)
{
	static const struct
	{
		const char *type, *body;
		bool from_wic, both;
	} rows[] = {
			{SDP_TYPE, WEBRTC, false, true}, {SDP_TYPE, PHONE, false, false},
			{"", "", false, false},          {SDP_TYPE, WEBRTC, true, false}, /* bob: a phone */
			{SDP_TYPE, PHONE, true, false},
	};
	char route[128];
	size_t i;

	call_path_of_wic(route, sizeof(route), GLUE_CONN);
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *more =
				mint_text("%s%s\n%s", rows[i].from_wic ? "" : route, rows[i].type, rows[i].body);
		sip_msg_t *msg = rows[i].from_wic ? call_from_wic(GLUE_CONN, "INVITE", "", more)
										  : call_to_wic("INVITE", call_contact_user, more);
		str alice = str_init(ALICE);

		if((wk_media_end_to_end(msg) == WK_TRUE) != rows[i].both)
			fail_msg("row %zu", i);
		/* of a WIC for alice, who is registered here */
		rewrite_uri(msg, &alice);
		if(rows[i].from_wic)
			assert_int_equal(wk_media_end_to_end(msg) == WK_TRUE,
							 strcmp(rows[i].body, WEBRTC) == 0);
		ksr_msg_free(msg);
		free(more);
	}
}

/* The name of a session is this node's and this start's. */
static void test_name(void **state)
{
	char one[WK_MEDIA_NAME_MAX], two[WK_MEDIA_NAME_MAX];
	struct wims_pl a = wk_media_name(one, 1), b;
	uint64_t media;

	wk_params.node_id = 65535;
	b = wk_media_name(two, UINT64_MAX);
	wk_params.node_id = 0;
	assert_true(a.l > 0 && b.l > 0);
	assert_false(wims_pl_eq(a, b));
	assert_int_equal(strncmp(two, "wims-65535-", 11), 0);
	assert_false(wk_media_of_name(&media, b)); /* another node's */
	assert_true(wk_media_of_name(&media, a));
	assert_int_equal(media, 1);
	assert_false(wk_media_of_name(&media, WIMS_PL("wims-0-1")));
	assert_false(wk_media_of_name(&media, WIMS_PL_NONE));
}

/* Over with the final answer, not with the transaction. */
static void test_over(void **state)
{
	static const struct
	{
		int status;
		size_t left;
	} rows[] = {{180, 1}, {200, 1}, {299, 1}, {300, 0}, {486, 0}, {603, 0}};
	size_t i;

	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sip_msg_t *msg = invite_of_wic(SDP_TYPE, WEBRTC, true);
		struct wims_action a;

		ksr_tm_answered(rows[i].status);
		while(glue_next_action(&a))
			assert_int_equal(a.kind, WIMS_ACT_MEDIA);
		assert_int_equal(glue_counts().media, rows[i].left);
		ksr_tm_end(rows[i].status);
		while(glue_next_action(&a))
			assert_int_equal(a.kind, WIMS_ACT_MEDIA);
		assert_int_equal(glue_counts().media, 0);
		ksr_msg_free(msg);
	}
}

/* ---- over a restart ---- */

static char ended[4][WK_MEDIA_NAME_MAX];
static size_t n_ended;

static void note_end(sip_msg_t *msg)
{
	snprintf(ended[n_ended++ % 4], WK_MEDIA_NAME_MAX, "%s", ksr_pv(msg, "media"));
}

static void start_again(size_t want)
{
	n_ended = 0;
	wk_media_kept_destroy();
	assert_int_equal(wk_media_kept_init(), 0);
	wk_media_kept_tick();
	wk_media_kept_tick();
	assert_int_equal(n_ended, want);
}

static void a_minute_later(void)
{
	ksr_clock.mono_ms += 59999;
	ksr_slow_timer();
	ksr_clock.mono_ms += 1;
}

/* What was begun and not ended is ended by the next start. */
static void test_restart(void **state)
{
	static char dir[] = "/tmp/wims-media-XXXXXX";
	char file[64], name[WK_MEDIA_NAME_MAX];
	struct wims_action a;
	sip_msg_t *msg;

	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/media.state", dir);
	wk_params.state_dir = dir;
	ksr_route.name = "webrtc-ims:media-over";
	ksr_route.look = note_end;
	assert_int_equal(wk_event_init(), 0);
	start_again(0);
	ksr_slow_timer();
	assert_int_not_equal(access(file, F_OK), 0); /* no call, no file */
	msg = invite_of_wic(SDP_TYPE, WEBRTC, true);
	expect_sdp(msg, "offer");
	snprintf(name, sizeof(name), "%s", ksr_pv(msg, "media"));
	ksr_slow_timer();
	start_again(1);
	assert_string_equal(ended[0], name);
	assert_contains(ksr_log(), "1 media sessions of an earlier start are ended");
	ksr_tm_answered(486);
	ksr_tm_end(486);
	while(glue_next_action(&a))
		assert_int_equal(a.kind, WIMS_ACT_MEDIA);
	/* a start that ends early leaves them to the next one */
	ksr_slow_timer();
	start_again(1);
	a_minute_later();
	start_again(1);
	a_minute_later();
	ksr_slow_timer();
	start_again(0);
	ksr_msg_free(msg);
	/* a damaged file is no reason not to start */
	assert_int_equal(truncate(file, 40), 0);
	start_again(0);
	assert_contains(ksr_log(), "media.state is ignored");
	wk_media_kept_destroy();
	wk_params.state_dir = "";
	unlink(file);
	rmdir(dir);
}

#define T(f) cmocka_unit_test_setup_teardown(f, call_setup, glue_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_offer_of_wic), T(test_no_session),
			T(test_no_sdp),       T(test_refused),
			T(test_put_too_long), T(test_answers_of_core),
			T(test_of_no_call),   T(test_answers_beyond_the_table),
			T(test_within),       T(test_answer_of_wic),
			T(test_end_to_end),   T(test_name),
			T(test_over),         T(test_restart),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
