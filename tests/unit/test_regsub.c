/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "regsub_help.h"

/* ---- the ordinary course ---- */

static void test_course(void **state)
{
	struct wims_regsub_action first;
	struct wims_regsub_view v;

	(void)state;
	want();
	is_in(WIMS_REGSUB_WAITING);
	assert_true(due());
	anew(&(struct wims_regsub_action){0});
	assert_int_equal(strlen(sent.call_id), WIMS_REGSUB_CALL_ID_LEN);
	assert_int_equal(strlen(sent.from_tag), WIMS_REGSUB_TAG_LEN);
	assert_true(wims_pl_eq(sent.identity, IDENTITY));
	assert_true(wims_pl_eq(sent.to_uri, IDENTITY));
	assert_int_equal(sent.routes.l, 0);
	assert_int_equal(sent.expires, EXPIRES);
	assert_false(due());
	is_in(WIMS_REGSUB_ASKED);
	answer_with((struct wims_regsub_answer){.code = 200,
											.granted = 3600,
											.contact = TARGET,
											.routes = WIMS_PL("<sip:r1>,<sip:r2>")});
	told(1, "active;expires=3600", "full", 0);
	told(2, "active", "partial", 1);
	told(5, "active", "full", 9);
	untold(6, "active", NULL, 0, WIMS_OK);
	view(&v);
	assert_int_equal(v.notifies, 3);
	assert_int_equal(v.version, 9);
	assert_int_equal(v.expires, now + 3600 S);
	assert_int_equal(v.due, now + 3000 S);
	assert_int_equal(v.last_code, 200);
	assert_true(wims_pl_eq(v.identity, IDENTITY));
	first = sent;
	sends_after(3000 S);
	in_the_dialog(&first);
	assert_true(wims_pl_eq(sent.target, TARGET));
	assert_true(wims_pl_eq(sent.to_uri, IDENTITY));
	assert_true(wims_pl_eq(sent.routes, WIMS_PL("<sip:r1>,<sip:r2>")));
	assert_int_equal(sent.expires, EXPIRES);
	/* some notifiers send none for a refresh */
	grant(1000);
	assert_false(due());
	sends_after(500 S);
}

/* TS 24.229 5.2.3: longer than the registration itself. */
static void test_expires(void **state)
{
	(void)state;
	assert_int_equal(wims_regsub_want(rs, WIMS_REGSUB_FOR_RANGE, IDENTITY, EXPIRES, now), WIMS_OK);
	assert_true(due());
	assert_int_equal(sent.expires, EXPIRES + 1);
	grant(EXPIRES + 100);
	told(1, "active", "full", 0);
	/* no longer than asked for */
	sends_after((EXPIRES + 1 - 600) S);
	grant(-1);
	/* the notifier may shorten it, and not prolong it */
	untold(2, "active;expires=99999", NULL, 0, WIMS_OK);
	untold(3, "Active ; expires = 100;x", NULL, 0, WIMS_OK);
	sends_after(50 S);
	grant(0);
	is_in(WIMS_REGSUB_WAITING);
}

static void wants(enum wims_regsub_for who, struct wims_pl identity, enum wims_reason outcome)
{
	assert_int_equal(wims_regsub_want(rs, who, identity, 1, now), outcome);
}

