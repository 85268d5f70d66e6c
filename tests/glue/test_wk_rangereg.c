/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rangecore_help.h"

#include <unistd.h>

#include "wk_env.h"
#include "wk_location.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_rangereg.h"
#include "wk_regevent.h"
#include "wk_state.h"

static void later(int64_t seconds)
{
	ksr_clock.mono_ms += seconds * 1000;
	wk_rangereg_tick();
}

static void test_at_start(void **state)
{
	rc_provision(RC_BY_PILOT("start"));
	assert_int_equal(ksr_tm.requests, 1);
	assert_contains(ksr_tm.sent, "method REGISTER\ntarget sip:ims.test\n"
								 "next hop sip:icscf.ims.test:4060\n");
	assert_contains(ksr_tm.sent, "\nfrom " RC_PILOT "\n");
	assert_contains(ksr_tm.sent, "\nto " RC_PILOT "\nto-tag \ncseq 1\nContact: <sip:");
	assert_contains(ksr_tm.sent, "@127.0.0.1:5060>\r\nExpires: 3600\r\n"
								 "P-Visited-Network-ID: ims.test\r\n"
								 "Path: <sip:range@127.0.0.1:5060;lr>\r\n");
	assert_contains(ksr_tm.sent, "P-Charging-Vector: icid-value=");
	assert_contains(ksr_tm.sent, "Digest username=\"a-range1@ims.test\", realm=\"ims.test\"");
	assert_false(ksr_tm.borrowed_freed);
	assert_contains(rc_rpc(), "state=pending");
	rc_accept();
	assert_contains(rc_rpc(), "state=registered");
	assert_contains(rc_rpc(), "expires=600");
	assert_contains(rc_rpc(), "service_route=<sip:orig@scscf.ims.test;lr>");
	assert_int_equal(ksr_counter("ranges"), 1);
	assert_int_equal(ksr_counter("ranges_registered"), 1);
	assert_int_equal(ksr_counter("range_registers"), 1);
	assert_int_equal(ksr_counter("range_registers_failed"), 0);
	assert_contains(ksr_log(), "range " RC_WILDCARD " is registered");
	assert_int_equal(ksr_tm.requests, 1);
}

/* The same registration each time: Contact, Call-ID and From tag stay. */
static void test_refresh(void **state)
{
	char first[3][64];

	rc_provision(RC_BY_ITSELF("start"));
	assert_contains(ksr_tm.sent, "\nto " RC_WILDCARD "\n");
	snprintf(first[0], 64, "%s", glue_sent("call-id "));
	snprintf(first[1], 64, "%s", glue_sent("from-tag "));
	snprintf(first[2], 64, "%s", glue_sent("Contact: "));
	rc_accept();
	later(301);
	assert_int_equal(ksr_tm.requests, 2);
	assert_string_equal(glue_sent("call-id "), first[0]);
	assert_string_equal(glue_sent("from-tag "), first[1]);
	assert_string_equal(glue_sent("Contact: "), first[2]);
	assert_string_equal(glue_sent("cseq "), "2");
}

static void test_answers(void **state)
{
	static const struct
	{
		const char *status, *more, *state, *log;
		bool contact;
	} rows[] = {
			{"403 Forbidden", "", "state=refused",
			 "the core answered 403 to the REGISTER of " RC_PILOT, false},
			{"500 Oops", "", "state=retry", "answered 500 to", false},
			{"503 Busy", "Retry-After: 40 (soon)\n", "next=4", "answered 503 to", false},
			/* nothing of ours */
			{"200 OK", "Contact: <sip:other@x.invalid>;expires=60\n", "state=retry", "", false},
			/* not read, and so not believed */
			{"200 OK", "P-Associated-URI: <sip:x@ims.test>\n", "state=pending", "", true},
	};
	size_t i;

	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rc_provision(RC_OTHER);
		rc_provision(RC_BY_PILOT("start"));
		ksr_log_clear();
		rc_answer(rows[i].status, rows[i].more, rows[i].contact);
		assert_contains(rc_rpc(), rows[i].state);
		assert_contains(ksr_log(), rows[i].log);
		assert_int_equal(ksr_counter("ranges_registered"), 0);
		/* the next one starts with a table that knows nothing of it */
		wk_rangereg_destroy();
		assert_int_equal(wk_rangereg_init(), 0);
	}
	assert_int_equal(ksr_counter("range_registers_failed"), 3);
}

static void test_brief(void **state)
{
	rc_provision(RC_BY_PILOT("start"));
	rc_answer("423 Interval Too Brief", "Min-Expires: 7200\n", false);
	assert_int_equal(ksr_tm.requests, 2);
	assert_string_equal(glue_sent("Expires: "), "7200");
	rc_accept();
	assert_contains(rc_rpc(), "state=registered");
}

