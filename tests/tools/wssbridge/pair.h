/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WB_PAIR_H
#define WB_PAIR_H

/* A pair: one accepted TCP connection and the WSS connection made for it.
 * tcp_side.c and ws_side.c turn libwebsockets' callbacks into these calls;
 * what happens between the two sides is decided here only. */

#include "buf.h"
#include "events.h"
#include "options.h"

#include <libwebsockets.h>

struct wb_pair;

struct wb_bridge
{
	const struct wb_options *options;
	struct wb_events *events;
	struct lws_context *context;
	struct lws_vhost *client; /* where WSS connections are made from */
	struct wb_pair *pairs;
	unsigned last_id, count;
};

/* For a TCP connection that was accepted. NULL: no memory, or already
 * options->max of them; that is told in the events. */
struct wb_pair *wb_pair_new(struct wb_bridge *b, struct lws *tcp);

/* false: the connection is to be closed at once (the callback returns -1). */
bool wb_pair_tcp_bytes(struct wb_pair *p, const void *data, size_t n);
bool wb_pair_tcp_writable(struct wb_pair *p);
/* Part of a WS message; last: the message is whole with it. */
bool wb_pair_ws_bytes(struct wb_pair *p, const void *data, size_t n, bool last);
bool wb_pair_ws_writable(struct wb_pair *p);

void wb_pair_ws_open(struct wb_pair *p);
/* The handshake failed; the WSS side is gone. */
void wb_pair_ws_refused(struct wb_pair *p, const char *why, size_t len);
/* The server's Close frame. */
void wb_pair_ws_close(struct wb_pair *p, unsigned code, const char *reason, size_t len);
/* One side is gone; the pair is freed with the second. */
void wb_pair_ws_gone(struct wb_pair *p);
void wb_pair_tcp_gone(struct wb_pair *p);

/* For the end of the program, when the context is destroyed: frees the pairs
 * of which libwebsockets ended a side without telling. */
void wb_pairs_free(struct wb_bridge *b);

/* Opens the WSS connection; false: it failed at once and that was reported
 * through the callback. *ws is set as soon as it exists. (ws_side.c) */
bool wb_ws_connect(struct wb_bridge *b, struct wb_pair *p, struct lws **ws);

#define WB_TCP_PROTOCOL "sip-tcp"
#define WB_WS_PROTOCOL "sip-wss"

int wb_tcp_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
					size_t len);
int wb_ws_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
				   size_t len);

#endif
