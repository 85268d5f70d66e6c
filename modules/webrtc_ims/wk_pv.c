/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_pv.h"

#include "provision/wims_scenario.h"
#include "wk_answer.h"
#include "wk_claim.h"
#include "wk_media.h"
#include "wk_result.h"

typedef struct wims_pl (*text_of)(const struct wk_result *res);
typedef int64_t (*number_of)(const struct wk_result *res);

static struct wims_pl t_reason(const struct wk_result *r)
{
	return r->event != NULL ? r->event->reason : wims_pl_str(wims_reason_text(r->reason));
}

static int64_t n_code(const struct wk_result *r)
{
	return wk_answer_of(r->reason).code;
}

static int64_t n_answered(const struct wk_result *r)
{
	return r->answered;
}

static int64_t n_refreshed(const struct wk_result *r)
{
	return r->refreshed;
}

static struct wims_pl t_phrase(const struct wk_result *r)
{
	return wk_answer_of(r->reason).phrase;
}

static struct wims_pl t_impu(const struct wk_result *r)
{
	return r->impu;
}

static struct wims_pl t_impi(const struct wk_result *r)
{
	return r->impi;
}

static struct wims_pl t_wwsf(const struct wk_result *r)
{
	if(r->event != NULL)
		return r->event->wwsf;
	return r->wwsf == NULL ? WIMS_PL_NONE : r->wwsf->name;
}

static struct wims_pl t_scenario(const struct wk_result *r)
{
	if(r->scenario != WIMS_SCENARIO_NONE)
		return wims_scenario_name(r->scenario);
	/* of two nobody has chosen one */
	if(r->wwsf == NULL || wims_scenario_both(r->wwsf))
		return WIMS_PL_NONE;
	return wims_scenario_name(r->wwsf->scenario);
}

/* Known as soon as the IMPU is, or who is to get one. */
static struct wims_pl t_registrar(const struct wk_result *r)
{
	if(r->impu.l == 0 && !r->unallocated)
		return WIMS_PL_NONE;
	return r->range_key.l > 0 || r->unallocated ? WIMS_PL("epcscf") : WIMS_PL("core");
}

static struct wims_pl t_range(const struct wk_result *r)
{
	if(r->event != NULL)
		return r->event->range;
	return r->member.range == NULL ? WIMS_PL_NONE : r->member.range->text;
}

static struct wims_pl t_range_wwsf(const struct wk_result *r)
{
	return r->member.wwsf == NULL ? WIMS_PL_NONE : r->member.wwsf->name;
}

static struct wims_pl t_peer(const struct wk_result *r)
{
	return r->peer;
}

static struct wims_pl t_media(const struct wk_result *r)
{
	static char name[WK_MEDIA_NAME_MAX];

	if(r->event != NULL)
		return r->event->media;
	return r->media == 0 ? WIMS_PL_NONE : wk_media_name(name, r->media);
}

static struct wims_pl t_sdp(const struct wk_result *r)
{
	switch(r->sdp) {
		case WIMS_SDP_NONE:
			break;
		case WIMS_SDP_OFFER:
			return WIMS_PL("offer");
		case WIMS_SDP_ANSWER:
			return WIMS_PL("answer");
	}
	return WIMS_PL_NONE;
}

static struct wims_pl t_domain(const struct wk_result *r)
{
	return r->wwsf == NULL ? WIMS_PL_NONE : r->wwsf->domain;
}

/* Nothing of a token is shown before its last check passed. */
#define OF_TOKEN(member)                                        \
	static struct wims_pl t_##member(const struct wk_result *r) \
	{                                                           \
		return r->token.valid ? r->token.member : WIMS_PL_NONE; \
	}
OF_TOKEN(issuer)
OF_TOKEN(jti)
OF_TOKEN(scope)
OF_TOKEN(client_id)
OF_TOKEN(waf)
OF_TOKEN(user)
#undef OF_TOKEN

static struct wims_pl t_subject(const struct wk_result *r)
{
	if(r->event != NULL)
		return r->event->subject;
	return r->token.valid ? r->token.subject : WIMS_PL_NONE;
}

static int64_t n_connection(const struct wk_result *r)
{
	return r->connection;
}

static int64_t n_exp(const struct wk_result *r)
{
	return r->token.valid ? r->token.exp : 0;
}

