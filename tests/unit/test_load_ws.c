/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tools/load/ws.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- the upgrade ---- */

/* RFC 6455 1.3 */
static const char sample_key[] = "dGhlIHNhbXBsZSBub25jZQ==";

#define ACCEPT "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
#define UPGRADE "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define SIP "Sec-WebSocket-Protocol: sip\r\n"
#define OK "HTTP/1.1 101 Switching Protocols\r\n"

static enum wl_upgrade judge(const char *answer, size_t n, size_t *used, unsigned *status)
{
	char *block = malloc(n + 1); /* of its own size, for AddressSanitizer */
	enum wl_upgrade got;

	assert_non_null(block);
	memcpy(block, answer, n);
	block = realloc(block, n == 0 ? 1 : n);
	got = wl_ws_answer(block, n, sample_key, used, status);
	free(block);
	return got;
}

static void the_request(void **state)
{
	struct wl_random random = {1};
	char key[WL_WS_KEY_SIZE], other[WL_WS_KEY_SIZE], get[WL_HTTP_MAX];
	size_t n;

	(void)state;
	wl_ws_key(key, &random);
	wl_ws_key(other, &random);
	assert_int_equal(strlen(key), 24);
	assert_string_not_equal(key, other);
	n = wl_ws_request(get, sizeof(get), "ims.test", WL_STR("https://wwsf.test"), sample_key);
	assert_int_equal(n, strlen(get));
	assert_string_equal(
			get, "GET / HTTP/1.1\r\nHost: ims.test\r\n" UPGRADE
				 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" SIP
				 "Origin: https://wwsf.test\r\n\r\n");
	wl_ws_request(get, sizeof(get), "ims.test", (struct wl_str){NULL, 0}, sample_key);
	assert_null(strstr(get, "Origin"));
	assert_int_equal(wl_ws_request(get, n, "ims.test", WL_STR("https://wwsf.test"), sample_key), 0);
}

static void good_answers(void **state)
{
	static const char *const answers[] = {
			OK UPGRADE ACCEPT SIP "\r\nrest",
			OK "upgrade:WebSocket\r\nCONNECTION:  upgrade \r\n" ACCEPT SIP "Server: x\r\n\r\nrest",
	};
	unsigned status;
	size_t used;

	(void)state;
	for(size_t i = 0; i < COUNT(answers); i++) {
		size_t n = strlen(answers[i]);

		assert_int_equal(judge(answers[i], n, &used, &status), WL_UPGRADE_OK);
		assert_int_equal(used, n - 4);
		for(size_t part = 0; part < n - 4; part++)
			assert_int_equal(judge(answers[i], part, &used, &status), WL_UPGRADE_MORE);
	}
}

static void bad_answers(void **state)
{
	static const char *const answers[] = {
			OK UPGRADE SIP "\r\n",
			OK UPGRADE ACCEPT "\r\n",
			OK UPGRADE ACCEPT "Sec-WebSocket-Protocol: SIP\r\n\r\n",
			OK UPGRADE ACCEPT "Sec-WebSocket-Protocol: msrp\r\n\r\n",
			OK UPGRADE ACCEPT SIP SIP "\r\n",
			OK UPGRADE "Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" SIP "\r\n",
			OK "Connection: Upgrade\r\n" ACCEPT SIP "\r\n",
			OK "Upgrade: websocket\r\nConnection: close\r\n" ACCEPT SIP "\r\n",
			OK UPGRADE ACCEPT SIP "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
			"HTTP/1.0 101 x\r\n" UPGRADE ACCEPT SIP "\r\n",
			"HTTP/1.1 1x1 x\r\n" UPGRADE ACCEPT SIP "\r\n",
			"SIP/2.0 200 OK\r\n\r\n",
			"\r\n\r\n",
	};
	char *flood = malloc(WL_HTTP_MAX);
	unsigned status;
	size_t used;

	(void)state;
	for(size_t i = 0; i < COUNT(answers); i++)
		assert_int_equal(judge(answers[i], strlen(answers[i]), &used, &status), WL_UPGRADE_BAD);
	assert_non_null(flood);
	memset(flood, 'x', WL_HTTP_MAX);
	assert_int_equal(judge(flood, WL_HTTP_MAX - 1, &used, &status), WL_UPGRADE_MORE);
	assert_int_equal(judge(flood, WL_HTTP_MAX, &used, &status), WL_UPGRADE_BAD);
	free(flood);
	assert_int_equal(judge("HTTP/1.1 503 x\r\n\r\n", 18, &used, &status), WL_UPGRADE_REFUSED);
	assert_int_equal(status, 503);
}

