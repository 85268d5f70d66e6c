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
#include "flow/wims_flow_ends.h"

/* Which dialog a request or an answer belongs to. */

static enum wims_reason find(struct wims_flows *fs, uint32_t conn, const char *wic,
							 const char *core, uint64_t *id)
{
	uint32_t at;
	enum wims_reason r =
			wims_call_find(fs, conn, WIMS_PL("c1"), wims_pl_str(wic), wims_pl_str(core), id, &at);

	assert_int_equal(at, r == WIMS_OK ? conn : 0);
	return r;
}

static size_t calls(const struct wims_flows *fs)
{
	struct wims_flow_counts n;

	wims_flow_counts(fs, &n);
	return n.calls;
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
	assert_int_equal(find(fs, 1, "wt", "", &id), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(find(fs, 1, "", "", &id), WIMS_DIALOG_UNKNOWN);
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

/* The charging of the opening request is that of each dialog it opened; the end of a
 * subscription is no end of an INVITE's. */
static void charged(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	const struct wims_call_news yes = {.confirmed = true};
	char buf[WIMS_FLOW_CHARGING_MAX], long_text[WIMS_FLOW_CHARGING_MAX + 1] = {0};
	uint64_t id, other;

	(void)state;
	flow_open(fs, 1, 0);
	in.charging = WIMS_PL("icid-value=1");
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "one", &yes), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "two", &yes), WIMS_OK);
	assert_int_equal(find(fs, 1, "wt", "two", &other), WIMS_OK);
	assert_true(other != id);
	flow_assert_pl(wims_call_charging(fs, id, buf), "icid-value=1");
	flow_assert_pl(wims_call_charging(fs, other, buf), "icid-value=1");
	assert_int_equal(wims_call_charging(fs, 999, buf).l, 0);
	wims_call_unsubscribed(fs, id);
	assert_int_equal(find(fs, 1, "wt", "one", &id), WIMS_OK);
	wims_call_unsubscribed(fs, 999);
	in = flow_invite(1, WIMS_PL("c1"));
	in.kind = WIMS_CALL_SUBSCRIPTION;
	in.caller_tag = WIMS_PL("st");
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "three", &yes), WIMS_OK);
	assert_int_equal(wims_call_charging(fs, id, buf).l, 0);
	wims_call_unsubscribed(fs, id);
	assert_int_equal(find(fs, 1, "st", "three", &other), WIMS_DIALOG_UNKNOWN);
	memset(long_text, 'x', sizeof(long_text));
	in.charging = (struct wims_pl){long_text, sizeof(long_text)};
	in.caller_tag = WIMS_PL("lt");
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_REQUEST_MALFORMED);
	flow_free(fs);
}

/* Each branch of a fork is a dialog of its own, with its own route set; a tag
 * that nobody answered with is none. */
