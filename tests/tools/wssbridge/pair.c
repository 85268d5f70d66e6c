/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "pair.h"

#include "sip_frame.h"

#include <stdlib.h>
#include <string.h>

enum
{
	QUEUE_MAX = 64, /* messages that wait for one side before the other is not read */
	CLOSE_NORMAL = 1000,
	CLOSE_PROTOCOL = 1002, /* what came is not one SIP message */
	CLOSE_ABNORMAL = 1006  /* the end of TCP without a Close frame */
};

/* One side of a pair. */
struct side
{
	struct lws *wsi;     /* NULL: gone */
	struct wb_buf in;    /* what came from it and is not a whole message yet */
	struct wb_queue out; /* messages to it */
	bool end;            /* to be closed once out is empty */
	bool paused;         /* not read, because the other side is slow */
};

struct wb_pair
{
	struct wb_bridge *bridge;
	struct wb_pair *next, **link; /* in bridge->pairs; link points at this one */
	unsigned id;
	struct side tcp, ws;
	bool ws_up;
	bool told; /* the end of the pair is in the events */
	unsigned short close_code;
};

struct wb_pair *wb_pair_new(struct wb_bridge *b, struct lws *tcp)
{
	static const char full[] = "too many connections";
	struct wb_pair *p;
	unsigned id = ++b->last_id;

	if(b->count >= b->options->max) {
		wb_event_refused(b->events, id, 0, full, sizeof(full) - 1);
		return NULL;
	}
	p = calloc(1, sizeof(*p));
	if(p == NULL)
		return NULL;
	p->bridge = b;
	p->id = id;
	p->close_code = CLOSE_NORMAL;
	p->tcp.wsi = tcp;
	b->count++;
	p->next = b->pairs;
	p->link = &b->pairs;
	if(p->next != NULL)
		p->next->link = &p->next;
	b->pairs = p;
	if(!wb_ws_connect(b, p, &p->ws.wsi))
		p->tcp.end = true;
	return p;
}

static void free_side(struct side *s)
{
	wb_buf_free(&s->in);
	wb_queue_free(&s->out);
}

static void free_pair(struct wb_pair *p)
{
	*p->link = p->next;
	if(p->next != NULL)
		p->next->link = p->link;
	p->bridge->count--;
	free_side(&p->tcp);
	free_side(&p->ws);
	free(p);
}

static void free_if_gone(struct wb_pair *p)
{
	if(p->tcp.wsi == NULL && p->ws.wsi == NULL)
		free_pair(p);
}

void wb_pairs_free(struct wb_bridge *b)
{
	while(b->pairs != NULL)
		free_pair(b->pairs);
}

/* libwebsockets needs POLLOUT for itself until the handshake is over. */
static void wake(struct wb_pair *p, struct side *s)
{
	if(s->wsi != NULL && (s == &p->tcp || p->ws_up))
		lws_callback_on_writable(s->wsi);
}

/* Closes a side after what is queued for it has been sent. */
static void end_side(struct wb_pair *p, struct side *s)
{
	s->end = true;
	wake(p, s);
}

static void tell_closed(struct wb_pair *p, const char *by, unsigned code, const char *reason,
						size_t len)
{
	if(!p->told)
		wb_event_closed(p->bridge->events, p->id, by, code, reason, len);
	p->told = true;
}

/* Ends both sides because of what one of them sent. */
static void give_up(struct wb_pair *p, const char *why)
{
	tell_closed(p, "bridge", CLOSE_PROTOCOL, why, strlen(why));
	p->close_code = CLOSE_PROTOCOL;
	end_side(p, &p->tcp);
	end_side(p, &p->ws);
}

static bool pass_on(struct wb_pair *p, struct side *from, struct side *to, const char *data,
					size_t n)
{
	if(!wb_queue_put(&to->out, data, n))
		return false;
	wake(p, to);
	if(to->out.count >= QUEUE_MAX && !from->paused) {
		from->paused = true;
		lws_rx_flow_control(from->wsi, 0);
	}
	return true;
}

/* All that is whole in what TCP sent so far. */
static bool cut_tcp(struct wb_pair *p)
{
	static const char pong[] = "\r\n";
	struct wb_buf *in = &p->tcp.in;
	size_t used = 0, done = 0;
	bool ok = true;

	for(; ok; done += used) {
		switch(wb_frame_next(in->p + done, in->len - done, &used)) {
			case WB_FRAME_MESSAGE:
				ok = pass_on(p, &p->tcp, &p->ws, in->p + done, used);
				break;
			case WB_FRAME_PING:
				ok = pass_on(p, &p->tcp, &p->tcp, pong, sizeof(pong) - 1);
				break;
			case WB_FRAME_SKIP:
				break;
			case WB_FRAME_MORE:
				wb_buf_drop(in, done);
				return true;
			case WB_FRAME_BAD:
				give_up(p, "TCP side: not a SIP message, or too long");
				return true;
		}
	}
	return false;
}