/* ---- frames ---- */

/* What the other side of RFC 6455 5.3 reads. */
static size_t unmask(const unsigned char *p, char *to, unsigned *first)
{
	size_t n = p[1] & 0x7f, at = 2;

	assert_true(p[1] & 0x80);
	*first = p[0];
	if(n >= 126) {
		size_t more = n == 126 ? 2 : 8;

		for(n = 0, at = 2; at < 2 + more; at++)
			n = n << 8 | p[at];
	}
	for(size_t i = 0; i < n; i++)
		to[i] = (char)(p[at + 4 + i] ^ p[at + i % 4]);
	return n;
}

static void frames_out(void **state)
{
	static const size_t sizes[] = {0, 1, 7, 8, 125, 126, 65535, 65536, 70000};
	static const size_t heads[] = {6, 6, 6, 6, 6, 8, 8, 14, 14};
	struct wl_random random = {2};
	char *data = malloc(70000), *frame = malloc(70000 + WL_WS_HEAD_MAX), *back = malloc(70000);
	unsigned first;

	(void)state;
	assert_true(data != NULL && frame != NULL && back != NULL);
	for(size_t i = 0; i < 70000; i++)
		data[i] = (char)(i * 31);
	for(size_t i = 0; i < COUNT(sizes); i++) {
		struct wl_str s = {data, sizes[i]};

		assert_int_equal(wl_ws_frame(frame, WL_OP_TEXT, true, s, &random), sizes[i] + heads[i]);
		assert_int_equal(unmask((unsigned char *)frame, back, &first), sizes[i]);
		assert_memory_equal(back, data, sizes[i]);
		assert_int_equal(first, 0x81);
	}
	free(data);
	free(frame);
	free(back);
}

/* Each frame has a key of its own (10.3). */
static void fresh_masks(void **state)
{
	struct wl_random random = {3};
	char one[32], other[32];

	(void)state;
	wl_ws_frame(one, WL_OP_TEXT, true, WL_STR("x"), &random);
	wl_ws_frame(other, WL_OP_TEXT, true, WL_STR("x"), &random);
	assert_memory_not_equal(one + 2, other + 2, 4);
}

static void fragments_out(void **state)
{
	struct wl_random random = {4};
	char out[200], back[20];
	struct wl_str data = WL_STR("0123456789");
	size_t n = wl_ws_message(out, data, 4, &random), at = 0;
	unsigned first;

	(void)state;
	assert_true(n <= WL_WS_ROOM(data.n, 4));
	assert_int_equal(unmask((unsigned char *)out + at, back, &first), 4);
	assert_int_equal(first, 0x01);
	at += 6 + 4;
	assert_int_equal(unmask((unsigned char *)out + at, back + 4, &first), 4);
	assert_int_equal(first, 0x00);
	at += 6 + 4;
	assert_int_equal(unmask((unsigned char *)out + at, back + 8, &first), 2);
	assert_int_equal(first, 0x80);
	assert_memory_equal(back, data.p, data.n);
	assert_int_equal(n, at + 6 + 2);
	assert_int_equal(wl_ws_message(out, data, 10, &random), 16);
	assert_int_equal(wl_ws_message(out, data, 0, &random), 16);
}

/* Feeds the bytes in two parts, cut at each place; the first event that is not
 * MORE, with its data as text. */
static enum wl_ws_kind fed(struct wl_str bytes, size_t cut, char *text, struct wl_ws_event *event)
{
	struct wl_ws ws = {NULL, 0, false};
	char *block = malloc(bytes.n == 0 ? 1 : bytes.n);
	size_t used, again;
	enum wl_ws_kind kind;

