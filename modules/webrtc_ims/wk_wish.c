/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_wish.h"

#include "sip/wims_tna.h"
#include "token/wims_exclusive.h"
#include "token/wims_user.h"
#include "wk_hdr.h"
#include "wk_params.h"
#include "wk_result.h"
#include "wk_state.h"

/* What a token claims for its subject may be claimed for another one as well; an
 * anonymous user has it alone, and so has a user to whom it is allocated. */
static struct wims_pl owner_of(const struct wims_token *t)
{
	if(t->user.l > 0)
		return wims_user_owner(t);
	return wims_pl_starts(t->subject, WIMS_PL(WIMS_ANONYMOUS_PREFIX)) ? t->subject : WIMS_PL_NONE;
}

/* Who vouched for it, as the core is to be told. Of what is in a range it knows nothing:
 * there the eP-CSCF has checked whose it is (TS 33.203 X.4.2.3 step 5.2). */
static enum wims_reason convey(const struct wk_result *res, struct wims_pl *out)
{
	static char text[WIMS_TNA_CONVEYED_MAX];
	const struct wims_token *t = &res->token;
	struct wims_w w;

	*out = WIMS_PL_NONE;
	if(res->range_key.l > 0 || res->unallocated)
		return WIMS_OK;
	wims_w_init(&w, text, sizeof(text));
	wims_tna_convey(&w, t->wwsf->convey.waf, t->waf);
	wims_tna_convey(&w, t->wwsf->convey.wwsf, t->client_id);
	*out = wims_w_done(&w);
	return w.ok ? WIMS_OK : WIMS_CLAIM_VALUE;
}

enum wims_reason wk_who_of_token(sip_msg_t *msg, struct wk_who *who)
{
	const struct wk_result *res = wk_result(msg);
	const struct wims_token *t = &res->token;

	*who = (struct wk_who){0};
	if(!t->valid || res->impu.l == 0)
		return WIMS_TOKEN_ABSENT;
	*who = (struct wk_who){.wwsf = t->wwsf,
						   .impi = res->impi,
						   .impu = res->impu,
						   .subject = t->subject,
						   .jti = t->jti,
						   .owner = owner_of(t),
						   .token_exp = t->exp,
						   .token_iat = t->iat};
	return convey(res, &who->conveyed);
}

/* *has: false when the WIC asks for nothing in particular. */
static enum wims_reason asked_expires(sip_msg_t *msg, const struct wims_contact *c, uint32_t *asked,
									  bool *has)
{
	struct wims_pl header = wk_hdr_body(msg, WIMS_PL("Expires"));
	uint64_t n = c->expires;

	*has = c->has_expires || header.l > 0;
	if(!c->has_expires && header.l > 0 && !wims_pl_u64(header, &n))
		return WIMS_REQUEST_MALFORMED;
	*asked = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
	return WIMS_OK;
}

/* Exactly one Contact, or "*" to leave: a WIC is one device. "*" becomes the
 * Contact of this WIC; the flow table has the other bindings of the same
 * identities end one by one. */
static enum wims_reason read_contact(sip_msg_t *msg, struct wk_wish *wish)
{
	static const struct wims_pl name = {"Contact", 7};
	struct wims_contacts all = {0};
	hdr_field_t *h;

	for(h = wk_hdr_next(msg, NULL, name); h != NULL; h = wk_hdr_next(msg, h, name))
		if(wims_contacts_add(&all, wk_pl(&h->body)) != WIMS_OK)
			return WIMS_CONTACT_BAD;
	if(!all.star && all.count != 1)
		return WIMS_CONTACT_BAD;
	wish->star = all.star;
	wish->contact = all.contact[0];
	return WIMS_OK;
}

enum wims_reason wk_wish_read(sip_msg_t *msg, const struct wk_who *who, struct wk_wish *wish)
{
	const struct wims_expires_policy policy = {
			.preset = (uint32_t)wk_params.default_expires,
			.max = (uint32_t)wk_params.max_expires,
			.wic_min = (uint32_t)wk_params.min_expires,
			.core_min = wk_core_min_expires(),
			.token_floor = who->wwsf->min_remaining > 0 ? (uint32_t)who->wwsf->min_remaining : 1,
	};
	uint32_t asked;
	bool has_asked;
	enum wims_reason r;

	*wish = (struct wk_wish){0};
	if((r = read_contact(msg, wish)) != WIMS_OK
	   || (r = asked_expires(msg, &wish->contact, &asked, &has_asked)) != WIMS_OK)
		return r;
	r = wims_expires_plan(&wish->plan, &policy, has_asked ? &asked : NULL, who->token_exp,
						  wk_wall());
	return r == WIMS_OK && wish->star && !wish->plan.remove ? WIMS_CONTACT_BAD : r;
}

struct wims_binding_in wk_wish_binding(sip_msg_t *msg, const struct wk_who *who,
									   const struct wk_wish *wish, uint64_t txn, int64_t now)
{
	return (struct wims_binding_in){
			.txn = txn,
			.conn = (uint32_t)msg->rcv.proto_reserved1,
			.wwsf = who->wwsf->name,
			.subject = who->subject,
			.jti = who->jti,
			.impi = who->impi,
			.impu = who->impu,
			.instance = wish->contact.instance,
			.reg_id = wish->contact.reg_id,
			.wic_contact = wish->contact.uri,
			.call_id = wk_hdr_call_id(msg),
			.domain = who->wwsf->domain,
			.conveyed = who->conveyed,
			.by_core = who->by_core,
			.cseq = wk_hdr_cseq(msg),
			.token_exp = who->token_exp == WIMS_TOKEN_EXP_NONE ? 0 : who->token_exp,
			/* here, and never again, the wall clock says when that is */
			.token_iat = who->token_iat,
			.token_end = wims_expires_end(who->token_exp, wk_wall_ms(), now),
			.remove = wish->plan.remove,
			.remove_all = wish->star,
	};
}
