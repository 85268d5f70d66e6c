/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "mint.h"
#include "wk_env.h"
#include "wk_params.h"
#include "wk_regevent.h"
#include "wk_state.h"
#include "wk_watch.h"

#define ALICE "sip:alice@ims.test"

static char name[WIMS_CONTACT_USER_LEN + 1];

static int setup_with(void **state, int reg_event)
{
	wk_params.reg_event = reg_event;
	wk_params.reg_event_expires = 7200;
	wk_params.max_subscriptions = 1;
	return glue_setup(state);
}

static int setup(void **state)
{
	return setup_with(state, 2);
}

static int setup_ranges_only(void **state)
{
	return setup_with(state, 1);
}

#define watch_test(f) cmocka_unit_test_setup_teardown(f, setup, glue_teardown)

/* Of the only subscription; "" for none. */
static const char *subscribed_to(void)
{
	static struct wims_regsub_view v;
	static char text[WIMS_IMPU_MAX + 1];

	if(!wk_regevent_view_at(0, &v))
		return "";
	snprintf(text, sizeof(text), "%.*s", (int)v.identity.l, v.identity.p);
	return text;
}

/* The core says of alice: the registration is in that state, and has these contacts. */
static void says(const char *state, const char *contacts)
{
	char *text = mint_text("<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"0\" "
						   "state=\"full\"><registration aor=\"" ALICE
						   "\" id=\"a\" state=\"%s\">%s</registration></reginfo>",
						   state, contacts);
	struct wims_reginfo *doc;

	assert_int_equal(wims_reginfo_parse(&doc, wk_env(), wims_pl_str(text)), WIMS_OK);
	wk_watch_document(doc);
	wims_reginfo_free(doc);
	free(text);
}

static void says_of(const char *contact_user, const char *how)
{
	char *contact = mint_text("<contact id=\"c\" %s><uri>sip:%s@127.0.0.1:5060</uri></contact>",
							  how, contact_user);

	says("active", contact);
	free(contact);
}

static void expect_close(int code, const char *text)
{
	static struct wims_action a;

	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_CLOSE);
	assert_int_equal(a.close_code, code);
	assert_string_equal(a.close_text, text);
	/* the core is told nothing */
	assert_false(glue_next_action(&a));
	assert_int_equal(glue_counts().bindings, 0);
	assert_int_equal(ksr_counter("network_ends"), 1);
	assert_string_equal(subscribed_to(), "");
}

static void test_not_by_default(void **state)
{
	glue_registered(name);
	assert_string_equal(subscribed_to(), "");
	says("terminated", "");
	assert_int_equal(glue_counts().bindings, 1);
}

static void test_one_for_each_default(void **state)
{
	glue_registered(name);
	assert_string_equal(subscribed_to(), ALICE);
	glue_registered(name);
	assert_int_equal(wk_regevent_counts().subscriptions, 1);
	assert_int_equal(ksr_counter("subscriptions_missed"), 0);
}

/* Who finds no place is registered all the same. */
static void test_table_full(void **state)
{
	wk_regevent_subscribe(WIMS_PL("sip:range@ims.test"), 60);
	glue_registered(name);
	assert_int_equal(glue_counts().bindings, 1);
	assert_string_equal(subscribed_to(), "sip:range@ims.test");
	assert_int_equal(ksr_counter("subscriptions_missed"), 1);
}

/* What a range wants as well stays when the WIC leaves. */
static void test_not_the_only_one(void **state)
{
	glue_registered(name);
	wk_regevent_subscribe(WIMS_PL(ALICE), 60);
	says_of(name, "state=\"terminated\" event=\"rejected\"");
	assert_int_equal(glue_counts().bindings, 0);
	assert_string_equal(subscribed_to(), ALICE);
	wk_regevent_unsubscribe(WIMS_PL(ALICE), WIMS_REGSUB_FOR_RANGE);
	assert_string_equal(subscribed_to(), "");
}

static void test_ended(void **state)
{
	glue_registered(name);
	says_of(name, "state=\"terminated\" event=\"unregistered\"");
	expect_close(4403, "registration_ended");
	assert_contains(ksr_log(), "the network has ended the registration of " ALICE ": unregistered");
}

static void test_deactivated(void **state)
{
	glue_registered(name);
	says_of(name, "state=\"terminated\" event=\"deactivated\"");
	expect_close(4503, "registration_deactivated");
}

static void test_probation(void **state)
{
	glue_registered(name);
	says_of(name, "state=\"terminated\" event=\"probation\" retry-after=\"120\"");
	expect_close(4503, "registration_probation retry-after=120");
}

static void test_no_contact_left(void **state)
{
	glue_registered(name);
	says("terminated", "");
	expect_close(4403, "registration_ended");
}

static void test_shortened(void **state)
{
	static struct wims_binding_view v;
	bool there;

	glue_registered(name);
	says_of(name, "state=\"active\" event=\"shortened\" expires=\"20\"");
	there = wims_binding_of_user(wk_flows_lock(), wims_pl_str(name), &v);
	wk_flows_unlock();
	assert_true(there);
	assert_int_equal(v.expires, wk_now_ms() + 20000);
	assert_int_equal(ksr_counter("network_shortens"), 1);
	/* no longer than that, and not without a number */
	says_of(name, "state=\"active\" event=\"shortened\" expires=\"30\"");
	says_of(name, "state=\"active\" event=\"shortened\"");
	assert_int_equal(ksr_counter("network_shortens"), 1);
}

static void test_of_others(void **state)
{
	glue_registered(name);
	says_of("0123456789abcdef01234567", "state=\"terminated\" event=\"rejected\"");
	says_of("alice", "state=\"terminated\" event=\"rejected\"");
	says_of(name, "state=\"active\" event=\"refreshed\" expires=\"20\"");
	assert_int_equal(glue_counts().bindings, 1);
	assert_int_equal(ksr_counter("network_ends"), 0);
	assert_string_equal(subscribed_to(), ALICE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(test_not_by_default, setup_ranges_only, glue_teardown),
			watch_test(test_one_for_each_default),
			watch_test(test_table_full),
			watch_test(test_not_the_only_one),
			watch_test(test_ended),
			watch_test(test_deactivated),
			watch_test(test_probation),
			watch_test(test_no_contact_left),
			watch_test(test_shortened),
			watch_test(test_of_others),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
