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

/* Connections: opening, closing, losing, walking. */

static void opens(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_conn_in in = flow_conn(7);
	struct wims_conn_view view;
	uint32_t id;

	(void)state;
	assert_int_equal(wims_flow_check(fs, 7, &view), WIMS_FLOW_UNKNOWN);
	assert_int_equal(view.id, 0);
	assert_int_equal(wims_flow_open(fs, &in, 123), WIMS_OK);
	assert_int_equal(wims_flow_open(fs, &in, 123), WIMS_INTERNAL);
	assert_int_equal(wims_flow_check(fs, 7, &view), WIMS_OK);
	assert_int_equal(view.id, 7);
	assert_int_equal(view.opened, 123);
	assert_false(view.closing);
	flow_assert_pl(view.origin, "https://wwsf.test");
	flow_assert_pl(view.wwsf, "wwsf.test");
	assert_int_equal(view.subject.l, 0);
	in.id = 0;
	assert_int_equal(wims_flow_open(fs, &in, 0), WIMS_INTERNAL);
	for(id = 11; id < 20; id++)
		flow_open(fs, id, 0);
	in.id = 20;
	assert_int_equal(wims_flow_open(fs, &in, 0), WIMS_LIMIT_REACHED);
	wims_flow_lost(fs, 11, 0, WIMS_LOSS_CLOSED);
	assert_int_equal(wims_flow_open(fs, &in, 0), WIMS_OK);
	assert_int_equal(wims_flow_check(fs, 11, NULL), WIMS_FLOW_UNKNOWN);
	flow_free(fs);
}

static void heard(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_conn_view view;

	(void)state;
	flow_open(fs, 7, 100);
	flow_open(fs, 8, 100);
	assert_int_equal(wims_flow_check(fs, 7, &view), WIMS_OK);
	assert_int_equal(view.heard, 0);
	assert_false(wims_flow_heard(fs, 7, 150));
	assert_false(wims_flow_heard(fs, 7, 170));
	assert_false(wims_flow_heard(fs, 9, 180));
	assert_int_equal(wims_flow_check(fs, 7, &view), WIMS_OK);
	assert_int_equal(view.heard, 170);
	assert_int_equal(view.opened, 100);
	assert_int_equal(wims_flow_check(fs, 8, &view), WIMS_OK);
	assert_int_equal(view.heard, 0);
	flow_free(fs);
}

/* What comes after our Close frame may be the answer to it. */
static void heard_after_close(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);

	(void)state;
	flow_open(fs, 7, 100);
	wims_flow_close(fs, 7, 200, 4401, WIMS_PL("x"), false);
	assert_false(wims_flow_heard(fs, 7, 200));
	assert_int_equal(flow_next(fs, 200), WIMS_ACT_CLOSE);
	assert_true(wims_flow_heard(fs, 7, 300));
	assert_int_equal(flow_next(fs, 1700), WIMS_ACT_CUT);
	assert_true(wims_flow_heard(fs, 7, 1800));
	wims_flow_lost(fs, 7, 1900, WIMS_LOSS_CLOSED);
	assert_false(wims_flow_heard(fs, 7, 1900));
	flow_free(fs);
}

static void long_origin(void **state)
{
	static char text[WIMS_FLOW_TEXT_MAX + 1];
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_conn_in in = flow_conn(1);
	struct wims_conn_view view;

	(void)state;
	memset(text, 'a', sizeof(text));
	in.origin = (struct wims_pl){text, sizeof(text)};
	assert_int_equal(wims_flow_open(fs, &in, 0), WIMS_REQUEST_MALFORMED);
	in.origin.l--;
	in.wwsf = (struct wims_pl){text, sizeof(text)};
	assert_int_equal(wims_flow_open(fs, &in, 0), WIMS_REQUEST_MALFORMED);
	in.wwsf.l--;
	assert_int_equal(wims_flow_open(fs, &in, 0), WIMS_OK);
	assert_int_equal(wims_flow_check(fs, 1, &view), WIMS_OK);
	assert_int_equal(view.wwsf.l, WIMS_FLOW_TEXT_MAX);
	flow_free(fs);
}

/* A client that is full does not touch the others, and whoever leaves makes
 * room, a closing connection only when it is gone. */
