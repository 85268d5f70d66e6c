/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/tcp_conn.h"
#include "mint.h"
#include "wk_params.h"
#include "wk_queue.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_ws.h"

/* ---- handshake ---- */

static void expect_open(int proto, uint32_t conn, const char *headers, const char *reason)
{
	char *text = mint_text("GET / HTTP/1.1\nHost: x\n%s\n", headers);
	sip_msg_t *msg = ksr_msg(proto, conn, text);
	size_t before = glue_counts().connections;
	bool ok = strcmp(reason, "ok") == 0;

	assert_int_equal(wk_ws_open(msg), ok ? WK_TRUE : WK_FALSE);
	if(strcmp(glue_reason(msg), reason) != 0)
		fail_msg("%s: %s instead of %s", headers, glue_reason(msg), reason);
	assert_int_equal(glue_counts().connections, before + ok);
	ksr_msg_free(msg);
	free(text);
}

static void test_origins(void **state)
{
	expect_open(PROTO_TLS, 20, "Origin: https://wwsf.test\n", "ok");
	expect_open(PROTO_TLS, 21, "origin:  https://WWSF.test \n", "ok");
	expect_open(PROTO_TLS, 22, "", "origin_refused");
	expect_open(PROTO_TLS, 22, "Origin: null\n", "origin_refused");
	expect_open(PROTO_TLS, 22, "Origin:\n", "origin_refused");
	expect_open(PROTO_TLS, 22, "Origin: https://evil.test\n", "origin_refused");
	expect_open(PROTO_TLS, 22, "Origin: http://wwsf.test\n", "origin_refused");
	expect_open(PROTO_TLS, 22, "Origin: https://wwsf.test.evil.test\n", "origin_refused");
	expect_open(PROTO_TLS, 22, "Origin: https://wwsf.test:444\n", "origin_refused");
	expect_open(PROTO_TLS, 22, "Origin: https://wwsf.test\nOrigin: https://wwsf.test\n",
				"origin_refused");
	expect_open(PROTO_TLS, 22, "Origin: https://wwsf.test\nOrigin: https://evil.test\n",
				"origin_refused");
	assert_int_equal(ksr_counter("connections_opened"), 2);
}

static void test_plain(void **state)
{
	expect_open(PROTO_TCP, 20, "Origin: https://wwsf.test\n", "transport_refused");
	wk_params.allow_plain_ws = 1;
	expect_open(PROTO_TCP, 20, "Origin: https://wwsf.test\n", "ok");
	wk_params.allow_plain_ws = 0;
}

static void test_limit(void **state)
{
	uint32_t i;

	for(i = 0; i < 398; i++)
		expect_open(PROTO_TLS, 100 + i, "Origin: https://wwsf.test\n", "ok");
	expect_open(PROTO_TLS, 1000, "Origin: https://wwsf.test\n", "limit_reached");
}

static void test_no_memory(void **state)
{
	ksr_memory.left = 0;
	expect_open(PROTO_TLS, 20, "Origin: https://wwsf.test\n", "no_memory");
}

/* ---- events ---- */

static int watch(void **state)
{
	if(glue_setup(state) < 0)
		return -1;
	return wk_ws_watch();
}

static int port_after_send(int proto)
{
	struct dest_info dst = {.proto = (char)proto, .id = 7};
	sr_event_param_t event = {.dst = &dst};

	dst.to.sin.sin_family = AF_INET;
	su_setport(&dst.to, 40007);
	assert_int_equal(ksr_core.on_data_out(&event), 0);
	assert_int_equal(dst.id, 7);
	return su_getport(&dst.to);
}

/* What goes to a WebSocket goes by connection id, all else as before. */
static void test_sends_by_id_only(void **state)
{
	sr_event_param_t none = {.dst = NULL};

	assert_int_equal(port_after_send(PROTO_WSS), 0);
	assert_int_equal(port_after_send(PROTO_WS), 0);
	assert_int_equal(port_after_send(PROTO_TCP), 40007);
	assert_int_equal(port_after_send(PROTO_TLS), 40007);
	assert_int_equal(port_after_send(PROTO_UDP), 40007);
	assert_int_equal(ksr_core.on_data_out(&none), 0);
}

