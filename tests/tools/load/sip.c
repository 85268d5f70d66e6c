/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip.h"

#include <strings.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct wl_str trim(struct wl_str s)
{
	while(s.n > 0 && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while(s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

static bool is_name(struct wl_str s, const char *name)
{
	return strlen(name) == s.n && strncasecmp(s.p, name, s.n) == 0;
}

static bool number(struct wl_str s, int64_t max, int64_t *to)
{
	int64_t v = 0;
	size_t i;

	for(i = 0; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
		v = v * 10 + (s.p[i] - '0');
		if(v > max)
			return false;
	}
	if(i == 0 || (i < s.n && !is_blank(s.p[i]) && s.p[i] != ';' && s.p[i] != '('))
		return false;
	*to = v;
	return true;
}

/* Where `stop` stands outside quotes and angle brackets; s.n: nowhere. */
static size_t outside(struct wl_str s, char stop)
{
	bool quoted = false, inside = false;
	size_t i;

	for(i = 0; i < s.n; i++) {
		if(quoted && s.p[i] == '\\')
			i++;
		else if(s.p[i] == '"' && !inside)
			quoted = !quoted;
		else if(quoted)
			continue;
		else if(s.p[i] == stop && !inside)
			return i;
		else if(s.p[i] == '<' || s.p[i] == '>')
			inside = s.p[i] == '<';
	}
	return s.n;
}

static bool add_list(struct wl_list *list, struct wl_str value)
{
	struct wl_str one;
	size_t at;

	while(value.n > 0) {
		at = outside(value, ',');
		one = trim((struct wl_str){value.p, at});
		if(one.n == 0 || list->n == WL_LIST_MAX)
			return false;
		list->at[list->n++] = one;
		at = at < value.n ? at + 1 : at;
		value = (struct wl_str){value.p + at, value.n - at};
	}
	return true;
}

struct wl_str wl_sip_uri(struct wl_str value)
{
	size_t open = outside(value, '<'), at;
	const char *close;

	if(open < value.n) {
		value = (struct wl_str){value.p + open + 1, value.n - open - 1};
		close = memchr(value.p, '>', value.n);
		return (struct wl_str){value.p, close ? (size_t)(close - value.p) : 0};
	}
	at = outside(value, ';');
	return trim((struct wl_str){value.p, at});
}

struct wl_str wl_sip_param(struct wl_str value, const char *name)
{
	struct wl_str one, none = {NULL, 0};
	const char *equals;
	size_t at = outside(value, ';');

	while(at < value.n) {
		value = (struct wl_str){value.p + at + 1, value.n - at - 1};
		at = outside(value, ';');
		one = trim((struct wl_str){value.p, at});
		equals = memchr(one.p, '=', one.n);
		if(equals && is_name(trim((struct wl_str){one.p, (size_t)(equals - one.p)}), name))
			return trim((struct wl_str){equals + 1, one.n - (size_t)(equals - one.p) - 1});
	}
	return none;
}

/* Without its parameters. */
static struct wl_str bare(struct wl_str uri)
{
	uri.n = outside(uri, ';');
	return uri;
}

int64_t wl_sip_granted(const struct wl_sip *m, struct wl_str contact_uri)
{
	struct wl_str expires;
	int64_t seconds;
	unsigned i;

	for(i = 0; i < m->contacts.n; i++) {
		if(!wl_str_eq(bare(wl_sip_uri(m->contacts.at[i])), bare(contact_uri)))
			continue;
		expires = wl_sip_param(m->contacts.at[i], "expires");
		if(!expires.p)
			return m->expires;
		return number(expires, UINT32_MAX, &seconds) ? seconds : -1;
	}
	return -1;
}

/* The line up to its end, which is taken off *rest. */
static struct wl_str next_line(struct wl_str *rest)
{
	const char *eol = memchr(rest->p, '\n', rest->n);
	struct wl_str line = {rest->p, eol ? (size_t)(eol - rest->p) : rest->n};
	size_t used = eol ? line.n + 1 : line.n;

	*rest = (struct wl_str){rest->p + used, rest->n - used};
	if(line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

static bool start_line(struct wl_str line, struct wl_sip *m)
{
	const char *space = memchr(line.p, ' ', line.n), *second;
	struct wl_str rest;
	int64_t status;

	if(!space)
		return false;
	rest = (struct wl_str){space + 1, line.n - (size_t)(space - line.p) - 1};
	line.n = (size_t)(space - line.p);
	if(wl_str_eq(line, WL_STR("SIP/2.0"))) {
		if(!number(rest, 699, &status) || status < 100)
			return false;
		m->status = (unsigned)status;
		return true;
	}
	second = memchr(rest.p, ' ', rest.n);
	m->method = line;
	if(!second || line.n == 0)
		return false;
	m->uri = (struct wl_str){rest.p, (size_t)(second - rest.p)};
	rest = (struct wl_str){second + 1, rest.n - m->uri.n - 1};
	return m->uri.n > 0 && wl_str_eq(rest, WL_STR("SIP/2.0"));
}

static bool take_cseq(struct wl_str value, struct wl_sip *m)
{
	const char *space = memchr(value.p, ' ', value.n);
	struct wl_str method;
	int64_t n;

	if(!space || !number(value, UINT32_MAX, &n))
		return false;
	method = trim((struct wl_str){space, value.n - (size_t)(space - value.p)});
	if(m->status == 0)
		return wl_str_eq(method, m->method) && (m->cseq = (uint32_t)n, true);
	m->cseq = (uint32_t)n;
	m->method = method;
	return method.n > 0;
}

static struct wl_list *list_of(struct wl_str name, struct wl_sip *m)
{
	if(is_name(name, "Via") || is_name(name, "v"))
		return &m->vias;
	if(is_name(name, "Contact") || is_name(name, "m"))
		return &m->contacts;
	if(is_name(name, "Record-Route"))
		return &m->record_routes;
	if(is_name(name, "Route"))
		return &m->routes;
	if(is_name(name, "Service-Route"))
		return &m->service_routes;
	return is_name(name, "Path") ? &m->paths : NULL;
}

/* What a message says of itself beside its slices. */
struct said
{
	int64_t length; /* Content-Length; -1: none */
	bool numbered;  /* it has a CSeq */
};

static bool header(struct wl_str name, struct wl_str value, struct wl_sip *m, struct said *said)
{
	struct wl_list *list = list_of(name, m);

	if(list)
		return add_list(list, value);
	if(is_name(name, "From") || is_name(name, "f"))
		m->from = value;
	else if(is_name(name, "To") || is_name(name, "t"))
		m->to = value;
	else if(is_name(name, "Call-ID") || is_name(name, "i"))
		m->call_id = value;
	else if(is_name(name, "P-Asserted-Identity") && m->asserted.n == 0)
		m->asserted = (struct wl_str){value.p, outside(value, ',')};
	else if(is_name(name, "CSeq"))
		return (said->numbered = take_cseq(value, m));
	else if(is_name(name, "Expires"))
		return number(value, UINT32_MAX, &m->expires);
	else if(is_name(name, "Retry-After"))
		return number(value, UINT32_MAX, &m->retry_after);
	else if(is_name(name, "Content-Length") || is_name(name, "l"))
		return number(value, WL_SIP_MAX, &said->length);
	return true;
}

/* All header lines, with what continues them. */
static bool headers(struct wl_str *rest, struct wl_sip *m, struct said *said)
{
	struct wl_str line, more;
	const char *colon;

	for(;;) {
		if(rest->n == 0)
			return false;
		line = next_line(rest);
		if(line.n == 0)
			return true;
		while(rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t')) {
			more = next_line(rest);
			line.n = (size_t)(more.p + more.n - line.p);
		}
		colon = memchr(line.p, ':', line.n);
		if(!colon)
			return false;
		more = (struct wl_str){colon + 1, line.n - (size_t)(colon - line.p) - 1};
		if(!header(trim((struct wl_str){line.p, (size_t)(colon - line.p)}), trim(more), m, said))
			return false;
	}
}

bool wl_sip_parse(const char *p, size_t n, struct wl_sip *m)
{
	struct wl_str rest = {p, n};
	struct said said = {-1, false};

	memset(m, 0, sizeof *m);
	m->expires = m->retry_after = -1;
	if(n == 0 || n > WL_SIP_MAX || !start_line(next_line(&rest), m) || !headers(&rest, m, &said))
		return false;
	if(said.length < 0)
		said.length = (int64_t)rest.n;
	if((uint64_t)said.length > rest.n || m->vias.n == 0 || m->call_id.n == 0 || m->method.n == 0
	   || m->from.n == 0 || m->to.n == 0 || !said.numbered)
		return false;
	m->body = (struct wl_str){rest.p, (size_t)said.length};
	m->branch = wl_sip_param(m->vias.at[0], "branch");
	m->from_tag = wl_sip_param(m->from, "tag");
	m->to_tag = wl_sip_param(m->to, "tag");
	return m->branch.n > 0;
}
