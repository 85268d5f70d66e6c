/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_ws.h"

#include <stdio.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/events.h"
#include "core/globals.h"
#include "core/pass_fd.h"
#include "core/tcp_conn.h"
#include "core/tcp_server.h"
#include "wk_bans.h"
#include "wk_hdr.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_queue.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_stats.h"

/* Exactly one Origin, of a provisioned WWSF. Missing and "null" belong to
 * nobody: a page without an Origin cannot have come from a WWSF. */
static const struct wims_wwsf *origin_owner(sip_msg_t *msg, struct wims_pl *origin)
{
	static const struct wims_pl name = WIMS_PL("Origin");
	hdr_field_t *h = wk_hdr_parse(msg) ? wk_hdr_next(msg, NULL, name) : NULL;

	if(h == NULL || wk_hdr_next(msg, h, name) != NULL)
		return NULL;
	*origin = wims_pl_trim(wk_pl(&h->body));
	return wims_provision_by_origin(wk_provision(), *origin);
}

int wk_ws_open(sip_msg_t *msg)
{
	struct wk_result *res = wk_result(msg); /* first: it may take a newer provisioning */
	struct wims_pl origin = WIMS_PL_NONE;
	const struct wims_wwsf *w;
	struct wims_address from = wk_address(&msg->rcv.src_ip);
	struct wims_conn_in in = {.id = (uint32_t)msg->rcv.proto_reserved1};
	enum wims_reason r;

	if(wk_banned(&msg->rcv.src_ip))
		return wk_outcome(msg, WIMS_ADDRESS_BANNED);
	if((w = origin_owner(msg, &origin)) == NULL)
		return wk_outcome(msg, WIMS_ORIGIN_REFUSED);
	if(msg->rcv.proto != PROTO_TLS && !wk_params.allow_plain_ws)
		return wk_outcome(msg, WIMS_TRANSPORT_REFUSED);
	in.origin = origin;
	in.wwsf = w->name;
	in.peer = wims_address_client(&from);
	in.dereg_grace = w->dereg_grace_ms;
	in.dialog_grace_lost = w->dialog_grace_lost_ms;
	in.dialog_grace_silent = w->dialog_grace_silent_ms;
	in.calls_outlive_token = w->calls_outlive_token;
	r = wims_flow_open(wk_flows_lock(), &in, wk_now_ms());
	wk_flows_unlock();
	if(r == WIMS_OK && msg->rcv.proto == PROTO_TLS)
		wk_ws_heard(in.id, NULL, 0);
	if(r == WIMS_OK)
		wk_stats_event(WK_EV_CONNECTIONS_OPENED);
	res->wwsf = w;
	return wk_outcome(msg, r);
}

/* A connection that the websocket module gave up because no pong came. Depending
 * on who holds it then, tcp main tells of its end or not; it is silence either
 * way, and left to the sweep. A Close frame of the WIC leaves the same mark, but
 * then something was heard of it. */
static bool given_up(const struct tcp_connection *c)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	return (c->send_flags.f & SND_F_CON_CLOSE) != 0
		   && getsockopt(c->s, IPPROTO_TCP, TCP_INFO, &info, &len) == 0
		   && info.tcpi_last_data_recv >= (uint32_t)wk_params.ping_period * 1000;
}

/* Runs in tcp main: only queue. */
static int on_tcp_closed(sr_event_param_t *evp)
{
	const tcp_closed_event_info_t *info = evp->data;

	if(info != NULL && info->con != NULL && !given_up(info->con))
		wk_queue_put((uint32_t)info->con->id);
	return 0;
}

/* Gives a reference back. Who gives the last one has the connection to himself:
 * it is in no table any more, and tcp main has closed it. tcpconn_put() frees
 * nothing, so tcp main gets it once more, to free it, TLS and all: 100 KB and more. */
static void put(struct tcp_connection *c)
{
	long last[2] = {(long)c, CONN_EOF};

	if(tcpconn_put(c)) {
		tcpconn_ref(c);
		send_all(unix_tcp_sock, last, sizeof(last));
	}
}

