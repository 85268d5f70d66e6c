/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "identity/wims_impu.h"

#include "identity/wims_host.h"

#include <string.h>

/* One scheme an IMPU may have. */
struct scheme
{
	struct wims_pl prefix;
	uint64_t default_port;
	bool (*write)(struct wims_w *w, const struct scheme *s, struct wims_pl rest);
};

static bool one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* RFC 3261 25.1: mark */
bool wims_is_unreserved(char c)
{
	return wims_is_alnum(c) || one_of(c, "-_.!~*'()");
}

/* RFC 3966 3: visual-separator */
static bool is_separator(char c)
{
	return one_of(c, "-.()");
}

static int hex_value(char c)
{
	if(wims_is_digit(c))
		return c - '0';
	if(c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int wims_unescape(struct wims_pl s)
{
	int hi, lo, byte;

	if(s.l < 3 || (hi = hex_value(s.p[1])) < 0 || (lo = hex_value(s.p[2])) < 0)
		return -1;
	byte = hi * 16 + lo;
	return byte < 0x20 || byte == 0x7f ? -1 : byte;
}

int wims_take_byte(struct wims_pl *s)
{
	bool escaped = s->l > 0 && s->p[0] == '%';
	int byte = s->l == 0 ? -1 : escaped ? wims_unescape(*s) : (unsigned char)s->p[0];

	*s = wims_pl_from(*s, escaped ? 3 : 1);
	return byte;
}

static bool escape_write(struct wims_w *w, struct wims_pl s)
{
	static const char hex[] = "0123456789ABCDEF";
	int byte = wims_unescape(s);
	char text[3];

	if(byte < 0)
		return false;
	if(byte < 0x80 && wims_is_unreserved((char)byte)) {
		text[0] = (char)byte;
		wims_w_pl(w, (struct wims_pl){text, 1});
	} else {
		text[0] = '%';
		text[1] = hex[byte >> 4];
		text[2] = hex[byte & 15];
		wims_w_pl(w, (struct wims_pl){text, sizeof(text)});
	}
	return w->ok;
}

static bool user_write(struct wims_w *w, struct wims_pl user)
{
	size_t i;

	for(i = 0; i < user.l; i++) {
		if(user.p[i] == '%') {
			if(!escape_write(w, wims_pl_from(user, i)))
				return false;
			i += 2;
		} else if(wims_is_unreserved(user.p[i]) || one_of(user.p[i], "&=+$,;?/")) {
			wims_w_pl(w, (struct wims_pl){user.p + i, 1});
		} else {
			return false; /* ':' too: no identity has a password */
		}
	}
	return user.l > 0 && w->ok;
}

/* RFC 3966 3: global-number-digits */
static bool number_write(struct wims_w *w, struct wims_pl number)
{
	bool digit = false;
	size_t i;

	if(number.l == 0 || number.p[0] != '+')
		return false;
	wims_w_lit(w, "+");
	for(i = 1; i < number.l; i++) {
		if(is_separator(number.p[i]))
			continue;
		if(!wims_is_digit(number.p[i]))
			return false;
		digit = true;
		wims_w_pl(w, (struct wims_pl){number.p + i, 1});
	}
	return digit && w->ok;
}

/* RFC 3261 25.1: paramchar, and the "=" between name and value */
static bool param_text_ok(struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++) {
		if(s.p[i] == '%') {
			if(wims_unescape(wims_pl_from(s, i)) < 0)
				return false;
			i += 2;
		} else if(!wims_is_unreserved(s.p[i]) && !one_of(s.p[i], "[]/:&+$=")) {
			return false;
		}
	}
	return s.l > 0 && s.p[0] != '=';
}

/* Takes the first ";name[=value]" off params. False at the end, and when it
 * is malformed, which leaves params non-empty. */
static bool param_next(struct wims_pl *params, struct wims_pl *param)
{
	struct wims_pl rest;

	if(params->l == 0 || params->p[0] != ';')
		return false;
	rest = wims_pl_from(*params, 1);
	*param = (struct wims_pl){rest.p, wims_pl_find(rest, ';')};
	if(!param_text_ok(*param))
		return false;
	*params = wims_pl_from(rest, param->l);
	return true;
}

static bool param_named(struct wims_pl param, struct wims_pl name)
{
	return wims_pl_caseeq((struct wims_pl){param.p, wims_pl_find(param, '=')}, name);
}

/* Is every parameter well formed, and is ";user=phone" among them? */
static bool sip_params(struct wims_pl params, bool *phone)
{
	struct wims_pl param;
	bool seen = false;

	*phone = false;
	while(param_next(&params, &param)) {
		if(!param_named(param, WIMS_PL("user")))
			continue;
		if(seen)
			return false;
		seen = true;
		*phone = wims_pl_caseeq(param, WIMS_PL("user=phone"));
	}
	return params.l == 0;
}

static bool sip_write(struct wims_w *w, const struct scheme *s, struct wims_pl rest)
{
	size_t at = wims_pl_find(rest, '@');
	struct wims_pl user = {rest.p, at};
	struct wims_pl hostport = wims_pl_from(rest, at + 1);
	struct wims_pl params = wims_pl_from(hostport, wims_pl_find(hostport, ';'));
	bool phone;

	hostport.l -= params.l;
	if(at == rest.l || !sip_params(params, &phone))
		return false;
	if(phone && user.l > 0 && user.p[0] == '+') {
		if(!number_write(w, user))
			return false;
	} else if(!user_write(w, user)) {
		return false;
	}
	wims_w_lit(w, "@");
	return wims_hostport_write(w, hostport, s->default_port);
}

/* An extension or a subaddress is somebody behind the number, and a context
 * belongs to a local number: dropping these would change the identity. */
static bool tel_params(struct wims_pl params)
{
	struct wims_pl param;

	while(param_next(&params, &param))
		if(param_named(param, WIMS_PL("ext")) || param_named(param, WIMS_PL("isub"))
		   || param_named(param, WIMS_PL("phone-context")))
			return false;
	return params.l == 0;
}

static bool tel_write(struct wims_w *w, const struct scheme *s, struct wims_pl rest)
{
	size_t semi = wims_pl_find(rest, ';');

	(void)s;
	return tel_params(wims_pl_from(rest, semi)) && number_write(w, (struct wims_pl){rest.p, semi});
}

/* clang-format off */
static const struct scheme schemes[] = {
	{{"sip:", 4},  5060, sip_write},
	{{"sips:", 5}, 5061, sip_write},
	{{"tel:", 4},  0,    tel_write},
};
/* clang-format on */

static bool impu_write(struct wims_w *w, struct wims_pl in)
{
	size_t i;

	for(i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		const struct scheme *s = &schemes[i];

		if(!wims_pl_casestarts(in, s->prefix))
			continue;
		wims_w_pl(w, s->prefix);
		return s->write(w, s, wims_pl_from(in, s->prefix.l));
	}
	return false;
}

enum wims_reason wims_impu_canonical(struct wims_pl *out, char *buf, size_t size, struct wims_pl in)
{
	struct wims_w w;

	*out = WIMS_PL_NONE;
	if(in.l > WIMS_IMPU_INPUT_MAX)
		return WIMS_URI_BAD;
	if(in.l >= 2 && in.p[0] == '<' && in.p[in.l - 1] == '>')
		in = (struct wims_pl){in.p + 1, in.l - 2};
	wims_w_init(&w, buf, size < WIMS_IMPU_MAX ? size : WIMS_IMPU_MAX);
	if(!impu_write(&w, in) || !w.ok)
		return WIMS_URI_BAD;
	*out = wims_w_done(&w);
	return WIMS_OK;
}

/* RFC 7542 2.2: utf8-atext and ".", here ASCII and without "%", so that an
 * IMPI reads the same in a header, a URI and a key. */
static bool impi_user_ok(struct wims_pl user)
{
	size_t i;

	for(i = 0; i < user.l; i++)
		if(!wims_is_alnum(user.p[i]) && !one_of(user.p[i], "!#$&'*+-/=?^_`{|}~."))
			return false;
	return user.l > 0;
}

bool wims_impu_is_wildcard(struct wims_pl uri)
{
	size_t first = wims_pl_find(uri, '!');

	return wims_pl_find(wims_pl_from(uri, first + 1), '!') + first + 1 < uri.l;
}

bool wims_impu_fits_brackets(struct wims_pl uri)
{
	size_t i;

	for(i = 0; i < uri.l; i++)
		if(uri.p[i] <= ' ' || uri.p[i] > '~' || one_of(uri.p[i], "<>\""))
			return false;
	return true;
}

static void write_escape(struct wims_w *w, char c)
{
	static const char hex[] = "0123456789ABCDEF";
	unsigned char byte = (unsigned char)c;
	const char escape[] = {'%', hex[byte >> 4], hex[byte & 15]};

	wims_w_pl(w, (struct wims_pl){escape, sizeof(escape)});
}

void wims_impu_on_wire(struct wims_w *w, struct wims_pl uri)
{
	const char *colon = memchr(uri.l > 0 ? uri.p : "", ':', uri.l);
	size_t from = colon == NULL ? 0 : (size_t)(colon - uri.p) + 1, to = uri.l, i;

	while(to > 0 && uri.p[to - 1] != '@')
		to--;
	to = to == 0 ? uri.l : to - 1; /* tel: has no host */
	for(i = 0; i < uri.l; i++)
		if(i < from || i >= to || wims_is_unreserved(uri.p[i]) || one_of(uri.p[i], "&=+$,;?/%"))
			wims_w_pl(w, (struct wims_pl){&uri.p[i], 1});
		else
			write_escape(w, uri.p[i]);
}

enum wims_reason wims_impi_canonical(struct wims_pl *out, char *buf, size_t size, struct wims_pl in)
{
	size_t at = wims_pl_find(in, '@');
	struct wims_pl user = {in.p, at};
	struct wims_w w;

	*out = WIMS_PL_NONE;
	if(in.l > WIMS_IMPI_MAX || at == in.l || !impi_user_ok(user))
		return WIMS_URI_BAD;
	wims_w_init(&w, buf, size < WIMS_IMPI_MAX ? size : WIMS_IMPI_MAX);
	wims_w_pl(&w, user);
	wims_w_lit(&w, "@");
	if(!wims_host_write(&w, wims_pl_from(in, at + 1)))
		return WIMS_URI_BAD;
	*out = wims_w_done(&w);
	return WIMS_OK;
}