static void peers(void **state)
{
	static const struct wims_flow_limits limits = {.connections = 20, .connections_per_peer = 2};
	static char name[WIMS_FLOW_TEXT_MAX + 1];
	struct wims_flows *fs = flow_new(&limits);
	struct wims_conn_in in = flow_conn(1), other = flow_conn(10);
	uint32_t id;

	(void)state;
	other.peer = WIMS_PL("\xc0\0\2\2");
	for(id = 1; id <= 2; id++) {
		in.id = id;
		assert_int_equal(wims_flow_open(fs, &in, 0), WIMS_OK);
	}
	in.id = 3;
	assert_int_equal(wims_flow_open(fs, &in, 0), WIMS_LIMIT_REACHED);
	assert_int_equal(wims_flow_check(fs, 3, NULL), WIMS_FLOW_UNKNOWN);
	assert_int_equal(wims_flow_open(fs, &other, 0), WIMS_OK);
	wims_flow_close(fs, 1, 0, 4401, WIMS_PL("bad"), false);
	assert_int_equal(wims_flow_open(fs, &in, 0), WIMS_LIMIT_REACHED);
	wims_flow_lost(fs, 1, 0, WIMS_LOSS_CLOSED);
	assert_int_equal(wims_flow_open(fs, &in, 0), WIMS_OK);
	wims_flow_lost(fs, 10, 0, WIMS_LOSS_CLOSED);
	other.peer = WIMS_PL_NONE;
	for(other.id = 10; other.id < 14; other.id++)
		assert_int_equal(wims_flow_open(fs, &other, 0), WIMS_OK);
	in.peer = (struct wims_pl){name, sizeof(name)};
	in.id = 4;
	assert_int_equal(wims_flow_open(fs, &in, 0), WIMS_REQUEST_MALFORMED);
	flow_free(fs);
}

static void no_limit_of_peers(void **state)
{
	static const struct wims_flow_limits limits = {.connections = 20};
	struct wims_flows *fs = flow_new(&limits);
	uint32_t id;

	(void)state;
	for(id = 1; id <= 20; id++)
		flow_open(fs, id, 0);
	flow_free(fs);
}

static void closes(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_binding_in in = flow_register(1, 1);
	struct wims_flow_counts n;
	struct wims_conn_view view;
	char user[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 60000, 0, user);
	wims_flow_close(fs, 1, 1000, 4401, WIMS_PL("token_expired"), false);
	wims_flow_close(fs, 1, 1000, 4000, WIMS_PL("again"), true);
	wims_flow_close(fs, 2, 1000, 4000, WIMS_PL("unknown"), true);
	flow_check(fs);
	assert_int_equal(wims_flow_check(fs, 1, &view), WIMS_FLOW_CLOSING);
	assert_true(view.closing);
	assert_int_equal(view.bindings, 1);
	wims_flow_counts(fs, &n);
	assert_int_equal(n.closing, 1);
	assert_int_equal(flow_of_conn(fs, 1, 1000), WIMS_FLOW_CLOSING);
	assert_int_equal(wims_binding_of_contact(fs, 1, wims_pl_str(user), 1000, &flow_view),
					 WIMS_FLOW_GONE);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_CLOSE);
	assert_int_equal(flow_action.conn, 1);
	assert_int_equal(flow_action.close_code, 4401);
	assert_string_equal(flow_action.close_text, "token_expired");
	assert_int_equal(flow_next(fs, 2499), -1);
	assert_int_equal(flow_next(fs, 2500), WIMS_ACT_CUT);
	assert_int_equal(flow_action.conn, 1);
	assert_int_equal(flow_next(fs, 9000), -1);
	/* the loss starts the grace of what was left with it */
	wims_flow_lost(fs, 1, 9000, WIMS_LOSS_CLOSED);
	wims_flow_counts(fs, &n);
	assert_int_equal(n.closing, 0);
	assert_int_equal(n.waiting, 1);
	assert_int_equal(flow_next(fs, 13999), -1);
	assert_int_equal(flow_next(fs, 14000), WIMS_ACT_DEREG);
	flow_free(fs);
}

static void closes_and_drops(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	struct wims_conn_view view;

	(void)state;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 60000, 0, NULL);
	in.txn = 2;
	in.impu = WIMS_PL("sip:b@ims.test");
	flow_bind(fs, &in, 60000, 0, NULL);
	wims_flow_close(fs, 1, 1000, 1008, WIMS_PL("revoked"), true);
	flow_check(fs);
	assert_int_equal(wims_flow_check(fs, 1, &view), WIMS_FLOW_CLOSING);
	assert_int_equal(view.bindings, 0);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_CLOSE);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_DEREG);
	flow_assert_pl(flow_action.binding.impu, "sip:alice@ims.test");
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_DEREG);
	flow_assert_pl(flow_action.binding.impu, "sip:b@ims.test");
	assert_int_equal(flow_next(fs, 1000), -1);
	flow_free(fs);
}

