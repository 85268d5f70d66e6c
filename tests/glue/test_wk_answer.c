/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "wk_answer.h"
#include "wk_params.h"
#include "wk_reply.h"
#include "wk_result.h"

static struct wk_params good;

static int setup(void **state)
{
	good = wk_params;
	return glue_setup(state);
}

static int teardown(void **state)
{
	wk_params = good;
	assert_int_equal(wk_answer_init(), 0);
	return glue_teardown(state);
}

/* How a request with that outcome is answered: "CODE phrase|header lines". */
static const char *answered(enum wims_reason r)
{
	static char text[512];
	char code[16];
	sip_msg_t *msg = ksr_msg(PROTO_UDP, 0, "MESSAGE sip:bob@ims.test SIP/2.0\nCall-ID: c1\n\n");

	(void)wk_outcome(msg, r);
	assert_int_equal(wk_reply(msg), WK_TRUE);
	snprintf(text, sizeof(text), "%d %s|%s", ksr_sl.code, ksr_sl.phrase, ksr_reply_lines(msg));
	assert_string_equal(ksr_pv(msg, "phrase"), ksr_sl.phrase);
	snprintf(code, sizeof(code), "%d", ksr_sl.code);
	assert_string_equal(ksr_pv(msg, "code"), code);
	ksr_msg_free(msg);
	return text;
}

static void test_defaults(void **state)
{
	assert_int_equal(wk_answer_init(), 0);
	assert_string_equal(answered(WIMS_TARGET_UNREGISTERED), "480 Temporarily Unavailable|");
	assert_string_equal(answered(WIMS_TARGET_UNKNOWN), "404 Not Found|");
	assert_string_equal(answered(WIMS_URI_BAD), "400 Bad URI|");
}

static void test_configured(void **state)
{
	wk_params.unregistered_code = 410;
	wk_params.unregistered_phrase = "Not Here";
	wk_params.unknown_code = 403;
	wk_params.unknown_phrase = "No";
	wk_params.unregistered_reason = "Q.850;cause=20;text=\"Subscriber absent\"";
	assert_int_equal(wk_answer_init(), 0);
	assert_string_equal(answered(WIMS_TARGET_UNREGISTERED),
						"410 Not Here|Reason: Q.850;cause=20;text=\"Subscriber absent\"\n");
	assert_string_equal(answered(WIMS_TARGET_UNKNOWN), "403 No|");
	assert_string_equal(answered(WIMS_URI_BAD), "400 Bad URI|");
}

/* One code for both: then they are one answer. */
static void test_one_for_both(void **state)
{
	char first[512];

	wk_params.unknown_code = 480;
	wk_params.unregistered_reason = "Q.850;cause=20";
	assert_int_equal(wk_answer_init(), 0);
	snprintf(first, sizeof(first), "%s", answered(WIMS_TARGET_UNREGISTERED));
	assert_string_equal(first, "480 Temporarily Unavailable|Reason: Q.850;cause=20\n");
	assert_string_equal(answered(WIMS_TARGET_UNKNOWN), first);
}

static void refused(const char *complaint)
{
	ksr_log_clear();
	assert_int_equal(wk_answer_init(), -1);
	assert_contains(ksr_log(), complaint);
	wk_params = good;
}

static void test_refused(void **state)
{
	char much[66];

	memset(much, 'x', sizeof(much));
	much[65] = '\0';
	wk_params.unregistered_code = 401;
	refused("modparam unregistered_code=401: must be 400..499, but not 401 or 407\n");
	wk_params.unknown_code = 407;
	refused("modparam unknown_code=407: must be 400..499, but not 401 or 407\n");
	wk_params.unregistered_phrase = "";
	refused("modparam unregistered_phrase=: must be 1 to 64 printable ASCII characters\n");
	wk_params.unknown_phrase = "Not\r\nFound";
	refused("modparam unknown_phrase=");
	wk_params.unknown_phrase = much;
	refused("modparam unknown_phrase=x");
	wk_params.unknown_phrase = much + 1;
	assert_int_equal(wk_answer_init(), 0);
	wk_params.unregistered_reason = "SIP;cause=480";
	refused("modparam unregistered_reason=SIP;cause=480: must be like Q.850;cause=20;text=");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_defaults),
			T(test_configured),
			T(test_one_for_both),
			T(test_refused),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
