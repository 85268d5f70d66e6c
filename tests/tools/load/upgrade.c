/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The handshake of a WebSocket: the request of the client, and whether the
 * answer is the one that RFC 6455 4.1 asks for. */

#include "ws.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum
{
	NONCE = 16,
	SHA1_SIZE = 20,
	ACCEPT_SIZE = 29 /* base64 of a SHA-1 with its NUL */
};

#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

void wl_ws_key(char key[WL_WS_KEY_SIZE], struct wl_random *random)
{
	uint64_t nonce[2] = {wl_random(random), wl_random(random)};
	unsigned char bytes[NONCE];

	memcpy(bytes, nonce, NONCE);
	EVP_EncodeBlock((unsigned char *)key, bytes, NONCE);
}

size_t wl_ws_request(char *to, size_t room, const char *host, struct wl_str origin, const char *key)
{
	int n = snprintf(
			to, room,
			"GET / HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
			"Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n"
			"%s%.*s%s\r\n",
			host, key, origin.n == 0 ? "" : "Origin: ", (int)origin.n,
			origin.n == 0 ? "" : origin.p, origin.n == 0 ? "" : "\r\n");

	return n > 0 && (size_t)n < room ? (size_t)n : 0;
}

static bool accept_for(const char *key, char accept[ACCEPT_SIZE])
{
	char text[WL_WS_KEY_SIZE + sizeof(GUID)];
	unsigned char digest[SHA1_SIZE];
	int n = snprintf(text, sizeof(text), "%s" GUID, key);

	if(n < 0 || (size_t)n >= sizeof(text)
	   || !EVP_Digest(text, (size_t)n, digest, NULL, EVP_sha1(), NULL))
		return false;
	EVP_EncodeBlock((unsigned char *)accept, digest, SHA1_SIZE);
	return true;
}

static struct wl_str trimmed(const char *p, const char *end)
{
	while(p < end && (*p == ' ' || *p == '\t'))
		p++;
	while(end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return (struct wl_str){p, (size_t)(end - p)};
}

static bool same(struct wl_str a, struct wl_str b)
{
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

/* The header of that name is there once and has that value. */
static bool has(struct wl_str head, const char *name, struct wl_str value, bool exact)
{
	const char *p = head.p, *end = head.p + head.n, *eol;
	unsigned good = 0;

	for(; p < end && (eol = memchr(p, '\n', (size_t)(end - p))) != NULL; p = eol + 1) {
		const char *colon = memchr(p, ':', (size_t)(eol - p));
		struct wl_str got;

		if(colon == NULL || !same((struct wl_str){p, (size_t)(colon - p)}, wl_str(name)))
			continue;
		got = trimmed(colon + 1, eol[-1] == '\r' ? eol - 1 : eol);
		if(!(exact ? wl_str_eq(got, value) : same(got, value)))
			return false;
		good++;
	}
	return good == 1;
}

static bool right_101(struct wl_str head, const char *key)
{
	char accept[ACCEPT_SIZE];

	return accept_for(key, accept) && has(head, "Upgrade", WL_STR("websocket"), false)
		   && has(head, "Connection", WL_STR("Upgrade"), false)
		   && has(head, "Sec-WebSocket-Accept", wl_str(accept), true)
		   && has(head, "Sec-WebSocket-Protocol", WL_STR("sip"), true)
		   && memmem(head.p, head.n, "Sec-WebSocket-Extensions", 24) == NULL;
}

static bool read_status(struct wl_str head, unsigned *status)
{
	if(head.n < 12 || memcmp(head.p, "HTTP/1.1 ", 9) != 0)
		return false;
	*status = 0;
	for(int i = 9; i < 12; i++) {
		if(head.p[i] < '0' || head.p[i] > '9')
			return false;
		*status = *status * 10 + (unsigned)(head.p[i] - '0');
	}
	return true;
}

enum wl_upgrade wl_ws_answer(const char *p, size_t n, const char *key, size_t *used,
							 unsigned *status)
{
	const char *end = memmem(p, n, "\r\n\r\n", 4);
	struct wl_str head;

	*used = 0;
	*status = 0;
	if(end == NULL)
		return n < WL_HTTP_MAX ? WL_UPGRADE_MORE : WL_UPGRADE_BAD;
	head = (struct wl_str){p, (size_t)(end - p) + 2};
	if(!read_status(head, status))
		return WL_UPGRADE_BAD;
	if(*status != 101)
		return WL_UPGRADE_REFUSED;
	if(!right_101(head, key))
		return WL_UPGRADE_BAD;
	*used = head.n + 2;
	return WL_UPGRADE_OK;
}
