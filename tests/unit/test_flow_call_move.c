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

#include "flow/wims_flow_media.h"
#include "flow_help.h"

/* Calls of a WIC that comes back over another connection. */

enum
{
	GRACE = 10000 /* of a silent loss */
};

static uint64_t on(struct wims_flows *fs, uint32_t conn, uint32_t *at)
{
	uint64_t id;

	if(wims_call_find(fs, conn, WIMS_PL("c1"), WIMS_PL("wt"), WIMS_PL("ct"), &id, at) != WIMS_OK)
		assert_int_equal(*at, 0);
	flow_check(fs);
	return id;
}

/* alice on 1, with a call, and 2 open. */
static struct wims_flows *in_call(uint64_t *call)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);

	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	flow_bind(fs, &in, 60000, 0, NULL);
	*call = flow_call(fs, 1, WIMS_PL("c1"));
	wims_call_settle(fs, *call, 0);
	return fs;
}

static void register_on(struct wims_flows *fs, uint32_t conn, const char *subject,
						const char *instance, const char *impu)
{
	struct wims_binding_in in = flow_register(100 + conn, conn);

	in.subject = wims_pl_str(subject);
	in.instance = wims_pl_str(instance);
	in.impu = wims_pl_str(impu);
	flow_bind(fs, &in, 60000, 10, NULL);
	flow_check(fs);
}

static void back_on(struct wims_flows *fs, uint32_t conn)
{
	register_on(fs, conn, "alice", "urn:uuid:1", "sip:alice@ims.test");
}

/* Within the grace; the dialog is found by the connection that its Record-Route
 * names and by the new one, and ends with neither before the other is lost. */
static void after_a_loss(void **state)
{
	uint64_t call;
	uint32_t at;
	struct wims_flows *fs = in_call(&call);

	(void)state;
	wims_flow_lost(fs, 1, 5, WIMS_LOSS_SILENT);
	assert_int_equal(on(fs, 1, &at), 0);
	back_on(fs, 2);
	assert_int_equal(on(fs, 1, &at), call);
	assert_int_equal(at, 2);
	assert_int_equal(on(fs, 2, &at), call);
	assert_int_equal(at, 2);
	assert_int_equal(flow_next(fs, 5 + GRACE), -1);
	wims_flow_lost(fs, 2, 20000, WIMS_LOSS_SILENT);
	assert_int_equal(on(fs, 1, &at), 0);
	/* and once more, over a third one */
	flow_open(fs, 3, 20001);
	back_on(fs, 3);
	assert_int_equal(on(fs, 1, &at), call);
	assert_int_equal(at, 3);
	assert_int_equal(on(fs, 2, &at), 0);
	wims_call_end(fs, call);
	assert_int_equal(on(fs, 1, &at), 0);
	flow_free(fs);
}

/* Nobody noticed that the old connection is dead: its calls leave it, and its loss
 * ends none. */
static void before_the_loss(void **state)
{
	uint64_t call;
	uint32_t at;
	struct wims_flows *fs = in_call(&call);

	(void)state;
	back_on(fs, 2);
	assert_int_equal(on(fs, 1, &at), call);
	assert_int_equal(at, 2);
	wims_flow_lost(fs, 1, 100, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 50000), -1);
	assert_int_equal(on(fs, 1, &at), call);
	wims_flow_lost(fs, 2, 200, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 200), WIMS_ACT_BYE);
	flow_assert_pl(flow_action.call.call_id, "c1");
	flow_free(fs);
}

/* A call that is over, one that only rings, and those beyond the limit. */
static void what_stays(void **state)
{
	uint64_t call, ringing;
	uint32_t at;
	struct wims_flows *fs = in_call(&call);
	const struct wims_call_in in = flow_invite(1, WIMS_PL("c2"));

	(void)state;
	assert_int_equal(wims_call_open(fs, &in, 0, &ringing), WIMS_OK);
	flow_call(fs, 2, WIMS_PL("c3"));
	flow_call(fs, 2, WIMS_PL("c4"));
	flow_call(fs, 2, WIMS_PL("c5"));
	back_on(fs, 2);
	assert_int_equal(on(fs, 1, &at), call);
	assert_int_equal(at, 1);
	flow_free(fs);
	fs = in_call(&call);
	assert_int_equal(wims_call_open(fs, &in, 0, &ringing), WIMS_OK);
	back_on(fs, 2);
	assert_int_equal(on(fs, 1, &at), call);
	assert_int_equal(at, 2);
	assert_int_equal(wims_call_learn(fs, ringing, &(struct wims_call_news){.confirmed = false}),
					 WIMS_OK);
	wims_flow_lost(fs, 1, 100, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 100), WIMS_ACT_GIVE_UP);
	wims_call_settle(fs, ringing, 0);
	flow_free(fs);
}

/* The first dialog has moved, and its opening request may still be answered: such an
 * answer goes over the connection that it began on. */
