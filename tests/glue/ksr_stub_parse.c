/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* A parser of messages that is just good enough for well-formed test input. It
 * fills what the glue reads, in the shapes that Kamailio's own gives: bodies
 * trimmed, To and CSeq parsed with the head, From and Route on request. */

#include "glue.h"

#include "core/parser/parse_content.h"
#include "core/parser/parse_cseq.h"
#include "core/parser/parse_from.h"
#include "core/parser/parse_rr.h"
#include "core/parser/parse_to.h"
#include "core/parser/parse_uri.h"
#include "core/parser/parse_via.h"
#include "ksr_int.h"
#include "wk_hdr.h"

static struct wims_pl first(struct wims_pl s, size_t n)
{
	return (struct wims_pl){s.p, n};
}

static str cut(struct wims_pl s)
{
	return wk_str(wims_pl_trim(s));
}

/* ---- name-addr, routes, URIs ---- */

static str param_of(struct wims_pl params, const char *name)
{
	size_t n = strlen(name);

	while(params.l > 0) {
		size_t end = wims_pl_find(params, ';');
		struct wims_pl one = wims_pl_trim(first(params, end < params.l ? end : params.l));

		if(one.l > n && strncasecmp(one.p, name, n) == 0 && one.p[n] == '=')
			return cut(wims_pl_from(one, n + 1));
		params = end < params.l ? wims_pl_from(params, end + 1) : WIMS_PL_NONE;
	}
	return (str){NULL, 0};
}

/* Takes "name" <uri>;params or uri;params apart. */
static bool name_addr(struct wims_pl s, struct wims_pl *uri, struct wims_pl *params)
{
	size_t open = wims_pl_find(s, '<'), close = wims_pl_find(s, '>');
	size_t semicolon = wims_pl_find(s, ';');

	if(open < s.l) {
		if(close >= s.l || close < open)
			return false;
		*uri = wims_pl_from(first(s, close), open + 1);
		*params = wims_pl_from(s, close + 1);
		return uri->l > 0;
	}
	*uri = wims_pl_trim(first(s, semicolon < s.l ? semicolon : s.l));
	*params = semicolon < s.l ? wims_pl_from(s, semicolon) : WIMS_PL_NONE;
	return uri->l > 0;
}

static struct to_body *to_body_of(struct wims_pl body)
{
	struct to_body *b = calloc(1, sizeof(*b));
	struct wims_pl uri, params;

	if(b == NULL || !name_addr(body, &uri, &params)) {
		free(b);
		return NULL;
	}
	b->body = wk_str(body);
	b->uri = wk_str(uri);
	b->tag_value = param_of(params, "tag");
	return b;
}

static int parse_party(hdr_field_t *h)
{
	if(h == NULL)
		return -1;
	if(h->parsed == NULL)
		h->parsed = to_body_of(wk_pl(&h->body));
	return h->parsed == NULL ? -1 : 0;
}

int parse_from_header(sip_msg_t *msg)
{
	return parse_party(msg->from);
}

int parse_to_header(sip_msg_t *const msg)
{
	return parse_party(msg->to);
}

int parse_uri(char *buf, int len, struct sip_uri *uri)
{
	struct wims_pl s = {buf, (size_t)len};
	size_t colon = wims_pl_find(s, ':'), at, end;
	struct wims_pl rest;

	memset(uri, 0, sizeof(*uri));
	if(colon >= s.l || !wims_pl_caseeq(first(s, colon), WIMS_PL("sip")))
		return -1;
	uri->type = SIP_URI_T;
	rest = wims_pl_from(s, colon + 1);
	at = wims_pl_find(rest, '@');
	if(at < rest.l) {
		uri->user = wk_str(first(rest, at));
		rest = wims_pl_from(rest, at + 1);
	}
	end = wims_pl_find(rest, ';');
	uri->host = wk_str(first(rest, end < rest.l ? end : rest.l));
	return uri->host.len > 0 ? 0 : -1;
}

int parse_sip_msg_uri(sip_msg_t *msg)
{
	str *uri = GET_RURI(msg);

	return parse_uri(uri->s, uri->len, &msg->parsed_uri);
}

int parse_rr_body(char *buf, int len, rr_t **head)
{
	struct wims_pl rest = {buf, (size_t)len};
	rr_t **tail = head;

	*head = NULL;
	while(rest.l > 0) {
		size_t comma = wims_pl_find(rest, ',');
		struct wims_pl uri, params;

		if(comma > rest.l)
			comma = rest.l;
		if(!name_addr(first(rest, comma), &uri, &params)) {
			free_rr(head);
			return -1;
		}
		*tail = calloc(1, sizeof(**tail));
		assert_non_null(*tail);
		(*tail)->nameaddr.uri = wk_str(uri);
		tail = &(*tail)->next;
		rest = comma < rest.l ? wims_pl_from(rest, comma + 1) : WIMS_PL_NONE;
	}
	return 0;
}

