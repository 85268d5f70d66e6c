/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* What calls say. */

#include "call_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
	NAME = WL_IMPU_MAX + 128
};

/* Of a browser: it is never looked at, but has the size of a real one. */
static const char sdp[] =
		"v=0\r\no=- 8074421350265012713 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
		"a=group:BUNDLE 0\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS load\r\n"
		"m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 0.0.0.0\r\n"
		"a=rtcp:9 IN IP4 0.0.0.0\r\n"
		"a=candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host generation 0\r\n"
		"a=candidate:2 1 udp 2122194687 192.0.2.2 50002 typ host generation 0\r\n"
		"a=candidate:3 1 udp 1686052607 198.51.100.7 50004 typ srflx raddr 192.0.2.1 rport "
		"50000\r\n"
		"a=ice-ufrag:9vKp\r\na=ice-pwd:4Qm0cT1kXx3wWb7rVYhZs2Lg\r\na=ice-options:trickle\r\n"
		"a=fingerprint:sha-256 "
		"6B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:"
		"43:F0:A1:58:D0:A1:2C:19:08\r\n"
		"a=setup:actpass\r\na=mid:0\r\n"
		"a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
		"a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
		"a=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n"
		"a=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n"
		"a=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
		"a=rtpmap:13 CN/8000\r\na=rtpmap:110 telephone-event/48000\r\n"
		"a=rtpmap:126 telephone-event/8000\r\na=ssrc:1399694169 cname:load\r\n";

/* Where a party is. */
struct place
{
	char host_text[WL_WIC_TEXT], uri_text[WL_WIC_TEXT], contact_text[WL_WIC_TEXT + 2];
	struct wl_str transport, host, contact;
};

static struct wl_str text_of(const char *text, int n)
{
	return (struct wl_str){text, n > 0 ? (size_t)n : 0};
}

static void place_of(const struct wl_load *load, struct wl_wic *w, struct place *p)
{
	struct wl_str uri;

	if(w) {
		p->transport = WL_STR("WSS");
		p->host = wl_wic_host(w, p->host_text);
		uri = wl_wic_contact(w, p->uri_text);
	} else {
		p->transport = WL_STR("UDP");
		p->host = wl_mw_host(load->mw);
		uri = text_of(p->uri_text, snprintf(p->uri_text, sizeof p->uri_text, "sip:core@%.*s",
											(int)p->host.n, p->host.p));
	}
	p->contact = text_of(p->contact_text, snprintf(p->contact_text, sizeof p->contact_text,
												   "<%.*s>", (int)uri.n, uri.p));
}

static struct wl_str domain_of(struct wl_str impu)
{
	const char *at = memchr(impu.p, '@', impu.n);

	return at ? (struct wl_str){at + 1, impu.n - (size_t)(at + 1 - impu.p)} : WL_STR("invalid");
}

/* Fresh in this program: each request begins a transaction of its own. */
static struct wl_str fresh_branch(const struct wl_load *load, char text[NAME])
{
	static uint64_t last;

	return text_of(text,
				   snprintf(text, NAME, "z9hG4bK%" PRIx64 ".%" PRIx64, load->calls.run, ++last));
}

bool wl_call_number(const struct wl_load *load, struct wl_str call_id, uint64_t *number)
{
	char text[NAME], *end;
	int n = snprintf(text, sizeof text, "c%" PRIx64 "-", load->calls.run);

	if(n < 0 || call_id.n <= (size_t)n || call_id.n - (size_t)n > 16
	   || memcmp(call_id.p, text, (size_t)n) != 0)
		return false;
	memcpy(text, call_id.p + n, call_id.n - (size_t)n);
	text[call_id.n - (size_t)n] = '\0';
	*number = strtoull(text, &end, 16);
	return *end == '\0';
}

int64_t wl_call_tag_of(struct wl_str to_tag)
{
	int64_t number = 0;
	size_t i;

	if(to_tag.n < 2 || to_tag.p[0] != 'w')
		return -1;
	for(i = 1; i < to_tag.n && i < 12 && to_tag.p[i] >= '0' && to_tag.p[i] <= '9'; i++)
		number = number * 10 + (to_tag.p[i] - '0');
	return i > 1 ? number : -1;
}

