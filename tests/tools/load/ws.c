/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws.h"

#include <stdlib.h>
#include <string.h>

enum
{
	FIN = 0x80,
	RSV = 0x70,
	OPCODE = 0x0f,
	CONTROL = 0x08,
	MASKED = 0x80,
	LEN16 = 126,
	LEN64 = 127
};

/* ---- out ---- */

static size_t put_head(unsigned char *to, unsigned op, bool fin, size_t n)
{
	to[0] = (unsigned char)((fin ? FIN : 0) | op);
	if(n < LEN16) {
		to[1] = (unsigned char)(MASKED | n);
		return 2;
	}
	if(n <= UINT16_MAX) {
		to[1] = MASKED | LEN16;
		to[2] = (unsigned char)(n >> 8);
		to[3] = (unsigned char)n;
		return 4;
	}
	to[1] = MASKED | LEN64;
	for(int i = 0; i < 8; i++)
		to[2 + i] = (unsigned char)((uint64_t)n >> (56 - 8 * i));
	return 10;
}

/* Eight bytes at a time: the key twice. */
static void mask(char *to, const char *from, size_t n, const unsigned char key[4])
{
	unsigned char twice[8];
	uint64_t k, word;
	size_t i = 0;

	memcpy(twice, key, 4);
	memcpy(twice + 4, key, 4);
	memcpy(&k, twice, 8);
	for(; i + 8 <= n; i += 8) {
		memcpy(&word, from + i, 8);
		word ^= k;
		memcpy(to + i, &word, 8);
	}
	for(; i < n; i++)
		to[i] = (char)((unsigned char)from[i] ^ key[i % 4]);
}

size_t wl_ws_frame(char *to, unsigned op, bool fin, struct wl_str data, struct wl_random *random)
{
	size_t head = put_head((unsigned char *)to, op, fin, data.n);
	uint32_t key = (uint32_t)wl_random(random);
	unsigned char bytes[4];

	memcpy(bytes, &key, sizeof(bytes));
	memcpy(to + head, bytes, sizeof(bytes));
	head += sizeof(bytes);
	mask(to + head, data.p, data.n, bytes);
	return head + data.n;
}

size_t wl_ws_message(char *to, struct wl_str data, size_t fragment, struct wl_random *random)
{
	size_t done = 0, len = 0;
	unsigned op = WL_OP_TEXT;

	do {
		struct wl_str piece = {data.p + done, data.n - done};

		if(fragment != 0 && piece.n > fragment)
			piece.n = fragment;
		done += piece.n;
		len += wl_ws_frame(to + len, op, done == data.n, piece, random);
		op = WL_OP_MORE;
	} while(done < data.n);
	return len;
}

/* ---- in ---- */

struct frame
{
	unsigned op;
	bool fin;
	struct wl_str data;
	size_t len; /* with its head */
};

static enum wl_ws_kind bad(struct wl_ws_event *event, unsigned code)
{
	event->code = code;
	event->data = (struct wl_str){NULL, 0};
	return WL_WS_BAD;
}

/* Length of the payload and of the head. false: more bytes are needed. */
static bool read_length(const unsigned char *p, size_t n, uint64_t *length, size_t *head)
{
	unsigned small = p[1] & ~(unsigned)MASKED;
	size_t more = small == LEN16 ? 2 : small == LEN64 ? 8 : 0;

	*head = 2 + more;
	if(n < *head)
		return false;
	*length = more == 0 ? small : 0;
	for(size_t i = 0; i < more; i++)
		*length = *length << 8 | p[2 + i];
	return true;
}

/* The shortest form is the only one (5.2), control frames are short and whole
 * (5.5), and a server never masks (5.1). */
static bool well_formed(const unsigned char *p, uint64_t length, size_t head)
{
	unsigned op = p[0] & OPCODE;

	if((p[0] & RSV) != 0 || (p[1] & MASKED) != 0)
		return false;
	if((head == 4 && length < LEN16) || (head == 10 && length <= UINT16_MAX))
		return false;
	if((op & CONTROL) != 0)
		return op <= WL_OP_PONG && (p[0] & FIN) != 0 && length <= WL_WS_CONTROL_MAX;
	return op <= WL_OP_BINARY;
}

/* WL_WS_TEXT here: *f is a whole frame. */
static enum wl_ws_kind read_frame(const struct wl_ws *ws, const char *bytes, size_t n,
								  struct frame *f, struct wl_ws_event *event)
{
	const unsigned char *p = (const unsigned char *)bytes;
	uint64_t length;
	size_t head;

