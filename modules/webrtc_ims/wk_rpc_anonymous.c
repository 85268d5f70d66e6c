/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_anonymous.h"

#include <limits.h>

#include "wk_exclusive.h"
#include "wk_rpc_number.h"
#include "wk_state.h"

enum
{
	ROWS_MAX = 500 /* each answer */
};

const char *wk_rpc_anonymous_doc[] = {
		"Up to 500 anonymous users behind the first SKIP: webrtc_ims.anonymous [SKIP]", NULL};
const char *wk_rpc_free_anonymous_doc[] = {
		"Gives the identities of an anonymous user free: webrtc_ims.free_anonymous IMPI", NULL};

struct listing
{
	rpc_t *rpc;
	void *ctx;
	int skip, left;
};

static bool list_one(void *ctx, const struct wims_hold *hold)
{
	struct listing *l = ctx;
	str impi = wk_str(hold->impi), impu = wk_str(hold->impus[0]);
	str wwsf = wk_str(hold->wwsf), subject = wk_str(hold->name);
	void *h;

	if(l->skip-- > 0)
		return true;
	if(l->left-- == 0 || l->rpc->add(l->ctx, "{", &h) < 0)
		return false;
	l->rpc->struct_add(h, "SSdSSd", "impi", &impi, "impu", &impu, "impus", (int)hold->impu_count,
					   "wwsf", &wwsf, "subject", &subject, "seconds",
					   (int)(hold->until - wk_wall()));
	return true;
}

void wk_rpc_anonymous(rpc_t *rpc, void *ctx)
{
	struct listing l = {.rpc = rpc, .ctx = ctx, .left = ROWS_MAX};

	if(!wk_rpc_number_any(rpc, ctx, &(struct wk_rpc_number){"SKIP", 0, INT_MAX}, &l.skip))
		return;
	wk_exclusive_each(list_one, &l);
}

void wk_rpc_free_anonymous(rpc_t *rpc, void *ctx)
{
	str impi;

	if(rpc->scan(ctx, "S", &impi) < 1)
		return;
	if(!wk_exclusive_free(wk_pl(&impi)))
		rpc->fault(ctx, 404, "no anonymous user has this IMPI");
}
