/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registry_standin.h"

#include "wk_ask.h"
#include "wk_params.h"
#include "wk_role.h"
#include "wk_state.h"
#include "wk_target.h"

#define IMPU "sip:r1-bob@ims.test"

static int setup(void **state)
{
	if(glue_setup(state) != 0)
		return -1;
	registry_reset();
	wk_params.registrar_check = "registrar";
	wk_params.registrar_domains = "";
	return wk_ask_init();
}

/* Of bob in a range, with the name that the first contact below has. */
static struct wims_binding_view *binding(void)
{
	static struct wims_binding_view b;

	b = (struct wims_binding_view){.impu = WIMS_PL(IMPU), .range = WIMS_PL("sip:r1-!.*!@ims.test")};
	memset(b.contact_user, 'a', WIMS_CONTACT_USER_LEN);
	return &b;
}

static struct wims_reg_contact *own_contact(void)
{
	return registry_contact((uint16_t)wk_params.node_id, wk_boot_epoch(), 'a', 500);
}

static void test_registered(void **state)
{
	struct wims_reg_contact *c;

	registry_contact(41, 1, 'b', 500);
	assert_int_equal(wk_ask_caller(binding()), WIMS_NOT_REGISTERED);
	assert_string_equal(registry_standin.synced, "aaaaaaaaaaaaaaaaaaaaaaaa");
	registry_standin.synced[0] = '\0';
	c = own_contact();
	assert_int_equal(wk_ask_caller(binding()), WIMS_OK);
	assert_string_equal(registry_standin.synced, "");
	/* another device, another start, another node, another owner */
	c->name = WIMS_PL("bbbbbbbbbbbbbbbbbbbbbbbb");
	assert_int_equal(wk_ask_caller(binding()), WIMS_NOT_REGISTERED);
	c->name = WIMS_PL("aaaaaaaaaaaaaaaaaaaaaaaa");
	c->epoch--;
	assert_int_equal(wk_ask_caller(binding()), WIMS_NOT_REGISTERED);
	c->epoch++;
	c->node++;
	assert_int_equal(wk_ask_caller(binding()), WIMS_NOT_REGISTERED);
	c->node--;
	registry_standin.entry.owner = WIMS_PL("eve");
	assert_int_equal(wk_ask_caller(binding()), WIMS_NOT_REGISTERED);
	assert_int_equal(registry_standin.asked, 6);
}

static void test_owner(void **state)
{
	struct wims_binding_view *b = binding();

	own_contact();
	b->owner = WIMS_PL("bob");
	assert_int_equal(wk_ask_caller(b), WIMS_NOT_REGISTERED);
	registry_standin.entry.owner = WIMS_PL("bob");
	assert_int_equal(wk_ask_caller(b), WIMS_OK);
}

static void test_gone(void **state)
{
	registry_standin.outcome = WIMS_TARGET_UNREGISTERED;
	assert_int_equal(wk_ask_caller(binding()), WIMS_NOT_REGISTERED);
	assert_string_equal(registry_standin.synced, "aaaaaaaaaaaaaaaaaaaaaaaa");
	assert_int_equal(ksr_counter("registrar_local"), 0);
}

/* What this node knows: the flow table has it. */
static void test_away(void **state)
{
	static const enum wims_reason outcomes[] = {WIMS_REGISTRAR_AWAY, WIMS_REGISTRAR_BAD,
												WIMS_NOMEM};
	int before = ksr_counter("registrar_local"), i;

	for(i = 0; i < 3; i++) {
		registry_standin.outcome = outcomes[i];
		assert_int_equal(wk_ask_caller(binding()), WIMS_OK);
		assert_int_equal(ksr_counter("registrar_local"), before + i + 1);
	}
	/* a range that nobody publishes */
	registry_standin.outcome = WIMS_TARGET_UNKNOWN;
	assert_int_equal(wk_ask_caller(binding()), WIMS_OK);
	assert_int_equal(ksr_counter("registrar_local"), before + 3);
}

static void test_not_asked(void **state)
{
	struct wims_binding_view *b = binding();

	registry_standin.outcome = WIMS_TARGET_UNREGISTERED;
	registry_standin.shared = false;
	assert_int_equal(wk_ask_caller(b), WIMS_OK);
	registry_standin.shared = true;
	b->range = WIMS_PL_NONE;
	assert_int_equal(wk_ask_caller(b), WIMS_OK);
	b = binding();
	wk_params.registrar_domains = "a.test";
	assert_int_equal(wk_ask_caller(b), WIMS_OK);
	b->impu = WIMS_PL("tel:+358501234");
	assert_int_equal(wk_ask_caller(b), WIMS_OK);
	wk_params.registrar_domains = "";
	wk_params.registrar_check = "local";
	assert_int_equal(wk_ask_init(), 0);
	assert_int_equal(wk_ask_caller(binding()), WIMS_OK);
	assert_int_equal(registry_standin.asked, 0);
	/* that is about callers alone */
	assert_null(wk_ask_callee(WIMS_PL(IMPU)));
	assert_int_equal(registry_standin.asked, 1);
}