/* A connection with a reference of this process, until it holds the next one;
 * NULL: there is no such connection.
 *
 * When a connection ends while a frame is sent over it, tcp main may be done with
 * it before the sender is, and the sender's put is the last one: for the websocket
 * module a plain tcpconn_put(). This reference outlives that of the sender. Each
 * process keeps one connection so, perhaps a closed one. Not covered: the pings of
 * the websocket module, which it sends without this event. */
static struct tcp_connection *hold(uint32_t conn)
{
	static struct tcp_connection *held;

	if(held != NULL)
		put(held);
	return held = conn == 0 ? NULL : tcpconn_get((int)conn, 0, 0, 0, 0);
}

/* With no port Kamailio looks the connection up by id, and by nothing else. */
static int on_send(sr_event_param_t *evp)
{
	if(evp->dst != NULL && wk_is_websocket(evp->dst->proto)) {
		su_setport(&evp->dst->to, 0);
		hold((uint32_t)evp->dst->id);
	}
	return 0;
}

int wk_ws_watch(void)
{
	if(sr_event_register_cb(SREV_NET_DATA_OUT, on_send) < 0) {
		LM_ERR("cannot register for outgoing messages\n");
		return -1;
	}
	if(sr_event_register_cb(SREV_TCP_CLOSED, on_tcp_closed) < 0) {
		LM_ERR("another module has the TCP close event: set modparam tcpops closed_event=0\n");
		return -1;
	}
	return 0;
}

bool wk_ws_heard(uint32_t conn, const void *frame, size_t n)
{
	enum
	{
		FIN_CLOSE = 0x88 /* RFC 6455 5.2 */
	};
	const unsigned char *bytes = frame;
	bool told_to_close = wims_flow_heard(wk_flows_lock(), conn, wk_now_ms());

	wk_flows_unlock();
	return told_to_close && bytes != NULL && n > 0 && bytes[0] == FIN_CLOSE;
}

bool wk_ws_alive(uint32_t conn)
{
	return hold(conn) != NULL;
}

bool wk_ws_peer(uint32_t conn, struct wk_ws_peer *peer)
{
	struct tcp_connection *c = hold(conn);
	bool v6;
	int n;

	if(c == NULL)
		return false;
	v6 = c->rcv.src_ip.af == AF_INET6;
	peer->sock = c->rcv.bind_address;
	n = snprintf(peer->uri, sizeof(peer->uri), "sip:%s%s%s:%u;transport=ws", v6 ? "[" : "",
				 ip_addr2a(&c->rcv.src_ip), v6 ? "]" : "", c->rcv.src_port);
	return n > 0 && (size_t)n < sizeof(peer->uri);
}

bool wk_ws_send_frame(uint32_t conn, const void *frame, size_t len)
{
	struct tcp_connection *c = hold(conn);
	struct dest_info dst;

	if(c == NULL)
		return false;
	init_dst_from_rcv(&dst, &c->rcv);
	dst.id = c->id;
	/* as in on_send: else it goes to whoever has the address by now */
	su_setport(&dst.to, 0);
	dst.send_flags.f |= SND_F_FORCE_CON_REUSE;
	return tcp_send(&dst, NULL, frame, (unsigned)len) >= 0;
}

/* tcp main keeps the one descriptor of a connection and passes copies on
 * request. A shutdown on such a copy ends the connection for all holders: a
 * reader sees the end of file and tidies up as for any peer that left. Marking
 * the connection as bad, which is what the websocket module does, leaves an
 * idle one open until its next byte. */
void wk_ws_cut(uint32_t conn)
{
	struct tcp_connection *c = hold(conn);
	struct tcp_connection *echoed = NULL;
	long ask[2] = {(long)c, CONN_GET_FD};
	int fd = -1;

	if(c == NULL)
		return;
	if(send_all(unix_tcp_sock, ask, sizeof(ask)) > 0
	   && receive_fd(unix_tcp_sock, &echoed, sizeof(echoed), &fd, MSG_WAITALL) > 0 && fd >= 0) {
		if(echoed == c)
			shutdown(fd, SHUT_RDWR);
		close(fd);
	}
}
