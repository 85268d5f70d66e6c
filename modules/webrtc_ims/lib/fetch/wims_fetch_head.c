/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_fetch_head.h"

static struct wims_pl without_line_end(struct wims_pl line)
{
	while(line.l > 0 && (line.p[line.l - 1] == '\n' || line.p[line.l - 1] == '\r'))
		line.l--;
	return line;
}

/* Position of the comma that ends the first element; commas in quotes are
 * none. */
static size_t element_end(struct wims_pl s)
{
	bool quoted = false;
	size_t i;

	for(i = 0; i < s.l; i++) {
		if(quoted && s.p[i] == '\\')
			i++;
		else if(s.p[i] == '"')
			quoted = !quoted;
		else if(s.p[i] == ',' && !quoted)
			return i;
	}
	return s.l;
}

/* RFC 9111 5.2: a sender writes the bare form, a recipient takes both. */
static struct wims_pl unquoted(struct wims_pl s)
{
	if(s.l >= 2 && s.p[0] == '"' && s.p[s.l - 1] == '"')
		return (struct wims_pl){s.p + 1, s.l - 2};
	return s;
}

static bool digits_only(struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if(s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.l > 0;
}

/* delta-seconds; false: not of that form. */
static bool seconds(struct wims_pl s, int64_t *out)
{
	uint64_t n;

	if(!digits_only(s))
		return false;
	*out = !wims_pl_u64(s, &n) || n > WIMS_FETCH_AGE_MAX ? WIMS_FETCH_AGE_MAX : (int64_t)n;
	return true;
}

/* The shortest of several counts. What is not understood counts as stale
 * (RFC 9111 4.2.1). */
static void say(struct wims_fetch_head *h, int64_t fresh)
{
	h->fresh = h->said && h->fresh < fresh ? h->fresh : fresh;
	h->said = true;
}

static void directive(struct wims_fetch_head *h, struct wims_pl element)
{
	size_t eq = wims_pl_find(element, '=');
	struct wims_pl name = wims_pl_trim((struct wims_pl){element.p, eq});
	struct wims_pl value = unquoted(wims_pl_trim(wims_pl_from(element, eq + 1)));
	int64_t fresh = 0;

	if(wims_pl_caseeq(name, WIMS_PL("no-store")) || wims_pl_caseeq(name, WIMS_PL("no-cache"))) {
		say(h, 0);
	} else if(wims_pl_caseeq(name, WIMS_PL("max-age"))) {
		if(!seconds(value, &fresh))
			fresh = 0;
		say(h, fresh);
	}
}

static void cache_control(struct wims_fetch_head *h, struct wims_pl value)
{
	while(value.l > 0) {
		size_t end = element_end(value);

		directive(h, wims_pl_trim((struct wims_pl){value.p, end}));
		value = wims_pl_from(value, end + 1);
	}
}

static void field(struct wims_fetch_head *h, struct wims_pl name, struct wims_pl value)
{
	int64_t age;

	if(wims_pl_caseeq(name, WIMS_PL("Cache-Control")))
		cache_control(h, value);
	else if(wims_pl_caseeq(name, WIMS_PL("Age")) && seconds(value, &age))
		h->age = age > h->age ? age : h->age;
	else if(wims_pl_caseeq(name, WIMS_PL("Content-Encoding")))
		h->encoded |= value.l > 0 && !wims_pl_caseeq(value, WIMS_PL("identity"));
	else if(wims_pl_caseeq(name, WIMS_PL("Transfer-Encoding")))
		h->encoded |= !wims_pl_caseeq(value, WIMS_PL("chunked"));
}

bool wims_fetch_head_line(struct wims_fetch_head *h, struct wims_pl line)
{
	size_t colon;

	if(line.l > WIMS_FETCH_HEAD_MAX - h->bytes)
		return false;
	h->bytes += line.l;
	line = without_line_end(line);
	if(wims_pl_starts(line, WIMS_PL("HTTP/"))) {
		*h = (struct wims_fetch_head){.bytes = h->bytes};
		return true;
	}
	colon = wims_pl_find(line, ':');
	field(h, (struct wims_pl){line.p, colon}, wims_pl_trim(wims_pl_from(line, colon + 1)));
	return true;
}

int64_t wims_fetch_head_max_age(const struct wims_fetch_head *h)
{
	if(!h->said)
		return -1;
	return h->fresh > h->age ? h->fresh - h->age : 0;
}
