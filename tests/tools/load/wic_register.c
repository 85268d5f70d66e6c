/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* REGISTER of a WIC (RFC 3261 10.2, RFC 5626, RFC 7118, RFC 3608) and what its
 * answer says. */

#include "wic_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
	NAME = WL_IMPU_MAX + 64
};

struct wl_str wl_wic_host(const struct wl_wic *w, char text[WL_WIC_TEXT])
{
	int n = snprintf(text, WL_WIC_TEXT, "%016" PRIx64 ".invalid", w->id);

	return (struct wl_str){text, n > 0 ? (size_t)n : 0};
}

/* The number says who answers a call. */
struct wl_str wl_wic_contact(const struct wl_wic *w, char text[WL_WIC_TEXT])
{
	int n = snprintf(text, WL_WIC_TEXT, "sip:w%u@%016" PRIx64 ".invalid;transport=ws", w->number,
					 w->id);

	return (struct wl_str){text, n > 0 ? (size_t)n : 0};
}

static struct wl_str printed(const char *text, int n, size_t room)
{
	return (struct wl_str){text, n > 0 && (size_t)n < room ? (size_t)n : 0};
}

static struct wl_str call_id_of(const struct wl_wic *w, char text[NAME])
{
	return printed(text, snprintf(text, NAME, "r%u-%016" PRIx64, w->number, w->id), NAME);
}

/* Contact with the instance of this WIC, which outlives its connections. */
static struct wl_str contact_value(const struct wl_wic *w, char *text, size_t room)
{
	char uri[WL_WIC_TEXT];

	wl_wic_contact(w, uri);
	return printed(
			text,
			snprintf(text, room,
					 "<%s>;+sip.instance=\"<urn:uuid:00000000-0000-4000-8000-%012x>\";reg-id=1",
					 uri, w->number),
			room);
}

void wl_wic_send_register(struct wl_wic *w)
{
	static char message[WL_SIP_MAX];
	const struct wl_options *options = w->load->options;
	struct wl_str impu = wl_users_impu(w->load->users, w->number), domain = impu;
	char uri[NAME], from[NAME], to[NAME], branch[NAME], call_id[NAME], host[WL_WIC_TEXT];
	char contact[NAME];
	struct wl_request r = {.method = WL_STR("REGISTER"), .transport = WL_STR("WSS")};
	const char *at = memchr(impu.p, '@', impu.n);
	int len = (int)impu.n;

	if(at != NULL)
		domain = (struct wl_str){at + 1, impu.n - (size_t)(at + 1 - impu.p)};
	w->cseq++;
	r.uri = printed(uri, snprintf(uri, NAME, "sip:%.*s", (int)domain.n, domain.p), NAME);
	r.host = wl_wic_host(w, host);
	r.branch =
			printed(branch, snprintf(branch, NAME, "z9hG4bK%" PRIx64 ".%u", w->id, w->cseq), NAME);
	r.from = printed(from, snprintf(from, NAME, "<%.*s>;tag=%" PRIx64, len, impu.p, w->id), NAME);
	r.to = printed(to, snprintf(to, NAME, "<%.*s>", len, impu.p), NAME);
	r.call_id = call_id_of(w, call_id);
	r.cseq = w->cseq;
	r.contact = contact_value(w, contact, NAME);
	r.expires = w->wished;
	r.bearer = wl_users_token(w->load->users, w->number, w->registers++ / options->token_uses);
	r.more = WL_STR("Supported: path, outbound, gruu\r\n");
	w->load->wics.sent++;
	wl_wic_send(w, (struct wl_str){message, wl_sip_request(message, sizeof(message), &r)});
}

/* Kept as it came: most answers say the same. */
static void learn_route(struct wl_wic *w, const struct wl_sip *answer)
{
	struct wl_str route =
			answer->service_routes.n > 0 ? answer->service_routes.at[0] : (struct wl_str){NULL, 0};

	if(w->service_route != NULL && wl_str_eq(wl_str(w->service_route), route))
		return;
	free(w->service_route);
	w->service_route = route.n == 0 ? NULL : strndup(route.p, route.n);
}

static void granted(struct wl_wic *w, const struct wl_sip *answer)
{
	struct wl_outcome o = {.ok = true, .status = answer->status};
	char text[WL_WIC_TEXT];
	struct wl_str contact = wl_wic_contact(w, text);
	int64_t seconds = wl_sip_granted(answer, contact), now = wl_now();

	if(w->wished > 0 && seconds <= 0)
		o = (struct wl_outcome){.why = "no-contact"};
	if(seconds < 0 || w->wished == 0)
		seconds = 0;
	w->until = seconds == 0 ? 0 : now + seconds * WL_SECOND;
	w->load->wics.granted++;
	wl_ledger_granted(w->load->ledger, w->number, now, seconds, contact);
	learn_route(w, answer);
	wl_wic_finish(w, seconds > 0 ? WL_REGISTERED : WL_OPEN, &o);
}

void wl_wic_answered(struct wl_wic *w, const struct wl_sip *answer)
{
	const struct wl_outcome o = {.status = answer->status, .retry_after = answer->retry_after};

	char call_id[NAME];

	/* Of an earlier REGISTER, given up already; or not the last word. An answer
	 * that is only late counts for what is registered. */
	if(answer->cseq != w->cseq || answer->status < 200
	   || !wl_str_eq(answer->call_id, call_id_of(w, call_id)))
		return;
	if(answer->status < 300) {
		granted(w, answer);
		return;
	}
	w->load->wics.refused++;
	wl_ledger_refused(w->load->ledger, w->number, wl_now(), answer->status);
	wl_wic_finish(w, w->state, &o);
}