static void test_silence(void **state)
{
	rc_provision(RC_BY_PILOT("start"));
	rc_silence();
	assert_contains(rc_rpc(), "answer=408");
	assert_int_equal(ksr_counter("ranges_failing"), 1);
	assert_int_equal(ksr_tm.requests, 1);
	later(3);
	assert_int_equal(ksr_tm.requests, 2);
	rc_accept();
	assert_int_equal(ksr_counter("ranges_failing"), 0);
}

/* Lists that are longer than what is read take nothing away from a registration. */
static void test_too_long(void **state)
{
	static char lines[WIMS_ROUTES_MAX + 64];

	snprintf(lines, sizeof(lines), "Service-Route: <sip:%0*d@scscf.ims.test;lr>\n", WIMS_ROUTES_MAX,
			 1);
	rc_provision(RC_BY_PILOT("start"));
	rc_answer("200 OK", lines, true);
	assert_contains(rc_rpc(), "expires=600");
	assert_contains(rc_rpc(), "answer=200 outcome=core_answer_bad");
}

/* What is no SIP is no answer that says anything. */
static void test_unreadable(void **state)
{
	rc_provision(RC_BY_PILOT("start"));
	rc_answer("200 OK", "no header\n", true);
	assert_contains(rc_rpc(), "answer=500");
	assert_contains(ksr_log(), "the core's 200 to the REGISTER of " RC_PILOT " cannot be read");
}

static void test_cannot_send(void **state)
{
	ksr_tm.request_fails = true;
	rc_provision(RC_BY_PILOT("start"));
	assert_contains(ksr_log(), "cannot send the REGISTER of " RC_WILDCARD);
	assert_contains(rc_rpc(), "state=retry");
	assert_int_equal(ksr_counter("range_registers"), 0);
	assert_int_equal(ksr_counter("range_registers_failed"), 1);
	ksr_tm.request_fails = false;
	later(3);
	rc_accept();
	assert_contains(rc_rpc(), "state=registered");
}

/* Removed by a reload: the core is told, and who was told of the loss. */
static void test_reload(void **state)
{
	rc_provision(RC_BY_PILOT("start"));
	rc_accept();
	rc_provision(RC_BY_PILOT("start"));
	assert_int_equal(ksr_tm.requests, 1);
	rc_provision("\"" RC_WILDCARD "\"");
	assert_int_equal(ksr_tm.requests, 2);
	assert_string_equal(glue_sent("Expires: "), "0");
	assert_string_equal(glue_sent("cseq "), "2");
	assert_contains(ksr_log(), "is lost (removed): 0 registrations ended");
	assert_int_equal(ksr_counter("ranges_lost"), 1);
	rc_answer("200 OK", "", false);
	assert_int_equal(ksr_counter("ranges"), 0);
}

static const char *by_hand(const char *what)
{
	const char *said = ksr_rpc_run("webrtc_ims.range", what, RC_WILDCARD);

	wk_rangereg_tick();
	return said;
}

static void test_by_hand(void **state)
{
	rc_provision(RC_BY_PILOT("first"));
	assert_int_equal(ksr_tm.requests, 0);
	assert_contains(rc_rpc(), "state=off");
	assert_contains(by_hand("register"), "ok");
	assert_int_equal(ksr_tm.requests, 1);
	rc_accept();
	assert_contains(by_hand("refresh"), "ok");
	assert_int_equal(ksr_tm.requests, 2);
	rc_accept();
	assert_contains(by_hand("deregister"), "ok");
	assert_string_equal(glue_sent("Expires: "), "0");
	rc_answer("200 OK", "", false);
	assert_contains(rc_rpc(), "state=by_hand");
	assert_contains(by_hand("explode"), "400 first argument: register, deregister or refresh");
	assert_contains(ksr_rpc_run("webrtc_ims.range", "refresh", "sip:x-!.*!@ims.test"),
					"404 no such range");
	assert_string_equal(ksr_rpc_run("webrtc_ims.ranges", "1", NULL), "");
}

/* The event routes are told. */
static char seen[256];

static void look(sip_msg_t *msg)
{
	char wwsf[32], range[64];

	snprintf(wwsf, sizeof(wwsf), "%s", ksr_pv(msg, "wwsf"));
	snprintf(range, sizeof(range), "%s", ksr_pv(msg, "range"));
	snprintf(seen, sizeof(seen), "%s %s %s", wwsf, range, ksr_pv(msg, "reason"));
}

