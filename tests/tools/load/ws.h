/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_WS_H
#define WL_WS_H

/* The client side of a WebSocket as bytes: what to send, and what came (RFC
 * 6455, sub-protocol sip of RFC 7118). No I/O. */

#include "random.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum
{
	WL_WS_MESSAGE_MAX = 65536, /* a message of the server, all its fragments */
	WL_WS_HEAD_MAX = 14,       /* of a frame that is sent */
	WL_WS_CONTROL_MAX = 125,   /* payload of Ping, Pong and Close, 5.5 */
	WL_HTTP_MAX = 8192,        /* the answer to the upgrade, or the request */
	WL_WS_KEY_SIZE = 25        /* Sec-WebSocket-Key with its NUL */
};

/* Opcodes, 5.2 */
enum
{
	WL_OP_MORE = 0,
	WL_OP_TEXT = 1,
	WL_OP_BINARY = 2,
	WL_OP_CLOSE = 8,
	WL_OP_PING = 9,
	WL_OP_PONG = 10
};

/* Close codes, 7.4.1 */
enum
{
	WL_CLOSE_NORMAL = 1000,
	WL_CLOSE_PROTOCOL = 1002,
	WL_CLOSE_NO_CODE = 1005,
	WL_CLOSE_ABNORMAL = 1006,
	WL_CLOSE_NOT_UTF8 = 1007,
	WL_CLOSE_TOO_BIG = 1009
};

/* ---- the upgrade, 4.1 ---- */

/* A fresh Sec-WebSocket-Key, ended by NUL. */
void wl_ws_key(char key[WL_WS_KEY_SIZE], struct wl_random *random);

/* The GET; origin empty: no Origin. Returns its length, 0: it does not fit. */
size_t wl_ws_request(char *to, size_t room, const char *host, struct wl_str origin,
					 const char *key);

enum wl_upgrade
{
	WL_UPGRADE_MORE,    /* the head has not come as a whole */
	WL_UPGRADE_OK,      /* *used bytes are the 101, frames follow */
	WL_UPGRADE_REFUSED, /* another status: *status */
	WL_UPGRADE_BAD      /* no HTTP answer, too long, or a 101 that is wrong */
};

/* Judges the answer at p: status, Upgrade, Connection, Sec-WebSocket-Accept
 * for that key, the sub-protocol sip, and no extension. */
enum wl_upgrade wl_ws_answer(const char *p, size_t n, const char *key, size_t *used,
							 unsigned *status);

/* ---- frames out ---- */

/* A frame, masked with a fresh key; to has room for n + WL_WS_HEAD_MAX bytes.
 * Returns its length. */
size_t wl_ws_frame(char *to, unsigned op, bool fin, struct wl_str data, struct wl_random *random);

/* How many bytes a message of n may become, in such fragments. */
#define WL_WS_ROOM(n, fragment) ((n) + WL_WS_HEAD_MAX * ((n) / (fragment) + 1))
/* A text message in frames of at most `fragment` bytes of payload (0: one
 * frame). Returns their length. */
size_t wl_ws_message(char *to, struct wl_str data, size_t fragment, struct wl_random *random);

/* ---- frames in ---- */

enum wl_ws_kind
{
	WL_WS_MORE, /* no whole frame any more */
	WL_WS_TEXT, /* data: a whole message */
	WL_WS_PING, /* data: what the Pong must say */
	WL_WS_PONG,
	WL_WS_CLOSE, /* code (1005: none), data: the reason */
	WL_WS_BAD    /* code: what to close with; nothing may be read any more */
};

struct wl_ws_event
{
	struct wl_str data; /* until the next call, or as long as the input */
	unsigned code;
};

/* What is kept between calls: a message of which only some fragments came. */
struct wl_ws
{
	char *parts;
	size_t have;
	bool open;
};

/* The next event in the n bytes at p. *used of them are done with, also when
 * it says WL_WS_MORE; the rest must come again, with more behind it. */
enum wl_ws_kind wl_ws_next(struct wl_ws *ws, const char *p, size_t n, size_t *used,
						   struct wl_ws_event *event);
void wl_ws_reset(struct wl_ws *ws);

#endif
