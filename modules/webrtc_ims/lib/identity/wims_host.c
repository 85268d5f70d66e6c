/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "identity/wims_host.h"

#include <arpa/inet.h>
#include <string.h>

enum
{
	LABEL_MAX = 63,
	PORT_MAX = 65535
};

static bool all_digits(struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if(!wims_is_digit(s.p[i]))
			return false;
	return s.l > 0;
}

static bool label_ok(struct wims_pl s)
{
	size_t i;

	if(s.l == 0 || s.l > LABEL_MAX || s.p[0] == '-' || s.p[s.l - 1] == '-')
		return false;
	for(i = 0; i < s.l; i++)
		if(!wims_is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

/* Text form to binary and back: two spellings of one address become one. */
static bool address_write(struct wims_w *w, int family, struct wims_pl s)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char raw[sizeof(struct in6_addr)];

	/* inet_pton stops at a NUL, the slice does not */
	if(s.l >= sizeof(text) || wims_pl_find(s, '\0') < s.l)
		return false;
	memcpy(text, s.p, s.l);
	text[s.l] = '\0';
	if(inet_pton(family, text, raw) != 1 || inet_ntop(family, raw, text, sizeof(text)) == NULL)
		return false;
	wims_w_pl(w, wims_pl_str(text));
	return w->ok;
}

static bool ipv6_write(struct wims_w *w, struct wims_pl host)
{
	if(host.l < 4 || host.p[host.l - 1] != ']')
		return false;
	wims_w_lit(w, "[");
	if(!address_write(w, AF_INET6, (struct wims_pl){host.p + 1, host.l - 2}))
		return false;
	wims_w_lit(w, "]");
	return w->ok;
}

static void lower_write(struct wims_w *w, struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++) {
		char c = s.p[i];

		if(c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		wims_w_pl(w, (struct wims_pl){&c, 1});
	}
}

bool wims_host_write(struct wims_w *w, struct wims_pl host)
{
	struct wims_pl rest, label = WIMS_PL_NONE;

	if(host.l > 0 && host.p[0] == '[')
		return ipv6_write(w, host);
	if(host.l > 0 && host.p[host.l - 1] == '.')
		host.l--;
	if(host.l == 0 || host.l > WIMS_HOST_MAX)
		return false;
	for(rest = host;; rest = wims_pl_from(rest, label.l + 1)) {
		label = (struct wims_pl){rest.p, wims_pl_find(rest, '.')};
		if(!label_ok(label))
			return false;
		if(label.l == rest.l)
			break;
	}
	if(all_digits(label))
		return address_write(w, AF_INET, host);
	lower_write(w, host);
	return w->ok;
}

bool wims_hostport_write(struct wims_w *w, struct wims_pl hostport, uint64_t default_port)
{
	struct wims_pl host = hostport;
	size_t colon = 0;
	uint64_t port;

	if(hostport.l > 0 && hostport.p[0] == '[')
		colon = wims_pl_find(hostport, ']');
	colon += wims_pl_find(wims_pl_from(hostport, colon), ':');
	if(colon >= hostport.l)
		return wims_host_write(w, host);
	host.l = colon;
	if(!wims_host_write(w, host) || !wims_pl_u64(wims_pl_from(hostport, colon + 1), &port)
	   || port == 0 || port > PORT_MAX)
		return false;
	if(port != default_port) {
		wims_w_lit(w, ":");
		wims_w_u64(w, port);
	}
	return w->ok;
}
