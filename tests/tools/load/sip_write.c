/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip.h"

struct out
{
	char *p;
	size_t size, n;
	bool ok;
};

static void put(struct out *o, struct wl_str s)
{
	if(!o->ok || s.n > o->size - o->n) {
		o->ok = false;
		return;
	}
	if(s.n > 0)
		memcpy(o->p + o->n, s.p, s.n);
	o->n += s.n;
}

#define put_lit(o, lit) put((o), WL_STR(lit))

static void put_number(struct out *o, uint64_t v)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while(v > 0);
	put(o, (struct wl_str){digits + at, sizeof digits - at});
}

/* Name with its colon and blank, value, end of line; nothing for an empty value. */
static void put_line(struct out *o, struct wl_str name, struct wl_str value)
{
	if(value.n == 0)
		return;
	put(o, name);
	put(o, value);
	put_lit(o, "\r\n");
}

static void put_list(struct out *o, struct wl_str name, const struct wl_list *list, bool reversed)
{
	unsigned i;

	for(i = 0; list && i < list->n; i++)
		put_line(o, name, list->at[reversed ? list->n - 1 - i : i]);
}

static void put_cseq(struct out *o, uint32_t n, struct wl_str method)
{
	put_lit(o, "CSeq: ");
	put_number(o, n);
	put_lit(o, " ");
	put(o, method);
	put_lit(o, "\r\n");
}

static size_t put_end(struct out *o, struct wl_str more, struct wl_str sdp)
{
	put(o, more);
	if(sdp.n > 0)
		put_lit(o, "Content-Type: application/sdp\r\n");
	put_lit(o, "Content-Length: ");
	put_number(o, sdp.n);
	put_lit(o, "\r\n\r\n");
	put(o, sdp);
	return o->ok ? o->n : 0;
}

size_t wl_sip_request(char *buf, size_t size, const struct wl_request *r)
{
	struct out o = {buf, size, 0, true};

	put(&o, r->method);
	put_lit(&o, " ");
	put(&o, r->uri);
	put_lit(&o, " SIP/2.0\r\nVia: SIP/2.0/");
	put(&o, r->transport);
	put_lit(&o, " ");
	put(&o, r->host);
	put_lit(&o, ";branch=");
	put(&o, r->branch);
	put_lit(&o, "\r\nMax-Forwards: 70\r\n");
	put_list(&o, WL_STR("Route: "), r->routes, r->routes_reversed);
	put_line(&o, WL_STR("From: "), r->from);
	put_line(&o, WL_STR("To: "), r->to);
	put_line(&o, WL_STR("Call-ID: "), r->call_id);
	put_cseq(&o, r->cseq, r->method);
	put_line(&o, WL_STR("Contact: "), r->contact);
	if(r->expires >= 0) {
		put_lit(&o, "Expires: ");
		put_number(&o, (uint64_t)r->expires);
		put_lit(&o, "\r\n");
	}
	put_line(&o, WL_STR("Authorization: Bearer "), r->bearer);
	return put_end(&o, r->more, r->sdp);
}

static struct wl_str reason_of(unsigned status)
{
	switch(status) {
		case 100:
			return WL_STR("Trying");
		case 180:
			return WL_STR("Ringing");
		case 200:
			return WL_STR("OK");
		default:
			return status < 300 ? WL_STR("Fine") : WL_STR("Refused");
	}
}

size_t wl_sip_answer(char *buf, size_t size, const struct wl_sip *request,
					 const struct wl_answer *a)
{
	struct out o = {buf, size, 0, true};

	put_lit(&o, "SIP/2.0 ");
	put_number(&o, a->status);
	put_lit(&o, " ");
	put(&o, reason_of(a->status));
	put_lit(&o, "\r\n");
	put_list(&o, WL_STR("Via: "), &request->vias, false);
	put_list(&o, WL_STR("Record-Route: "), &request->record_routes, false);
	put_line(&o, WL_STR("From: "), request->from);
	put_lit(&o, "To: ");
	put(&o, request->to);
	if(request->to_tag.n == 0 && a->status != 100 && a->to_tag.n > 0) {
		put_lit(&o, ";tag=");
		put(&o, a->to_tag);
	}
	put_lit(&o, "\r\n");
	put_line(&o, WL_STR("Call-ID: "), request->call_id);
	put_cseq(&o, request->cseq, request->method);
	put_line(&o, WL_STR("Contact: "), a->contact);
	return put_end(&o, a->more, a->sdp);
}