bool wb_pair_tcp_bytes(struct wb_pair *p, const void *data, size_t n)
{
	if(p->tcp.end)
		return true;
	return wb_buf_add(&p->tcp.in, data, n, 2 * WB_MESSAGE_MAX) && cut_tcp(p);
}

/* A WS message must be one SIP message and nothing behind it. */
static bool take_ws_message(struct wb_pair *p)
{
	static const char pong[] = "\r\n";
	struct wb_buf *in = &p->ws.in;
	size_t used;
	enum wb_frame f = wb_frame_next(in->p, in->len, &used);
	bool ok = true;

	if(f == WB_FRAME_MESSAGE && used == in->len)
		ok = pass_on(p, &p->ws, &p->tcp, in->p, used);
	else if(f == WB_FRAME_PING && used == in->len)
		ok = pass_on(p, &p->ws, &p->ws, pong, sizeof(pong) - 1);
	else if(in->len != 2 || memcmp(in->p, pong, 2) != 0)
		give_up(p, "WS side: a message that is not one whole SIP message");
	in->len = 0;
	return ok;
}

bool wb_pair_ws_bytes(struct wb_pair *p, const void *data, size_t n, bool last)
{
	if(p->tcp.end || p->ws.end)
		return true;
	if(!wb_buf_add(&p->ws.in, data, n, WB_MESSAGE_MAX)) {
		give_up(p, "WS side: message too long");
		return true;
	}
	return !last || p->ws.in.len == 0 || take_ws_message(p);
}

/* Writes one message; false: the side is to be closed now. */
static bool write_next(struct wb_pair *p, struct side *to, struct side *from,
					   enum lws_write_protocol how)
{
	struct wb_msg *m = wb_queue_take(&to->out);
	int n;

	if(m == NULL)
		return !to->end;
	n = lws_write(to->wsi, wb_msg_data(m), m->len, how);
	free(m);
	if(n < 0)
		return false;
	if(to->out.count > 0 || to->end)
		wake(p, to);
	else if(from->paused && from->wsi != NULL) {
		from->paused = false;
		lws_rx_flow_control(from->wsi, 1);
	}
	return true;
}

bool wb_pair_tcp_writable(struct wb_pair *p)
{
	return write_next(p, &p->tcp, &p->ws, LWS_WRITE_RAW);
}

bool wb_pair_ws_writable(struct wb_pair *p)
{
	if(write_next(p, &p->ws, &p->tcp, LWS_WRITE_TEXT))
		return true;
	lws_close_reason(p->ws.wsi, p->close_code, NULL, 0);
	return false;
}

void wb_pair_ws_open(struct wb_pair *p)
{
	char local[64] = "";
	struct sockaddr_in sa;
	socklen_t len = sizeof(sa);

	p->ws_up = true;
	if(getsockname(lws_get_socket_fd(p->ws.wsi), (struct sockaddr *)&sa, &len) == 0)
		lws_snprintf(local, sizeof(local), "%u", ntohs(sa.sin_port));
	if(!p->told)
		wb_event_open(p->bridge->events, p->id, local);
	wake(p, &p->ws);
}

void wb_pair_ws_refused(struct wb_pair *p, const char *why, size_t len)
{
	unsigned http = p->ws.wsi != NULL ? lws_http_client_http_response(p->ws.wsi) : 0;

	if(!p->told)
		wb_event_refused(p->bridge->events, p->id, http, why, len);
	p->told = true;
	wb_pair_ws_gone(p);
}

void wb_pair_ws_close(struct wb_pair *p, unsigned code, const char *reason, size_t len)
{
	tell_closed(p, "ws", code, reason, len);
	end_side(p, &p->tcp);
}

void wb_pair_ws_gone(struct wb_pair *p)
{
	tell_closed(p, "ws", CLOSE_ABNORMAL, "", 0);
	p->ws.wsi = NULL;
	p->ws_up = false;
	wb_queue_free(&p->ws.out);
	end_side(p, &p->tcp);
	free_if_gone(p);
}

void wb_pair_tcp_gone(struct wb_pair *p)
{
	tell_closed(p, "tcp", CLOSE_NORMAL, "", 0);
	p->tcp.wsi = NULL;
	wb_queue_free(&p->tcp.out);
	end_side(p, &p->ws);
	free_if_gone(p);
}
