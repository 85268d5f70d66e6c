/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_model.h"

/* The calls of the model. */

struct model_call *model_call_of(struct model *m, int conn, int call_id, bool wic_is_caller)
{
	struct model_call *place = NULL;
	int i;

	for(i = 0; i < MODEL_CALLS; i++) {
		struct model_call *call = &m->calls[i];

		if(call->id == 0)
			place = call;
		else if(call->conn == conn && call->call_id == call_id && !call->ended
				&& call->wic_is_caller == wic_is_caller)
			return call;
	}
	return place;
}

static bool may_move(const struct model *m, const struct model_call *call, uint32_t left, int old,
					 int conn)
{
	int i;

	if(call->id == 0 || call->at != left || call->conn != old || !call->confirmed || call->ended)
		return false;
	for(i = 0; i < MODEL_CALLS; i++)
		if(m->calls[i].id != 0 && m->calls[i].at == m->conns[conn].id
		   && m->calls[i].call_id == call->call_id
		   && m->calls[i].wic_is_caller == call->wic_is_caller)
			return false;
	return true;
}

void model_calls_follow(struct model *m, uint32_t left, int conn)
{
	size_t n = model_calls_of(m, conn);
	int i, old = -1;

	for(i = 0; i < MODEL_CONNS; i++)
		if(m->conns[i].id == left)
			old = i;
	if(left == 0 || old == conn || (old >= 0 && model_bindings_of(m, old) > 0))
		return;
	for(i = 0; i < MODEL_CALLS; i++)
		n += may_move(m, &m->calls[i], left, old, conn);
	for(i = 0; n <= model_limits.calls_per_conn && i < MODEL_CALLS; i++)
		if(may_move(m, &m->calls[i], left, old, conn)) {
			m->calls[i].conn = conn;
			m->calls[i].at = m->conns[conn].id;
		}
}
