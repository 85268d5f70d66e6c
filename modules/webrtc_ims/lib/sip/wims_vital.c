/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_vital.h"

#include <string.h>

#include "identity/wims_host.h"
#include "sip/wims_grammar.h"
#include "sip/wims_list.h"

/* A quoted-string, or nothing that some parser would begin another address or
 * parameter with; none at all is fine. */
static bool is_value(struct wims_pl value)
{
	size_t i;

	if(value.l > 0 && value.p[0] == '"')
		return wims_quoted_end(value, 0) == value.l;
	for(i = 0; i < value.l; i++)
		if(value.p[i] <= ' ' || value.p[i] > '~' || strchr("<>\",\\", value.p[i]) != NULL)
			return false;
	return true;
}

static bool are_params(struct wims_pl params)
{
	struct wims_pl name, value;
	unsigned tags = 0;

	while(wims_param_next(&params, &name, &value)) {
		if(!is_value(value))
			return false;
		tags += wims_pl_caseeq(name, WIMS_PL("tag"));
	}
	return params.l == 0 && tags <= 1;
}

/* Without brackets a URI has neither comma nor question mark (RFC 3261 20). */
static bool is_address(struct wims_pl value)
{
	struct wims_pl uri, params;

	if(!wims_list_uri(value, &uri, &params) || !are_params(params))
		return false;
	return uri.p != value.p || (wims_pl_find(uri, ',') == uri.l && wims_pl_find(uri, '?') == uri.l);
}

static bool is_call_id(struct wims_pl value)
{
	return wims_is_printable(value) && wims_pl_find(value, ' ') == value.l
		   && wims_pl_find(value, ',') == value.l;
}

static bool is_cseq(struct wims_pl value)
{
	size_t digits = 0;

	while(digits < value.l && wims_is_digit(value.p[digits]))
		digits++;
	return digits > 0 && digits < value.l && wims_is_lws(value.p[digits])
		   && wims_is_token(wims_lws_trim(wims_pl_from(value, digits)));
}

bool wims_vital_is_plain(enum wims_vital which, struct wims_pl value)
{
	value = wims_lws_trim(value);
	switch(which) {
		case WIMS_VITAL_FROM:
		case WIMS_VITAL_TO:
			return is_address(value);
		case WIMS_VITAL_CALL_ID:
			return is_call_id(value);
		case WIMS_VITAL_CSEQ:
			return is_cseq(value);
	}
	return false;
}

bool wims_method_is_plain(struct wims_pl method)
{
	static const struct wims_pl known[] = {
			{"REGISTER", 8}, {"INVITE", 6}, {"ACK", 3},     {"BYE", 3},       {"CANCEL", 6},
			{"OPTIONS", 7},  {"PRACK", 5},  {"UPDATE", 6},  {"INFO", 4},      {"REFER", 5},
			{"MESSAGE", 7},  {"NOTIFY", 6}, {"PUBLISH", 7}, {"SUBSCRIBE", 9},
	};
	size_t i;

	for(i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if(wims_pl_caseeq(method, known[i]))
			return wims_pl_eq(method, known[i]);
	return true;
}

static struct wims_pl behind_blanks(struct wims_pl s)
{
	while(s.l > 0 && wims_is_lws(s.p[0]))
		s = wims_pl_from(s, 1);
	return s;
}

/* Takes text off the beginning of *s, blanks aside. */
static bool take_text(struct wims_pl *s, struct wims_pl text)
{
	for(;;) {
		text = behind_blanks(text);
		*s = behind_blanks(*s);
		if(text.l == 0)
			return true;
		if(s->l == 0 || wims_lower(s->p[0]) != wims_lower(text.p[0]))
			return false;
		text = wims_pl_from(text, 1);
		*s = wims_pl_from(*s, 1);
	}
}

static bool text_same(struct wims_pl a, struct wims_pl b)
{
	return take_text(&a, b) && a.l == 0;
}

static bool is_of_way(struct wims_pl name)
{
	return wims_pl_caseeq(name, WIMS_PL("received")) || wims_pl_caseeq(name, WIMS_PL("rport"));
}

/* The next, in the first element the next that is not of the way; false: there is none,
 * or *rest is no list. */
static bool next_to_match(struct wims_pl *rest, bool first, struct wims_pl *name,
						  struct wims_pl *value)
{
	while(wims_param_next(rest, name, value))
		if(!first || !is_of_way(*name))
			return true;
	return false;
}

bool wims_via_same(struct wims_pl a, struct wims_pl b, bool first)
{
	size_t ends_a = wims_pl_find(a, ';'), ends_b = wims_pl_find(b, ';');
	struct wims_pl of_a = wims_pl_from(a, ends_a), of_b = wims_pl_from(b, ends_b);
	struct wims_pl name, value, other, its;
	bool more;

	if(!text_same((struct wims_pl){a.p, ends_a}, (struct wims_pl){b.p, ends_b}))
		return false;
	do {
		more = next_to_match(&of_a, first, &name, &value);
		if(next_to_match(&of_b, first, &other, &its) != more
		   || (more && (!text_same(name, other) || !text_same(value, its))))
			return false;
	} while(more);
	return of_a.l == 0 && of_b.l == 0;
}

/* The request's To and nothing but a tag behind it. */
static bool is_to_of(const struct wims_vitals *answer, const struct wims_vitals *request)
{
	struct wims_pl rest = answer->to;

	if(!take_text(&rest, request->to))
		return false;
	if(rest.l == 0)
		return true;
	return !request->has_tag && take_text(&rest, WIMS_PL(";tag=")) && wims_is_token(rest);
}

bool wims_vitals_answer(const struct wims_vitals *answer, const struct wims_vitals *request,
						int status)
{
	return (answer->has_tag || status == 100) && is_to_of(answer, request)
		   && text_same(answer->from, request->from) && text_same(answer->call_id, request->call_id)
		   && text_same(answer->cseq, request->cseq);
}