int parse_rr(hdr_field_t *h)
{
	rr_t *head;

	if(h->parsed != NULL)
		return 0;
	if(parse_rr_body(h->body.s, h->body.len, &head) < 0)
		return -1;
	h->parsed = head;
	return 0;
}

void free_rr(rr_t **head)
{
	while(*head != NULL) {
		rr_t *next = (*head)->next;

		free(*head);
		*head = next;
	}
}

/* ---- head ---- */

static const struct known
{
	const char *name, *compact;
	hdr_types_t type;
	size_t at; /* of the pointer in sip_msg_t */
} known[] = {
		{"Call-ID", "i", HDR_CALLID_T, offsetof(sip_msg_t, callid)},
		{"From", "f", HDR_FROM_T, offsetof(sip_msg_t, from)},
		{"To", "t", HDR_TO_T, offsetof(sip_msg_t, to)},
		{"CSeq", "CSeq", HDR_CSEQ_T, offsetof(sip_msg_t, cseq)},
		{"Contact", "m", HDR_CONTACT_T, offsetof(sip_msg_t, contact)},
		{"Route", "Route", HDR_ROUTE_T, offsetof(sip_msg_t, route)},
		{"Via", "v", HDR_VIA_T, offsetof(sip_msg_t, h_via1)},
};

static void classify(sip_msg_t *msg, hdr_field_t *h)
{
	size_t i;

	for(i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		hdr_field_t **slot = (hdr_field_t **)((char *)msg + known[i].at);
		struct wims_pl name = wk_pl(&h->name);

		if(!wims_pl_caseeq(name, wims_pl_str(known[i].name))
		   && !wims_pl_caseeq(name, wims_pl_str(known[i].compact)))
			continue;
		h->type = known[i].type;
		if(*slot == NULL)
			*slot = h;
	}
}

static bool parse_cseq_of(hdr_field_t *h)
{
	struct wims_pl body = wk_pl(&h->body);
	size_t space = wims_pl_find(body, ' ');
	struct cseq_body *c = calloc(1, sizeof(*c));

	h->parsed = c;
	if(c == NULL || space >= body.l)
		return false;
	c->number = wk_str(first(body, space));
	c->method = cut(wims_pl_from(body, space));
	if(wims_pl_eq(wk_pl(&c->method), WIMS_PL("CANCEL")))
		c->method_id = METHOD_CANCEL;
	return true;
}

/* "SIP/2.0/WSS host:port;branch=x" */
static bool parse_via_of(sip_msg_t *msg, hdr_field_t *h)
{
	struct wims_pl body = wk_pl(&h->body);
	size_t space = wims_pl_find(body, ' '), colon, semicolon = wims_pl_find(body, ';');
	struct wims_pl sent_by = wims_pl_from(first(body, semicolon), space + 1);
	struct via_body *v = calloc(1, sizeof(*v));

	assert_non_null(v);
	h->parsed = v;
	if(msg->via1 == NULL)
		msg->via1 = v;
	else if(msg->via2 == NULL)
		msg->via2 = v;
	v->error = PARSE_OK;
	v->proto = wims_pl_starts(body, WIMS_PL("SIP/2.0/WSS ")) ? PROTO_WSS : PROTO_UDP;
	colon = wims_pl_find(sent_by, ':');
	v->host = wk_str(first(sent_by, colon));
	v->port = colon < sent_by.l ? (unsigned short)strtoul(sent_by.p + colon + 1, NULL, 10) : 0;
	v->branch = v->param_lst = calloc(1, sizeof(*v->branch));
	assert_non_null(v->branch);
	v->branch->value = param_of(wims_pl_from(body, semicolon), "branch");
	return space < semicolon;
}

/* The end of the header line at p: behind its CRLF, folding included. */
static char *line_end(char *p, char *end)
{
	while(p < end) {
		char *nl = memchr(p, '\n', (size_t)(end - p));

		if(nl == NULL)
			return NULL;
		p = nl + 1;
		if(p == end || (*p != ' ' && *p != '\t'))
			return p;
	}
	return NULL;
}