static void tell_closed(struct tcp_connection *c)
{
	tcp_closed_event_info_t info = {.con = c};
	sr_event_param_t event = {.data = &info};

	assert_int_equal(ksr_core.on_tcp_closed(&event), 0);
}

static void test_closed_is_queued(void **state)
{
	struct tcp_connection c = {.id = GLUE_CONN, .s = -1};
	sr_event_param_t nothing = {.data = NULL};
	uint32_t conns[4];

	tell_closed(&c);
	c.id = 12345; /* whoever it is */
	tell_closed(&c);
	tell_closed(NULL);
	assert_int_equal(ksr_core.on_tcp_closed(&nothing), 0);
	assert_int_equal(wk_queue_take(conns, 4), 2);
	assert_int_equal(conns[0], GLUE_CONN);
	assert_int_equal(conns[1], 12345);
	/* tcp main itself touches no table */
	assert_int_equal(glue_counts().connections, 2);
}

/* A loopback TCP connection; gives its server end. */
static int tcp_pair(int *client)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	int listener = socket(AF_INET, SOCK_STREAM, 0), server;

	*client = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&a, len), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&a, &len), 0);
	assert_int_equal(connect(*client, (struct sockaddr *)&a, len), 0);
	server = accept(listener, NULL, NULL);
	assert_true(server >= 0);
	close(listener);
	return server;
}

/* The answer to our Close frame, and nothing that only looks like it. */
static void test_last_heard(void **state)
{
	static const unsigned char close[] = {0x88, 0x82, 1, 2, 3, 4, 0x10, 0x33};
	static const unsigned char text[] = {0x81, 0x81, 1, 2, 3, 4, 0x88};
	struct wims_action a;

	assert_false(wk_ws_heard(GLUE_CONN, close, sizeof(close)));
	wims_flow_close(wk_flows_lock(), GLUE_CONN, wk_now_ms(), 4401, WIMS_PL("x"), false);
	wk_flows_unlock();
	assert_false(wk_ws_heard(GLUE_CONN, close, sizeof(close)));
	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_CLOSE);
	assert_false(wk_ws_heard(GLUE_CONN, text, sizeof(text)));
	assert_false(wk_ws_heard(GLUE_CONN, NULL, sizeof(close)));
	assert_false(wk_ws_heard(GLUE_CONN, close, 0));
	assert_false(wk_ws_heard(GLUE_THIN_CONN, close, sizeof(close)));
	assert_false(wk_ws_heard(99, close, sizeof(close)));
	assert_true(wk_ws_heard(GLUE_CONN, close, sizeof(close)));
}

/* Given up by the websocket module: silence if nothing was heard for long. */
static void test_given_up(void **state)
{
	int client, period = wk_params.ping_period;
	struct tcp_connection c = {.id = GLUE_CONN, .s = tcp_pair(&client)};
	uint32_t conns[4];

	c.send_flags.f |= SND_F_CON_CLOSE;
	tell_closed(&c); /* heard of a moment ago */
	assert_int_equal(wk_queue_take(conns, 4), 1);
	wk_params.ping_period = 0; /* anything is long ago now */
	tell_closed(&c);
	assert_int_equal(wk_queue_take(conns, 4), 0);
	c.send_flags.f = 0; /* an end that the peer made */
	tell_closed(&c);
	assert_int_equal(wk_queue_take(conns, 4), 1);
	wk_params.ping_period = period;
	close(c.s);
	close(client);
}

static void test_event_taken(void **state)
{
	ksr_core.tcp_closed_taken = true;
	assert_int_equal(wk_ws_watch(), -1);
	assert_contains(ksr_log(), "set modparam tcpops closed_event=0");
}

/* ---- connections ---- */

static void test_alive(void **state)
{
	assert_true(wk_ws_alive(GLUE_CONN));
	ksr_tcp_close(GLUE_CONN);
	assert_false(wk_ws_alive(GLUE_CONN));
}

