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

#include "flow/wims_flow_rate.h"
#include "flow_help.h"
#include "sip/wims_tna.h"

/* Whom the core authenticates itself (scenario 1), beside whom a token names. */

_Static_assert((int)WIMS_CONVEYED_MAX == (int)WIMS_TNA_CONVEYED_MAX,
			   "what may be written may be kept");

static struct wims_binding_in by_core(uint64_t txn, uint32_t conn, struct wims_pl impi)
{
	struct wims_binding_in in = flow_register(txn, conn);

	in.impi = in.subject = impi;
	in.jti = WIMS_PL_NONE;
	in.token_exp = 0;
	in.by_core = true;
	return in;
}

static struct wims_pl subject(struct wims_flows *fs, uint32_t conn, bool *core)
{
	static struct wims_conn_view view;

	assert_int_equal(wims_flow_check(fs, conn, &view), WIMS_OK);
	*core = view.by_core;
	return view.subject;
}

/* Without credentials the IMPI is a guess: the next REGISTER may know better. */
static void the_core_says_who_it_is(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_binding_in guess = by_core(1, 1, WIMS_PL("alice@ims.test"));
	const struct wims_binding_in known = by_core(2, 1, WIMS_PL("wic-7@ims.test"));
	struct wims_binding_in other;
	bool core;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(flow_begin(fs, &guess), WIMS_OK);
	assert_int_equal(flow_begin(fs, &known), WIMS_OK);
	assert_int_equal(flow_commit(fs, 2, 60000, 100), WIMS_OK);
	flow_assert_pl(subject(fs, 1, &core), "wic-7@ims.test");
	assert_true(core);
	assert_int_equal(flow_of_conn(fs, 1, 100), WIMS_OK);
	assert_true(flow_view.by_core);
	/* and now it is nobody else */
	other = by_core(3, 1, WIMS_PL("mallory@ims.test"));
	assert_int_equal(flow_begin(fs, &other), WIMS_SUBJECT_MISMATCH);
	flow_free(fs);
}

/* Two users answer their challenges over one connection: the first one has it. */
static void the_first_commit_counts(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_binding_in one = by_core(1, 1, WIMS_PL("alice@ims.test"));
	const struct wims_binding_in two = by_core(2, 1, WIMS_PL("bob@ims.test"));
	bool core;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(flow_begin(fs, &one), WIMS_OK);
	assert_int_equal(flow_begin(fs, &two), WIMS_OK);
	assert_int_equal(flow_commit(fs, 1, 60000, 100), WIMS_OK);
	flow_assert_pl(subject(fs, 1, &core), "alice@ims.test");
	assert_int_equal(flow_commit(fs, 2, 60000, 110), WIMS_SUBJECT_MISMATCH);
	flow_assert_pl(subject(fs, 1, &core), "alice@ims.test");
	/* the core has registered him all the same */
	assert_int_equal(flow_next(fs, 110), WIMS_ACT_DEREG);
	flow_assert_pl(flow_action.binding.impi, "bob@ims.test");
	assert_true(flow_action.binding.by_core);
	assert_int_equal(flow_next(fs, 110), -1);
	flow_free(fs);
}

static void no_memory_for_who_it_is(void **state)
{
	const struct wims_binding_in one = by_core(1, 1, WIMS_PL("alice@ims.test"));
	const struct wims_binding_in two = by_core(2, 1, WIMS_PL("bob@ims.test"));
	const struct wims_core_answer answer = flow_answer(60000);
	struct wims_flows *fs = flow_new(&flow_limits);

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(flow_begin(fs, &one), WIMS_OK);
	assert_int_equal(flow_begin(fs, &two), WIMS_OK);
	flow_memory.asked = 0;
	flow_memory.fail_at = 1;
	assert_int_equal(wims_binding_commit(fs, 1, &answer, 100), WIMS_NOMEM);
	flow_memory.fail_at = 0;
	flow_check(fs);
	assert_int_equal(flow_next(fs, 100), WIMS_ACT_DEREG);
	assert_int_equal(flow_commit(fs, 2, 60000, 110), WIMS_OK);
	flow_free(fs);
}

/* TS 33.203 P.4.1: the scheme stays while the registration does. */
static void the_scheme_stays(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_binding_in token = flow_register(1, 1);
	struct wims_binding_in core = by_core(2, 1, token.impi);

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	core.subject = token.subject;
	flow_bind(fs, &token, 60000, 100, NULL);
	assert_int_equal(flow_begin(fs, &core), WIMS_SCHEME_CHANGED);
	core.impu = WIMS_PL("sip:other@ims.test");
	assert_int_equal(flow_begin(fs, &core), WIMS_SCHEME_CHANGED);
	/* nor over another connection, for the same device */
	core = by_core(2, 2, token.impi);
	assert_int_equal(flow_begin(fs, &core), WIMS_SCHEME_CHANGED);
	core.reg_id = 2; /* nor as another flow of it */
	assert_true(core.instance.l > 0);
	assert_int_equal(flow_begin(fs, &core), WIMS_SCHEME_CHANGED);
	core.reg_id = 0;
	core.remove = true;
	assert_int_equal(flow_begin(fs, &core), WIMS_SCHEME_CHANGED);
	core.remove = false;
	core.instance = WIMS_PL("urn:uuid:2");
	assert_int_equal(flow_begin(fs, &core), WIMS_OK);
	flow_free(fs);
}

