/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rangecore_help.h"

#include "core/route.h"
#include "mint.h"
#include "wk_cache.h"
#include "wk_introspect.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_rangereg.h"
#include "wk_rangewait.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_token.h"
#include "world.h"

#define IMPU "sip:range1-alice@ims.test"

enum
{
	WICS_MAX = 8
};

/* REGISTERs of this test, and what came of each when its route ran last. */
static struct wic
{
	sip_msg_t *msg;
	int got;
	char reason[32];
} wics[WICS_MAX];
static size_t count;

/* route[REGISTER_BY_TOKEN] */
static void by_token(sip_msg_t *msg)
{
	struct wic *w = wics;

	while(w->msg != msg)
		assert_true(++w < wics + WICS_MAX);
	w->got = WK_FALSE;
	if(wk_token_validate(msg, NULL) == WK_TRUE && wk_identity_check(msg) == WK_TRUE)
		w->got = wk_range_register_route(msg, 1);
	snprintf(w->reason, sizeof(w->reason), "%s", glue_reason(msg));
}

static int setup(void **state)
{
	if(rc_setup(state) != 0)
		return -1;
	count = 0;
	ksr_tm.resumed = by_token;
	return 0;
}

static int teardown(void **state)
{
	while(count > 0)
		ksr_msg_free(wics[--count].msg);
	if(wk_rangewait_count() != 0)
		return -1;
	wk_params.max_range_waits = 1000;
	return rc_teardown(state);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static char *claims(void)
{
	char *text = world_claims("impu", "\"" IMPU "\"");
	char *out = mint_text("{\"active\":true,%s", text + 1);

	free(text);
	return out;
}

/* A REGISTER whose token its server was asked about before it got here. */
static struct wic *comes_on(uint32_t conn)
{
	struct wic *w = &wics[count++];
	char *token = mint_text("opaque-%zu", count), *body = claims();

	assert_true(count <= WICS_MAX);
	*w = (struct wic){.msg = glue_register_as(token, IMPU, IMPU, ""), .got = WK_FALSE};
	w->msg->rcv.proto_reserved1 = (int)conn;
	assert_int_equal(wk_token_resolve_route(w->msg, 1), WK_SUSPENDED);
	wk_introspect_ask();
	ask_answer(ask_fetch_count - 1, WIMS_FETCH_OK, 200, body);
	assert_int_equal(ksr_async_run(), 1);
	free(body);
	free(token);
	return w;
}

static struct wic *comes(void)
{
	return comes_on(GLUE_CONN);
}

static void expect(const struct wic *w, int got, const char *reason)
{
	assert_string_equal(w->reason, reason);
	assert_int_equal(w->got, got);
}

static bool is_open(uint32_t conn)
{
	struct wims_action a;
	enum wims_reason r;

	while(glue_next_action(&a))
		;
	r = wims_flow_check(wk_flows_lock(), conn, NULL);
	wk_flows_unlock();
	return r == WIMS_OK;
}

/* A WIC that waits for its range is not one that does nothing. */
static void test_is_not_idle(void **state)
{
	comes();
	ksr_clock.mono_ms += 10000;
	assert_false(is_open(GLUE_THIN_CONN));
	assert_true(is_open(GLUE_CONN));
	ksr_clock.mono_ms += wk_params.range_wait_ms;
	assert_false(is_open(GLUE_CONN));
}

static int setup_with_a_timeout(void **state)
{
	int rc;

	wk_params.unregistered_timeout = 10;
	rc = setup(state);
	wk_params.unregistered_timeout = 0;
	return rc;
}

/* What the token server said is still at hand when nothing is cached. */
static void test_first(void **state)
{
	struct wic *w;

	rc_provision(RC_BY_PILOT("first"));
	assert_int_equal(ksr_tm.requests, 0);
	w = comes();
	assert_int_equal(w->got, WK_SUSPENDED);
	assert_int_equal(ksr_tm.fr_ms, 9000);
	assert_int_equal(ksr_counter("range_waiting"), 1);
	wk_rangereg_tick();
	assert_int_equal(ksr_tm.requests, 1);
	wk_cache_flush();
	rc_accept();
	assert_int_equal(ksr_async_run(), 1);
	expect(w, WK_TRUE, "ok");
	assert_int_equal(ksr_counter("range_waits"), 1);
	assert_int_equal(ksr_counter("range_wait_timeouts"), 0);
	assert_int_equal(wk_lookup_count(), 0);
	/* from now on nobody waits */
	expect(comes(), WK_TRUE, "ok");
	assert_int_equal(ksr_counter("range_waits"), 1);
	assert_int_equal(ksr_tm.requests, 1);
}

/* A REGISTER with the token of w, which nobody needs to be asked about again. */
static struct wic *comes_again(const struct wic *w)
{
	struct wic *again = &wics[count++];
	char *token = mint_text("opaque-%zu", (size_t)(w - wics) + 1);

	*again = (struct wic){.msg = glue_register_as(token, IMPU, IMPU, "")};
	assert_int_equal(wk_token_resolve_route(again->msg, 1), WK_TRUE);
	ksr_tm_new(again->msg)->fr_timeout = 64;
	by_token(again->msg);
	free(token);
	return again;
}

/* The transaction gets its own time-out back. */
static void test_timeout_of_tm(void **state)
{
	struct wic *w;

	rc_provision(RC_BY_PILOT("first"));
	w = comes();
	wk_rangereg_tick();
	rc_answer("500 Oops", "", false);
	ksr_async_run();
	expect(w, WK_FALSE, "range_unavailable");
	ksr_clock.mono_ms += 3000;
	w = comes_again(w);
	assert_int_equal(w->got, WK_SUSPENDED);
	assert_int_equal(ksr_tm_of(w->msg)->fr_timeout, MS_TO_TICKS(9000));
	wk_rangereg_tick();
	rc_accept();
	ksr_async_run();
	expect(w, WK_TRUE, "ok");
	assert_int_equal(ksr_tm_of(w->msg)->fr_timeout, 64);
}

static void test_all_at_once(void **state)
{
	size_t i;

	rc_provision(RC_BY_PILOT("first"));
	for(i = 0; i < 3; i++)
		assert_int_equal(comes()->got, WK_SUSPENDED);
	wk_rangereg_tick();
	assert_int_equal(ksr_tm.requests, 1);
	/* who comes now waits for the same answer */
	assert_int_equal(comes()->got, WK_SUSPENDED);
	wk_rangereg_tick();
	rc_accept();
	assert_int_equal(ksr_async_run(), 4);
	for(i = 0; i < 4; i++)
		expect(&wics[i], WK_TRUE, "ok");
	assert_int_equal(ksr_tm.requests, 1);
}

static void answered(const char *status, const char *more, const char *reason, int retry_after)
{
	struct wic *w;

	rc_provision(RC_OTHER);
	rc_provision(RC_BY_PILOT("first"));
	w = comes();
	assert_int_equal(w->got, WK_SUSPENDED);
	wk_rangereg_tick();
	rc_answer(status, more, false);
	assert_int_equal(ksr_async_run(), 1);
	expect(w, WK_FALSE, reason);
	assert_in_range(wk_result(w->msg)->retry_after, retry_after, retry_after * 2);
	/* and so is the next one, at once */
	expect(comes(), WK_FALSE, reason);
	wk_rangereg_destroy();
	assert_int_equal(wk_rangereg_init(), 0);
}

static void test_refused(void **state)
{
	answered("403 Forbidden", "", "range_refused", 0);
	answered("503 Busy", "Retry-After: 40\n", "range_unavailable", 40);
	answered("500 Oops", "", "range_unavailable", 1);
}

static void test_no_answer(void **state)
{
	struct wic *w;

	rc_provision(RC_BY_PILOT("first"));
	w = comes();
	wk_rangereg_tick();
	ksr_clock.mono_ms += wk_params.range_wait_ms - 1;
	wk_rangereg_tick();
	assert_int_equal(ksr_async_run(), 0);
	ksr_clock.mono_ms++;
	wk_rangereg_tick();
	assert_int_equal(ksr_async_run(), 1);
	expect(w, WK_FALSE, "range_pending");
	assert_int_equal(ksr_counter("range_wait_timeouts"), 1);
	/* the answer is late for him */
	rc_accept();
	assert_int_equal(ksr_async_run(), 0);
}

/* It came between the look at the range and the wait. */
static void test_answered_meanwhile(void **state)
{
	struct wic *w;

	rc_provision(RC_BY_PILOT("start"));
	w = comes();
	assert_int_equal(w->got, WK_SUSPENDED);
	rc_accept();
	ksr_async_run();
	expect(w, WK_TRUE, "ok");
}

static void test_limits(void **state)
{
	rc_provision(RC_BY_PILOT("first"));
	wk_params.max_range_waits = 1;
	assert_int_equal(comes()->got, WK_SUSPENDED);
	expect(comes(), WK_FALSE, "limit_reached");
	wk_rangereg_tick();
	rc_accept();
	assert_int_equal(ksr_async_run(), 1);
	expect(&wics[0], WK_TRUE, "ok");
}

static void test_cannot_suspend(void **state)
{
	int n;

	rc_provision(RC_BY_PILOT("first"));
	for(n = 0; n < 3; n++) {
		ksr_tm.suspend = n == 2 ? 1 : 0;
		wics[0] = (struct wic){.msg = glue_register("", ""), .got = WK_FALSE};
		count = 1;
		wk_result(wics[0].msg)->wwsf = wims_provision_at(wk_provision(), 0);
		wk_result_range(wk_result(wics[0].msg), wk_result(wics[0].msg)->wwsf,
						&wims_provision_at(wk_provision(), 0)->ranges.at[0], WIMS_PL(RC_WILDCARD));
		ksr_memory.left = n == 2 ? SIZE_MAX : (size_t)n;
		assert_int_equal(wk_range_register_route(wics[0].msg, 1), WK_FALSE);
		ksr_memory.left = SIZE_MAX;
		assert_reason(wics[0].msg, n == 2 ? "internal" : "no_memory");
		assert_int_equal(wk_rangewait_count(), 0);
		ksr_msg_free(wics[0].msg);
		count = 0;
	}
	ksr_tm.suspend = 0;
}

/* Not after wims_identity_check, or not in a range. */
static void test_no_range(void **state)
{
	sip_msg_t *msg = glue_register("", "");

	assert_int_equal(wk_range_register_route(msg, 1), WK_FALSE);
	assert_reason(msg, "internal");
	ksr_msg_free(msg);
}

static void test_names(void **state)
{
	str empty = {"", 0};
	sip_msg_t *msg = glue_register("", "");
	void *param = (void *)"SOME";

	assert_int_equal(wk_range_register(msg, &empty), WK_FALSE);
	assert_reason(msg, "internal");
	assert_int_equal(wk_fixup_range_register(&param, 1), -1);
	assert_contains(ksr_log(), "wims_range_register(\"SOME\"): there must be a route of that name");
	ksr_msg_free(msg);
}

/* Nobody went on with it in time: it says what it waited for. */
static void test_nobody_goes_on(void **state)
{
	static struct ua_client blind = {.flags = TM_UAC_FLAG_BLIND};
	struct wic *w;
	struct cell *t;

	rc_provision(RC_BY_PILOT("first"));
	w = comes();
	t = ksr_tm_of(w->msg);
	assert_true(wk_rangewait_holds(t));
	t->uac = &blind;
	ksr_tm.current = t;
	ksr_tm.picked_branch = 0;
	set_route_type(FAILURE_ROUTE);
	assert_int_equal(wk_core_failed(w->msg), WK_TRUE);
	assert_reason(w->msg, "range_pending");
	ksr_tm.current = NULL;
	wk_rangereg_tick();
	rc_accept();
	ksr_async_run();
	assert_false(wk_rangewait_holds(t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_first),
			cmocka_unit_test_setup_teardown(test_is_not_idle, setup_with_a_timeout, teardown),
			T(test_timeout_of_tm),
			T(test_all_at_once),
			T(test_refused),
			T(test_no_answer),
			T(test_answered_meanwhile),
			T(test_limits),
			T(test_cannot_suspend),
			T(test_no_range),
			T(test_names),
			T(test_nobody_goes_on),
	};

	return cmocka_run_group_tests(tests, rc_group_setup, ask_group_teardown);
}
