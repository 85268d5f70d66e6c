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

/* Media sessions of calls: which, for how long, and what SDP is in them. */

static const struct wims_call_news confirmed = {.confirmed = true};
static const struct wims_call_news early = {.confirmed = false};

static size_t media(const struct wims_flows *fs)
{
	struct wims_flow_counts n;

	wims_flow_counts(fs, &n);
	return n.media;
}

static uint64_t begin(struct wims_flows *fs, struct wims_call_in *in)
{
	uint64_t call;

	*in = flow_invite(1, WIMS_PL("c1"));
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, in, 0, &call), WIMS_OK);
	assert_int_equal(wims_call_media(fs, call), 0);
	assert_true(wims_call_without_media(fs, call));
	assert_int_equal(wims_call_anchor(fs, call), WIMS_OK);
	assert_false(wims_call_without_media(fs, call));
	flow_check(fs);
	return call;
}

static void expect_over(struct wims_flows *fs, uint64_t id)
{
	assert_int_equal(media(fs), 1);
	assert_int_equal(flow_next(fs, 0), WIMS_ACT_MEDIA);
	assert_int_equal(flow_action.media, id);
	assert_int_equal(media(fs), 0);
	assert_int_equal(flow_next(fs, 0), -1);
	flow_check(fs);
}

/* One session for an opening request, however often it is asked for. */
static void anchors(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in;
	uint64_t call = begin(fs, &in), id = wims_call_media(fs, call);

	(void)state;
	assert_int_not_equal(id, 0);
	assert_int_equal(wims_call_anchor(fs, call), WIMS_OK);
	assert_int_equal(wims_call_media(fs, call), id);
	assert_int_equal(media(fs), 1);
	assert_int_equal(wims_call_anchor(fs, call + 99), WIMS_DIALOG_UNKNOWN);
	assert_int_equal(wims_call_media(fs, call + 99), 0);
	assert_int_equal(flow_next(fs, 0), -1);
	wims_call_settle(fs, call, 0);
	expect_over(fs, id);
	flow_free(fs);
}

/* It lasts as long as the last dialog. */
static void forks(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in;
	uint64_t call = begin(fs, &in), id = wims_call_media(fs, call), two, one;
	uint32_t at;

	(void)state;
	assert_int_equal(flow_answered(fs, &in, "one", &early), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "two", &confirmed), WIMS_OK);
	assert_int_equal(wims_call_find(fs, 1, in.call_id, in.caller_tag, WIMS_PL("one"), &one, &at),
					 WIMS_OK);
	assert_int_equal(wims_call_find(fs, 1, in.call_id, in.caller_tag, WIMS_PL("two"), &two, &at),
					 WIMS_OK);
	assert_int_equal(wims_call_media(fs, two), id);
	flow_check(fs);
	wims_call_settle(fs, call, 0);
	assert_int_equal(wims_call_media(fs, one), 0);
	assert_int_equal(wims_call_media(fs, two), id);
	assert_int_equal(flow_next(fs, 0), -1);
	wims_call_end(fs, two);
	expect_over(fs, id);
	flow_free(fs);
}

/* BYE while the opening transaction is still there. */
static void ends_at_once(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in;
	uint64_t call = begin(fs, &in), id = wims_call_media(fs, call);

	(void)state;
	assert_int_equal(flow_answered(fs, &in, "one", &confirmed), WIMS_OK);
	wims_call_end(fs, call);
	expect_over(fs, id);
	wims_call_settle(fs, call, 0);
	assert_int_equal(flow_next(fs, 0), -1);
	flow_free(fs);
}

/* BYE of an early dialog leaves the others what they have (RFC 3261 15). */
static void early_bye(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in;
	uint64_t call = begin(fs, &in), id = wims_call_media(fs, call), two;
	uint32_t at;

	(void)state;
	assert_int_equal(flow_answered(fs, &in, "one", &early), WIMS_OK);
	wims_call_end(fs, call);
	assert_int_equal(flow_next(fs, 0), -1);
	assert_int_equal(flow_answered(fs, &in, "two", &confirmed), WIMS_OK);
	assert_int_equal(wims_call_find(fs, 1, in.call_id, in.caller_tag, WIMS_PL("two"), &two, &at),
					 WIMS_OK);
	assert_int_equal(wims_call_media(fs, two), id);
	wims_call_settle(fs, call, 0);
	wims_call_end(fs, two);
	expect_over(fs, id);
	flow_free(fs);
}

