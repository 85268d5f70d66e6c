/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_uri.h"

#include "identity/wims_host.h"
#include "identity/wims_impu.h"
#include "sip/wims_grammar.h"

#include <string.h>

enum
{
	PORT_MAX = 65535,
	PORT_SIP = 5060,
	PORT_TLS = 5061
};

static bool is_hex(char c)
{
	return wims_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Only unreserved characters, those of more, and whole %XX escapes. */
static bool is_uri_text(struct wims_pl s, const char *more)
{
	size_t i;

	for(i = 0; i < s.l; i++) {
		char c = s.p[i];

		if(c == '%') {
			if(s.l - i < 3 || !is_hex(s.p[i + 1]) || !is_hex(s.p[i + 2]))
				return false;
			i += 2;
		} else if(!wims_is_alnum(c)
				  && (c == '\0' || (strchr("-_.!~*'()", c) == NULL && strchr(more, c) == NULL))) {
			return false;
		}
	}
	return s.l > 0;
}

static bool is_user(struct wims_pl s)
{
	return is_uri_text(s, "&=+$,;?/");
}

static bool is_param_value(struct wims_pl s)
{
	return is_uri_text(s, "[]/:&+$");
}

/* Is the last of n names among those before it? */
static bool repeated(const struct wims_pl *names, size_t n)
{
	size_t i;

	for(i = 0; i + 1 < n; i++)
		if(wims_pl_caseeq(names[i], names[n - 1]))
			return true;
	return false;
}

static bool are_params(struct wims_pl params)
{
	struct wims_pl names[WIMS_URI_PARAMS_MAX];
	struct wims_pl name, value;
	size_t n = 0;

	if(params.l == 0)
		return true;
	if(!is_uri_text(params, "[]/:&+$;="))
		return false; /* no quotes and no LWS, which header parameters may have */
	while(n < WIMS_URI_PARAMS_MAX && wims_param_next(&params, &name, &value)) {
		names[n++] = name;
		if(repeated(names, n) || (value.p != NULL && !is_param_value(value)))
			return false;
	}
	return params.l == 0;
}

static bool read_port(uint16_t *port, struct wims_pl s)
{
	uint64_t n;

	if(!wims_pl_u64(s, &n) || n > PORT_MAX || s.p[0] == '0')
		return false;
	*port = (uint16_t)n;
	return true;
}

/* host [":" port] */
static bool read_hostport(struct wims_uri *out, struct wims_pl s)
{
	size_t end = s.l > 0 && s.p[0] == '[' ? wims_pl_find(s, ']') : 0;

	end += wims_pl_find(wims_pl_from(s, end), ':');
	out->host = (struct wims_pl){s.p, end};
	if(!wims_is_host(out->host))
		return false;
	return end == s.l || read_port(&out->port, wims_pl_from(s, end + 1));
}

static bool read_uri(struct wims_uri *out, struct wims_pl s)
{
	size_t at;

	if(s.l > WIMS_URI_MAX)
		return false;
	out->sips = wims_pl_casestarts(s, WIMS_PL("sips:"));
	if(!out->sips && !wims_pl_casestarts(s, WIMS_PL("sip:")))
		return false;
	s = wims_pl_from(s, out->sips ? 5 : 4);
	at = wims_pl_find(s, '@');
	if(at < s.l) {
		out->user = (struct wims_pl){s.p, at};
		if(!is_user(out->user))
			return false;
		s = wims_pl_from(s, at + 1);
	}
	at = wims_pl_find(s, ';');
	out->params = wims_pl_from(s, at);
	return read_hostport(out, (struct wims_pl){s.p, at}) && are_params(out->params);
}

enum wims_reason wims_uri_parse(struct wims_uri *out, struct wims_pl text)
{
	memset(out, 0, sizeof(*out));
	if(read_uri(out, text))
		return WIMS_OK;
	memset(out, 0, sizeof(*out));
	return WIMS_URI_BAD;
}

bool wims_uri_param(struct wims_pl params, struct wims_pl name, struct wims_pl *value)
{
	struct wims_pl here;

	while(wims_param_next(&params, &here, value))
		if(wims_pl_caseeq(here, name))
			return true;
	*value = WIMS_PL_NONE;
	return false;
}

/* Where a URI leads, with nothing left out. */
struct target
{
	char text[WIMS_HOST_MAX];
	struct wims_pl host;
	struct wims_pl transport;
	uint16_t port;
};

static bool target_of(struct target *t, const struct wims_uri *uri)
{
	struct wims_pl host;
	struct wims_w w;
	bool tls;

	if(!wims_uri_param(uri->params, WIMS_PL("maddr"), &host))
		host = uri->host;
	wims_w_init(&w, t->text, sizeof(t->text));
	if(!wims_host_write(&w, host))
		return false;
	t->host = wims_w_done(&w);
	if(!wims_uri_param(uri->params, WIMS_PL("transport"), &t->transport))
		t->transport = uri->sips ? WIMS_PL("tls") : WIMS_PL("udp");
	if(uri->sips && wims_pl_caseeq(t->transport, WIMS_PL("tcp")))
		t->transport = WIMS_PL("tls"); /* RFC 3261 26.2.2: TLS over TCP */
	tls = wims_pl_caseeq(t->transport, WIMS_PL("tls"));
	t->port = uri->port;
	if(t->port == 0)
		t->port = tls || uri->sips ? PORT_TLS : PORT_SIP;
	return true;
}

bool wims_uri_same_target(const struct wims_uri *a, const struct wims_uri *b)
{
	struct target ta, tb;

	return target_of(&ta, a) && target_of(&tb, b) && ta.port == tb.port
		   && wims_pl_eq(ta.host, tb.host) && wims_pl_caseeq(ta.transport, tb.transport);
}

/* user-unreserved of RFC 3261 25.1, and what is unreserved anywhere. */
static bool is_plain_in_user(char c)
{
	static const struct wims_pl more = {"&=+$,;?/", 8};

	return wims_is_unreserved(c) || wims_pl_find(more, c) < more.l;
}

/* Takes the next character off *s; an escape of what must stay escaped is above 255. */
static int next_char(struct wims_pl *s)
{
	bool escaped = s->p[0] == '%';
	int c = wims_take_byte(s);

	return escaped && (c >= 0x80 || c < 0 || !is_plain_in_user((char)c)) ? c + 0x200 : c;
}

static bool same_user(struct wims_pl a, struct wims_pl b)
{
	while(a.l > 0 && b.l > 0)
		if(next_char(&a) != next_char(&b))
			return false;
	return a.l == b.l;
}

static bool same_host(struct wims_pl a, struct wims_pl b)
{
	char text_a[WIMS_HOST_MAX], text_b[WIMS_HOST_MAX];
	struct wims_w wa, wb;

	wims_w_init(&wa, text_a, sizeof(text_a));
	wims_w_init(&wb, text_b, sizeof(text_b));
	return wims_host_write(&wa, a) && wims_host_write(&wb, b)
		   && wims_pl_eq(wims_w_done(&wa), wims_w_done(&wb));
}

static bool counts_alone(struct wims_pl name)
{
	static const struct wims_pl names[] = {
			{"user", 4}, {"ttl", 3}, {"method", 6}, {"maddr", 5}, {"transport", 9}};
	size_t i;

	for(i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if(wims_pl_caseeq(name, names[i]))
			return true;
	return false;
}

static bool agrees(struct wims_pl params, struct wims_pl others)
{
	struct wims_pl name, value, other;

	while(wims_param_next(&params, &name, &value))
		if(wims_uri_param(others, name, &other) ? !wims_pl_caseeq(value, other)
												: counts_alone(name))
			return false;
	return true;
}

bool wims_uri_same(const struct wims_uri *a, const struct wims_uri *b)
{
	return a->sips == b->sips && a->port == b->port && same_user(a->user, b->user)
		   && same_host(a->host, b->host) && agrees(a->params, b->params)
		   && agrees(b->params, a->params);
}