static void test_events(void **state)
{
	ksr_route.name = "webrtc-ims:range-registered";
	ksr_route.look = look;
	assert_int_equal(wk_event_init(), 0);
	rc_provision(RC_BY_PILOT("start"));
	rc_accept();
	assert_string_equal(seen, "wwsf1 " RC_WILDCARD " ok");
	ksr_route.name = "webrtc-ims:range-lost";
	assert_int_equal(wk_event_init(), 0);
	rc_provision(RC_OTHER);
	assert_string_equal(seen, "wwsf1 " RC_WILDCARD " removed");
}

/* The core says that this Contact of the pilot is not wanted any more. */
static void tell_rejected(const char *contact)
{
	struct wims_reginfo *doc = NULL;
	char text[512];

	snprintf(text, sizeof(text),
			 "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"1\" state=\"full\">"
			 "<registration aor=\"" RC_PILOT "\" id=\"a\" state=\"terminated\">"
			 "<contact id=\"b\" state=\"terminated\" event=\"rejected\"><uri>%s</uri></contact>"
			 "</registration></reginfo>",
			 contact);
	assert_int_equal(wims_reginfo_parse(&doc, wk_env(), wims_pl_str(text)), WIMS_OK);
	wk_rangereg_document(doc);
	wims_reginfo_free(doc);
	wk_rangereg_tick();
}

/* The core is asked to tell what becomes of it, and what it tells counts. */
static void test_news(void **state)
{
	char contact[128];

	rc_provision(RC_BY_PILOT("start"));
	wk_regevent_tick();
	assert_int_equal(ksr_tm.requests, 1);
	snprintf(contact, sizeof(contact), "%s", glue_sent("Contact: <"));
	contact[strcspn(contact, ">")] = '\0';
	rc_accept();
	wk_regevent_tick();
	assert_int_equal(ksr_tm.requests, 2);
	assert_contains(ksr_tm.sent, "method SUBSCRIBE\ntarget " RC_PILOT "\n");
	/* of somebody else's Contact */
	tell_rejected("sip:other@192.0.2.1");
	assert_contains(rc_rpc(), "state=registered");
	tell_rejected(contact);
	assert_contains(rc_rpc(), "state=refused");
	assert_contains(ksr_log(), "is lost (network): 0 registrations ended");
	assert_int_equal(ksr_counter("ranges_lost"), 1);
}

static void test_no_news_wanted(void **state)
{
	wk_params.reg_event = 0;
	wk_rangereg_destroy();
	assert_int_equal(wk_rangereg_init(), 0);
	rc_provision(RC_BY_PILOT("start"));
	rc_accept();
	wk_regevent_tick();
	assert_int_equal(ksr_tm.requests, 1);
	wk_params.reg_event = 1;
}

static void test_leaves(void **state)
{
	rc_provision(RC_BY_PILOT("start"));
	rc_accept();
	wk_params.range_leave = 0;
	wk_rangereg_leave();
	assert_int_equal(ksr_tm.requests, 1);
	wk_params.range_leave = 1;
	wk_rangereg_leave();
	assert_int_equal(ksr_tm.requests, 2);
	assert_string_equal(glue_sent("Expires: "), "0");
}

/* No answer comes any more, so none is waited for: also where more leave than
 * are sent to the core at a time. */
static void test_many_leave(void **state)
{
	static char ranges[16384];
	size_t n = 0, i, registered;
	int sent;

	for(i = 0; i < 100; i++)
		n += (size_t)snprintf(ranges + n, sizeof(ranges) - n,
							  "%s{\"range\":\"sip:many%zux-!.*!@ims.test\",\"register\":\"start\","
							  "\"impi\":\"a-%zu@ims.test\"}",
							  i > 0 ? "," : "", i, i);
	rc_provision(ranges);
	/* the core answers the last one each time, and never those before */
	for(sent = 0; sent != ksr_tm.requests;) {
		sent = ksr_tm.requests;
		rc_answer("200 OK", "", true);
	}
	assert_int_equal(sent, 100);
	registered = wk_rangereg_counts().registered;
	assert_true(registered > 20);
	wk_rangereg_leave();
	assert_int_equal(ksr_tm.requests, 100 + (int)registered);
	assert_int_equal(wk_rangereg_counts().registered, 0);
}

