/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_head.h"

#include "base/wims_run.h"
#include "identity/wims_host.h"
#include "sip/wims_grammar.h"
#include "sip/wims_vital.h"

struct single
{
	struct wims_pl name;
	char compact; /* lower case; '\0': none */
};

/* Headers that may be there once (RFC 3261 7.3.1 and the table of each RFC);
 * two of them, and eP-CSCF and core may each take another one. */
/* clang-format off */
static const struct single singles[] = {
	{WIMS_PL("From"), 'f'}, /* the first four as in enum wims_vital */
	{WIMS_PL("To"), 't'},
	{WIMS_PL("Call-ID"), 'i'},
	{WIMS_PL("CSeq"), '\0'},
	{WIMS_PL("Content-Length"), 'l'}, /* bit CONTENT_LENGTH */
	{WIMS_PL("Max-Forwards"), '\0'},
	{WIMS_PL("Expires"), '\0'},
	{WIMS_PL("Authorization"), '\0'},
	{WIMS_PL("Proxy-Authorization"), '\0'},
	{WIMS_PL("Content-Type"), 'c'},
	{WIMS_PL("Content-Disposition"), '\0'},
	{WIMS_PL("MIME-Version"), '\0'},
	{WIMS_PL("Subject"), 's'},
	{WIMS_PL("Event"), 'o'},
	{WIMS_PL("Subscription-State"), '\0'},
	{WIMS_PL("Refer-To"), 'r'},
	{WIMS_PL("Referred-By"), 'b'},
	{WIMS_PL("Replaces"), '\0'},
	{WIMS_PL("Session-Expires"), 'x'},
	{WIMS_PL("Min-SE"), '\0'},
	{WIMS_PL("Min-Expires"), '\0'},
	{WIMS_PL("RAck"), '\0'},
	{WIMS_PL("RSeq"), '\0'},
	{WIMS_PL("SIP-If-Match"), '\0'},
	{WIMS_PL("SIP-ETag"), '\0'},
	{WIMS_PL("Date"), '\0'},
};
/* clang-format on */

enum
{
	SINGLES = sizeof(singles) / sizeof(singles[0]),
	VITALS = WIMS_VITAL_CSEQ + 1,
	CONTENT_LENGTH = 1 << VITALS
};

_Static_assert(SINGLES <= 32, "one bit each in the seen mask");

/* The bit of a single-value header, 0 for any other. */
static uint32_t single_bit(struct wims_pl name)
{
	size_t i;

	for(i = 0; i < SINGLES; i++) {
		const struct single *s = &singles[i];
		bool compact = name.l == 1 && s->compact != '\0' && (name.p[0] | 0x20) == s->compact;

		if(compact || wims_pl_caseeq(name, s->name))
			return UINT32_C(1) << i;
	}
	return 0;
}

static inline bool is_text(unsigned char c)
{
	return (c >= 0x20 || c == '\t') && c != 0x7f;
}

/* One line up to its CRLF, moving *at behind it. */
static enum wims_reason scan_line(struct wims_pl head, size_t *at, struct wims_pl *line)
{
	size_t limit = head.l < WIMS_HEAD_MAX ? head.l : WIMS_HEAD_MAX;
	struct wims_pl rest = wims_pl_from((struct wims_pl){head.p, limit}, *at);
	size_t i = *at + wims_run_long(rest, is_text);

	*line = WIMS_PL_NONE;
	if(i < limit && head.p[i] != '\r')
		return WIMS_HEAD_CONTROL_BYTE;
	if(i + 1 >= limit)
		return head.l > limit ? WIMS_HEAD_TOO_LONG : WIMS_REQUEST_MALFORMED;
	if(head.p[i + 1] != '\n')
		return WIMS_HEAD_CONTROL_BYTE;
	*line = (struct wims_pl){head.p + *at, i - *at};
	*at = i + 2;
	return WIMS_OK;
}

static bool folded(struct wims_pl head, size_t at)
{
	return at < head.l && (head.p[at] == ' ' || head.p[at] == '\t');
}

/* Where reading is. */
struct header_at
{
	struct wims_pl head;
	size_t at;
};

/* One header with its continuation lines; an empty name is the end. */
static enum wims_reason scan_header(struct header_at *it, struct wims_pl *name,
									struct wims_pl *value)
{
	struct wims_pl line, more;
	size_t colon;
	enum wims_reason r;

	*name = *value = WIMS_PL_NONE;
	if(it->at == it->head.l)
		return WIMS_OK;
	r = scan_line(it->head, &it->at, &line);
	if(r != WIMS_OK || line.l == 0)
		return r;
	colon = wims_pl_find(line, ':');
	if(colon == line.l || !wims_is_token((struct wims_pl){line.p, colon}))
		return WIMS_HEADER_NAME;
	while(folded(it->head, it->at)) {
		r = scan_line(it->head, &it->at, &more);
		if(r == WIMS_OK && wims_pl_trim(more).l == 0)
			r = WIMS_REQUEST_MALFORMED;
		if(r != WIMS_OK)
			return r;
		line.l = (size_t)(more.p - line.p) + more.l;
	}
	*name = (struct wims_pl){line.p, colon};
	*value = wims_lws_trim(wims_pl_from(line, colon + 1));
	return WIMS_OK;
}

static bool is_status_line(struct wims_pl line)
{
	uint64_t code;

	return line.l >= 12 && wims_pl_starts(line, WIMS_PL("SIP/2.0 ")) && line.p[11] == ' '
		   && wims_pl_u64((struct wims_pl){line.p + 8, 3}, &code) && code >= 100 && code <= 699;
}

