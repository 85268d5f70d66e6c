/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_ask.h"

#include "sip/wims_grammar.h"
#include "sip/wims_uri.h"
#include "wk_params.h"
#include "wk_registry.h"
#include "wk_registry_store.h"
#include "wk_role.h"
#include "wk_state.h"
#include "wk_stats.h"

static bool check_callers;

/* ---- parameters ---- */

/* The next one of a list with commas between. */
static bool next_domain(struct wims_pl *rest, struct wims_pl *domain)
{
	if(rest->l == 0)
		return false;
	(void)wims_pl_part(rest, domain);
	*domain = wims_pl_trim(*domain);
	return true;
}

static int check_domains(void)
{
	struct wims_pl rest = wims_pl_str(wk_params.registrar_domains), domain;

	while(next_domain(&rest, &domain))
		if(!wims_is_host(domain)) {
			LM_ERR("modparam registrar_domains=%s: must be domains, commas between; empty: "
				   "all of them\n",
				   wk_params.registrar_domains);
			return -1;
		}
	return 0;
}

int wk_ask_init(void)
{
	struct wims_pl check = wims_pl_str(wk_params.registrar_check);

	check_callers = wims_pl_eq(check, WIMS_PL("registrar"));
	if(!check_callers && !wims_pl_eq(check, WIMS_PL("local"))) {
		LM_ERR("modparam registrar_check=%s: must be registrar or local\n",
			   wk_params.registrar_check);
		return -1;
	}
	return check_domains();
}

/* ---- whom it is asked about ---- */

static bool is_of_domain(struct wims_pl impu)
{
	struct wims_pl rest = wims_pl_str(wk_params.registrar_domains), domain;
	struct wims_uri uri;

	if(rest.l == 0)
		return true;
	if(wims_uri_parse(&uri, impu) != WIMS_OK)
		return false; /* a number is of no domain */
	while(next_domain(&rest, &domain))
		if(wims_pl_caseeq(uri.host, domain))
			return true;
	return false;
}

static bool is_answer(enum wims_reason r)
{
	return r == WIMS_OK || r == WIMS_TARGET_UNREGISTERED || r == WIMS_TARGET_UNKNOWN;
}

/* No entry where it has none, and where this node is to decide alone. */
static enum wims_reason ask(struct wims_pl impu, const struct wims_reg_entry **entry)
{
	static struct wims_reg_entry answer;
	enum wims_reason r = wk_registry_query(impu, &answer);

	*entry = r == WIMS_OK ? &answer : NULL;
	if(!is_answer(r)) {
		LM_DBG("%.*s: %s\n", WK_FMT(impu), wims_reason_text(r));
		wk_stats_event(WK_EV_REGISTRAR_LOCAL);
	}
	return r;
}

/* ---- callers ---- */

static bool has_contact(const struct wims_reg_entry *e, const struct wims_binding_view *b)
{
	size_t i;

	for(i = 0; i < e->count; i++)
		if(wims_pl_eq(e->contact[i].name, wims_pl_str(b->contact_user))
		   && e->contact[i].node == wk_params.node_id && e->contact[i].epoch == wk_boot_epoch())
			return true;
	return false;
}

/* The flow table has it, so the registrar is to be told once more, and one of the two is
 * right soon. */
static enum wims_reason disagree(const struct wims_binding_view *b)
{
	wk_registry_remove(b->impu, wims_pl_str(b->contact_user));
	return WIMS_NOT_REGISTERED;
}

enum wims_reason wk_ask_caller(const struct wims_binding_view *b)
{
	const struct wims_reg_entry *e;
	enum wims_reason r;

	if(b->range.l == 0 || !check_callers || !wk_registry_shared() || !is_of_domain(b->impu))
		return WIMS_OK;
	r = ask(b->impu, &e);
	if(e != NULL)
		return wims_pl_eq(e->owner, b->owner) && has_contact(e, b) ? WIMS_OK : disagree(b);
	return r == WIMS_TARGET_UNREGISTERED ? disagree(b) : WIMS_OK;
}

/* ---- called ones ---- */

const struct wims_reg_entry *wk_ask_callee(struct wims_pl impu)
{
	const struct wims_reg_entry *e = NULL;

	if(wk_registry_shared() && is_of_domain(impu))
		(void)ask(impu, &e);
	return e;
}

/* No process of an eI-CSCF beats, and would tell: so each worker does, when it changes. */
static void tell(enum wims_reason r)
{
	static bool away;

	if(!is_answer(r) && !away)
		LM_ERR("the registrar is away: %s: %s\n", wims_reason_text(r), wk_registry_store_error());
	if(is_answer(r) && away)
		LM_NOTICE("the registrar is back\n");
	away = !is_answer(r);
}

enum wims_reason wk_ask_about(struct wims_pl impu)
{
	const struct wims_reg_entry *e;
	enum wims_reason r;

	if(!is_of_domain(impu))
		return WIMS_TARGET_UNKNOWN;
	r = ask(impu, &e);
	if(wk_role_icscf())
		tell(r);
	return r;
}