/* ---- whoever sends a request on ---- */

static void expect_query(const char *uri, int want, const char *reason)
{
	sip_msg_t *msg = ksr_msg(PROTO_UDP, 0, "INVITE sip:x@y SIP/2.0\nCall-ID: c\n\n");
	str s = {(char *)uri, (int)strlen(uri)};
	int got = wk_registrar_query(msg, &s);

	if(got != want || strcmp(glue_reason(msg), reason) != 0)
		fail_msg("%s: %d (%s) instead of %d (%s)", uri, got, glue_reason(msg), want, reason);
	/* nothing is answered */
	assert_int_equal(ksr_sl.replies, 0);
	ksr_msg_free(msg);
}

static void test_query(void **state)
{
	own_contact();
	expect_query("sip:r1-b%6fb@IMS.test;user=phone", WK_TRUE, "ok");
	registry_standin.outcome = WIMS_TARGET_UNREGISTERED;
	expect_query(IMPU, WK_QUERY_NOBODY, "target_unregistered");
	assert_int_equal(registry_standin.asked, 2);
	assert_int_equal(ksr_counter("target_unregistered"), 1);
	assert_int_equal(ksr_counter("registrar_local"), 0);
}

static void test_query_away(void **state)
{
	registry_standin.outcome = WIMS_REGISTRAR_AWAY;
	expect_query(IMPU, WK_QUERY_AWAY, "registrar_away");
	registry_standin.outcome = WIMS_REGISTRAR_BAD;
	expect_query(IMPU, WK_QUERY_AWAY, "registrar_bad");
	registry_standin.outcome = WIMS_NOMEM;
	expect_query(IMPU, WK_QUERY_AWAY, "no_memory");
	assert_int_equal(ksr_counter("registrar_local"), 3);
}

/* Of no range, of ranges and WWSFs for which the core is the registrar, of another domain,
 * and none at all. */
static void test_query_not_ours(void **state)
{
	expect_query("sip:nobody@ims.test", WK_QUERY_NOT_OURS, "target_unknown");
	expect_query("sip:alice@ims.test", WK_QUERY_NOT_OURS, "target_unknown");
	expect_query("sip:r1-vip@ims.test", WK_QUERY_NOT_OURS, "target_unknown");
	expect_query("sip:r3-7@ims.test", WK_QUERY_NOT_OURS, "target_unknown");
	expect_query("sip:ims.test", WK_QUERY_NOT_OURS, "uri_bad");
	expect_query("", WK_QUERY_NOT_OURS, "uri_bad");
	wk_params.registrar_domains = "a.test";
	expect_query(IMPU, WK_QUERY_NOT_OURS, "target_unknown");
	assert_int_equal(registry_standin.asked, 0);
}

/* Nobody but its workers can tell. */
static void test_query_log(void **state)
{
	char *was = wk_params.role;

	registry_standin.outcome = WIMS_REGISTRAR_AWAY;
	expect_query(IMPU, WK_QUERY_AWAY, "registrar_away");
	assert_lacks(ksr_log(), "the registrar is away");
	wk_params.role = "icscf";
	wk_params.registrar = "redis:127.0.0.1:6379";
	wk_params.mw_address = wk_params.mw_next_hop = wk_params.visited_network = "";
	assert_int_equal(wk_role_init(), 0);
	expect_query(IMPU, WK_QUERY_AWAY, "registrar_away");
	assert_contains(ksr_log(), "the registrar is away: registrar_away");
	ksr_log_clear();
	expect_query(IMPU, WK_QUERY_AWAY, "registrar_away");
	assert_lacks(ksr_log(), "away");
	registry_standin.outcome = WIMS_TARGET_UNREGISTERED;
	expect_query(IMPU, WK_QUERY_NOBODY, "target_unregistered");
	assert_contains(ksr_log(), "the registrar is back");
	wk_params.role = was;
	assert_int_equal(wk_role_init(), 0);
}

static void refused(char *check, char *domains, const char *why)
{
	wk_params.registrar_check = check;
	wk_params.registrar_domains = domains;
	ksr_log_clear();
	assert_int_equal(wk_ask_init(), -1);
	assert_contains(ksr_log(), why);
}

static void test_parameters(void **state)
{
	refused("", "", "registrar_check=: must be registrar or local");
	refused("Local", "", "registrar_check=Local: must be");
	refused("local", "a.test,,b.test", "registrar_domains=a.test,,b.test: must be domains");
	refused("local", "a test", "must be domains");
	refused("local", "sip:a.test", "must be domains");
	wk_params.registrar_domains = "a.test, b.test";
	assert_int_equal(wk_ask_init(), 0);
}

#define ask_test(f) cmocka_unit_test_setup_teardown(f, setup, glue_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			ask_test(test_registered), ask_test(test_owner),      ask_test(test_gone),
			ask_test(test_away),       ask_test(test_not_asked),  ask_test(test_parameters),
			ask_test(test_query),      ask_test(test_query_away), ask_test(test_query_not_ours),
			ask_test(test_query_log),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
