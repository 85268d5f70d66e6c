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

/* Calls: opening, learning, where requests may go, the end. */

static void opens(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	struct wims_conn_view conn;
	uint64_t id, again;

	(void)state;
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_FLOW_UNKNOWN);
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_not_equal(id, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &again), WIMS_OK);
	assert_int_equal(id, again);
	in.wic_is_caller = false;
	assert_int_equal(wims_call_open(fs, &in, 0, &again), WIMS_OK);
	assert_int_not_equal(id, again);
	in.call_id = WIMS_PL("c2");
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	in.call_id = WIMS_PL("c3");
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_LIMIT_REACHED);
	assert_int_equal(id, 0);
	assert_int_equal(wims_flow_check(fs, 1, &conn), WIMS_OK);
	assert_int_equal(conn.calls, 3);
	in.call_id = WIMS_PL_NONE;
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_REQUEST_MALFORMED);
	wims_flow_close(fs, 1, 0, 1000, WIMS_PL_NONE, false);
	in.call_id = WIMS_PL("c2");
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_FLOW_CLOSING);
	flow_free(fs);
}

/* Each text at its maximum is taken, one byte more is not. */
static void long_texts(void **state)
{
	static const struct
	{
		size_t at, max;
		bool news;
	} rows[] = {
			{offsetof(struct wims_call_in, call_id), WIMS_CALLID_MAX, false},
			{offsetof(struct wims_call_in, caller_tag), WIMS_FLOW_TEXT_MAX, false},
			{offsetof(struct wims_call_in, wic_uri), WIMS_CONTACT_URI_MAX, false},
			{offsetof(struct wims_call_in, core_uri), WIMS_CONTACT_URI_MAX, false},
			{offsetof(struct wims_call_news, core_target), WIMS_CONTACT_URI_MAX, true},
			{offsetof(struct wims_call_news, core_routes), WIMS_ROUTES_MAX, true},
	};
	static char text[WIMS_ROUTES_MAX + 1] = "sip:";
	struct wims_flows *fs = flow_new(&flow_limits);
	size_t i;

	(void)state;
	memset(text + 4, 'a', sizeof(text) - 4);
	flow_open(fs, 1, 0);
	for(i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
		struct wims_call_news news = {.has_routes = true, .core_routes = WIMS_PL("<sip:a>")};
		char *record = rows[i].news ? (char *)&news : (char *)&in;
		struct wims_pl *field = (struct wims_pl *)(void *)(record + rows[i].at);
		uint64_t id = 0;

		if(rows[i].max == WIMS_ROUTES_MAX)
			memcpy(text, "<sip:a>,", 8);
		*field = (struct wims_pl){text, rows[i].max + 1};
		assert_int_equal(wims_call_open(fs, &in, 0, &id),
						 rows[i].news ? WIMS_OK : WIMS_REQUEST_MALFORMED);
		if(rows[i].news)
			assert_int_equal(wims_call_learn(fs, id, &news), WIMS_REQUEST_MALFORMED);
		field->l--;
		if(rows[i].news)
			assert_int_equal(wims_call_learn(fs, id, &news), WIMS_OK);
		else
			assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
		wims_call_settle(fs, id, 0);
	}
	flow_free(fs);
}

static void long_tags(void **state)
{
	static char tag[WIMS_FLOW_TEXT_MAX + 2];
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	const struct wims_call_news news = {.wic_cseq = 0};
	uint64_t id;

	(void)state;
	memset(tag, 'a', WIMS_FLOW_TEXT_MAX + 1);
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, tag, &news), WIMS_REQUEST_MALFORMED);
	assert_int_equal(flow_answered(fs, &in, "", &news), WIMS_REQUEST_MALFORMED);
	tag[WIMS_FLOW_TEXT_MAX] = '\0';
	assert_int_equal(flow_answered(fs, &in, tag, &news), WIMS_OK);
	flow_free(fs);
}