size_t wl_call_invite(const struct wl_call *c, char *buf, size_t size)
{
	struct wl_wic *w = &c->load->wics.at[c->result.user];
	struct wl_str impu = wl_users_impu(c->load->users, c->result.user), domain = domain_of(impu);
	char core[NAME], from[NAME], to[NAME], call_id[NAME], branch[NAME], more[2 * NAME];
	struct wl_request r = {.method = WL_STR("INVITE"), .cseq = 1, .expires = -1};
	struct wl_list service;
	struct place place;
	struct wl_str user, other;

	user = impu;
	other = text_of(core, snprintf(core, NAME, "sip:core@%.*s", (int)domain.n, domain.p));
	if(c->result.way == WL_FROM_WIC) {
		place_of(c->load, w, &place);
		r.uri = other;
		service.n = w->service_route ? 1 : 0;
		service.at[0] = wl_str(w->service_route ? w->service_route : "");
		r.routes = &service;
	} else {
		place_of(c->load, NULL, &place);
		if(wl_mw_reach(c->load->mw, c->result.user, &r.uri, &r.routes) == WL_REACH_NONE)
			return 0;
		r.more = text_of(more,
						 snprintf(more, sizeof more,
								  "P-Asserted-Identity: <%.*s>\r\nP-Called-Party-ID: <%.*s>\r\n",
								  (int)other.n, other.p, (int)impu.n, impu.p));
		user = other;
		other = impu;
	}
	r.transport = place.transport;
	r.host = place.host;
	r.contact = place.contact;
	r.from = text_of(from,
					 snprintf(from, NAME, "<%.*s>;tag=f%" PRIx64, (int)user.n, user.p, c->number));
	r.to = text_of(to, snprintf(to, NAME, "<%.*s>", (int)other.n, other.p));
	r.call_id = text_of(call_id, snprintf(call_id, NAME, "c%" PRIx64 "-%" PRIx64,
										  c->load->calls.run, c->number));
	r.branch = fresh_branch(c->load, branch);
	r.sdp = WL_STR(sdp);
	return wl_sip_request(buf, size, &r);
}

size_t wl_call_ack_failure(const struct wl_call *c, const struct wl_sip *answer, char *buf,
						   size_t size)
{
	struct wl_request r = {.method = WL_STR("ACK"), .expires = -1};
	struct wl_wic *w = c->result.way == WL_FROM_WIC ? &c->load->wics.at[c->result.user] : NULL;
	struct place place;
	struct wl_sip invite;

	if(!wl_sip_parse(c->invite, c->invite_n, &invite))
		return 0;
	place_of(c->load, w, &place);
	r.transport = place.transport;
	r.host = place.host;
	r.uri = invite.uri;
	r.routes = &invite.routes;
	r.branch = invite.branch;
	r.from = invite.from;
	r.to = answer->to;
	r.call_id = invite.call_id;
	r.cseq = invite.cseq;
	return wl_sip_request(buf, size, &r);
}

size_t wl_call_in_dialog(const struct wl_load *load, struct wl_wic *w, const char *method,
						 const struct wl_sip *answer, char *buf, size_t size)
{
	struct wl_request r = {.method = wl_str(method), .expires = -1, .routes_reversed = true};
	struct place place;
	char branch[NAME];

	if(answer->contacts.n == 0)
		return 0;
	place_of(load, w, &place);
	r.transport = place.transport;
	r.host = place.host;
	r.uri = wl_sip_uri(answer->contacts.at[0]);
	r.routes = &answer->record_routes;
	r.branch = fresh_branch(load, branch);
	r.from = answer->from;
	r.to = answer->to;
	r.call_id = answer->call_id;
	r.cseq = answer->cseq + (strcmp(method, "ACK") == 0 ? 0 : 1);
	return wl_sip_request(buf, size, &r);
}

size_t wl_call_say(const struct wl_load *load, struct wl_wic *w, unsigned status,
				   const struct wl_sip *invite, char *buf, size_t size)
{
	struct wl_answer a = {.status = status, .to_tag = WL_STR("core")};
	struct place place;
	char tag[NAME];

	place_of(load, w, &place);
	a.contact = place.contact;
	if(w)
		a.to_tag = text_of(tag, snprintf(tag, NAME, "w%u.%" PRIx64, w->number, w->id));
	if(status == 200)
		a.sdp = WL_STR(sdp);
	return wl_sip_answer(buf, size, invite, &a);
}
