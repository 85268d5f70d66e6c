/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_sdp.h"

/* Takes the next line off *rest, without its end. */
static bool next_line(struct wims_pl *rest, struct wims_pl *line)
{
	size_t end = wims_pl_find(*rest, '\n');

	if(rest->l == 0)
		return false;
	*line = (struct wims_pl){rest->p, end};
	*rest = wims_pl_from(*rest, end + 1);
	if(line->l > 0 && line->p[line->l - 1] == '\r')
		line->l--;
	return true;
}

/* Takes the next word off *rest. */
static struct wims_pl next_word(struct wims_pl *rest)
{
	size_t end = wims_pl_find(*rest, ' ');
	struct wims_pl word = {rest->p, end};

	*rest = wims_pl_from(*rest, end + 1);
	return word;
}

/* m=<media> <port> <proto> <fmt> ... (RFC 8866 5.14) */
struct media
{
	struct wims_pl name, port, proto, formats;
};

static bool read_media(struct media *m, struct wims_pl line)
{
	struct wims_pl rest;

	if(!wims_pl_starts(line, WIMS_PL("m=")))
		return false;
	rest = wims_pl_from(line, 2);
	m->name = next_word(&rest);
	m->port = next_word(&rest);
	m->proto = next_word(&rest);
	m->formats = rest;
	return true;
}

static bool ends(struct wims_pl s, struct wims_pl tail)
{
	return s.l >= tail.l && wims_pl_caseeq(wims_pl_from(s, s.l - tail.l), tail);
}

static bool is_data_channel(const struct media *m)
{
	return ends(m->proto, WIMS_PL("DTLS/SCTP"));
}

/* ---- is it WebRTC? ---- */

static bool is_refused(const struct media *m)
{
	return wims_pl_eq(m->port, WIMS_PL("0"));
}

static bool is_secured(const struct media *m)
{
	return wims_pl_caseeq(m->proto, WIMS_PL("UDP/TLS/RTP/SAVPF"))
		   || wims_pl_caseeq(m->proto, WIMS_PL("UDP/TLS/RTP/SAVP")) || is_data_channel(m);
}

/* What a session or one of its media has. */
struct credentials
{
	bool fingerprint, ufrag, pwd;
};

static void note(struct credentials *c, struct wims_pl line)
{
	c->fingerprint = c->fingerprint || wims_pl_casestarts(line, WIMS_PL("a=fingerprint:"));
	c->ufrag = c->ufrag || wims_pl_casestarts(line, WIMS_PL("a=ice-ufrag:"));
	c->pwd = c->pwd || wims_pl_casestarts(line, WIMS_PL("a=ice-pwd:"));
}

static bool is_complete(const struct credentials *c)
{
	return c->fingerprint && c->ufrag && c->pwd;
}

bool wims_sdp_is_webrtc(struct wims_pl sdp)
{
	struct credentials session = {false, false, false}, own = session;
	struct media m = {.port = WIMS_PL("0")};
	struct wims_pl line;
	bool any = false;

	if(sdp.l > WIMS_SDP_MAX)
		return false;
	while(next_line(&sdp, &line)) {
		if(!wims_pl_starts(line, WIMS_PL("m="))) {
			note(any ? &own : &session, line);
			continue;
		}
		if(!is_refused(&m) && !is_complete(&own))
			return false;
		if(!read_media(&m, line) || (!is_refused(&m) && !is_secured(&m)))
			return false;
		any = true;
		own = session;
	}
	return any && (is_refused(&m) || is_complete(&own));
}

/* ---- to the core ---- */

static bool is_any(struct wims_pl line, const struct wims_pl *names, size_t n)
{
	size_t i;

	for(i = 0; i < n; i++)
		if(wims_pl_casestarts(line, names[i]))
			return true;
	return false;
}

static bool is_for_webrtc(struct wims_pl line)
{
	/* msid also stands for msid-semantic, ssrc for ssrc-group, and so on */
	static const struct wims_pl names[] = {
			{"a=group:BUNDLE", 14}, {"a=mid:", 6},         {"a=msid", 6},       {"a=ssrc", 6},
			{"a=extmap", 8},        {"a=bundle-only", 13}, {"a=simulcast", 11}, {"a=rid:", 6},
	};

	return is_any(line, names, sizeof(names) / sizeof(names[0]));
}

static bool is_feedback(struct wims_pl line)
{
	static const struct wims_pl names[] = {{"a=rtcp-fb:", 10}, {"a=rtcp-rsize", 12}};

	return is_any(line, names, sizeof(names) / sizeof(names[0]));
}

static void write_line(struct wims_w *w, struct wims_pl line)
{
	wims_w_pl(w, line);
	wims_w_crlf(w);
}

static void refuse(struct wims_w *w, const struct media *m)
{
	wims_w_lit(w, "m=");
	wims_w_pl(w, m->name);
	wims_w_lit(w, " 0 ");
	wims_w_pl(w, m->proto);
	wims_w_lit(w, " ");
	write_line(w, m->formats);
}

bool wims_sdp_to_core(struct wims_w *w, struct wims_pl sdp)
{
	struct wims_pl line;
	struct media m;
	bool refused = false, feedback = true;

	if(sdp.l > WIMS_SDP_MAX)
		return false;
	while(next_line(&sdp, &line)) {
		if(read_media(&m, line)) {
			refused = is_data_channel(&m);
			feedback = ends(m.proto, WIMS_PL("AVPF"));
			if(refused)
				refuse(w, &m);
			else
				write_line(w, line);
		} else if(!refused && !is_for_webrtc(line) && (feedback || !is_feedback(line))) {
			write_line(w, line);
		}
	}
	return w->ok;
}
