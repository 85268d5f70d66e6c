/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_allocate.h"

#include <string.h>

#include "provision/wims_alloc.h"
#include "token/wims_user.h"
#include "wk_hdr.h"
#include "wk_registry.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_used_up.h"
#include "wk_wish.h"

static const struct wims_wwsf_range *block_at(const struct wims_token *t, size_t i)
{
	return &t->wwsf->ranges.at[t->blocks[i]];
}

/* From now on the request is of that IMPU. */
static enum wims_reason take(struct wk_result *res, const struct wims_wwsf_range *range,
							 struct wims_pl impu)
{
	struct wims_pl impi = res->token.impi.l > 0 ? res->token.impi : range->impi;

	wk_result_identity(res, impu, impi);
	wk_result_range(res, res->token.wwsf, range, range->wildcard);
	return WIMS_OK;
}

static enum wims_reason take_number(struct wk_result *res, const struct wims_wwsf_range *range,
									uint64_t index)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;

	if(!wims_alloc_impu(range->allocate, index, buf, &impu))
		return WIMS_REGISTRAR_BAD;
	return take(res, range, impu);
}

/* ---- a refresh ---- */

/* The IMPU of an owner that is registered over a connection. */
struct registered
{
	uint32_t conn;
	struct wims_pl owner;
	size_t len; /* of impu; 0: none */
	char impu[WIMS_IMPU_MAX];
};

static bool look(void *ctx, const struct wims_binding_view *v)
{
	struct registered *reg = ctx;

	if(v->conn != reg->conn || !wims_pl_eq(v->owner, reg->owner))
		return true;
	memcpy(reg->impu, v->impu.p, v->impu.l);
	reg->len = v->impu.l;
	return false;
}

/* Nobody need be asked what this connection is registered as; it stays so when
 * another block serves the user by now. */
static bool take_registered(sip_msg_t *msg, struct wk_result *res)
{
	struct registered reg = {.conn = (uint32_t)msg->rcv.proto_reserved1,
							 .owner = wims_user_owner(&res->token)};
	const struct wims_wwsf_range *range;
	struct wims_pl impu = {reg.impu, 0};
	uint64_t index;

	wims_bindings_by(wk_flows_lock(), WIMS_BY_SUBJECT, res->token.subject, look, &reg);
	wk_flows_unlock();
	impu.l = reg.len;
	if(impu.l == 0 || (range = wims_wwsf_range_of(res->token.wwsf, impu)) == NULL
	   || range->allocate == NULL || !wims_alloc_index(range->allocate, impu, &index))
		return false;
	return take(res, range, impu) == WIMS_OK;
}

/* ---- the registrar ---- */

/* In the order of the blocks; anew: one that nobody has, else the user's own. */
static enum wims_reason take_first(struct wk_result *res, bool anew)
{
	struct wims_pl owner = wims_user_owner(&res->token);
	enum wims_reason r = WIMS_BLOCK_USED_UP;
	uint64_t index;
	size_t i;

	for(i = 0; r == WIMS_BLOCK_USED_UP && i < res->token.block_count; i++) {
		const struct wims_wwsf_range *range = block_at(&res->token, i);

		r = anew ? wk_registry_allocate(range, owner, &index)
				 : wk_registry_allocated(range, owner, &index);
		if(r == WIMS_OK)
			return take_number(res, range, index);
		if(anew && r == WIMS_BLOCK_USED_UP)
			wk_used_up_note(res->token.wwsf, range);
	}
	return r;
}

/* BLOCK_USED_UP: the user has none. A block that had none left when he came first
 * may have one by now. */
static enum wims_reason take_own(struct wk_result *res)
{
	return take_first(res, false);
}

/* In one block both are one step. */
static enum wims_reason take_any(struct wk_result *res)
{
	enum wims_reason r = res->token.block_count > 1 ? take_own(res) : WIMS_BLOCK_USED_UP;

	return r == WIMS_BLOCK_USED_UP ? take_first(res, true) : r;
}

/* Who is to leave and is not there need not come first (RFC 3261 10.2.2). */
static enum wims_reason leave(sip_msg_t *msg, struct wk_result *res)
{
	enum wims_reason r = take_own(res);

	if(r != WIMS_BLOCK_USED_UP)
		return r;
	return wk_reply_ok(msg) ? WIMS_OK : WIMS_INTERNAL;
}

static enum wims_reason allocate(sip_msg_t *msg)
{
	struct wk_result *res = wk_result(msg);
	const struct wk_who who = {.wwsf = res->token.wwsf, .token_exp = res->token.exp};
	struct wk_wish wish;
	enum wims_reason r;

	if(!res->token.valid || (res->impu.l == 0 && !res->unallocated))
		return WIMS_TOKEN_ABSENT;
	if(!res->unallocated || take_registered(msg, res))
		return WIMS_OK;
	if((r = wk_wish_read(msg, &who, &wish)) != WIMS_OK)
		return r;
	return wish.plan.remove ? leave(msg, res) : take_any(res);
}

int wk_registrar_allocate(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? allocate(msg) : WIMS_REQUEST_MALFORMED);
}