static void next_hops(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	uint64_t id;

	(void)state;
	flow_open(fs, 1, 0);
	id = flow_call(fs, 1, WIMS_PL("c1"));
	assert_int_equal(flow_go(fs, id, "sip:scscf.ims.test:6060;lr"), WIMS_OK);
	assert_int_equal(flow_go(fs, id, "sip:x@SCSCF.ims.test:6060;transport=UDP"), WIMS_OK);
	assert_int_equal(flow_go(fs, id, "sips:scscf.ims.test:6060;lr"), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_go(fs, id, "sip:scscf.ims.test:6061;lr"), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_go(fs, id, "sip:scscf.ims.test;lr"), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_go(fs, id, "sip:scscf.ims.test:6060;transport=tcp"), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_go(fs, id, "sip:10.0.0.1:6060;maddr=scscf.ims.test"), WIMS_OK);
	assert_int_equal(flow_go(fs, id, "sip:scscf.ims.test:6060;maddr=10.0.0.1"), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_go(fs, id, "sip:scscf.ims.test@10.0.0.1:6060"), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_go(fs, id, "<sip:scscf.ims.test:6060>"), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_go(fs, id, ""), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_go(fs, id + 1, "sip:scscf.ims.test:6060;lr"), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(flow_go(fs, id, "sip:bob@198.51.100.7:5060"), WIMS_ROUTE_REFUSED);
	flow_free(fs);
}

/* The outcome for this Request-URI, and what becomes of it. */
static void expect_target(struct wims_flows *fs, uint64_t id, const char *uri, enum wims_reason r,
						  const char *want)
{
	char buf[WIMS_CONTACT_URI_MAX];
	struct wims_pl target;

	assert_int_equal(wims_call_target(fs, id, wims_pl_str(uri), buf, &target), r);
	assert_true(wims_pl_eq(target, wims_pl_str(want)));
}

/* The Request-URI: the last target and the one before, and no other one; as the far end
 * spelled it. */
static void targets(void **state)
{
	static const char first[] = "sip:bob@198.51.100.7:5060", second[] = "sip:bob;x=1@198.51.100.9";
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_news news = {.core_target = wims_pl_str(second)};
	uint64_t id;

	(void)state;
	flow_open(fs, 1, 0);
	id = flow_call(fs, 1, WIMS_PL("c1"));
	expect_target(fs, id, first, WIMS_OK, first);
	expect_target(fs, id, second, WIMS_ROUTE_REFUSED, "");
	expect_target(fs, id, "", WIMS_ROUTE_REFUSED, "");
	expect_target(fs, id + 1, "", WIMS_DIALOG_UNKNOWN, "");
	assert_int_equal(wims_call_learn(fs, id, &news), WIMS_OK);
	assert_int_equal(wims_call_learn(fs, id, &news), WIMS_OK);
	expect_target(fs, id, first, WIMS_OK, first);
	expect_target(fs, id, "SIP:%62ob%3Bx%3d1@198.51.100.9;gone", WIMS_OK, second);
	news.core_target = WIMS_PL("sip:carol@198.51.100.9");
	assert_int_equal(wims_call_learn(fs, id, &news), WIMS_OK);
	expect_target(fs, id, first, WIMS_ROUTE_REFUSED, "");
	flow_free(fs);
}

/* Without a route set requests go to the target, and follow it (RFC 3261
 * 12.2.1.2). */
static void follows_the_target(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	struct wims_call_news news = {.has_routes = true,
								  .core_target = WIMS_PL("sip:tls.ims.test;transport=tls")};
	uint64_t id;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(flow_go(fs, id, "sip:tls.ims.test;transport=tls"), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_answered(fs, &in, "ct", &news), WIMS_OK);
	assert_int_equal(flow_go(fs, id, "sip:tls.ims.test;transport=tls"), WIMS_OK);
	assert_int_equal(flow_go(fs, id, "sips:tls.ims.test"), WIMS_ROUTE_REFUSED);
	news.core_target = WIMS_PL("sip:bob@198.51.100.9");
	assert_int_equal(wims_call_learn(fs, id, &news), WIMS_OK);
	assert_int_equal(flow_go(fs, id, "sip:198.51.100.9"), WIMS_OK);
	news.core_target = WIMS_PL("tel:+491711234");
	assert_int_equal(wims_call_learn(fs, id, &news), WIMS_URI_BAD);
	news.core_target = WIMS_PL_NONE;
	news.core_routes = WIMS_PL("<tel:+491711234>");
	assert_int_equal(wims_call_learn(fs, id, &news), WIMS_URI_BAD);
	news.core_routes = WIMS_PL("\"broken");
	assert_int_equal(wims_call_learn(fs, id, &news), WIMS_URI_BAD);
	assert_int_equal(flow_go(fs, id, "sip:198.51.100.9"), WIMS_OK);
	flow_free(fs);
}

static void whole_route_set(void **state)
{
	static const char *const right = "<sip:us>, <sip:scscf.ims.test:6060;lr>";
	static const char *const more = "<sip:us>, <sip:scscf.ims.test:6060;lr>, <sip:10.0.0.1;lr>";
	const struct wims_call_in in = flow_invite(1, WIMS_PL("c2"));
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_news news = {.has_routes = true,
								  .core_routes = WIMS_PL("<sip:a;lr>, <sip:b;lr>")};
	uint64_t id;

	(void)state;
	flow_open(fs, 1, 0);
	id = flow_call(fs, 1, WIMS_PL("c1"));
	assert_int_equal(flow_along(fs, id, right), WIMS_OK);
	assert_int_equal(flow_along(fs, id, "<sip:us>,<sip:scscf.ims.test:6060;lr>;x=y"), WIMS_OK);
	assert_int_equal(flow_along(fs, id, more), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_along(fs, id, "<sip:us>"), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_along(fs, id, "<sip:us>, <sip:scscf.ims.test:6060>"), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_along(fs, id + 1, right), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(flow_along(fs, id, more), WIMS_ROUTE_REFUSED); /* nobody answered yet */
	assert_int_equal(flow_answered(fs, &in, "ct", &news), WIMS_OK);
	assert_int_equal(flow_along(fs, id, "<sip:us>, <sip:a;lr>, <sip:b;lr>"), WIMS_OK);
	assert_int_equal(flow_along(fs, id, "<sip:us>, <sip:b;lr>, <sip:a;lr>"), WIMS_ROUTE_REFUSED);
	flow_free(fs);
}

/* The last four are kept; one that is known already takes no place. */
static void next_hop_places(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	char uri[] = "sip:h1.ims.test";
	uint64_t id;
	int i;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	for(i = 0; i <= 6; i++) {
		const struct wims_call_news news = {.core_target = wims_pl_str(uri)};

		uri[5] = (char)('0' + (i <= 3 ? i : i <= 5 ? 3 : 4));
		assert_int_equal(wims_call_learn(fs, id, &news), WIMS_OK);
	}
	assert_int_equal(flow_go(fs, id, "sip:h0.ims.test"), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_go(fs, id, "sip:h1.ims.test"), WIMS_OK);
	assert_int_equal(flow_go(fs, id, "sip:h4.ims.test"), WIMS_OK);
	flow_free(fs);
}

/* What a BYE is made of: tags and routes of the answer, the latest target. */
static void learns(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_call_news later = {
			.has_routes = true,
			.core_target = WIMS_PL("sip:bob@198.51.100.8"),
			.core_routes = WIMS_PL("<sip:evil.test;lr>"),
			.wic_cseq = 5,
	};
	const struct wims_call_news older = {.wic_cseq = 3};
	uint64_t id;

	(void)state;
	flow_open(fs, 1, 0);
	id = flow_call(fs, 1, WIMS_PL("c1"));
	assert_int_equal(wims_call_learn(fs, id, &later), WIMS_OK);
	assert_int_equal(wims_call_learn(fs, id, &older), WIMS_OK);
	assert_int_equal(wims_call_learn(fs, id + 1, &older), WIMS_DIALOG_UNKNOWN);
	wims_flow_lost(fs, 1, 50, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 50), WIMS_ACT_BYE);
	assert_int_equal(flow_action.conn, 1);
	assert_int_equal(flow_action.call.id, id);
	assert_int_equal(flow_action.call.wic_cseq, 5);
	flow_assert_pl(flow_action.call.call_id, "c1");
	flow_assert_pl(flow_action.call.wic_tag, "wt");
	flow_assert_pl(flow_action.call.core_tag, "ct");
	flow_assert_pl(flow_action.call.wic_uri, "<sip:alice@ims.test>");
	flow_assert_pl(flow_action.call.core_uri, "<sip:bob@ims.test>");
	flow_assert_pl(flow_action.call.core_target, "sip:bob@198.51.100.8");
	flow_assert_pl(flow_action.call.core_routes, "<sip:scscf.ims.test:6060;lr>");
	flow_free(fs);
}

static void longest_view(void **state)
{
	static char text[WIMS_ROUTES_MAX];
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_pl tag = {text, WIMS_FLOW_TEXT_MAX}, uri = {text, WIMS_CONTACT_URI_MAX};
	struct wims_call_in in = flow_invite(1, (struct wims_pl){text, WIMS_CALLID_MAX});
	const struct wims_call_news news = {.core_target = uri,
										.core_routes = {text, WIMS_ROUTES_MAX},
										.has_routes = true,
										.confirmed = true};
	uint64_t id;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "sip:a,", 6);
	in.caller_tag = tag;
	in.wic_uri = in.core_uri = uri;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "ct", &news), WIMS_OK);
	wims_flow_lost(fs, 1, 0, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 0), WIMS_ACT_BYE);
	assert_int_equal(flow_action.call.core_routes.l, WIMS_ROUTES_MAX);
	assert_memory_equal(flow_action.call.core_routes.p, text, WIMS_ROUTES_MAX);
	flow_free(fs);
}

