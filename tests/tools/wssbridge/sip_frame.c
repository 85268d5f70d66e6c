/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip_frame.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The value of a Content-Length header line, or NULL for another line. */
static const char *length_value(const char *line, const char *end)
{
	static const char *const names[] = {"content-length", "l"};
	size_t i, len;
	const char *p;

	for(i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		len = strlen(names[i]);
		if((size_t)(end - line) <= len || strncasecmp(line, names[i], len) != 0)
			continue;
		for(p = line + len; p < end && is_blank(*p); p++)
			;
		if(p < end && *p == ':')
			return p + 1;
	}
	return NULL;
}

/* Digits with blanks around them, up to WB_MESSAGE_MAX. */
static bool parse_length(const char *p, const char *end, size_t *out)
{
	size_t n = 0, digits = 0;

	while(p < end && is_blank(*p))
		p++;
	for(; p < end && *p >= '0' && *p <= '9'; p++, digits++) {
		n = n * 10 + (size_t)(*p - '0');
		if(n > WB_MESSAGE_MAX)
			return false;
	}
	while(p < end && is_blank(*p))
		p++;
	*out = n;
	return digits > 0 && p == end;
}

/* head..end are whole lines, each with its CRLF. */
static bool body_length(const char *head, const char *end, size_t *out)
{
	const char *line, *eol, *value;

	*out = 0;
	for(line = head; line < end; line = eol + 2) {
		eol = memmem(line, (size_t)(end - line), "\r\n", 2);
		if(eol == NULL)
			return true;
		value = length_value(line, eol);
		if(value != NULL)
			return parse_length(value, eol, out);
	}
	return true;
}

static enum wb_frame keep_alive(const char *p, size_t n, size_t *used)
{
	static const char ping[] = "\r\n\r\n";

	if(n < 4 && memcmp(p, ping, n) == 0)
		return WB_FRAME_MORE;
	*used = n >= 4 && memcmp(p, ping, 4) == 0 ? 4 : 2;
	return *used == 4 ? WB_FRAME_PING : WB_FRAME_SKIP;
}

enum wb_frame wb_frame_next(const char *p, size_t n, size_t *used)
{
	const char *blank;
	size_t head, body;

	*used = 0;
	if(n == 0 || (n == 1 && *p == '\r'))
		return WB_FRAME_MORE;
	if(p[0] == '\r' && p[1] == '\n')
		return keep_alive(p, n, used);
	blank = memmem(p, n, "\r\n\r\n", 4);
	if(blank == NULL)
		return n > WB_MESSAGE_MAX ? WB_FRAME_BAD : WB_FRAME_MORE;
	head = (size_t)(blank - p) + 4;
	if(!body_length(p, blank + 2, &body) || head + body > WB_MESSAGE_MAX)
		return WB_FRAME_BAD;
	if(n < head + body)
		return WB_FRAME_MORE;
	*used = head + body;
	return WB_FRAME_MESSAGE;
}