/* Lost before its Close frame was sent: there is nobody to send it to. */
static void lost_before_close(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);

	(void)state;
	flow_open(fs, 1, 0);
	wims_flow_close(fs, 1, 0, 1008, WIMS_PL("x"), false);
	wims_flow_lost(fs, 1, 0, WIMS_LOSS_CLOSED);
	wims_flow_lost(fs, 1, 0, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 100000), -1);
	flow_free(fs);
}

static void close_text(void **state)
{
	/* 122 bytes and a character of two, three: the cut is in front of it */
	static const struct
	{
		const char *tail;
		size_t want;
	} rows[] = {{"", 122}, {"x", 123}, {"xy", 123}, {"\xc3\xa9", 122}, {"\xe2\x82\xac", 122}};
	struct wims_flows *fs = flow_new(&flow_limits);
	uint32_t i;

	(void)state;
	for(i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[130];

		memset(text, 'a', 122);
		memcpy(text + 122, rows[i].tail, strlen(rows[i].tail) + 1);
		flow_open(fs, i + 1, 0);
		wims_flow_close(fs, i + 1, 0, 1000, wims_pl_str(text), false);
		assert_int_equal(flow_next(fs, 0), WIMS_ACT_CLOSE);
		assert_int_equal(strlen(flow_action.close_text), rows[i].want);
	}
	flow_free(fs);
}

/* A connection over which nobody registers is closed, counted from the last
 * registration; an open transaction only delays it. */
static void unregistered(void **state)
{
	static const struct wims_flow_limits limits = {.connections = 3,
												   .bindings_per_conn = 1,
												   .calls_per_conn = 1,
												   .unregistered_ms = 30000,
												   .cut_ms = 1500};
	struct wims_flows *fs = flow_new(&limits);
	struct wims_binding_in in = flow_register(1, 2);

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_int_equal(flow_next(fs, 29999), -1);
	assert_int_equal(flow_next(fs, 30000), WIMS_ACT_CLOSE);
	assert_int_equal(flow_action.conn, 1);
	assert_int_equal(flow_action.close_code, 1008);
	wims_flow_lost(fs, 1, 30000, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_commit(fs, 1, 60000, 40000), WIMS_OK);
	assert_int_equal(flow_next(fs, 99999), -1);
	in.txn = 2;
	in.remove = true;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_int_equal(flow_commit(fs, 2, 0, 50000), WIMS_OK);
	in.txn = 3;
	in.remove = false;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_int_equal(flow_next(fs, 80000), -1);
	wims_binding_abort(fs, 3, 80000, false);
	assert_int_equal(flow_next(fs, 80000), WIMS_ACT_CLOSE);
	assert_int_equal(flow_action.conn, 2);
	flow_free(fs);
}

/* In a round each connection that stays is met once, whatever comes and goes
 * meanwhile, the one last met included. */
static void walks(void **state)
{
	static const struct wims_flow_limits limits = {
			.connections = 5000, .bindings_per_conn = 1, .calls_per_conn = 1};
	struct wims_flows *fs = flow_new(&limits);
	unsigned char met[1001] = {0};
	uint32_t ids[7], at = 0, i, next = 2000;
	size_t n, k;

	(void)state;
	assert_int_equal(wims_flow_ids(fs, 0, ids, 7), 0);
	for(i = 1; i <= 1000; i++)
		flow_open(fs, i, 0);
	assert_int_equal(wims_flow_ids(fs, 0, ids, 0), 0);
	while((n = wims_flow_ids(fs, at, ids, 7)) > 0) {
		for(k = 0; k < n; k++)
			if(ids[k] <= 1000)
				met[ids[k]]++;
		at = ids[n - 1];
		if(at % 2 == 0)
			wims_flow_lost(fs, at, 0, WIMS_LOSS_SILENT);
		flow_open(fs, next++, 0);
		flow_open(fs, next++, 0);
	}
	for(i = 1; i <= 1000; i++)
		assert_int_equal(met[i], 1);
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(opens),
			cmocka_unit_test(long_origin),
			cmocka_unit_test(peers),
			cmocka_unit_test(no_limit_of_peers),
			cmocka_unit_test(closes),
			cmocka_unit_test(closes_and_drops),
			cmocka_unit_test(heard),
			cmocka_unit_test(heard_after_close),
			cmocka_unit_test(lost_before_close),
			cmocka_unit_test(close_text),
			cmocka_unit_test(unregistered),
			cmocka_unit_test(walks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
