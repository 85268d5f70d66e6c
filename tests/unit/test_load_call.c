/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "load_users.h"
#include "tools/load/call_int.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The core's side is real, on a port of its own; this is the eP-CSCF. The WICs
 * have no connections: what goes to them is lost. */

enum
{
	WAIT_MS = 5000,
	QUIET_MS = 700 /* longer than the first time until something is sent again */
};

static struct wl_options options;
static struct wl_load load;
static int edge;
static struct sockaddr_in core;
static char got_bytes[WL_SIP_MAX];
static size_t got_n;
static struct wl_sip got;
static struct wl_called result;
static unsigned results;

static struct sockaddr_in loopback(unsigned port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return at;
}

static int begin(void **state)
{
	struct sockaddr_in any = loopback(0);
	socklen_t size = sizeof any;

	(void)state;
	edge = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(edge, (struct sockaddr *)&any, sizeof any), 0);
	assert_int_equal(getsockname(edge, (struct sockaddr *)&any, &size), 0);
	options = (struct wl_options){.core = loopback(0), .edge = any, .timeout = 3000};
	load = (struct wl_load){.options = &options, .users = good_users("sip:a@x\tt\nsip:b@x\tt\n")};
	load.loop = ev_loop_new(0);
	load.random.state = (uint64_t)wl_now();
	load.ledger = wl_ledger_new(load.users, NULL);
	load.wics.count = 2;
	load.wics.at = calloc(2, sizeof *load.wics.at);
	load.wics.at[0] = (struct wl_wic){.load = &load, .until = wl_now() + 600 * WL_SECOND};
	load.wics.at[0].link.up = true;
	load.mw = wl_mw_new(&load);
	assert_non_null(load.mw);
	assert_true(wl_calls_open(&load));
	core = loopback((unsigned)strtoul(strchr(wl_mw_host(load.mw).p, ':') + 1, NULL, 10));
	results = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	wl_calls_close(&load);
	wl_mw_free(load.mw);
	wl_ledger_free(load.ledger);
	wl_users_close(load.users);
	free(load.wics.at);
	ev_loop_destroy(load.loop);
	close(edge);
	return 0;
}

static void done(void *own, const struct wl_called *r)
{
	assert_ptr_equal(own, &result);
	result = *r;
	results++;
}

static void on_tick(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	(void)timer;
	(void)events;
	ev_break(loop, EVBREAK_ONE);
}

/* The program runs for 5 ms, or until something happens. */
static void run(void)
{
	struct ev_timer tick;

	ev_now_update(load.loop);
	ev_timer_init(&tick, on_tick, 0.005, 0);
	ev_timer_start(load.loop, &tick);
	ev_run(load.loop, EVRUN_ONCE);
	ev_timer_stop(load.loop, &tick);
}

/* Whether the eP-CSCF gets a message within that time: it is in `got`. */
static bool comes_within(int ms)
{
	int64_t until = wl_now() + ms * (WL_SECOND / 1000);
	ssize_t n;

	do {
		run();
		n = recv(edge, got_bytes, sizeof got_bytes, 0);
	} while(n < 0 && wl_now() < until);
	if(n < 0)
		return false;
	got_n = (size_t)n;
	assert_true(wl_sip_parse(got_bytes, got_n, &got));
	return true;
}

static void assert_str(struct wl_str s, const char *want)
{
	assert_int_equal(s.n, strlen(want));
	assert_memory_equal(s.p, want, s.n);
}

static void assert_comes(const char *method, unsigned status)
{
	assert_true(comes_within(WAIT_MS));
	assert_str(got.method, method);
	assert_int_equal(got.status, status);
}

static void assert_ended(void)
{
	int64_t until = wl_now() + WAIT_MS * (WL_SECOND / 1000);

	while(results == 0 && wl_now() < until)
		run();
	assert_int_equal(results, 1);
}

static void send_bytes(const char *p, size_t n)
{
	assert_int_equal(sendto(edge, p, n, 0, (struct sockaddr *)&core, sizeof core), n);
}

/* The eP-CSCF answers a request of the core. */
static void answer(const struct wl_sip *request, unsigned status, const char *more)
{
	struct wl_answer a = {.status = status, .to_tag = WL_STR("w0.1"), .more = wl_str(more)};
	char buf[4000];
	size_t n;

	if(status == 200 && wl_str_eq(request->method, WL_STR("INVITE")))
		a.contact = WL_STR("<sip:w0@wic.invalid;transport=ws>");
	n = wl_sip_answer(buf, sizeof buf, request, &a);
	assert_true(n > 0);
	send_bytes(buf, n);
}

static const char routes[] = "Record-Route: <sip:one@e;lr>\r\nRecord-Route: <sip:two@e;lr>\r\n";