	assert_non_null(block);
	memcpy(block, bytes.p, cut);
	kind = wl_ws_next(&ws, block, cut, &used, event);
	assert_true(used <= cut);
	if(kind == WL_WS_MORE) {
		size_t rest = bytes.n - used;

		memcpy(block, bytes.p + used, rest);
		kind = wl_ws_next(&ws, block, rest, &again, event);
		assert_true(again <= rest);
	}
	if(kind != WL_WS_MORE && kind != WL_WS_BAD) {
		memcpy(text, event->data.p, event->data.n);
		text[event->data.n] = '\0';
	}
	free(block);
	wl_ws_reset(&ws);
	return kind;
}

#define B(lit)                 \
	{                          \
		(lit), sizeof(lit) - 1 \
	}

static void frames_in(void **state)
{
	static const struct
	{
		struct wl_str bytes;
		enum wl_ws_kind kind;
		const char *text;
		unsigned code;
	} cases[] = {
			{B("\x81\x05Hello"), WL_WS_TEXT, "Hello", 0}, /* 5.7 */
			{B("\x81\x00"), WL_WS_TEXT, "", 0},
			{B("\x82\x02hi"), WL_WS_TEXT, "hi", 0},
			{B("\x01\x03Hel\x80\x02lo"), WL_WS_TEXT, "Hello", 0},
			{B("\x01\x00\x00\x01x\x80\x00"), WL_WS_TEXT, "x", 0},
			{B("\x01\x01\xc3\x80\x01\xa4"), WL_WS_TEXT, "\xc3\xa4", 0},
			{B("\x81\x04\xf0\x9f\x98\x80"), WL_WS_TEXT, "\xf0\x9f\x98\x80", 0},
			{B("\x89\x05Hello"), WL_WS_PING, "Hello", 0},
			{B("\x01\x03Hel\x89\x01!\x80\x02lo"), WL_WS_PING, "!", 0},
			{B("\x8a\x00"), WL_WS_PONG, "", 0},
			{B("\x88\x00"), WL_WS_CLOSE, "", 1005},
			{B("\x88\x02\x03\xe8"), WL_WS_CLOSE, "", 1000},
			{B("\x88\x05\x11\x31"
			   "bad"),
			 WL_WS_CLOSE, "bad", 4401},
			{B("\x81\x7e\x00\x7e"), WL_WS_MORE, "", 0},
			{B("\x81\x05Hell"), WL_WS_MORE, "", 0},
			{B(""), WL_WS_MORE, "", 0},
	};
	struct wl_ws_event event;
	char text[200];

	(void)state;
	for(size_t i = 0; i < COUNT(cases); i++)
		for(size_t cut = 0; cut <= cases[i].bytes.n; cut++) {
			event.code = 0;
			assert_int_equal(fed(cases[i].bytes, cut, text, &event), cases[i].kind);
			if(cases[i].kind == WL_WS_MORE)
				continue;
			assert_string_equal(text, cases[i].text);
			if(cases[i].kind == WL_WS_CLOSE)
				assert_int_equal(event.code, cases[i].code);
		}
}