/* Who was not let in keeps nobody out. */
static void what_is_asked_for_only_is_nothing(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_binding_in token = flow_register(1, 1);
	const struct wims_binding_in core = by_core(2, 2, token.impi);
	char user[WIMS_CONTACT_USER_LEN + 1], other[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	assert_int_equal(wims_binding_begin(fs, &core, 0, other), WIMS_OK);
	flow_bind(fs, &token, 60000, 100, user);
	assert_string_not_equal(user, other);
	wims_binding_abort(fs, 2, 110, false);
	assert_int_equal(flow_bindings(fs), 1);
	flow_check(fs);
	/* when it has ended, the other scheme may come */
	wims_binding_drop(fs, wims_pl_str(user), 120);
	assert_int_equal(flow_begin(fs, &core), WIMS_OK);
	flow_free(fs);
}

/* "*" of one scheme leaves what the other one registered. */
static void star_of_the_same_scheme(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_binding_in token = flow_register(1, 1);
	struct wims_binding_in star = by_core(2, 2, token.impi);

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	flow_bind(fs, &token, 60000, 100, NULL);
	star.remove_all = true;
	star.instance = WIMS_PL("urn:uuid:2");
	assert_int_equal(flow_begin(fs, &star), WIMS_NOT_REGISTERED);
	flow_free(fs);
}

static void challenges(void **state)
{
	static char longest[WIMS_AKA_NONCE_MAX + 1];
	struct wims_flows *fs = flow_new(&flow_limits);

	(void)state;
	memset(longest, 'n', sizeof(longest));
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	assert_false(wims_flow_is_aka(fs, 1, WIMS_PL_NONE));
	assert_int_equal(wims_flow_challenged(fs, 9, WIMS_PL("n1")), WIMS_FLOW_UNKNOWN);
	assert_int_equal(wims_flow_challenged(fs, 1, WIMS_PL("n1")), WIMS_OK);
	assert_true(wims_flow_is_aka(fs, 1, WIMS_PL("n1")));
	assert_false(wims_flow_is_aka(fs, 1, WIMS_PL("N1")));
	assert_false(wims_flow_is_aka(fs, 1, WIMS_PL_NONE));
	assert_false(wims_flow_is_aka(fs, 2, WIMS_PL("n1")));
	assert_false(wims_flow_is_aka(fs, 9, WIMS_PL("n1")));
	assert_int_equal(wims_flow_challenges(fs, 1), 1);
	assert_int_equal(wims_flow_challenges(fs, 9), 0);
	assert_int_equal(wims_flow_challenged(fs, 1, WIMS_PL("n2")), WIMS_OK);
	assert_int_equal(wims_flow_challenges(fs, 1), 2);
	assert_false(wims_flow_is_aka(fs, 1, WIMS_PL("n1")));
	assert_int_equal(wims_flow_challenged(fs, 1, WIMS_PL_NONE), WIMS_OK);
	assert_false(wims_flow_is_aka(fs, 1, WIMS_PL("n2")));
	assert_false(wims_flow_is_aka(fs, 1, WIMS_PL_NONE));
	assert_int_equal(wims_flow_challenged(fs, 1, (struct wims_pl){longest, WIMS_AKA_NONCE_MAX}),
					 WIMS_OK);
	assert_int_equal(wims_flow_challenged(fs, 1, (struct wims_pl){longest, sizeof(longest)}),
					 WIMS_CORE_ANSWER_BAD);
	assert_false(wims_flow_is_aka(fs, 1, (struct wims_pl){longest, WIMS_AKA_NONCE_MAX}));
	flow_memory.asked = 0;
	flow_memory.fail_at = 1;
	assert_int_equal(wims_flow_challenged(fs, 1, WIMS_PL("n3")), WIMS_NOMEM);
	flow_memory.fail_at = 0;
	assert_false(wims_flow_is_aka(fs, 1, WIMS_PL("n3")));
	assert_int_equal(wims_flow_challenged(fs, 1, WIMS_PL("n4")), WIMS_OK);
	flow_free(fs);
}

/* The core hears the same when the WIC has gone. */
static void what_was_conveyed_stays(void **state)
{
	static char longest[WIMS_CONVEYED_MAX + 1];
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);

	(void)state;
	memset(longest, 'c', sizeof(longest));
	flow_open(fs, 1, 0);
	in.conveyed = (struct wims_pl){longest, sizeof(longest)};
	assert_int_equal(flow_begin(fs, &in), WIMS_REQUEST_MALFORMED);
	in.conveyed = WIMS_PL(", authorization-entity=\"waf\"");
	flow_bind(fs, &in, 60000, 100, NULL);
	assert_int_equal(flow_of_conn(fs, 1, 100), WIMS_OK);
	flow_assert_pl(flow_view.conveyed, ", authorization-entity=\"waf\"");
	assert_false(flow_view.by_core);
	wims_flow_lost(fs, 1, 200, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 5200), WIMS_ACT_DEREG);
	flow_assert_pl(flow_action.binding.conveyed, ", authorization-entity=\"waf\"");
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(the_core_says_who_it_is),
			cmocka_unit_test(the_first_commit_counts),
			cmocka_unit_test(no_memory_for_who_it_is),
			cmocka_unit_test(the_scheme_stays),
			cmocka_unit_test(what_is_asked_for_only_is_nothing),
			cmocka_unit_test(star_of_the_same_scheme),
			cmocka_unit_test(challenges),
			cmocka_unit_test(what_was_conveyed_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