/* Whatever a sender does with its reference, the last one is tcp main's to free. */
static void test_ends_while_held(void **state)
{
	sr_event_param_t evp = {0};
	struct dest_info dst = {.proto = PROTO_WSS, .id = GLUE_CONN};
	struct tcp_connection *of_sender = tcpconn_get(GLUE_CONN, 0, 0, 0, 0);

	evp.dst = &dst;
	assert_int_equal(ksr_core.on_data_out(&evp), 0);
	assert_int_equal(ksr_tcp_refs(), 2);
	ksr_tcp_close(GLUE_CONN);
	assert_false(tcpconn_put(of_sender));
	assert_false(wk_ws_alive(GLUE_CONN));
	assert_int_equal(ksr_tcp.freed, 1);
	assert_int_equal(ksr_tcp_refs(), 0);
}

/* Who is still sending puts it, and he holds it as well. */
static void test_ends_while_two_hold(void **state)
{
	struct tcp_connection *other = tcpconn_get(GLUE_CONN, 0, 0, 0, 0);

	assert_true(wk_ws_alive(GLUE_CONN));
	ksr_tcp_close(GLUE_CONN);
	assert_false(wk_ws_alive(GLUE_CONN));
	assert_int_equal(ksr_tcp.freed, 0);
	assert_true(tcpconn_put(other));
}

static void test_peer(void **state)
{
	struct wk_ws_peer peer;
	struct tcp_connection *c;

	assert_true(wk_ws_peer(GLUE_CONN, &peer));
	assert_string_equal(peer.uri, "sip:192.0.2.1:40007;transport=ws");
	assert_ptr_equal(peer.sock, ksr_socket());
	c = tcpconn_get(GLUE_CONN, 0, 0, 0, 0);
	c->rcv.src_ip = (struct ip_addr){.af = AF_INET6, .len = 16};
	c->rcv.src_ip.u.addr[0] = 0x20;
	tcpconn_put(c);
	assert_true(wk_ws_peer(GLUE_CONN, &peer));
	assert_string_equal(peer.uri, "sip:[2000:0:0:0:0:0:0:0]:40007;transport=ws");
	assert_false(wk_ws_peer(99, &peer));
}

static void test_send_frame(void **state)
{
	assert_true(wk_ws_send_frame(GLUE_CONN, "frame", 5));
	assert_int_equal(ksr_tcp.to_conn, GLUE_CONN);
	assert_int_equal(ksr_tcp.to_port, 0);
	assert_true(ksr_tcp.reuse);
	assert_memory_equal(ksr_tcp.frame, "frame", 5);
	assert_int_equal(ksr_tcp.frame_len, 5);
	assert_false(wk_ws_send_frame(99, "frame", 5));
	ksr_tcp.send_fails = true;
	assert_false(wk_ws_send_frame(GLUE_CONN, "frame", 5));
	assert_int_equal(ksr_tcp.sends, 1);
}

static void test_cut(void **state)
{
	int pair[2];
	char byte;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	wk_ws_cut(99);
	wk_ws_cut(GLUE_CONN); /* tcp main has no descriptor to give */
	ksr_tcp.cut_fd = pair[0];
	assert_int_equal(recv(pair[1], &byte, 1, MSG_DONTWAIT), -1);
	wk_ws_cut(GLUE_CONN);
	assert_int_equal(recv(pair[1], &byte, 1, MSG_DONTWAIT), 0);
	close(pair[0]);
	close(pair[1]);
}

#define WATCHED(f) cmocka_unit_test_setup_teardown(f, watch, glue_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_origins),
			glue_test(test_plain),
			glue_test(test_limit),
			glue_test(test_no_memory),
			WATCHED(test_sends_by_id_only),
			WATCHED(test_closed_is_queued),
			WATCHED(test_given_up),
			glue_test(test_event_taken),
			glue_test(test_alive),
			WATCHED(test_ends_while_held),
			glue_test(test_ends_while_two_hold),
			glue_test(test_peer),
			glue_test(test_send_frame),
			glue_test(test_cut),
			glue_test(test_last_heard),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