/* The opening transaction names the call, whatever its answers say and however many. */
static void of_opening(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	char tag[] = "t0";
	uint64_t call;

	(void)state;
	in.txn = 7;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &call), WIMS_OK);
	for(; tag[1] < '0' + WIMS_FORKS_MAX + 2; tag[1]++) {
		enum wims_reason r = flow_answered(fs, &in, tag, &early);

		assert_true(r == WIMS_OK || r == WIMS_LIMIT_REACHED);
		assert_int_equal(wims_call_of_opening(fs, 1, in.call_id, 7), call);
	}
	assert_int_equal(wims_call_of_opening(fs, 1, in.call_id, 8), 0);
	assert_int_equal(wims_call_of_opening(fs, 2, in.call_id, 7), 0);
	assert_int_equal(wims_call_of_opening(fs, 1, WIMS_PL("c2"), 7), 0);
	wims_call_settle(fs, call, 7);
	assert_int_equal(wims_call_of_opening(fs, 1, in.call_id, 7), 0);
	flow_free(fs);
}

static void refused(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in;
	uint64_t call = begin(fs, &in), id = wims_call_media(fs, call);

	(void)state;
	assert_int_equal(flow_answered(fs, &in, "one", &early), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "two", &early), WIMS_OK);
	wims_call_refused(fs, call + 99);
	assert_int_equal(flow_next(fs, 0), -1);
	wims_call_refused(fs, call);
	expect_over(fs, id);
	/* an answer that comes all the same does not pass as it is */
	assert_false(wims_call_without_media(fs, call));
	assert_false(wims_call_without_media(fs, call + 99));
	assert_int_equal(wims_call_sdp(fs, call, WIMS_SDP_IN_REPLY), WIMS_SDP_NONE);
	wims_call_settle(fs, call, 0);
	flow_free(fs);
}

/* The connection is lost: first the BYE, with it the media. */
static void lost(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in;
	uint64_t call = begin(fs, &in), id = wims_call_media(fs, call);

	(void)state;
	assert_int_equal(flow_answered(fs, &in, "one", &confirmed), WIMS_OK);
	wims_call_settle(fs, call, 0);
	wims_flow_lost(fs, 1, 0, WIMS_LOSS_SILENT);
	assert_int_equal(flow_next(fs, 9999), -1);
	assert_int_equal(wims_call_media(fs, call), id);
	assert_int_equal(flow_next(fs, 10000), WIMS_ACT_BYE);
	assert_int_equal(flow_action.media, 0);
	expect_over(fs, id);
	flow_free(fs);
}

static void roles(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in;
	uint64_t call, other;
	static const struct
	{
		enum wims_sdp_carrier carrier;
		enum wims_sdp role;
	} rows[] = {
			{WIMS_SDP_IN_REQUEST, WIMS_SDP_OFFER},
			{WIMS_SDP_IN_REPLY, WIMS_SDP_ANSWER},
			{WIMS_SDP_IN_REPLY, WIMS_SDP_ANSWER},
			{WIMS_SDP_IN_PRACK, WIMS_SDP_OFFER},
			/* a late offer, answered by ACK; then no offer is open */
			{WIMS_SDP_IN_REPLY_TO_NONE, WIMS_SDP_OFFER},
			{WIMS_SDP_IN_ACK, WIMS_SDP_ANSWER},
			{WIMS_SDP_IN_PRACK, WIMS_SDP_OFFER},
			/* one that PRACK answers; the next PRACK offers */
			{WIMS_SDP_IN_REPLY_TO_NONE, WIMS_SDP_OFFER},
			{WIMS_SDP_IN_PRACK, WIMS_SDP_ANSWER},
			{WIMS_SDP_IN_PRACK, WIMS_SDP_OFFER},
			{WIMS_SDP_IN_REPLY, WIMS_SDP_ANSWER},
	};
	size_t i;

	(void)state;
	call = begin(fs, &in);
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(wims_call_sdp(fs, call, rows[i].carrier), rows[i].role);
	in.call_id = WIMS_PL("c2");
	assert_int_equal(wims_call_open(fs, &in, 0, &other), WIMS_OK);
	assert_int_equal(wims_call_sdp(fs, other, WIMS_SDP_IN_REQUEST), WIMS_SDP_NONE);
	assert_int_equal(wims_call_sdp(fs, other + 99, WIMS_SDP_IN_REQUEST), WIMS_SDP_NONE);
	flow_free(fs);
}