static bool parse_one(sip_msg_t *msg, char *p, char *next)
{
	struct wims_pl line = {p, (size_t)(next - p)};
	size_t colon = wims_pl_find(line, ':');
	hdr_field_t *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	if(msg->last_header == NULL)
		msg->headers = h;
	else
		msg->last_header->next = h;
	msg->last_header = h;
	if(colon >= line.l || colon == 0)
		return false;
	h->name = wk_str(wims_pl_trim(first(line, colon)));
	h->len = (int)line.l;
	while(line.l > colon + 1 && strchr("\r\n", line.p[line.l - 1]) != NULL)
		line.l--;
	h->body = cut(wims_pl_from(line, colon + 1));
	classify(msg, h);
	if(h->type == HDR_CSEQ_T)
		return parse_cseq_of(h);
	if(h->type == HDR_VIA_T)
		return parse_via_of(msg, h);
	return h->type != HDR_TO_T || parse_party(h) == 0;
}

int parse_headers(sip_msg_t *const msg, const hdr_flags_t flags, const int next)
{
	char *end = msg->buf + msg->len, *p;

	for(p = msg->unparsed; p < end && *p != '\r' && *p != '\n'; p = msg->unparsed) {
		char *after = line_end(p, end);

		if(after == NULL || !parse_one(msg, p, after))
			return -1;
		msg->unparsed = after;
	}
	if(p >= end)
		return -1;
	msg->eoh = p;
	return 0;
}

char *get_body(sip_msg_t *const msg)
{
	char *end = msg->buf + msg->len;

	if(parse_headers(msg, HDR_EOH_F, 0) < 0)
		return NULL;
	return msg->eoh + 2 <= end ? msg->eoh + 2 : NULL;
}

/* -1: no type can be told. Types other than SDP are all one here. */
int parse_content_type_hdr(sip_msg_t *const msg)
{
	struct wims_pl type = wk_hdr_body(msg, WIMS_PL("Content-Type"));

	if(type.l == 0)
		return 0;
	if(wims_pl_find(type, '/') >= type.l)
		return -1;
	return wims_pl_casestarts(type, WIMS_PL("application/sdp"))
				   ? TYPE_APPLICATION << 16 | SUBTYPE_SDP
				   : TYPE_TEXT << 16;
}

char *get_body_part(sip_msg_t *msg, unsigned short type, unsigned short subtype, int *len)
{
	char *body = get_body(msg);

	if(body == NULL || parse_content_type_hdr(msg) != (type << 16 | subtype))
		return NULL;
	*len = (int)(msg->buf + msg->len - body);
	return body;
}

/* clang-format off */
static const struct method { const char *name; int value; } methods[] = {
	{"INVITE", METHOD_INVITE}, {"CANCEL", METHOD_CANCEL}, {"ACK", METHOD_ACK}, {"BYE", METHOD_BYE},
	{"REGISTER", METHOD_REGISTER}, {"SUBSCRIBE", METHOD_SUBSCRIBE}, {"NOTIFY", METHOD_NOTIFY},
	{"MESSAGE", METHOD_MESSAGE}, {"OPTIONS", METHOD_OPTIONS}, {"GET", METHOD_GET},
	{"UPDATE", METHOD_UPDATE}, {"PRACK", METHOD_PRACK}, {"INFO", METHOD_INFO}};
/* clang-format on */

void ksr_first_line(sip_msg_t *msg)
{
	char *end = memchr(msg->buf, '\n', msg->len);
	struct msg_start *fl = &msg->first_line;
	struct wims_pl line, rest;
	size_t i, space;

	assert_non_null(end);
	msg->unparsed = end + 1;
	line = (struct wims_pl){msg->buf, (size_t)(end - msg->buf)};
	space = wims_pl_find(line, ' ');
	rest = wims_pl_from(line, space + 1);
	if(wims_pl_eq(first(line, space), WIMS_PL("SIP/2.0"))) {
		fl->type = SIP_REPLY;
		fl->u.reply.status = wk_str(first(rest, 3));
		fl->u.reply.reason = wk_str(wims_pl_from(first(rest, rest.l - 1), 4));
		fl->u.reply.statuscode = (unsigned)strtoul(rest.p, NULL, 10);
		return;
	}
	fl->type = SIP_REQUEST;
	fl->u.request.method = wk_str(first(line, space));
	fl->u.request.method_value = METHOD_OTHER;
	for(i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if(wims_pl_eq(wk_pl(&fl->u.request.method), wims_pl_str(methods[i].name)))
			fl->u.request.method_value = methods[i].value;
	fl->u.request.uri = wk_str(first(rest, wims_pl_find(rest, ' ')));
}
