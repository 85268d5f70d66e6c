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

/* Calls: opening, learning, finding, where requests may go, the end. */

static enum wims_reason find(struct wims_flows *fs, uint32_t conn, const char *wic,
							 const char *core, uint64_t *id)
{
	return wims_call_find(fs, conn, WIMS_PL("c1"), wims_pl_str(wic), wims_pl_str(core), id);
}

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
			{offsetof(struct wims_call_in, wic_tag), WIMS_FLOW_TEXT_MAX, false},
			{offsetof(struct wims_call_in, core_tag), WIMS_FLOW_TEXT_MAX, false},
			{offsetof(struct wims_call_in, wic_uri), WIMS_CONTACT_URI_MAX, false},
			{offsetof(struct wims_call_in, core_uri), WIMS_CONTACT_URI_MAX, false},
			{offsetof(struct wims_call_news, wic_tag), WIMS_FLOW_TEXT_MAX, true},
			{offsetof(struct wims_call_news, core_tag), WIMS_FLOW_TEXT_MAX, true},
			{offsetof(struct wims_call_news, core_target), WIMS_CONTACT_URI_MAX, true},
			{offsetof(struct wims_call_news, core_routes), WIMS_ROUTES_MAX, true},
	};
	static char text[WIMS_ROUTES_MAX + 1];
	struct wims_flows *fs = flow_new(&flow_limits);
	size_t i;

	(void)state;
	memset(text, 'a', sizeof(text));
	flow_open(fs, 1, 0);
	for(i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
		struct wims_call_news news = {.wic_cseq = 0};
		char *record = rows[i].news ? (char *)&news : (char *)&in;
		struct wims_pl *field = (struct wims_pl *)(void *)(record + rows[i].at);
		uint64_t id = 0;

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
		wims_call_end(fs, id);
	}
	flow_free(fs);
}