static void test_identity(void **state)
{
	char longest[WIMS_REGSUB_IDENTITY_MAX + 2];

	(void)state;
	wants(WIMS_REGSUB_FOR_RANGE, WIMS_PL_NONE, WIMS_URI_BAD);
	wants(WIMS_REGSUB_FOR_RANGE, WIMS_PL("sip:a b@h"), WIMS_URI_BAD);
	wants(WIMS_REGSUB_FOR_RANGE, WIMS_PL("sip:a@h\r\n"), WIMS_URI_BAD);
	wants(WIMS_REGSUB_FOR_RANGE, WIMS_PL("<sip:a@h>"), WIMS_URI_BAD);
	wants(WIMS_REGSUB_FOR_RANGE, WIMS_PL("sip:\xc3\xa9@h"), WIMS_URI_BAD);
	memset(longest, 'a', sizeof(longest));
	wants(WIMS_REGSUB_FOR_RANGE, (struct wims_pl){longest, WIMS_REGSUB_IDENTITY_MAX + 1},
		  WIMS_URI_BAD);
	memset(longest, '[', sizeof(longest));
	wants(WIMS_REGSUB_FOR_RANGE, (struct wims_pl){longest, WIMS_REGSUB_IDENTITY_MAX}, WIMS_URI_BAD);
	is_gone();
	/* what a URI cannot hold is escaped, but for an address */
	wants(WIMS_REGSUB_FOR_RANGE, WIMS_PL("sip:r-![0-9]{3}!%5e@[::1]:5060"), WIMS_OK);
	assert_true(due());
	assert_true(wims_pl_eq(sent.identity, WIMS_PL("sip:r-![0-9]{3}!%5e@[::1]:5060")));
	assert_true(wims_pl_eq(sent.target, WIMS_PL("sip:r-!%5B0-9%5D%7B3%7D!%5e@[::1]:5060")));
	assert_true(wims_pl_eq(sent.to_uri, sent.target));
	wants(WIMS_REGSUB_FOR_RANGE, WIMS_PL("tel:+1!.*!"), WIMS_OK);
	wants(WIMS_REGSUB_FOR_RANGE, IDENTITY, WIMS_OK);
	wants(WIMS_REGSUB_FOR_RANGE, WIMS_PL("sip:b@h"), WIMS_OK);
	/* one more for a range, and for nobody else */
	wants(WIMS_REGSUB_FOR_WIC, WIMS_PL("sip:c@h"), WIMS_LIMIT_REACHED);
	wants(WIMS_REGSUB_FOR_HAND, WIMS_PL("sip:c@h"), WIMS_LIMIT_REACHED);
	wants(WIMS_REGSUB_FOR_RANGE, WIMS_PL("sip:c@h"), WIMS_OK);
	wants(WIMS_REGSUB_FOR_RANGE, WIMS_PL("sip:d@h"), WIMS_LIMIT_REACHED);
	wants(WIMS_REGSUB_FOR_RANGE, IDENTITY, WIMS_OK);
}

/* ---- which NOTIFY is believed ---- */

static void test_strangers(void **state)
{
	struct wims_regsub_notify in;
	struct wims_reginfo *doc = document("full", 7);
	bool tell = true;

	(void)state;
	subscribed();
	in = in_dialog(2, "active");
	in.document = doc;
	in.call_id = WIMS_PL("another");
	assert_int_equal(wims_regsub_notify(rs, &in, now, &tell), WIMS_DIALOG_UNKNOWN);
	assert_false(tell);
	in = in_dialog(2, "active");
	in.to_tag = WIMS_PL("another");
	assert_int_equal(wims_regsub_notify(rs, &in, now, &tell), WIMS_DIALOG_UNKNOWN);
	/* a further dialog of a SUBSCRIBE that was forked */
	in = in_dialog(2, "active");
	in.from_tag = WIMS_PL("fork");
	assert_int_equal(wims_regsub_notify(rs, &in, now, &tell), WIMS_DIALOG_UNKNOWN);
	in.from_tag = WIMS_PL_NONE;
	assert_int_equal(wims_regsub_notify(rs, &in, now, &tell), WIMS_DIALOG_UNKNOWN);
	wims_reginfo_free(doc);
	untold(1, "active", "full", 7, WIMS_CSEQ_OLD);
	untold(0, "active", "full", 7, WIMS_CSEQ_OLD);
	untold(2, "", "full", 7, WIMS_REQUEST_MALFORMED);
	untold(2, ";expires=1", "full", 7, WIMS_REQUEST_MALFORMED);
	untold(2, "active;expires=soon", "full", 7, WIMS_REQUEST_MALFORMED);
	untold(2, "terminated;reason=", "full", 7, WIMS_REQUEST_MALFORMED);
	untold(2, "active;;", "full", 7, WIMS_REQUEST_MALFORMED);
	/* none of them used the number up */
	told(2, "active", "full", 7);
	untold(2, "active", "full", 8, WIMS_CSEQ_OLD);
}

/* RFC 6665 4.4.1: the NOTIFY makes the dialog when it is faster than the 200. */
static void test_notify_first(void **state)
{
	struct wims_regsub_notify in;
	struct wims_regsub_action first;
	bool tell;

	(void)state;
	want();
	assert_true(due());
	in = in_dialog(1, "active;expires=1000");
	in.contact = WIMS_PL_NONE;
	assert_int_equal(wims_regsub_notify(rs, &in, now, &tell), WIMS_REQUEST_MALFORMED);
	in.contact = TARGET;
	in.from_tag = WIMS_PL_NONE;
	assert_int_equal(wims_regsub_notify(rs, &in, now, &tell), WIMS_REQUEST_MALFORMED);
	is_in(WIMS_REGSUB_ASKED);
	told(1, "active;expires=1000", "full", 3);
	is_in(WIMS_REGSUB_ACTIVE);
	/* the answer of another branch of a fork: that dialog is nobody's */
	first = sent;
	assert_true(answer_with((struct wims_regsub_answer){
			.code = 200, .granted = 7200, .to_tag = WIMS_PL("fork"), .contact = WIMS_PL("sip:x")}));
	told(2, "active", "partial", 4);
	sends_after(500 S);
	in_the_dialog(&first);
	assert_true(wims_pl_eq(sent.target, TARGET));
}