static bool there(struct wims_flows *fs, uint64_t id)
{
	const struct wims_call_news nothing = {.wic_cseq = 0};

	flow_check(fs);
	return wims_call_learn(fs, id, &nothing) == WIMS_OK;
}

/* An early call ends with the last transaction that may still answer it: one
 * that failed does not take a retried one along. */
static void settles(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	uint64_t id;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	wims_call_settle(fs, id, 0);
	assert_true(there(fs, id));
	wims_call_settle(fs, id, 0);
	assert_false(there(fs, id));
	wims_call_settle(fs, id, 0);
	id = flow_call(fs, 1, WIMS_PL("c1"));
	wims_call_settle(fs, id, 0);
	wims_call_settle(fs, id, 0);
	assert_true(there(fs, id));
	wims_call_end(fs, id);
	assert_false(there(fs, id));
	wims_call_end(fs, id);
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(opens),           cmocka_unit_test(long_texts),
			cmocka_unit_test(long_tags),       cmocka_unit_test(next_hops),
			cmocka_unit_test(targets),         cmocka_unit_test(follows_the_target),
			cmocka_unit_test(whole_route_set), cmocka_unit_test(next_hop_places),
			cmocka_unit_test(learns),          cmocka_unit_test(longest_view),
			cmocka_unit_test(settles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
