/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_tna.h"

#include "identity/wims_host.h"
#include "sip/wims_allow.h"
#include "sip/wims_digest.h"
#include "sip/wims_grammar.h"

/* One check in front of each writer: what is not allowed fails it for good. */
static void demand(struct wims_w *w, bool allowed)
{
	if(!allowed)
		w->ok = false;
}

static bool is_text(struct wims_pl s, size_t max)
{
	return s.l <= max && wims_is_printable(s);
}

void wims_tna_convey(struct wims_w *w, struct wims_pl name, struct wims_pl value)
{
	if(name.l == 0 || value.l == 0)
		return;
	demand(w, wims_tna_may_convey(name) && wims_tna_may_be_conveyed(value));
	wims_w_lit(w, ", ");
	wims_w_pl(w, name);
	wims_w_lit(w, "=");
	wims_w_quoted(w, value);
}

bool wims_tna_may_convey(struct wims_pl name)
{
	return name.l <= WIMS_TNA_CONVEYED_NAME_MAX && wims_is_token(name) && !wims_digest_knows(name);
}

bool wims_tna_may_be_conveyed(struct wims_pl value)
{
	return is_text(value, WIMS_TNA_CONVEYED_VALUE_MAX) && wims_pl_find(value, '"') == value.l
		   && wims_pl_find(value, '\\') == value.l;
}

void wims_tna_authorization(struct wims_w *w, const struct wims_tna *who)
{
	struct wims_pl domain = who->domain;

	demand(w, is_text(who->impi, WIMS_TNA_IMPI_MAX) && wims_is_host(domain));
	/* as wims_tna_convey wrote it */
	demand(w, who->conveyed.l == 0 || is_text(who->conveyed, WIMS_TNA_CONVEYED_MAX));
	wims_w_lit(w, "Authorization: Digest username=");
	wims_w_quoted(w, who->impi);
	wims_w_lit(w, ", realm=");
	wims_w_quoted(w, domain);
	wims_w_lit(w, ", uri=\"sip:");
	wims_w_pl(w, domain);
	wims_w_lit(w, "\", nonce=\"\", response=\"\", integrity-protected=\"auth-done\"");
	wims_w_pl(w, who->conveyed);
	wims_w_crlf(w);
}

void wims_tna_visited_network(struct wims_w *w, struct wims_pl network)
{
	demand(w, network.l <= WIMS_TNA_NETWORK_MAX && wims_is_token(network));
	wims_w_lit(w, "P-Visited-Network-ID: ");
	wims_w_pl(w, network);
	wims_w_crlf(w);
}

/* Flow tokens are base64url; no other user part is ever written. */
static bool is_flow_token(struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if(!wims_is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
			return false;
	return s.l <= WIMS_EDGE_TOKEN_MAX;
}

void wims_edge_user_write(struct wims_w *w, struct wims_pl user, const struct wims_edge_uri *own)
{
	wims_w_lit(w, "sip:");
	wims_w_pl(w, user);
	if(user.l > 0)
		wims_w_lit(w, "@");
	wims_w_pl(w, own->host);
	if(own->port != 0) {
		wims_w_lit(w, ":");
		wims_w_u64(w, own->port);
	}
}

void wims_edge_uri_write(struct wims_w *w, const struct wims_edge_uri *uri)
{
	demand(w, is_flow_token(uri->token) && wims_is_host(uri->host));
	wims_w_lit(w, "<");
	wims_edge_user_write(w, uri->token, uri);
	if(uri->transport.l > 0) {
		demand(w, uri->transport.l <= WIMS_EDGE_TRANSPORT_MAX && wims_is_token(uri->transport));
		wims_w_lit(w, ";transport=");
		wims_w_pl(w, uri->transport);
	}
	wims_w_lit(w, ";lr");
	if(uri->ob)
		wims_w_lit(w, ";ob");
	if(uri->peer)
		wims_w_lit(w, ";peer");
	wims_w_lit(w, ">");
}

void wims_tna_path(struct wims_w *w, const struct wims_edge_uri *uri)
{
	wims_w_lit(w, "Path: ");
	wims_edge_uri_write(w, uri);
	wims_w_crlf(w);
	wims_w_lit(w, "Require: path");
	wims_w_crlf(w);
	wims_w_lit(w, "Supported: path");
	wims_w_crlf(w);
}

void wims_tna_charging_value(struct wims_w *w, const unsigned char icid[WIMS_ICID_LEN],
							 struct wims_pl ioi)
{
	demand(w, wims_is_host(ioi));
	wims_w_lit(w, "icid-value=");
	wims_w_hex(w, icid, WIMS_ICID_LEN);
	wims_w_lit(w, ";orig-ioi=");
	wims_w_pl(w, ioi);
}

void wims_tna_charging(struct wims_w *w, const unsigned char icid[WIMS_ICID_LEN],
					   struct wims_pl ioi)
{
	wims_w_lit(w, "P-Charging-Vector: ");
	wims_tna_charging_value(w, icid, ioi);
	wims_w_crlf(w);
}

void wims_tna_charging_again(struct wims_w *w, struct wims_pl value, struct wims_pl term_ioi)
{
	demand(w, is_text(value, WIMS_CHARGING_MAX) && (term_ioi.l == 0 || wims_is_host(term_ioi)));
	wims_w_lit(w, "P-Charging-Vector: ");
	wims_w_pl(w, value);
	if(term_ioi.l > 0) {
		wims_w_lit(w, ";term-ioi=");
		wims_w_pl(w, term_ioi);
	}
	wims_w_crlf(w);
}

bool wims_is_access_network(struct wims_pl info)
{
	return is_text(info, WIMS_ACCESS_NETWORK_MAX) && wims_access_of_user_agent(info)
		   && wims_find_plain(info, 0, ',') == info.l;
}

void wims_tna_access_network(struct wims_w *w, struct wims_pl info)
{
	demand(w, wims_is_access_network(info));
	wims_w_lit(w, "P-Access-Network-Info: ");
	wims_w_pl(w, info);
	wims_w_lit(w, ";network-provided");
	wims_w_crlf(w);
}

/* ,name="value" */
static void bearer_param(struct wims_w *w, struct wims_pl name, struct wims_pl value)
{
	demand(w, is_text(value, WIMS_BEARER_VALUE_MAX));
	wims_w_lit(w, ",");
	wims_w_pl(w, name);
	wims_w_lit(w, "=");
	wims_w_quoted(w, value);
}

void wims_bearer_challenge(struct wims_w *w, const struct wims_bearer *b, enum wims_reason why)
{
	struct wims_pl error = wims_pl_str(wims_reason_info(why)->bearer_error);

	/* "" is no error parameter, NULL is no challenge at all */
	demand(w, error.p != NULL);
	demand(w, is_text(b->realm, WIMS_BEARER_VALUE_MAX));
	demand(w, wims_pl_starts(b->authz_server, WIMS_PL("https://")));
	wims_w_lit(w, "WWW-Authenticate: Bearer realm=");
	wims_w_quoted(w, b->realm);
	bearer_param(w, WIMS_PL("authz_server"), b->authz_server);
	if(b->scope.l > 0)
		bearer_param(w, WIMS_PL("scope"), b->scope);
	if(error.l > 0)
		bearer_param(w, WIMS_PL("error"), error);
	wims_w_crlf(w);
}