/* Method SP Request-URI SP SIP/2.0, nothing else and no other blank. */
static bool is_request_line(struct wims_pl line)
{
	size_t sp = wims_pl_find(line, ' ');
	struct wims_pl rest = wims_pl_from(line, sp + 1);
	size_t sp2 = wims_pl_find(rest, ' ');
	struct wims_pl uri = {rest.p, sp2};

	return wims_is_token((struct wims_pl){line.p, sp})
		   && wims_method_is_plain((struct wims_pl){line.p, sp}) && wims_is_printable(uri)
		   && wims_pl_eq(wims_pl_from(rest, sp2 + 1), WIMS_PL("SIP/2.0"));
}

/* end: where the blank line begins, or the message ends without one. */
static bool body_is(struct wims_pl message, size_t end, struct wims_pl said)
{
	uint64_t length;

	return wims_pl_u64(said, &length) && message.l >= end + 2 && message.l - end - 2 == length;
}

/* What an answer says there is for the request to tell (wims_vitals_answer). */
static bool reads_one_way(bool request, uint32_t bit, struct wims_pl value)
{
	unsigned which;

	for(which = 0; request && which < VITALS; which++)
		if(bit == UINT32_C(1) << which)
			return wims_vital_is_plain((enum wims_vital)which, value);
	return true;
}

enum wims_reason wims_head_check(struct wims_pl head, bool *body_fits)
{
	struct header_at it = {.head = head, .at = 0};
	struct wims_pl name, value, length = WIMS_PL_NONE;
	uint32_t seen = 0, bit;
	enum wims_reason r;
	bool request;
	size_t end;

	*body_fits = false;
	r = scan_line(head, &it.at, &name);
	if(r != WIMS_OK)
		return r;
	request = is_request_line(name);
	if(!request && !is_status_line(name))
		return WIMS_REQUEST_MALFORMED;
	/* a fold here is no name, so the first header line refuses it */
	for(end = it.at; (r = scan_header(&it, &name, &value)) == WIMS_OK && name.l > 0; end = it.at) {
		bit = single_bit(name);
		if(seen & bit)
			return WIMS_HEADER_DUPLICATE;
		if(!reads_one_way(request, bit, value))
			return WIMS_REQUEST_MALFORMED;
		seen |= bit;
		if(bit == CONTENT_LENGTH)
			length = value;
	}
	*body_fits = r == WIMS_OK && (!(seen & CONTENT_LENGTH) || body_is(head, end, length));
	return r;
}

static inline bool is_of_token(unsigned char c)
{
	bool in = wims_is_alnum((char)c);

	in |= c == '-' || c == '_' || c == '.';
	return in;
}

/* Long enough, and with two dots. */
static bool has_jws_shape(struct wims_pl run)
{
	size_t dot;

	if(run.l < WIMS_JWS_SHAPE_MIN)
		return false;
	dot = wims_pl_find(run, '.');
	run = wims_pl_from(run, dot + 1);
	return wims_pl_find(run, '.') < run.l;
}

/* Behind white space, folds among it. */
static size_t behind_lws(struct wims_pl s, size_t at)
{
	while(at < s.l) {
		size_t eol = at + (s.p[at] == '\r');

		if(eol < s.l && s.p[eol] == '\n') {
			if(!folded(s, eol + 1))
				return at;
			at = eol;
		} else if(!folded(s, at)) {
			return at;
		}
		at++;
	}
	return at;
}

static inline bool is_in_line(unsigned char c)
{
	return c != '\r' && c != '\n';
}

/* What stands behind the word Bearer, or is folded behind what was found. */
static bool rest_is_secret(struct wims_pl text, size_t *at, size_t *len)
{
	size_t from = behind_lws(text, *at + *len);
	size_t n = from > *at + *len ? wims_run(wims_pl_from(text, from), is_in_line) : 0;

	if(n == 0)
		return false;
	*at = from;
	*len = n;
	return true;
}

static size_t before_lws(struct wims_pl s, size_t at)
{
	while(at > 0 && wims_is_lws(s.p[at - 1]))
		at--;
	return at;
}

/* Is this the scheme of (Proxy-)Authorization? A display name may have the word
 * in it, and is read before the mask is lifted. */
static bool is_scheme(struct wims_pl text, size_t at, size_t len)
{
	static const struct wims_pl header = WIMS_PL("Authorization");
	size_t colon, name;

	if(!wims_pl_caseeq((struct wims_pl){text.p + at, len}, WIMS_PL("Bearer")))
		return false;
	colon = before_lws(text, at);
	if(colon == 0 || text.p[colon - 1] != ':')
		return false;
	name = before_lws(text, colon - 1);
	return name >= header.l
		   && wims_pl_caseeq((struct wims_pl){text.p + name - header.l, header.l}, header);
}

static bool ends_line(struct wims_pl text, size_t at)
{
	return at < text.l && (text.p[at] == '\r' || text.p[at] == '\n');
}

bool wims_next_secret(struct wims_pl text, size_t *at, size_t *len)
{
	if(*len > 0 && ends_line(text, *at + *len) && rest_is_secret(text, at, len))
		return true;
	for(*at += *len; *at < text.l; *at += *len + 1) {
		struct wims_pl rest = {text.p + *at, text.l - *at};

		*len = wims_run(rest, is_of_token);
		if(has_jws_shape((struct wims_pl){rest.p, *len}))
			return true;
		if(is_scheme(text, *at, *len) && rest_is_secret(text, at, len))
			return true;
	}
	return false;
}
