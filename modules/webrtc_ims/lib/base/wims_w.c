/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_w.h"

#include <string.h>

void wims_w_init(struct wims_w *w, char *buf, size_t size)
{
	*w = (struct wims_w){.buf = buf, .size = size, .len = 0, .ok = true};
}

static void put(struct wims_w *w, const char *p, size_t n)
{
	if(!w->ok || n > w->size - w->len) {
		w->ok = false;
		return;
	}
	if(n > 0)
		memcpy(w->buf + w->len, p, n);
	w->len += n;
}

static bool breaks_line(char c)
{
	return c == '\r' || c == '\n' || c == '\0';
}

void wims_w_pl(struct wims_w *w, struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if(breaks_line(s.p[i]))
			w->ok = false;
	put(w, s.p, s.l);
}

void wims_w_u64(struct wims_w *w, uint64_t n)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while(n > 0);
	put(w, digits + at, sizeof(digits) - at);
}

void wims_w_hex(struct wims_w *w, const void *data, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *b = data;
	size_t i;

	for(i = 0; i < n; i++) {
		char pair[2] = {hex[b[i] >> 4], hex[b[i] & 15]};

		put(w, pair, sizeof(pair));
	}
}

void wims_w_quoted(struct wims_w *w, struct wims_pl s)
{
	size_t i;

	put(w, "\"", 1);
	for(i = 0; i < s.l; i++) {
		if(s.p[i] == '"' || s.p[i] == '\\')
			put(w, "\\", 1);
		wims_w_pl(w, (struct wims_pl){s.p + i, 1});
	}
	put(w, "\"", 1);
}

void wims_w_crlf(struct wims_w *w)
{
	put(w, "\r\n", 2);
}

struct wims_pl wims_w_done(const struct wims_w *w)
{
	return w->ok ? (struct wims_pl){w->buf, w->len} : WIMS_PL_NONE;
}