	if(n < 2 || !read_length(p, n, &length, &head))
		return WL_WS_MORE;
	if(!well_formed(p, length, head))
		return bad(event, WL_CLOSE_PROTOCOL);
	f->op = p[0] & OPCODE;
	f->fin = (p[0] & FIN) != 0;
	if((f->op & CONTROL) == 0 && length > WL_WS_MESSAGE_MAX - (ws->open ? ws->have : 0))
		return bad(event, WL_CLOSE_TOO_BIG);
	if(length > n - head)
		return WL_WS_MORE;
	f->data = (struct wl_str){bytes + head, (size_t)length};
	f->len = head + (size_t)length;
	return WL_WS_TEXT;
}

/* How many bytes of UTF-8 the lead byte announces, and the least code point
 * that needs so many. 0: it leads nothing. */
static unsigned utf8_length(unsigned char c, uint32_t *point, uint32_t *least)
{
	unsigned length = (c & 0xe0) == 0xc0 ? 2 : (c & 0xf0) == 0xe0 ? 3 : (c & 0xf8) == 0xf0 ? 4 : 0;

	*point = length == 0 ? 0 : c & (0x7fU >> length);
	*least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
	return length;
}

static bool is_utf8(struct wl_str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	uint32_t point, least;

	for(size_t i = 0; i < s.n;) {
		unsigned length;

		if(p[i] < 0x80) {
			i++;
			continue;
		}
		length = utf8_length(p[i], &point, &least);
		if(length == 0 || length > s.n - i)
			return false;
		for(unsigned k = 1; k < length; k++) {
			if((p[i + k] & 0xc0) != 0x80)
				return false;
			point = point << 6 | (p[i + k] & 0x3f);
		}
		if(point < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
			return false;
		i += length;
	}
	return true;
}

static bool may_close_with(unsigned code)
{
	return (code >= 1000 && code <= 1014 && code != 1004 && code != WL_CLOSE_NO_CODE
			&& code != WL_CLOSE_ABNORMAL)
		   || (code >= 3000 && code <= 4999);
}

static enum wl_ws_kind control(const struct frame *f, struct wl_ws_event *event)
{
	event->data = f->data;
	if(f->op != WL_OP_CLOSE)
		return f->op == WL_OP_PING ? WL_WS_PING : WL_WS_PONG;
	event->code = WL_CLOSE_NO_CODE;
	if(f->data.n == 0)
		return WL_WS_CLOSE;
	if(f->data.n == 1)
		return bad(event, WL_CLOSE_PROTOCOL);
	event->code = (unsigned)(unsigned char)f->data.p[0] << 8 | (unsigned char)f->data.p[1];
	event->data = (struct wl_str){f->data.p + 2, f->data.n - 2};
	if(!may_close_with(event->code))
		return bad(event, WL_CLOSE_PROTOCOL);
	return is_utf8(event->data) ? WL_WS_CLOSE : bad(event, WL_CLOSE_NOT_UTF8);
}

static bool keep(struct wl_ws *ws, struct wl_str part)
{
	if(ws->parts == NULL)
		ws->parts = malloc(WL_WS_MESSAGE_MAX);
	if(ws->parts == NULL)
		return false;
	if(part.n > 0)
		memcpy(ws->parts + ws->have, part.p, part.n);
	ws->have += part.n;
	return true;
}

/* A part of a message, or a whole one. WL_WS_MORE: its end has not come. */
static enum wl_ws_kind message(struct wl_ws *ws, const struct frame *f, struct wl_ws_event *event)
{
	if((f->op == WL_OP_MORE) != ws->open)
		return bad(event, WL_CLOSE_PROTOCOL);
	event->data = f->data;
	if(!ws->open && f->fin)
		return is_utf8(f->data) ? WL_WS_TEXT : bad(event, WL_CLOSE_NOT_UTF8);
	if(!ws->open)
		ws->have = 0;
	ws->open = !f->fin;
	if(!keep(ws, f->data))
		return bad(event, WL_CLOSE_TOO_BIG);
	if(ws->open)
		return WL_WS_MORE;
	event->data = (struct wl_str){ws->parts, ws->have};
	return is_utf8(event->data) ? WL_WS_TEXT : bad(event, WL_CLOSE_NOT_UTF8);
}

enum wl_ws_kind wl_ws_next(struct wl_ws *ws, const char *p, size_t n, size_t *used,
						   struct wl_ws_event *event)
{
	struct frame f;
	enum wl_ws_kind kind;

	*used = 0;
	for(;;) {
		kind = read_frame(ws, p + *used, n - *used, &f, event);
		if(kind != WL_WS_TEXT)
			return kind;
		*used += f.len;
		kind = (f.op & CONTROL) != 0 ? control(&f, event) : message(ws, &f, event);
		if(kind != WL_WS_MORE)
			return kind;
	}
}

void wl_ws_reset(struct wl_ws *ws)
{
	free(ws->parts);
	*ws = (struct wl_ws){NULL, 0, false};
}