static void forked(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	struct wims_call_news news = {.has_routes = true, .core_routes = WIMS_PL("<sip:a;lr>")};
	uint64_t call, a, b, id;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &call), WIMS_OK);
	assert_int_equal(find(fs, 1, "wt", "a", &id), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(flow_answered(fs, &in, "a", &news), WIMS_OK);
	news.core_routes = WIMS_PL("<sip:b;lr>");
	assert_int_equal(flow_answered(fs, &in, "b", &news), WIMS_OK);
	assert_int_equal(find(fs, 1, "wt", "a", &a), WIMS_OK);
	assert_int_equal(find(fs, 1, "wt", "b", &b), WIMS_OK);
	assert_int_equal(a, call);
	assert_int_not_equal(a, b);
	assert_int_equal(flow_along(fs, a, "<sip:us>, <sip:a;lr>"), WIMS_OK);
	assert_int_equal(flow_along(fs, b, "<sip:us>, <sip:a;lr>"), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_along(fs, b, "<sip:us>, <sip:b;lr>"), WIMS_OK);
	assert_int_equal(flow_go(fs, a, "sip:b"), WIMS_ROUTE_REFUSED);
	assert_int_equal(flow_go(fs, b, "sip:b"), WIMS_OK);
	assert_int_equal(find(fs, 1, "wt", "victim", &id), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(find(fs, 1, "forged", "a", &id), WIMS_DIALOG_UNKNOWN);
	flow_free(fs);
}

/* Two phones answer at once: one BYE ends one of the two calls, and the early
 * ones go with the last transaction, whichever came first. */
static void two_answers(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	struct wims_call_news news = {.confirmed = false};
	uint64_t call, id;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &call), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "rings", &news), WIMS_OK);
	news.confirmed = true;
	assert_int_equal(flow_answered(fs, &in, "a", &news), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "b", &news), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "c", &news), WIMS_LIMIT_REACHED); /* calls_per_conn */
	assert_int_equal(find(fs, 1, "wt", "a", &id), WIMS_OK);
	wims_call_end(fs, id);
	assert_int_equal(find(fs, 1, "wt", "a", &id), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(find(fs, 1, "wt", "rings", &id), WIMS_OK);
	wims_call_settle(fs, call, 0);
	flow_check(fs);
	assert_int_equal(find(fs, 1, "wt", "rings", &id), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(find(fs, 1, "wt", "b", &id), WIMS_OK);
	wims_call_end(fs, id);
	assert_int_equal(calls(fs), 0);
	flow_free(fs);
}

/* The first to answer hangs up while others still ring: its dialog is over,
 * theirs are not, and the next answer is a dialog too. */
static void ended_before_settled(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	const struct wims_call_news yes = {.confirmed = true};
	uint64_t call, again, id;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &call), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "a", &yes), WIMS_OK);
	wims_call_end(fs, call);
	flow_check(fs);
	assert_int_equal(find(fs, 1, "wt", "a", &id), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(flow_answered(fs, &in, "b", &yes), WIMS_OK);
	assert_int_equal(find(fs, 1, "wt", "b", &id), WIMS_OK);
	assert_int_equal(wims_call_open(fs, &in, 0, &again), WIMS_OK);
	assert_int_not_equal(again, call);
	wims_call_settle(fs, call, 0);
	flow_check(fs);
	assert_int_equal(find(fs, 1, "wt", "b", &id), WIMS_OK);
	wims_flow_lost(fs, 1, 0, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 0), WIMS_ACT_BYE);
	assert_int_equal(flow_next(fs, 0), WIMS_ACT_GIVE_UP); /* again */
	assert_int_equal(flow_next(fs, 0), -1);
	flow_free(fs);
}

/* Not more dialogs of one request than that, whatever the connection may have. */
static void many_branches(void **state)
{
	const struct wims_flow_limits wide = {
			.connections = 2, .bindings_per_conn = 2, .calls_per_conn = 20, .cut_ms = 1500};
	struct wims_flows *fs = flow_new(&wide);
	const struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	const struct wims_call_news news = {.wic_cseq = 0};
	char tag[] = "a";
	uint64_t id;
	int i;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(flow_answered(fs, &in, tag, &news), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	for(i = 0; i < WIMS_FORKS_MAX; i++, tag[0]++)
		assert_int_equal(flow_answered(fs, &in, tag, &news), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, tag, &news), WIMS_LIMIT_REACHED);
	tag[0]--;
	assert_int_equal(flow_answered(fs, &in, tag, &news), WIMS_OK); /* known already */
	wims_call_settle(fs, id, 0);
	flow_check(fs);
	assert_int_equal(calls(fs), 0);
	flow_free(fs);
}

/* A WIC calls itself: both sides run over one connection and Call-ID. */
static void calls_itself(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in out = flow_invite(1, WIMS_PL("c1")), in = out;
	const struct wims_call_news yes = {.confirmed = true};
	uint64_t caller, callee, id;

	(void)state;
	flow_open(fs, 1, 0);
	in.wic_is_caller = false;
	assert_int_equal(wims_call_open(fs, &out, 0, &caller), WIMS_OK);
	assert_int_equal(wims_call_open(fs, &in, 0, &callee), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "y", &yes), WIMS_OK);
	assert_int_equal(find(fs, 1, "y", "wt", &id), WIMS_OK);
	assert_int_equal(id, callee);
	assert_int_equal(flow_answered(fs, &out, "y", &yes), WIMS_OK);
	assert_int_equal(find(fs, 1, "wt", "y", &id), WIMS_OK);
	assert_int_equal(id, caller);
	assert_int_equal(find(fs, 1, "y", "wt", &id), WIMS_OK);
	assert_int_equal(id, callee);
	flow_free(fs);
}

/* ---- a connection ends while a dialog that was ended waits for early ones ---- */

enum
{
	END_AT = 1000
};

#define RANGE "sip:range!.*!@ims.test"

