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

/* Emergency calls: what neither limits nor the end of a registration touch. */

static uint64_t sos(struct wims_flows *fs, uint32_t conn, const char *call_id, bool answer)
{
	struct wims_call_in in = flow_invite(conn, wims_pl_str(call_id));
	const struct wims_call_news news = {.confirmed = true};
	uint64_t id;

	in.emergency = true;
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	if(answer) {
		assert_int_equal(flow_answered(fs, &in, "psap", &news), WIMS_OK);
		wims_call_settle(fs, id, in.txn);
	}
	return id;
}

static void is_known(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	uint64_t id;

	(void)state;
	flow_open(fs, 1, 0);
	assert_false(wims_flow_emergency(fs, 1, WIMS_PL_NONE));
	(void)flow_call(fs, 1, WIMS_PL("other"));
	assert_false(wims_flow_emergency(fs, 1, WIMS_PL_NONE));
	id = sos(fs, 1, "c1", true);
	assert_true(wims_flow_emergency(fs, 1, WIMS_PL_NONE));
	assert_true(wims_flow_emergency(fs, 1, WIMS_PL("c1")));
	assert_false(wims_flow_emergency(fs, 1, WIMS_PL("other")));
	assert_false(wims_flow_emergency(fs, 2, WIMS_PL("c1")));
	wims_call_end(fs, id);
	assert_false(wims_flow_emergency(fs, 1, WIMS_PL("c1")));
	flow_free(fs);
}

static void limits(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("more"));
	char name[8] = "sos-0";
	uint64_t id;
	size_t i;

	(void)state;
	flow_open(fs, 1, 0);
	for(i = 0; i < flow_limits.calls_per_conn; i++) {
		name[4] = (char)('0' + i);
		(void)flow_call(fs, 1, wims_pl_str(name));
	}
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_LIMIT_REACHED);
	for(i = 0; i < WIMS_EMERGENCIES_MAX; i++) {
		name[4] = (char)('a' + i);
		(void)sos(fs, 1, name, false);
	}
	in.emergency = true;
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_LIMIT_REACHED);
	flow_free(fs);
}

/* The connection stays as long as the call, and then has its time again. */
static void unregistered(void **state)
{
	struct wims_flow_limits l = flow_limits;
	struct wims_flows *fs;
	uint64_t id;

	(void)state;
	l.unregistered_ms = 2000;
	fs = flow_new(&l);
	flow_open(fs, 1, 0);
	id = sos(fs, 1, "c1", true);
	assert_int_equal(flow_next(fs, 100000), -1);
	(void)wims_flow_heard(fs, 1, 100000);
	wims_call_end(fs, id);
	assert_int_equal(flow_next(fs, 101999), -1);
	assert_int_equal(flow_next(fs, 102000), WIMS_ACT_CLOSE);
	flow_free(fs);
}

/* Early ones too; all else on the connection ends. */
static void token_over(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	uint64_t id;

	(void)state;
	in.token_end = 1000;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 600000, 0, NULL);
	id = sos(fs, 1, "c1", false);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_DEREG);
	assert_int_equal(flow_next(fs, 900000), -1);
	assert_int_equal(wims_flow_check(fs, 1, NULL), WIMS_OK);
	wims_call_settle(fs, id, flow_invite(1, WIMS_PL("c1")).txn);
	assert_int_equal(flow_next(fs, 900000), WIMS_ACT_CLOSE);
	assert_int_equal(flow_action.close_code, 4401);
	flow_free(fs);
}

static void revoked(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	size_t ended;
	uint64_t id;

	(void)state;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 600000, 0, NULL);
	id = sos(fs, 1, "c1", true);
	ended = wims_binding_end(
			fs, wims_pl_str(flow_of_conn(fs, 1, 0) == WIMS_OK ? flow_view.contact_user : ""),
			WIMS_TOKEN_REVOKED, 10);
	assert_int_equal(ended, 1);
	assert_int_equal(flow_next(fs, 10), WIMS_ACT_DEREG);
	assert_int_equal(flow_next(fs, 900000), -1);
	assert_true(wims_flow_emergency(fs, 1, WIMS_PL("c1")));
	wims_call_end(fs, id);
	assert_int_equal(flow_next(fs, 900000), WIMS_ACT_CLOSE);
	flow_free(fs);
}

static void lost(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);

	(void)state;
	flow_open(fs, 1, 0);
	(void)sos(fs, 1, "c1", true);
	wims_flow_lost(fs, 1, 10, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 10), WIMS_ACT_BYE);
	assert_false(wims_flow_emergency(fs, 1, WIMS_PL_NONE));
	flow_free(fs);
}

/* A call that takes over Call-ID and tag of an emergency call is none. */
static void borrowed_name(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	uint64_t emergency, id;

	(void)state;
	flow_open(fs, 1, 0);
	emergency = sos(fs, 1, "c1", false);
	in.txn++;
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_not_equal(id, emergency);
	/* nor does the Call-ID tell them apart any more */
	assert_false(wims_flow_emergency(fs, 1, WIMS_PL("c1")));
	assert_true(wims_flow_emergency(fs, 1, WIMS_PL_NONE));
	flow_free(fs);
}

/* A revocation ends the other calls beside it at once. */
static void others_end(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);

	(void)state;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 600000, 0, NULL);
	(void)sos(fs, 1, "c1", true);
	(void)flow_call(fs, 1, WIMS_PL("other"));
	assert_int_equal(flow_of_conn(fs, 1, 0), WIMS_OK);
	assert_int_equal(
			wims_binding_end(fs, wims_pl_str(flow_view.contact_user), WIMS_TOKEN_REVOKED, 10), 1);
	assert_int_equal(flow_next(fs, 10), WIMS_ACT_BYE);
	assert_int_equal(flow_next(fs, 10), WIMS_ACT_DEREG);
	assert_int_equal(flow_next(fs, 900000), -1);
	assert_true(wims_flow_emergency(fs, 1, WIMS_PL("c1")));
	flow_free(fs);
}

/* The same opening request again and again. */
static void openings(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	uint64_t id;
	size_t i;

	(void)state;
	flow_open(fs, 1, 0);
	for(i = 0; i < WIMS_OPENINGS_MAX; i++, in.txn++)
		assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_LIMIT_REACHED);
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(is_known),      cmocka_unit_test(limits),
			cmocka_unit_test(unregistered),  cmocka_unit_test(token_over),
			cmocka_unit_test(revoked),       cmocka_unit_test(lost),
			cmocka_unit_test(borrowed_name), cmocka_unit_test(others_end),
			cmocka_unit_test(openings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
