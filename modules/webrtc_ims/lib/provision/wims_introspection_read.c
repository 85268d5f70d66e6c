/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_introspection_read.h"

#include <stddef.h>

#include "provision/wims_file_read.h"

enum
{
	SECRET_FILE_MAX = WIMS_CLIENT_SECRET_MAX + 2 /* CRLF */
};

/* What an editor leaves behind the last line is no part of the secret. */
static struct wims_pl first_line(struct wims_pl text)
{
	if(text.l > 0 && text.p[text.l - 1] == '\n')
		text.l--;
	if(text.l > 0 && text.p[text.l - 1] == '\r')
		text.l--;
	return text;
}

/* RFC 6749 A.2: client-secret = *VSCHAR */
static bool secret_ok(struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if(s.p[i] < 0x20 || s.p[i] > 0x7e)
			return false;
	return s.l > 0 && s.l <= WIMS_CLIENT_SECRET_MAX;
}

/* No message shows a byte of it. */
static WIMS_SETTER(set_secret)
{
	struct wims_pl path = WIMS_PL_NONE, text, secret;
	enum wims_reason r;

	if((r = wims_text_take(rd, m->text, &path, v)) != WIMS_OK
	   || (r = wims_file_read(rd, &text, path, SECRET_FILE_MAX)) != WIMS_OK)
		return r;
	secret = first_line(text);
	if(!secret_ok(secret))
		r = wims_config_fail(rd, WIMS_CONFIG_VALUE,
							 "the file holds no secret; allowed: one line of 1 to %d printable "
							 "ASCII characters",
							 WIMS_CLIENT_SECRET_MAX);
	else if(!wims_arena_dup(rd->keep, field, secret))
		r = wims_config_nomem(rd);
	wims_wipe((char *)text.p, text.l);
	return r;
}

#define STRING WIMS_TYPE_BIT(WIMS_JSON_STRING)
#define INT WIMS_TYPE_BIT(WIMS_JSON_INT)
#define NEED WIMS_MEMBER_REQUIRED

/* clang-format off */
#define AT(m) offsetof(struct wims_introspection, m)
static const struct wims_member rows[] = {
	{"endpoint",           STRING, NEED, 0, 0,                              AT(endpoint),      wims_set_text,  &wims_text_https},
	{"client_id",          STRING, NEED, 0, 0,                              AT(client_id),     wims_set_text,  &wims_text_printable},
	{"client_secret_file", STRING, NEED, 0, 0,                              AT(client_secret), set_secret,     &wims_text_printable},
	{"ca_file",            STRING, 0,    0, 0,                              AT(ca_file),       wims_set_text,  &wims_text_printable},
	{"cache",              INT,    0,    0, WIMS_INTROSPECTION_CACHE_MAX,   AT(cache),         wims_set_int,   NULL},
	{"timeout",            INT,    0,    1, WIMS_INTROSPECTION_TIMEOUT_MAX, AT(timeout_ms),    wims_set_milli, NULL},
	{"max_pending",        INT,    0,    1, WIMS_INTROSPECTION_PENDING_MAX, AT(max_pending),   wims_set_int,   NULL},
};
/* clang-format on */

WIMS_SETTER(wims_set_introspection)
{
	struct wims_introspection *in = field;
	enum wims_reason r = wims_schema_read(rd, WIMS_SCHEMA(rows), in, v);

	(void)m;
	return r == WIMS_OK ? wims_ca_file_check(rd, in->ca_file) : r;
}
