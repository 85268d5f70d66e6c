/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow_help.h"

/* Several flows of one instance (RFC 5626 4.2): connections 1 and 2, reg-ids 1 and 2. */

enum
{
	GRACE = 5000,
	GRANTED = 60000
};

static struct wims_binding_in flow_of(uint64_t txn, uint32_t conn, uint32_t reg_id)
{
	struct wims_binding_in in = flow_register(txn, conn);

	in.reg_id = reg_id;
	return in;
}

static struct wims_flows *two_flows(char one[WIMS_CONTACT_USER_LEN + 1],
									char two[WIMS_CONTACT_USER_LEN + 1])
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_binding_in first = flow_of(1, 1, 1), second = flow_of(2, 2, 2);

	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	flow_bind(fs, &first, GRANTED, 0, one);
	flow_bind(fs, &second, GRANTED, 0, two);
	return fs;
}

static void each_is_a_contact_of_its_own(void **state)
{
	char one[WIMS_CONTACT_USER_LEN + 1], two[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = two_flows(one, two);

	(void)state;
	assert_string_not_equal(one, two);
	assert_int_equal(flow_bindings(fs), 2);
	assert_int_equal(wims_binding_of_contact(fs, 1, wims_pl_str(one), 1, &flow_view), WIMS_OK);
	assert_int_equal(flow_view.reg_id, 1);
	assert_int_equal(wims_binding_of_contact(fs, 2, wims_pl_str(two), 1, &flow_view), WIMS_OK);
	assert_int_equal(flow_view.reg_id, 2);
	flow_free(fs);
}

/* Another connection of the same reg-id takes that flow over, and no other one. */
static void the_same_reg_id_takes_over(void **state)
{
	char one[WIMS_CONTACT_USER_LEN + 1], two[WIMS_CONTACT_USER_LEN + 1];
	char again[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = two_flows(one, two);
	const struct wims_binding_in in = flow_of(3, 3, 1);

	(void)state;
	flow_open(fs, 3, 5);
	flow_bind(fs, &in, GRANTED, 5, again);
	assert_string_equal(again, one);
	assert_int_equal(flow_bindings(fs), 2);
	assert_int_equal(flow_of_conn(fs, 1, 6), WIMS_NOT_REGISTERED);
	assert_int_equal(flow_of_conn(fs, 2, 6), WIMS_OK);
	flow_free(fs);
}

/* Without an instance there are no flows to tell apart. */
static void without_instance_no_reg_id(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_of(1, 1, 1);

	(void)state;
	in.instance = WIMS_PL_NONE;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, GRANTED, 0, NULL);
	in.txn = 2;
	in.reg_id = 2;
	flow_bind(fs, &in, GRANTED, 1, NULL);
	assert_int_equal(flow_bindings(fs), 1);
	assert_int_equal(flow_of_conn(fs, 1, 2), WIMS_OK);
	assert_int_equal(flow_view.reg_id, 0);
	flow_free(fs);
}

static void nothing_ends_while_one_lives(void **state)
{
	char one[WIMS_CONTACT_USER_LEN + 1], two[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = two_flows(one, two);

	(void)state;
	wims_flow_lost(fs, 1, 10, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 10 + GRACE), -1);
	flow_check(fs);
	assert_int_equal(flow_next(fs, GRANTED - 1), -1);
	/* its own time ends all the same */
	assert_int_equal(flow_next(fs, GRANTED), WIMS_ACT_DEREG);
	flow_free(fs);
}

static void the_last_one_takes_all_along(void **state)
{
	char one[WIMS_CONTACT_USER_LEN + 1], two[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = two_flows(one, two);

	(void)state;
	wims_flow_lost(fs, 1, 10, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 10 + GRACE), -1);
	wims_flow_lost(fs, 2, 20000, WIMS_LOSS_CLOSED);
	flow_check(fs);
	assert_int_equal(flow_next(fs, 20000 + GRACE - 1), -1);
	assert_int_equal(flow_next(fs, 20000 + GRACE), WIMS_ACT_DEREG);
	assert_int_equal(flow_next(fs, 20000 + GRACE), WIMS_ACT_DEREG);
	assert_int_equal(flow_bindings(fs), 0);
	flow_free(fs);
}

/* So does the last one when the WIC de-registers it. */
static void a_flow_that_leaves_holds_no_other(void **state)
{
	char one[WIMS_CONTACT_USER_LEN + 1], two[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = two_flows(one, two);
	struct wims_binding_in in = flow_of(3, 2, 2);

	(void)state;
	wims_flow_lost(fs, 1, 10, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 10 + GRACE), -1);
	in.remove = true;
	flow_bind(fs, &in, 0, 20000, NULL);
	assert_int_equal(flow_next(fs, 20000 + GRACE - 1), -1);
	assert_int_equal(flow_next(fs, 20000 + GRACE), WIMS_ACT_DEREG);
	assert_string_equal(flow_action.binding.contact_user, one);
	flow_free(fs);
}

/* Nor is it kept by another device, or by a flow that is being closed. */
static void others_keep_nothing(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_of(1, 1, 1);
	char one[WIMS_CONTACT_USER_LEN + 1], two[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	flow_bind(fs, &in, GRANTED, 0, NULL);
	in = flow_of(2, 2, 2);
	in.instance = WIMS_PL("urn:uuid:2");
	flow_bind(fs, &in, GRANTED, 0, NULL);
	wims_flow_lost(fs, 1, 10, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 10 + GRACE), WIMS_ACT_DEREG);
	flow_free(fs);

	fs = two_flows(one, two);
	wims_flow_lost(fs, 1, 10, WIMS_LOSS_CLOSED);
	wims_flow_close(fs, 2, 10, 4000, WIMS_PL_NONE, false);
	assert_int_equal(flow_next(fs, 10), WIMS_ACT_CLOSE);
	assert_int_equal(flow_next(fs, 2000), WIMS_ACT_CUT);
	assert_int_equal(flow_next(fs, 10 + GRACE), WIMS_ACT_DEREG);
	assert_string_equal(flow_action.binding.contact_user, one);
	flow_free(fs);
}

/* A de-REGISTER whose Contact does not say which flow it is means that of the same URI
 * (RFC 3261 10.3 step 7). */
static void leaves_by_its_contact(void **state)
{
	char one[WIMS_CONTACT_USER_LEN + 1], two[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_of(1, 1, 1);

	(void)state;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, GRANTED, 0, one);
	in = flow_of(2, 1, 0);
	in.remove = true;
	in.wic_contact = WIMS_PL("sip:other@y.invalid;transport=ws");
	assert_int_equal(flow_begin(fs, &in), WIMS_NOT_REGISTERED);
	in.wic_contact = flow_register(1, 1).wic_contact;
	flow_bind(fs, &in, 0, 5, two);
	assert_string_equal(one, two);
	assert_int_equal(flow_bindings(fs), 0);
	flow_free(fs);
}

/* One alone is to ring: the one that lasts longer, as long as it is there. */
static void one_of_them_is_spare(void **state)
{
	char one[WIMS_CONTACT_USER_LEN + 1], two[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = two_flows(one, two);
	const struct wims_binding_in in = flow_of(3, 1, 1);

	(void)state;
	assert_true(wims_binding_is_spare(fs, wims_pl_str(one)));
	assert_false(wims_binding_is_spare(fs, wims_pl_str(two)));
	flow_bind(fs, &in, GRANTED, 5, NULL);
	assert_false(wims_binding_is_spare(fs, wims_pl_str(one)));
	assert_true(wims_binding_is_spare(fs, wims_pl_str(two)));
	wims_flow_lost(fs, 1, 10, WIMS_LOSS_CLOSED);
	assert_false(wims_binding_is_spare(fs, wims_pl_str(two)));
	assert_false(wims_binding_is_spare(fs, WIMS_PL("nobody")));
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(each_is_a_contact_of_its_own),
			cmocka_unit_test(the_same_reg_id_takes_over),
			cmocka_unit_test(without_instance_no_reg_id),
			cmocka_unit_test(nothing_ends_while_one_lives),
			cmocka_unit_test(the_last_one_takes_all_along),
			cmocka_unit_test(a_flow_that_leaves_holds_no_other),
			cmocka_unit_test(others_keep_nothing),
			cmocka_unit_test(leaves_by_its_contact),
			cmocka_unit_test(one_of_them_is_spare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