/* A restart goes on with the same registration; a CSeq never goes back. */
static void test_restart(void **state)
{
	static char dir[] = "/tmp/wims-ranges-XXXXXX";
	char call_id[64], file[64];

	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/ranges.state", dir);
	wk_params.state_dir = dir;
	rc_provision(RC_BY_PILOT("start"));
	snprintf(call_id, sizeof(call_id), "%s", glue_sent("call-id "));
	rc_accept();
	ksr_slow_timer();
	assert_int_equal(access(file, F_OK), 0);
	assert_int_equal(unlink(file), 0);
	ksr_slow_timer();
	assert_int_not_equal(access(file, F_OK), 0); /* nothing has changed */
	assert_contains(ksr_rpc_run("webrtc_ims.range", "refresh", RC_WILDCARD), "ok");
	wk_rangereg_tick();
	rc_accept();
	ksr_slow_timer();
	wk_rangereg_destroy();
	ksr_log_clear();
	assert_int_equal(wk_rangereg_init(), 0);
	assert_contains(ksr_log(), "1 ranges of an earlier start are registered");
	assert_int_equal(wk_rangereg_check(WIMS_PL(RC_WILDCARD), NULL), WIMS_OK);
	ksr_tm.requests = 0;
	ksr_slow_timer();
	later(3);
	assert_int_equal(ksr_tm.requests, 1);
	assert_string_equal(glue_sent("call-id "), call_id);
	assert_true(strtol(glue_sent("cseq "), NULL, 10) > 2);
	rc_accept();
	assert_int_equal(ksr_counter("ranges_lost"), 0);
	/* after a clean stop nothing is left of it */
	wk_rangereg_leave();
	assert_string_equal(glue_sent("Expires: "), "0");
	wk_rangereg_destroy();
	assert_int_equal(wk_rangereg_init(), 0);
	assert_int_equal(wk_rangereg_counts().registered, 0);
	/* a damaged file is no reason not to start */
	assert_int_equal(truncate(file, 40), 0);
	wk_rangereg_destroy();
	assert_int_equal(wk_rangereg_init(), 0);
	assert_contains(ksr_log(), "ranges.state is ignored");
	wk_params.state_dir = "";
	unlink(file);
	rmdir(dir);
}

static void test_workers(void **state)
{
	struct wims_config_fault fault = {0};

	rc_provision(RC_BY_PILOT("start") "," RC_OTHER);
	ksr_async.workers = 0;
	assert_true(wk_rangereg_can_serve(wk_provision(), &fault));
	ksr_async.workers = 1;
	rc_provision(RC_OTHER "," RC_BY_PILOT("first"));
	assert_true(wk_rangereg_can_serve(wk_provision(), &fault));
	ksr_async.workers = 0;
	assert_false(wk_rangereg_can_serve(wk_provision(), &fault));
	assert_string_equal(fault.path, "$.wwsf[0].ranges[1].register");
	assert_contains(fault.text, "async_workers is 0; must be at least 1");
	ksr_async.workers = 1;
}

/* What one WIC is told to wait is not told to the next one. */
static void test_retry_after(void **state)
{
	const struct wims_wwsf *w;
	struct wk_result res = {0};

	rc_provision(RC_BY_ITSELF("first"));
	w = wims_provision_at(wk_provision(), 0);
	res.wwsf = w;
	res.range = &w->ranges.at[0];
	res.range_key = res.range->wildcard;
	assert_int_equal(wk_rangereg_want(&res), WIMS_RANGE_PENDING);
	wk_rangereg_tick();
	rc_answer("503 Service Unavailable", "Retry-After: 60\n", false);
	assert_int_equal(wk_rangereg_want(&res), WIMS_RANGE_UNAVAILABLE);
	assert_in_range(res.retry_after, 60, 66);
	res.retry_after = 0;
	res.range_key = WIMS_PL("sip:range1-a!.*!@ims.test");
	assert_int_equal(wk_rangereg_want(&res), WIMS_IMPU_NOT_ENTITLED);
	assert_int_equal(res.retry_after, 0);
}

static void test_no_usrloc(void **state)
{
	struct wims_config_fault fault = {0};

	rc_provision(RC_OTHER "," RC_BY_PILOT("start"));
	ksr_usrloc.absent = true;
	assert_int_equal(wk_location_init(), 0);
	assert_false(wk_rangereg_can_serve(wk_provision(), &fault));
	assert_string_equal(fault.path, "$.wwsf[0].ranges[1].register");
	assert_contains(fault.text, "the usrloc module is not loaded");
	rc_provision(RC_OTHER);
	assert_true(wk_rangereg_can_serve(wk_provision(), &fault));
	ksr_usrloc.absent = false;
	assert_int_equal(wk_location_init(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			rc_test(test_at_start),       rc_test(test_refresh),     rc_test(test_answers),
			rc_test(test_brief),          rc_test(test_silence),     rc_test(test_too_long),
			rc_test(test_unreadable),     rc_test(test_cannot_send), rc_test(test_reload),
			rc_test(test_by_hand),        rc_test(test_events),      rc_test(test_news),
			rc_test(test_no_news_wanted), rc_test(test_leaves),      rc_test(test_workers),
			rc_test(test_restart),        rc_test(test_many_leave),  rc_test(test_no_usrloc),
			rc_test(test_retry_after),
	};

	return cmocka_run_group_tests(tests, rc_group_setup, ask_group_teardown);
}