/* clang-format off */
static const struct item
{
	struct wims_pl name;
	text_of text;
	number_of number;
} items[] = {
	{{"reason", 6},    t_reason,    NULL},
	{{"code", 4},      NULL,        n_code},
	{{"phrase", 6},    t_phrase,    NULL},
	{{"answered", 8},  NULL,        n_answered},
	{{"refreshed", 9}, NULL,        n_refreshed},
	{{"impu", 4},      t_impu,      NULL},
	{{"impi", 4},      t_impi,      NULL},
	{{"wwsf", 4},      t_wwsf,      NULL},
	{{"scenario", 8},  t_scenario,  NULL},
	{{"domain", 6},    t_domain,    NULL},
	{{"registrar", 9}, t_registrar, NULL},
	{{"range", 5},     t_range,     NULL},
	{{"range_wwsf", 10}, t_range_wwsf, NULL},
	{{"connection", 10}, NULL,      n_connection},
	{{"peer", 4},      t_peer,      NULL},
	{{"media", 5},     t_media,     NULL},
	{{"sdp", 3},       t_sdp,       NULL},
	{{"subject", 7},   t_subject,   NULL},
	{{"issuer", 6},    t_issuer,    NULL},
	{{"jti", 3},       t_jti,       NULL},
	{{"scope", 5},     t_scope,     NULL},
	{{"client_id", 9}, t_client_id, NULL},
	{{"waf", 3},       t_waf,       NULL},
	{{"user", 4},      t_user,      NULL},
	{{"exp", 3},       NULL,        n_exp},
};
/* clang-format on */

/* What stands behind "claim=>" may hold variables. */
static const struct wims_pl claim_prefix = {"claim=>", 7};

static void free_claim_name(void *parts)
{
	pv_elem_free_all(parts);
}

static int parse_claim_name(pv_spec_t *sp, str *in)
{
	str name = {in->s + claim_prefix.l, in->len - (int)claim_prefix.l};
	pv_elem_t *parts = NULL;

	if(name.len == 0 || pv_parse_format(&name, &parts) < 0 || parts == NULL) {
		LM_ERR("$wims(%.*s): no name of a claim\n", STR_FMT(in));
		return -1;
	}
	sp->pvp.pvn.type = PV_NAME_OTHER;
	sp->pvp.pvn.u.dname = parts;
	sp->pvp.pvn.nfree = free_claim_name;
	return 0;
}

static int parse_name(pv_spec_t *sp, str *in)
{
	size_t i;

	if(wims_pl_starts(wk_pl(in), claim_prefix))
		return parse_claim_name(sp, in);
	for(i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		if(wims_pl_eq(items[i].name, wk_pl(in))) {
			sp->pvp.pvn.type = PV_NAME_INTSTR;
			sp->pvp.pvn.u.isname.type = 0;
			sp->pvp.pvn.u.isname.name.n = (int)i;
			return 0;
		}
	LM_ERR("$wims(%.*s): no such name\n", STR_FMT(in));
	return -1;
}

static int get_text(sip_msg_t *msg, pv_param_t *param, pv_value_t *val, struct wims_pl text)
{
	str s = wk_str(text);

	return text.l == 0 ? pv_get_null(msg, param, val) : pv_get_strval(msg, param, val, &s);
}

static int get_claim(sip_msg_t *msg, pv_param_t *param, pv_value_t *val)
{
	str name;

	if(pv_printf_s(msg, param->pvn.u.dname, &name) < 0)
		return pv_get_null(msg, param, val);
	return get_text(msg, param, val, wk_claim(msg, wk_pl(&name)));
}

static int get(sip_msg_t *msg, pv_param_t *param, pv_value_t *val)
{
	const struct wk_result *res = wk_result_peek(msg);
	const struct item *it;

	if(param->pvn.type == PV_NAME_OTHER)
		return get_claim(msg, param, val);
	it = &items[param->pvn.u.isname.name.n];
	if(res == NULL)
		return pv_get_null(msg, param, val);
	if(it->number != NULL)
		return pv_get_sintval(msg, param, val, (int)it->number(res));
	return get_text(msg, param, val, it->text(res));
}

/* clang-format off */
pv_export_t wk_pv_exports[] = {
	{{"wims", sizeof("wims") - 1}, PVT_OTHER, get, 0, parse_name, 0, 0, 0},
	{{0, 0}, 0, 0, 0, 0, 0, 0, 0}};
/* clang-format on */