static void bad_frames(void **state)
{
	static const struct
	{
		struct wl_str bytes;
		unsigned code;
	} cases[] = {
			{B("\xc1\x01x"), 1002},                 /* RSV1 */
			{B("\x91\x01x"), 1002},                 /* RSV3 */
			{B("\x81\x81\x01\x02\x03\x04x"), 1002}, /* masked by a server */
			{B("\x83\x00"), 1002},                  /* opcodes of nobody */
			{B("\x8b\x00"), 1002},
			{B("\x09\x00"), 1002},         /* a Ping in fragments */
			{B("\x89\x7e\x00\x7e"), 1002}, /* a long one */
			{B("\x81\x7e\x00\x7d"), 1002}, /* not the shortest length */
			{B("\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff"), 1002},
			{B("\x80\x00"), 1002},           /* goes on with nothing */
			{B("\x01\x01x\x81\x01y"), 1002}, /* a message in a message */
			{B("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x01"), 1009},
			{B("\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x00"), 1009},
			{B("\x01\x01x\x00\x7f\x00\x00\x00\x00\x00\x01\x00\x00"), 1009},
			{B("\x88\x01\x03"), 1002},     /* half a code */
			{B("\x88\x02\x03\xe7"), 1002}, /* 999 */
			{B("\x88\x02\x03\xed"), 1002}, /* 1005 is never sent */
			{B("\x88\x02\x13\x88"), 1002}, /* 5000 */
			{B("\x88\x03\x03\xe8\xff"), 1007},
			{B("\x81\x01\xff"), 1007},
			{B("\x81\x02\xc0\x80"), 1007},         /* not the shortest form */
			{B("\x81\x03\xed\xa0\x80"), 1007},     /* a surrogate */
			{B("\x81\x04\xf4\x90\x80\x80"), 1007}, /* beyond Unicode */
			{B("\x81\x02\xe2\x82"), 1007},         /* cut off */
			{B("\x01\x01\xc3\x80\x01x"), 1007},
	};
	struct wl_ws_event event;
	char text[200];

	(void)state;
	for(size_t i = 0; i < COUNT(cases); i++) {
		if(fed(cases[i].bytes, cases[i].bytes.n, text, &event) != WL_WS_BAD)
			fail_msg("frame %zu is taken", i);
		assert_int_equal(event.code, cases[i].code);
	}
}

/* A message as long as may be, in fragments, and the next one behind it. */
static void long_message(void **state)
{
	static char bytes[WL_WS_MESSAGE_MAX + 100];
	struct wl_ws ws = {NULL, 0, false};
	struct wl_ws_event event;
	size_t n = 0, used;

	(void)state;
	for(unsigned i = 0; i < 4; i++) {
		const unsigned char head[] = {i == 0 ? 1 : i == 3 ? 0x80 : 0, 126, 0x40, 0};

		memcpy(bytes + n, head, sizeof(head));
		memset(bytes + n + sizeof(head), 'a' + (int)i, 0x4000);
		n += sizeof(head) + 0x4000;
	}
	memcpy(bytes + n, "\x81\x02hi", 4);
	assert_int_equal(wl_ws_next(&ws, bytes, n + 4, &used, &event), WL_WS_TEXT);
	assert_int_equal(used, n);
	assert_int_equal(event.data.n, WL_WS_MESSAGE_MAX);
	assert_int_equal(event.data.p[0], 'a');
	assert_int_equal(event.data.p[WL_WS_MESSAGE_MAX - 1], 'd');
	assert_int_equal(wl_ws_next(&ws, bytes + n, 4, &used, &event), WL_WS_TEXT);
	assert_int_equal(event.data.n, 2);
	wl_ws_reset(&ws);
}

/* Each bit of a stream of good frames turned: never a read outside of it. */
static void turned_bits(void **state)
{
	static const struct wl_str seed =
			B("\x81\x05Hello\x01\x03Hel\x89\x02hi\x80\x02lo\x88\x04\x03\xe8ok\x81\x7e\x00\x80");
	struct wl_ws_event event;

	(void)state;
	for(size_t bit = 0; bit < seed.n * 8; bit++) {
		struct wl_ws ws = {NULL, 0, false};
		unsigned char *p = malloc(seed.n);
		size_t at = 0, used;
		enum wl_ws_kind kind;

		assert_non_null(p);
		memcpy(p, seed.p, seed.n);
		p[bit / 8] ^= (unsigned char)(1U << bit % 8);
		do {
			kind = wl_ws_next(&ws, (char *)p + at, seed.n - at, &used, &event);
			at += used;
			assert_true(at <= seed.n);
		} while(kind != WL_WS_MORE && kind != WL_WS_BAD);
		wl_ws_reset(&ws);
		free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(the_request),  cmocka_unit_test(good_answers),
			cmocka_unit_test(bad_answers),  cmocka_unit_test(frames_out),
			cmocka_unit_test(fresh_masks),  cmocka_unit_test(fragments_out),
			cmocka_unit_test(frames_in),    cmocka_unit_test(bad_frames),
			cmocka_unit_test(long_message), cmocka_unit_test(turned_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