static void no_memory(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	uint64_t call;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &call), WIMS_OK);
	flow_memory.asked = 0;
	flow_memory.fail_at = 1;
	assert_int_equal(wims_call_anchor(fs, call), WIMS_NOMEM);
	flow_memory.fail_at = 0;
	assert_int_equal(wims_call_media(fs, call), 0);
	assert_int_equal(media(fs), 0);
	wims_call_settle(fs, call, 0);
	assert_int_equal(flow_next(fs, 0), -1);
	flow_free(fs);
}

/* Sessions that are over and were not handed out go with the table. */
static void goes_with_the_table(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in;
	uint64_t call = begin(fs, &in);

	(void)state;
	in.call_id = WIMS_PL("c2");
	wims_call_refused(fs, call);
	assert_int_equal(wims_call_open(fs, &in, 0, &call), WIMS_OK);
	assert_int_equal(wims_call_anchor(fs, call), WIMS_OK);
	assert_int_equal(media(fs), 2);
	flow_free(fs);
}

static void list_one(void *ctx, const struct wims_media_view *view)
{
	uint64_t *last = ctx;

	assert_true(view->media > *last);
	assert_int_equal(view->conn, 1);
	flow_assert_pl(view->call_id, "c1");
	*last = view->media;
}

/* Those that are over are not listed. */
static void lists(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in;
	uint64_t call = begin(fs, &in), other, last = 0;

	(void)state;
	in.wic_is_caller = false;
	assert_int_equal(wims_call_open(fs, &in, 0, &other), WIMS_OK);
	assert_int_equal(wims_call_anchor(fs, other), WIMS_OK);
	assert_int_equal(wims_flow_medias(fs, last, list_one, &last, 1), 1);
	assert_int_equal(last, wims_call_media(fs, call));
	assert_int_equal(wims_flow_medias(fs, last, list_one, &last, 5), 1);
	assert_int_equal(last, wims_call_media(fs, other));
	assert_int_equal(wims_flow_medias(fs, last, list_one, &last, 5), 0);
	wims_call_refused(fs, call);
	last = 0;
	assert_int_equal(wims_flow_medias(fs, 0, list_one, &last, 5), 1);
	flow_free(fs);
}

/* Neither a begin nor an end is missed, nor both between two looks. */
static void changes(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in;
	struct wims_action a;
	uint64_t call, seen = wims_flow_media_changes(fs);

	(void)state;
	assert_int_equal(seen, 0);
	call = begin(fs, &in);
	assert_true(wims_flow_media_changes(fs) > seen);
	seen = wims_flow_media_changes(fs);
	wims_call_refused(fs, call);
	while(wims_flows_next_action(fs, 1000, &a))
		assert_int_equal(a.kind, WIMS_ACT_MEDIA);
	assert_true(wims_flow_media_changes(fs) > seen);
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(anchors),      cmocka_unit_test(forks),
			cmocka_unit_test(ends_at_once), cmocka_unit_test(early_bye),
			cmocka_unit_test(of_opening),   cmocka_unit_test(refused),
			cmocka_unit_test(lost),         cmocka_unit_test(roles),
			cmocka_unit_test(no_memory),    cmocka_unit_test(goes_with_the_table),
			cmocka_unit_test(lists),        cmocka_unit_test(changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
