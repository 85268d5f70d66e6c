/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_hdr.h"

#include <string.h>

#include "core/data_lump.h"
#include "core/data_lump_rpl.h"
#include "core/parser/parse_from.h"
#include "core/parser/parse_to.h"
#include "core/parser/parse_cseq.h"
#include "core/ut.h"
#include "identity/wims_host.h"

bool wk_hdr_parse(sip_msg_t *msg)
{
	return parse_headers(msg, HDR_EOH_F, 0) >= 0;
}

/* Compact forms of the headers that this module looks for (RFC 3261 7.3.3). */
static struct wims_pl compact(struct wims_pl name)
{
	static const struct
	{
		struct wims_pl name, compact;
	} forms[] = {
			{{"Contact", 7}, {"m", 1}}, {{"Supported", 9}, {"k", 1}},
			{{"Event", 5}, {"o", 1}},   {{"Content-Type", 12}, {"c", 1}},
			{{"Via", 3}, {"v", 1}},     {{"From", 4}, {"f", 1}},
			{{"To", 2}, {"t", 1}},      {{"Call-ID", 7}, {"i", 1}},
	};
	size_t i;

	for(i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if(wims_pl_caseeq(name, forms[i].name))
			return forms[i].compact;
	return WIMS_PL_NONE;
}

hdr_field_t *wk_hdr_next(sip_msg_t *msg, const hdr_field_t *after, struct wims_pl name)
{
	hdr_field_t *h = after == NULL ? msg->headers : after->next;
	struct wims_pl other = compact(name);

	for(; h != NULL; h = h->next) {
		struct wims_pl is = wims_pl_trim(wk_pl(&h->name));

		if(wims_pl_caseeq(is, name) || (other.l > 0 && wims_pl_caseeq(is, other)))
			return h;
	}
	return NULL;
}

struct wims_pl wk_hdr_body(sip_msg_t *msg, struct wims_pl name)
{
	hdr_field_t *h = wk_hdr_next(msg, NULL, name);

	return h == NULL ? WIMS_PL_NONE : wims_pl_trim(wk_pl(&h->body));
}

static struct wims_pl leading_digits(sip_msg_t *msg, struct wims_pl name)
{
	struct wims_pl body = wk_hdr_body(msg, name);
	size_t digits = 0;

	while(digits < body.l && wims_is_digit(body.p[digits]))
		digits++;
	return (struct wims_pl){body.p, digits};
}

int64_t wk_hdr_seconds(sip_msg_t *msg, struct wims_pl name)
{
	uint64_t n;

	return wims_pl_u64(leading_digits(msg, name), &n) && n <= UINT32_MAX ? (int64_t)n : -1;
}

int64_t wk_hdr_retry_after(sip_msg_t *msg)
{
	static const struct wims_pl name = {"Retry-After", 11};
	int64_t seconds = wk_hdr_seconds(msg, name);

	return seconds < 0 && leading_digits(msg, name).l > 0 ? UINT32_MAX : seconds;
}

bool wk_hdr_joined(sip_msg_t *msg, struct wims_pl name, char *buf, size_t size, struct wims_pl *out)
{
	hdr_field_t *h;
	size_t used = 0;

	*out = WIMS_PL_NONE;
	for(h = wk_hdr_next(msg, NULL, name); h != NULL; h = wk_hdr_next(msg, h, name)) {
		struct wims_pl body = wims_pl_trim(wk_pl(&h->body));
		size_t sep = used == 0 ? 0 : 2;

		if(body.l == 0)
			continue;
		if(used + sep + body.l > size)
			return false;
		memcpy(buf + used, ", ", sep);
		memcpy(buf + used + sep, body.p, body.l);
		used += sep + body.l;
	}
	*out = (struct wims_pl){buf, used};
	return true;
}

enum wims_reason wk_hdr_list(sip_msg_t *msg, struct wims_pl name, struct wims_list *list)
{
	enum wims_reason r = WIMS_OK;
	hdr_field_t *h;