static void test_notify_first_then_answer(void **state)
{
	struct wims_regsub_action first;

	(void)state;
	want();
	assert_true(due());
	told(1, "active;expires=1000", "full", 3);
	first = sent;
	assert_true(answer_with((struct wims_regsub_answer){
			.code = 200, .granted = 2000, .contact = WIMS_PL("sip:other:5070")}));
	sends_after(1400 S);
	in_the_dialog(&first);
	assert_true(wims_pl_eq(sent.target, WIMS_PL("sip:other:5070")));
}

static void test_stale_version(void **state)
{
	(void)state;
	subscribed();
	told(2, "active", "partial", 1);
	untold(3, "active", "partial", 1, WIMS_OK);
	untold(4, "active", "full", 0, WIMS_OK);
	untold(5, "active", "full", 1, WIMS_OK);
	told(6, "active", "partial", 2);
	assert_false(due());
}

/* RFC 3680 5.1: something is missing, so the whole state is asked for. */
static void test_gap(void **state)
{
	struct wims_regsub_action first;

	(void)state;
	subscribed();
	now += 10 S;
	first = sent;
	untold(2, "active", "partial", 2, WIMS_OK);
	assert_true(due());
	in_the_dialog(&first);
	untold(3, "active", "partial", 3, WIMS_OK);
	grant(EXPIRES);
	assert_false(due());
	told(4, "active", "full", 4);
	told(5, "active", "partial", 5);
	now += 60 S;
	assert_false(due());
	/* another one */
	first = sent;
	untold(6, "active", "partial", 7, WIMS_OK);
	assert_true(due());
	in_the_dialog(&first);
	grant(EXPIRES);
	/* nothing comes: a dialog of its own brings the whole state in any case */
	first = sent;
	nothing_for(WIMS_REGSUB_NOTIFY_MS);
	sends_after(WAIT);
	anew(&first);
}

/* The first document is not whole, and came before the answer. */
static void test_gap_at_once(void **state)
{
	struct wims_regsub_action first;

	(void)state;
	want();
	assert_true(due());
	first = sent;
	untold(1, "active", "partial", 0, WIMS_OK);
	grant(EXPIRES);
	sends_after(RETRY_MIN);
	in_the_dialog(&first);
	grant(EXPIRES);
	told(2, "active", "full", 1);
	assert_false(due());
}

static void test_unreadable(void **state)
{
	struct wims_regsub_notify in;
	bool tell = true;

	(void)state;
	subscribed();
	now += 10 S;
	in = in_dialog(2, "active");
	in.parsed = WIMS_BODY_XML;
	assert_int_equal(wims_regsub_notify(rs, &in, now, &tell), WIMS_BODY_XML);
	assert_false(tell);
	untold(2, "active", "full", 5, WIMS_CSEQ_OLD);
	assert_true(due());
	grant(EXPIRES);
	untold(3, "active", "partial", 2, WIMS_OK);
	told(4, "active", "full", 3);
	assert_false(due());
}

/* A NOTIFY must follow the first 200 (Timer N). */
static void test_no_notify(void **state)
{
	struct wims_regsub_action first;
	int64_t wait = WAIT;
	int i;

	(void)state;
	want();
	assert_true(due());
	for(i = 0; i < 3; i++, wait *= 2) {
		grant(EXPIRES);
		first = sent;
		nothing_for(WIMS_REGSUB_NOTIFY_MS);
		sends_after(wait);
		anew(&first);
	}
}

int main(void)
{
#define SCENE(f) cmocka_unit_test_setup_teardown(f, start, stop)
	const struct CMUnitTest tests[] = {
			SCENE(test_course),        SCENE(test_expires),
			SCENE(test_identity),      SCENE(test_strangers),
			SCENE(test_notify_first),  SCENE(test_notify_first_then_answer),
			SCENE(test_stale_version), SCENE(test_gap),
			SCENE(test_gap_at_once),   SCENE(test_unreadable),
			SCENE(test_no_notify),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