/* A call to WIC 0; the INVITE is in *invite, of which the bytes are in own. */
static void calls(double hold, char *own, struct wl_sip *invite)
{
	assert_true(wl_call_begin(&load, WL_TO_WIC, 0, wl_now(), hold, done, &result));
	assert_comes("INVITE", 0);
	memcpy(own, got_bytes, got_n);
	assert_true(wl_sip_parse(own, got_n, invite));
	assert_int_equal(results, 0);
}

/* The WIC got it too: ACK over its WebSocket. */
static void wic_gets_ack(const struct wl_sip *invite)
{
	struct wl_sip ack = *invite;

	ack.method = WL_STR("ACK");
	wl_call_request(&load, &load.wics.at[0], &ack);
}

static void set_up_and_ended(void **state)
{
	char own[WL_SIP_MAX];
	struct wl_sip invite;

	(void)state;
	calls(0.05, own, &invite);
	assert_str(invite.uri, "sip:a@x");
	assert_str(wl_sip_uri(invite.to), "sip:a@x");
	answer(&invite, 180, "");
	answer(&invite, 200, routes);
	assert_comes("ACK", 0);
	assert_str(got.uri, "sip:w0@wic.invalid;transport=ws");
	assert_str(got.routes.at[0], "<sip:two@e;lr>");
	assert_str(got.routes.at[1], "<sip:one@e;lr>");
	assert_str(got.to_tag, "w0.1");
	assert_int_equal(got.cseq, invite.cseq);
	wic_gets_ack(&invite);
	assert_comes("BYE", 0);
	assert_str(got.uri, "sip:w0@wic.invalid;transport=ws");
	assert_int_equal(got.routes.n, 2);
	assert_int_equal(got.cseq, invite.cseq + 1);
	assert_int_equal(results, 0);
	answer(&got, 200, "");
	assert_ended();
	assert_true(result.ok && result.accepted);
	assert_int_equal(result.status, 200);
	assert_int_equal(result.by, 0);
	assert_true(result.began <= result.rang && result.rang <= result.answered);
	assert_int_equal(result.way, WL_TO_WIC);
}

static void sent_until_it_is_answered(void **state)
{
	char own[WL_SIP_MAX];
	struct wl_sip invite;
	size_t n;

	(void)state;
	calls(0, own, &invite);
	n = got_n;
	assert_comes("INVITE", 0);
	assert_int_equal(got_n, n);
	assert_memory_equal(got_bytes, own, n);
	answer(&invite, 100, "");
	assert_false(comes_within(2 * QUIET_MS));
	answer(&invite, 200, "");
	assert_comes("ACK", 0);
	answer(&invite, 180, ""); /* overtaken */
	/* the ACK was lost: the WIC says 200 again */
	answer(&invite, 200, "");
	assert_comes("ACK", 0);
	wic_gets_ack(&invite);
	assert_comes("BYE", 0);
	assert_comes("BYE", 0);
	answer(&got, 481, "");
	assert_ended();
	assert_true(result.accepted && !result.ok);
	assert_int_equal(result.rang, 0);
	assert_int_equal(result.status, 481);
}

static void refused(void **state)
{
	char own[WL_SIP_MAX];
	struct wl_sip invite;

	(void)state;
	calls(0, own, &invite);
	answer(&invite, 480, "Retry-After: 7\r\n");
	assert_comes("ACK", 0);
	assert_int_equal(got.branch.n, invite.branch.n);
	assert_memory_equal(got.branch.p, invite.branch.p, got.branch.n);
	assert_str(got.uri, "sip:a@x");
	assert_ended();
	assert_true(!result.ok && !result.accepted);
	assert_int_equal(result.status, 480);
	assert_int_equal(result.retry_after, 7);
	assert_int_equal(result.by, -1);
	assert_false(comes_within(QUIET_MS));
}

/* Nobody waits for it any more; it is not left standing all the same. */
static void too_late(void **state)
{
	char own[WL_SIP_MAX];
	struct wl_sip invite;

	(void)state;
	options.timeout = 200;
	calls(0, own, &invite);
	assert_ended();
	assert_string_equal(result.why, "timeout");
	assert_int_equal(result.status, 0);
	assert_false(comes_within(QUIET_MS));
	answer(&invite, 200, routes);
	assert_comes("ACK", 0);
	assert_comes("BYE", 0);
	assert_int_equal(got.routes.n, 2);
	assert_int_equal(load.calls.strays, 1);
	assert_int_equal(results, 1);
}

static void no_ack_for_the_wic(void **state)
{
	char own[WL_SIP_MAX];
	struct wl_sip invite;

	(void)state;
	options.timeout = 300;
	calls(0, own, &invite);
	answer(&invite, 200, "");
	assert_comes("ACK", 0);
	assert_ended();
	assert_string_equal(result.why, "ack-timeout");
	assert_true(result.accepted && !result.ok);
}