	*list = (struct wims_list){0};
	for(h = wk_hdr_next(msg, NULL, name); r == WIMS_OK && h != NULL; h = wk_hdr_next(msg, h, name))
		r = wims_list_add(list, wk_pl(&h->body));
	return r;
}

bool wk_hdr_drop(sip_msg_t *msg, const hdr_field_t *h)
{
	return del_lump(msg, (int)(h->name.s - msg->buf), h->len, 0) != NULL;
}

bool wk_hdr_drop_all(sip_msg_t *msg, struct wims_pl name)
{
	hdr_field_t *h;

	for(h = wk_hdr_next(msg, NULL, name); h != NULL; h = wk_hdr_next(msg, h, name))
		if(!wk_hdr_drop(msg, h))
			return false;
	return true;
}

static char *pkg_copy(struct wims_pl s)
{
	char *copy = pkg_malloc(s.l + 1);

	if(copy != NULL)
		memcpy(copy, s.p, s.l);
	return copy;
}

bool wk_hdr_add(sip_msg_t *msg, struct wims_pl lines)
{
	struct lump *at;
	char *copy;

	if(lines.l == 0 || (copy = pkg_copy(lines)) == NULL)
		return false;
	at = anchor_lump(msg, (int)(msg->unparsed - msg->buf), 0, 0);
	if(at == NULL || insert_new_lump_before(at, copy, (int)lines.l, 0) == NULL) {
		pkg_free(copy);
		return false;
	}
	return true;
}

/* Without memory nothing is taken out: not for the copy, and not for its place. */
bool wk_hdr_replace(sip_msg_t *msg, struct wims_pl old, struct wims_pl text)
{
	char *copy = pkg_copy(text);
	struct lump *at;

	if(copy == NULL)
		return false;
	at = del_lump(msg, (int)(old.p - msg->buf), (int)old.l, 0);
	if(at != NULL && insert_new_lump_before(at, copy, (int)text.l, 0) != NULL)
		return true;
	if(at != NULL) {
		at->op = LUMP_NOP;
		at->len = 0;
	}
	pkg_free(copy);
	return false;
}

bool wk_hdr_set_status(sip_msg_t *msg, int code, struct wims_pl phrase)
{
	str *digits = &msg->first_line.u.reply.status;
	const str *reason = &msg->first_line.u.reply.reason;

	/* the phrase that came may be empty, and is a place all the same */
	if(digits->len != 3 || phrase.l == 0
	   || !wk_hdr_replace(msg, (struct wims_pl){reason->s, (size_t)reason->len}, phrase))
		return false;
	digits->s[0] = (char)('0' + code / 100);
	digits->s[1] = (char)('0' + code / 10 % 10);
	digits->s[2] = (char)('0' + code % 10);
	msg->first_line.u.reply.statuscode = (unsigned)code;
	return true;
}

bool wk_hdr_add_to_reply(sip_msg_t *msg, struct wims_pl lines)
{
	return lines.l > 0 && add_lump_rpl(msg, (char *)lines.p, (int)lines.l, LUMP_RPL_HDR) != NULL;
}

struct wims_pl wk_hdr_call_id(sip_msg_t *msg)
{
	return msg->callid == NULL ? WIMS_PL_NONE : wims_pl_trim(wk_pl(&msg->callid->body));
}

uint32_t wk_hdr_cseq(sip_msg_t *msg)
{
	unsigned int n = 0;

	if(msg->cseq == NULL || msg->cseq->parsed == NULL || str2int(&get_cseq(msg)->number, &n) < 0)
		return 0;
	return n;
}

bool wk_hdr_names_transaction(sip_msg_t *msg)
{
	unsigned int n;
	struct wims_pl method;

	if(wk_hdr_from_tag(msg).l == 0 || wk_hdr_to_uri(msg).l == 0 || wk_hdr_call_id(msg).l == 0
	   || msg->cseq == NULL || msg->cseq->parsed == NULL || str2int(&get_cseq(msg)->number, &n) < 0
	   || n > INT32_MAX)
		return false;
	/* a registration is no dialog (RFC 3261 10.2) */
	if(msg->first_line.type == SIP_REQUEST
	   && msg->first_line.u.request.method_value == METHOD_REGISTER && wk_hdr_to_tag(msg).l > 0)
		return false;
	method = wk_pl(&get_cseq(msg)->method);
	return msg->first_line.type == SIP_REPLY
		   || wims_pl_eq(method, wk_pl(&msg->first_line.u.request.method));
}

static struct to_body *from(sip_msg_t *msg)
{
	return parse_from_header(msg) < 0 ? NULL : get_from(msg);
}

static struct to_body *to(sip_msg_t *msg)
{
	return parse_to_header(msg) < 0 ? NULL : get_to(msg);
}

static struct wims_pl uri_of(struct to_body *b)
{
	return b == NULL ? WIMS_PL_NONE : wk_pl(&b->uri);
}

static struct wims_pl tag_of(struct to_body *b)
{
	return b == NULL ? WIMS_PL_NONE : wk_pl(&b->tag_value);
}

struct wims_pl wk_hdr_from_uri(sip_msg_t *msg)
{
	return uri_of(from(msg));
}

struct wims_pl wk_hdr_to_uri(sip_msg_t *msg)
{
	return uri_of(to(msg));
}

struct wims_pl wk_hdr_from_tag(sip_msg_t *msg)
{
	return tag_of(from(msg));
}

struct wims_pl wk_hdr_to_tag(sip_msg_t *msg)
{
	return tag_of(to(msg));
}

bool wk_is_websocket(int proto)
{
	return proto == PROTO_WS || proto == PROTO_WSS;
}

bool wk_from_wic(const sip_msg_t *msg)
{
	return wk_is_websocket(msg->rcv.proto);
}

struct wims_pl wk_hdr_identity(sip_msg_t *msg, struct wims_pl header, char buf[WIMS_IMPU_MAX])
{
	struct wims_pl rest = wk_hdr_body(msg, header);
	struct wims_pl first, uri, params, impu;

	if(!wims_list_next(&rest, &first) || !wims_list_uri(first, &uri, &params)
	   || wims_impu_canonical(&impu, buf, WIMS_IMPU_MAX, uri) != WIMS_OK)
		return WIMS_PL_NONE;
	return impu;
}

void wk_hdr_write_identity(struct wims_w *w, struct wims_pl header, struct wims_pl impu)
{
	wims_w_pl(w, header);
	wims_w_lit(w, ": <");
	wims_impu_on_wire(w, impu);
	wims_w_lit(w, ">");
	wims_w_crlf(w);
}