static void while_it_may_be_answered(void **state)
{
	const struct wims_call_news second = {.confirmed = true};
	const struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in b = flow_register(1, 1);
	uint64_t call, two;
	uint32_t at;

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	flow_bind(fs, &b, 60000, 0, NULL);
	call = flow_call(fs, 1, WIMS_PL("c1"));
	back_on(fs, 2);
	assert_int_equal(on(fs, 1, &at), call);
	assert_int_equal(at, 2);
	/* the same one again, and another one */
	assert_int_equal(flow_answered(fs, &in, "ct", &second), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "c9", &second), WIMS_OK);
	assert_int_equal(wims_call_find(fs, 1, in.call_id, in.caller_tag, WIMS_PL("c9"), &two, &at),
					 WIMS_OK);
	assert_int_not_equal(two, call);
	assert_int_equal(at, 1);
	assert_int_equal(wims_call_of_opening(fs, 1, in.call_id, 0), call);
	wims_flow_lost(fs, 1, 100, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 100), WIMS_ACT_BYE);
	flow_assert_pl(flow_action.call.core_tag, "c9");
	assert_int_equal(flow_answered(fs, &in, "c10", &second), WIMS_OK);
	assert_int_equal(flow_next(fs, 100), WIMS_ACT_BYE);
	flow_assert_pl(flow_action.call.core_tag, "c10");
	assert_int_equal(flow_next(fs, 50000), -1);
	wims_call_settle(fs, call, 0);
	assert_int_equal(on(fs, 1, &at), call);
	flow_free(fs);
}

/* Back to where it began, and found there once. */
static void and_back(void **state)
{
	uint64_t call;
	uint32_t at;
	struct wims_flows *fs = in_call(&call);

	(void)state;
	back_on(fs, 2);
	back_on(fs, 1);
	assert_int_equal(on(fs, 1, &at), call);
	assert_int_equal(at, 1);
	assert_int_equal(wims_call_of_opening(fs, 1, WIMS_PL("c1"), 1), 0);
	flow_free(fs);
}

/* Another device, another user with the same identities, and a connection over
 * which something else is registered still. */
static void whose_it_is_not(void **state)
{
	uint64_t call;
	uint32_t at;
	struct wims_flows *fs = in_call(&call);

	(void)state;
	register_on(fs, 2, "alice", "urn:uuid:2", "sip:alice@ims.test");
	assert_int_equal(on(fs, 1, &at), call);
	assert_int_equal(at, 1);
	flow_free(fs);
	fs = in_call(&call);
	register_on(fs, 2, "mallory", "urn:uuid:1", "sip:alice@ims.test");
	assert_int_equal(on(fs, 1, &at), call);
	assert_int_equal(at, 1);
	flow_free(fs);
	fs = in_call(&call);
	register_on(fs, 1, "alice", "urn:uuid:1", "sip:alice2@ims.test");
	back_on(fs, 2);
	assert_int_equal(on(fs, 1, &at), call);
	assert_int_equal(at, 1);
	register_on(fs, 2, "alice", "urn:uuid:1", "sip:alice2@ims.test");
	assert_int_equal(on(fs, 1, &at), call);
	assert_int_equal(at, 2);
	flow_free(fs);
}

/* Too late, or of a registration that was given up. */
static void too_late(void **state)
{
	uint64_t call;
	uint32_t at;
	struct wims_flows *fs = in_call(&call);

	(void)state;
	wims_flow_lost(fs, 1, 0, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 0), WIMS_ACT_BYE);
	back_on(fs, 2);
	assert_int_equal(on(fs, 1, &at), 0);
	flow_free(fs);
	fs = in_call(&call);
	wims_flow_close(fs, 1, 0, 1008, WIMS_PL("bye"), true);
	wims_flow_lost(fs, 1, 0, WIMS_LOSS_SILENT);
	back_on(fs, 2);
	assert_int_equal(on(fs, 1, &at), 0);
	flow_free(fs);
}

/* A fork: the dialog that was answered moves, what rang beside it goes with its
 * transaction. */
static void beside_it(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	const struct wims_call_in invite = flow_invite(1, WIMS_PL("c1"));
	const struct wims_call_news early = {.core_target = WIMS_PL("sip:bob@198.51.100.8")};
	struct wims_flow_counts n;
	uint64_t call;
	uint32_t at;

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	flow_bind(fs, &in, 60000, 0, NULL);
	call = flow_call(fs, 1, WIMS_PL("c1"));
	assert_int_equal(flow_answered(fs, &invite, "other", &early), WIMS_OK);
	back_on(fs, 2);
	assert_int_equal(on(fs, 1, &at), call);
	assert_int_equal(at, 2);
	wims_call_settle(fs, call, 0);
	flow_check(fs);
	wims_flow_counts(fs, &n);
	assert_int_equal(n.calls, 1);
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(after_a_loss), cmocka_unit_test(before_the_loss),
			cmocka_unit_test(what_stays),   cmocka_unit_test(while_it_may_be_answered),
			cmocka_unit_test(and_back),     cmocka_unit_test(whose_it_is_not),
			cmocka_unit_test(too_late),     cmocka_unit_test(beside_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