static void by_token(struct wims_flows *fs)
{
	(void)fs; /* its time is due */
}

static void by_hand(struct wims_flows *fs)
{
	assert_int_equal(
			wims_binding_end(fs, wims_pl_str(flow_view.contact_user), WIMS_TOKEN_REVOKED, END_AT),
			1);
}

static void by_core(struct wims_flows *fs)
{
	assert_true(wims_binding_ended(fs, wims_pl_str(flow_view.contact_user), WIMS_FLOW_GONE,
								   WIMS_PL_NONE, END_AT));
}

static void by_revocation(struct wims_flows *fs)
{
	const struct wims_revocation alice = {.kind = WIMS_REVOKE_SUBJECT,
										  .wwsf = WIMS_PL("wwsf.test"),
										  .value = WIMS_PL("alice"),
										  .expires = 1};
	struct wims_flow_walk walk = {0, false};
	size_t ended = 0;

	assert_true(wims_flows_revoke(fs, &alice, &walk, 10, END_AT, &ended));
	assert_int_equal(ended, 1);
}

static void by_range(struct wims_flows *fs)
{
	size_t ended = 0;

	assert_false(wims_flows_end_range(fs, WIMS_PL(RANGE), 10, END_AT, WIMS_FLOW_GONE, &ended));
	assert_int_equal(ended, 1);
}

static void by_loss(struct wims_flows *fs)
{
	wims_flow_lost(fs, 1, END_AT, WIMS_LOSS_CLOSED);
}

static uint64_t ringing(struct wims_flows *fs, const char *call_id, bool emergency)
{
	struct wims_call_in in = flow_invite(1, wims_pl_str(call_id));
	const struct wims_call_news rings = {.confirmed = false};
	uint64_t id;

	in.emergency = emergency;
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "a", &rings), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "b", &rings), WIMS_OK);
	return id;
}

/* The one that was ended takes those beside it along, wherever they are among the calls
 * of the connection; neither another call nor an emergency call. */
static void ends_among_early(void (*end)(struct wims_flows *), bool in_range, size_t before,
							 size_t behind)
{
	struct wims_flow_limits wide = flow_limits;
	struct wims_conn_in conn = flow_conn(1);
	int kind;
	struct wims_binding_in in = flow_register(1, 1);
	struct wims_flows *fs;

	wide.calls_per_conn = 8;
	fs = flow_new(&wide);
	in.token_end = end == by_token ? END_AT : in.token_end;
	in.range = in_range ? WIMS_PL(RANGE) : in.range;
	conn.calls_outlive_token = false;
	assert_int_equal(wims_flow_open(fs, &conn, 0), WIMS_OK);
	flow_bind(fs, &in, 600000, 0, NULL);
	assert_int_equal(flow_of_conn(fs, 1, 0), WIMS_OK);
	if(before > 0)
		(void)ringing(fs, "sos-1", true);
	wims_call_end(fs, ringing(fs, "c1", false));
	if(behind > 0)
		(void)ringing(fs, "sos-2", true);
	(void)flow_call(fs, 1, WIMS_PL("other"));
	end(fs);
	flow_check(fs);
	while((kind = flow_next(fs, END_AT)) >= 0 && kind != WIMS_ACT_BYE)
		flow_check(fs);
	assert_int_equal(kind, WIMS_ACT_BYE);
	flow_assert_pl(flow_action.call.call_id, "other");
	assert_int_equal(calls(fs), 2 * (before + behind));
	flow_free(fs);
}

static void end_among_early(void **state)
{
	static void (*const ends[])(struct wims_flows *) = {by_token,      by_hand,  by_core,
														by_revocation, by_range, by_loss};
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		ends_among_early(ends[i], ends[i] == by_range, 0, 0);
		if(ends[i] == by_token || ends[i] == by_loss)
			continue; /* an emergency call holds up the one, and ends with the other */
		ends_among_early(ends[i], ends[i] == by_range, 1, 0);
		ends_among_early(ends[i], ends[i] == by_range, 0, 1);
		ends_among_early(ends[i], ends[i] == by_range, 1, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(charged),
			cmocka_unit_test(finds),
			cmocka_unit_test(forked),
			cmocka_unit_test(two_answers),
			cmocka_unit_test(ended_before_settled),
			cmocka_unit_test(many_branches),
			cmocka_unit_test(calls_itself),
			cmocka_unit_test(end_among_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
