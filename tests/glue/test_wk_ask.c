/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registry_standin.h"

#include "wk_ask.h"
#include "wk_params.h"
#include "wk_state.h"

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
			ask_test(test_registered), ask_test(test_owner),     ask_test(test_gone),
			ask_test(test_away),       ask_test(test_not_asked), ask_test(test_parameters),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