static void the_wic_is_lost(void **state)
{
	char own[WL_SIP_MAX];
	struct wl_sip invite, bye;

	(void)state;
	calls(0.1, own, &invite);
	answer(&invite, 200, "");
	assert_comes("ACK", 0);
	wic_gets_ack(&invite);
	load.wics.at[0].id++; /* it is back already, over another connection */
	assert_ended();
	assert_string_equal(result.why, "lost");
	load.wics.at[0].id--;
	results = 0;
	/* before anybody answered it */
	options.timeout = 100;
	load.wics.at[0].link.up = false;
	assert_true(wl_call_begin(&load, WL_FROM_WIC, 0, wl_now(), 60, done, &result));
	assert_ended();
	assert_string_equal(result.why, "lost");
	load.wics.at[0].link.up = true;
	options.timeout = 3000;
	results = 0;
	/* or the eP-CSCF tells the core first */
	calls(60, own, &invite);
	answer(&invite, 200, "");
	assert_comes("ACK", 0);
	bye = invite;
	bye.method = WL_STR("BYE");
	wl_call_request(&load, NULL, &bye);
	assert_comes("BYE", 200);
	assert_ended();
	assert_string_equal(result.why, "lost");
}

/* Says who answered, by what the 200 that came out of the eP-CSCF carries. */
static void another_wic_answers(void **state)
{
	char own[WL_SIP_MAX];
	struct wl_sip invite;

	(void)state;
	assert_true(wl_call_begin(&load, WL_TO_WIC, 1, wl_now(), 60, done, &result));
	assert_comes("INVITE", 0);
	memcpy(own, got_bytes, got_n);
	assert_true(wl_sip_parse(own, got_n, &invite));
	answer(&invite, 200, "");
	assert_comes("ACK", 0);
	wl_call_request(&load, NULL,
					&(struct wl_sip){.method = WL_STR("BYE"),
									 .call_id = invite.call_id,
									 .vias = invite.vias,
									 .from = invite.from,
									 .to = invite.to});
	assert_ended();
	assert_int_equal(result.by, 0);
	assert_int_equal(result.user, 1);
}

/* A call of WIC 0, as it comes out of the eP-CSCF: identity asserted. */
static void wic_calls(uint64_t number, const char *identity)
{
	char text[1000];
	int n = snprintf(
			text, sizeof text,
			"INVITE sip:core@x SIP/2.0\r\nVia: SIP/2.0/UDP e;branch=b%" PRIu64 "\r\n"
			"From: <sip:a@x>;tag=f\r\nTo: <sip:core@x>\r\nCall-ID: c%" PRIx64 "-%" PRIx64 "\r\n"
			"CSeq: 1 INVITE\r\nRecord-Route: <sip:one@e;lr>\r\nP-Asserted-Identity: <%s>\r\n"
			"Content-Length: 0\r\n\r\n",
			number, load.calls.run, number, identity);

	send_bytes(text, (size_t)n);
}

static void the_core_is_called(void **state)
{
	struct wl_sip ack;

	(void)state;
	load.wics.at[0].link.up = false;
	assert_true(wl_call_begin(&load, WL_FROM_WIC, 0, wl_now(), 60, done, &result));
	wic_calls(0, "sip:a@x");
	assert_comes("INVITE", 180);
	assert_comes("INVITE", 200);
	assert_str(got.record_routes.at[0], "<sip:one@e;lr>");
	assert_int_equal(got.contacts.n, 1);
	assert_true(got.body.n > 1000);
	assert_comes("INVITE", 200); /* until its ACK comes */
	wic_calls(0, "sip:a@x");
	assert_comes("INVITE", 200);
	ack = got;
	ack.method = WL_STR("ACK");
	wl_call_request(&load, NULL, &ack);
	assert_false(comes_within(3 * QUIET_MS));
	assert_int_equal(wl_ledger_differences(load.ledger), 0);
	assert_int_equal(results, 0);
}

static void with_the_identity_of_another(void **state)
{
	(void)state;
	load.wics.at[0].link.up = false;
	assert_true(wl_call_begin(&load, WL_FROM_WIC, 0, wl_now(), 60, done, &result));
	wic_calls(0, "sip:b@x");
	assert_comes("INVITE", 180);
	assert_int_equal(wl_ledger_differences(load.ledger), 1);
}

static void of_no_call_of_ours(void **state)
{
	(void)state;
	wic_calls(77, "sip:a@x");
	assert_comes("INVITE", 480);
	assert_int_equal(wl_ledger_differences(load.ledger), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
			TEST(set_up_and_ended),
			TEST(sent_until_it_is_answered),
			TEST(refused),
			TEST(too_late),
			TEST(no_ack_for_the_wic),
			TEST(the_wic_is_lost),
			TEST(another_wic_answers),
			TEST(the_core_is_called),
			TEST(with_the_identity_of_another),
			TEST(of_no_call_of_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
