/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_contact_write.h"

#include "sip/wims_grammar.h"

/* expires is said elsewhere, and an instance once is enough (SIP.js repeats
 * it). received is how some registrars say where a contact really is: theirs to
 * say among themselves. */
static bool left_out(struct wims_pl name, bool *has_instance)
{
	bool is_instance = wims_pl_caseeq(name, WIMS_PL("+sip.instance"));
	bool repeated = is_instance && *has_instance;

	*has_instance |= is_instance;
	return repeated || wims_pl_caseeq(name, WIMS_PL("expires"))
		   || wims_pl_caseeq(name, WIMS_PL("received"));
}

/* Bad syntax makes the writer fail. */
static void write_params(struct wims_w *w, struct wims_pl params)
{
	struct wims_pl name, value;
	bool has_instance = false;

	while(wims_param_next(&params, &name, &value)) {
		if(left_out(name, &has_instance))
			continue;
		wims_w_lit(w, ";");
		wims_w_pl(w, name);
		if(value.p == NULL)
			continue;
		wims_w_lit(w, "=");
		wims_w_pl(w, value);
	}
	if(params.l > 0)
		w->ok = false;
}

void wims_contact_to_core(struct wims_w *w, struct wims_pl user, const struct wims_edge_uri *own,
						  struct wims_pl params)
{
	wims_w_lit(w, "Contact: <");
	wims_edge_user_write(w, user, own);
	wims_w_lit(w, ">");
	write_params(w, params);
	wims_w_crlf(w);
}

void wims_contact_to_wic(struct wims_w *w, struct wims_pl uri, struct wims_pl params,
						 uint32_t expires)
{
	wims_w_lit(w, "Contact: <");
	wims_w_pl(w, uri);
	wims_w_lit(w, ">");
	write_params(w, params);
	wims_w_lit(w, ";expires=");
	wims_w_u64(w, expires);
	wims_w_crlf(w);
}