static void finds(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	uint64_t id, call;

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	call = flow_call(fs, 1, WIMS_PL("c1"));
	assert_int_equal(find(fs, 1, "wt", "ct", &id), WIMS_OK);
	assert_int_equal(id, call);
	assert_int_equal(find(fs, 1, "ct", "wt", &id), WIMS_OK);
	assert_int_equal(find(fs, 1, "wt", "", &id), WIMS_OK);
	assert_int_equal(find(fs, 1, "", "", &id), WIMS_OK);
	assert_int_equal(find(fs, 1, "wt", "forged", &id), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(id, 0);
	assert_int_equal(find(fs, 1, "forged", "ct", &id), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(find(fs, 1, "forged", "", &id), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(find(fs, 1, "wt", "wt", &id), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(find(fs, 2, "wt", "ct", &id), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(find(fs, 3, "wt", "ct", &id), WIMS_FLOW_UNKNOWN);
	wims_flow_lost(fs, 1, 0, WIMS_LOSS_SILENT);
	flow_check(fs);
	assert_int_equal(find(fs, 1, "wt", "ct", &id), WIMS_FLOW_UNKNOWN);
	flow_free(fs);
}

/* Each branch of a fork has a tag of its own until one answers. */
static void forked(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	struct wims_call_news news = {.core_tag = WIMS_PL("a")};
	uint64_t call, id;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &call), WIMS_OK);
	assert_int_equal(wims_call_learn(fs, call, &news), WIMS_OK);
	news.core_tag = WIMS_PL("b");
	assert_int_equal(wims_call_learn(fs, call, &news), WIMS_OK);
	assert_int_equal(find(fs, 1, "wt", "a", &id), WIMS_OK);
	assert_int_equal(find(fs, 1, "forged", "a", &id), WIMS_DIALOG_UNKNOWN);
	news.confirmed = true;
	assert_int_equal(wims_call_learn(fs, call, &news), WIMS_OK);
	assert_int_equal(find(fs, 1, "wt", "a", &id), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(find(fs, 1, "wt", "b", &id), WIMS_OK);
	flow_free(fs);
}

/* A WIC calls itself: both sides run over one connection and Call-ID. */
static void calls_itself(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	struct wims_call_news news = {.core_tag = WIMS_PL("y"), .confirmed = true};
	uint64_t caller, callee, id;

	(void)state;
	flow_open(fs, 1, 0);
	in.wic_tag = WIMS_PL("x");
	assert_int_equal(wims_call_open(fs, &in, 0, &caller), WIMS_OK);
	in.wic_is_caller = false;
	in.wic_tag = WIMS_PL_NONE;
	in.core_tag = WIMS_PL("x");
	assert_int_equal(wims_call_open(fs, &in, 0, &callee), WIMS_OK);
	assert_int_equal(find(fs, 1, "x", "", &id), WIMS_OK); /* CANCEL of the caller */
	assert_int_equal(id, caller);
	assert_int_equal(find(fs, 1, "", "x", &id), WIMS_OK); /* passed on to the callee */
	assert_int_equal(id, callee);
	assert_int_equal(wims_call_learn(fs, caller, &news), WIMS_OK);
	news.wic_tag = WIMS_PL("y");
	news.core_tag = WIMS_PL_NONE;
	assert_int_equal(wims_call_learn(fs, callee, &news), WIMS_OK);
	assert_int_equal(find(fs, 1, "x", "y", &id), WIMS_OK);
	assert_int_equal(id, caller);
	assert_int_equal(find(fs, 1, "y", "x", &id), WIMS_OK);
	assert_int_equal(id, callee);
	flow_free(fs);
}

static enum wims_reason go(struct wims_flows *fs, uint64_t id, const char *uri)
{
	return wims_call_may_go(fs, id, wims_pl_str(uri));
}

static void next_hops(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_news news = {.next_hop = WIMS_PL("sip:orig@pcscf.ims.test:4060;lr")};
	static char longer[WIMS_CONTACT_URI_MAX + 1] = "sip:";
	uint64_t id;

	(void)state;
	memset(longer + 4, 'a', sizeof(longer) - 4);
	memcpy(longer + sizeof(longer) - 9, "@ims.test", 9);
	flow_open(fs, 1, 0);
	id = flow_call(fs, 1, WIMS_PL("c1"));
	assert_int_equal(go(fs, id, "sip:scscf.ims.test:6060;lr"), WIMS_OK);
	assert_int_equal(go(fs, id, "sip:x@SCSCF.ims.test:6060;transport=UDP"), WIMS_OK);
	assert_int_equal(go(fs, id, "sips:scscf.ims.test:6060;lr"), WIMS_ROUTE_REFUSED);
	assert_int_equal(go(fs, id, "sip:scscf.ims.test:6061;lr"), WIMS_ROUTE_REFUSED);
	assert_int_equal(go(fs, id, "sip:scscf.ims.test;lr"), WIMS_ROUTE_REFUSED);
	assert_int_equal(go(fs, id, "sip:scscf.ims.test:6060;transport=tcp"), WIMS_ROUTE_REFUSED);
	assert_int_equal(go(fs, id, "sip:10.0.0.1:6060;maddr=scscf.ims.test"), WIMS_OK);
	assert_int_equal(go(fs, id, "sip:scscf.ims.test:6060;maddr=10.0.0.1"), WIMS_ROUTE_REFUSED);
	assert_int_equal(go(fs, id, "sip:scscf.ims.test@10.0.0.1:6060"), WIMS_ROUTE_REFUSED);
	assert_int_equal(go(fs, id, "<sip:scscf.ims.test:6060>"), WIMS_ROUTE_REFUSED);
	assert_int_equal(go(fs, id, ""), WIMS_ROUTE_REFUSED);
	assert_int_equal(go(fs, id + 1, "sip:scscf.ims.test:6060;lr"), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(go(fs, id, "sip:pcscf.ims.test:4060"), WIMS_ROUTE_REFUSED);
	assert_int_equal(wims_call_learn(fs, id, &news), WIMS_OK);
	assert_int_equal(go(fs, id, "sip:pcscf.ims.test:4060"), WIMS_OK);
	news.next_hop = WIMS_PL("sip:tls.ims.test;transport=tls");
	assert_int_equal(wims_call_learn(fs, id, &news), WIMS_OK);
	assert_int_equal(go(fs, id, "sip:tls.ims.test;transport=tls"), WIMS_OK);
	assert_int_equal(go(fs, id, "sips:tls.ims.test"), WIMS_ROUTE_REFUSED);
	news.next_hop = (struct wims_pl){longer, WIMS_CONTACT_URI_MAX + 1};
	assert_int_equal(wims_call_learn(fs, id, &news), WIMS_REQUEST_MALFORMED);
	news.next_hop = WIMS_PL("tel:+491711234");
	assert_int_equal(wims_call_learn(fs, id, &news), WIMS_URI_BAD);
	flow_free(fs);
}

static enum wims_reason along(struct wims_flows *fs, uint64_t id, const char *tag,
							  const char *routes)
{
	struct wims_list list = {0};

	assert_int_equal(wims_list_add(&list, wims_pl_str(routes)), WIMS_OK);
	return wims_call_has_routes(fs, id, wims_pl_str(tag), &list, 1);
}

static void whole_route_set(void **state)
{
	static const char *const right = "<sip:us>, <sip:scscf.ims.test:6060;lr>";
	static const char *const more = "<sip:us>, <sip:scscf.ims.test:6060;lr>, <sip:10.0.0.1;lr>";
	const struct wims_call_in in = flow_invite(1, WIMS_PL("c2"));
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_news news = {.core_tag = WIMS_PL("ct"),
								  .core_routes = WIMS_PL("<sip:a;lr>, <sip:b;lr>")};
	uint64_t id;

	(void)state;
	flow_open(fs, 1, 0);
	id = flow_call(fs, 1, WIMS_PL("c1"));
	assert_int_equal(along(fs, id, "ct", right), WIMS_OK);
	assert_int_equal(along(fs, id, "ct", "<sip:us>,<sip:scscf.ims.test:6060;lr>;x=y"), WIMS_OK);
	assert_int_equal(along(fs, id, "ct", more), WIMS_ROUTE_REFUSED);
	assert_int_equal(along(fs, id, "other", more), WIMS_ROUTE_REFUSED);
	assert_int_equal(along(fs, id, "ct", "<sip:us>"), WIMS_ROUTE_REFUSED);
	assert_int_equal(along(fs, id, "ct", "<sip:us>, <sip:scscf.ims.test:6060>"),
					 WIMS_ROUTE_REFUSED);
	assert_int_equal(along(fs, id + 1, "ct", right), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(along(fs, id, "ct", more), WIMS_OK); /* nobody answered yet */
	assert_int_equal(wims_call_learn(fs, id, &news), WIMS_OK);
	assert_int_equal(along(fs, id, "ct", "<sip:us>, <sip:a;lr>, <sip:b;lr>"), WIMS_OK);
	assert_int_equal(along(fs, id, "ct", "<sip:us>, <sip:b;lr>, <sip:a;lr>"), WIMS_ROUTE_REFUSED);
	assert_int_equal(along(fs, id, "other", "<sip:us>, <sip:c;lr>"), WIMS_OK);
	flow_free(fs);
}

/* The last four are kept; one that is known already takes no place. */
static void next_hop_places(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	char uri[] = "sip:h1.ims.test";
	uint64_t id;
	int i;

	(void)state;
	flow_open(fs, 1, 0);
	id = flow_call(fs, 1, WIMS_PL("c1"));
	for(i = 1; i <= 6; i++) {
		const struct wims_call_news news = {.next_hop = wims_pl_str(uri)};

		uri[5] = (char)('0' + (i <= 3 ? i : i <= 5 ? 3 : 4));
		assert_int_equal(wims_call_learn(fs, id, &news), WIMS_OK);
	}
	assert_int_equal(go(fs, id, "sip:scscf.ims.test:6060;lr"), WIMS_ROUTE_REFUSED);
	assert_int_equal(go(fs, id, "sip:h1.ims.test"), WIMS_OK);
	assert_int_equal(go(fs, id, "sip:h4.ims.test"), WIMS_OK);
	flow_free(fs);
}

/* What a BYE is made of: tags and routes of the answer, the latest target. */
static void learns(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_call_news later = {
			.wic_tag = WIMS_PL("other"),
			.core_tag = WIMS_PL("other"),
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
	const struct wims_call_news news = {.core_tag = tag,
										.core_target = uri,
										.core_routes = {text, WIMS_ROUTES_MAX},
										.confirmed = true};
	uint64_t id;

	(void)state;
	memset(text, 'a', sizeof(text));
	in.wic_tag = tag;
	in.wic_uri = in.core_uri = uri;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(wims_call_learn(fs, id, &news), WIMS_OK);
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
	wims_call_settle(fs, id);
	assert_true(there(fs, id));
	wims_call_settle(fs, id);
	assert_false(there(fs, id));
	wims_call_settle(fs, id);
	id = flow_call(fs, 1, WIMS_PL("c1"));
	wims_call_settle(fs, id);
	wims_call_settle(fs, id);
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
			cmocka_unit_test(finds),           cmocka_unit_test(forked),
			cmocka_unit_test(calls_itself),    cmocka_unit_test(next_hops),
			cmocka_unit_test(whole_route_set), cmocka_unit_test(next_hop_places),
			cmocka_unit_test(learns),          cmocka_unit_test(longest_view),
			cmocka_unit_test(settles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
