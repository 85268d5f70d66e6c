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

/* Has it, or one beside it, that name on the connection with that id? */
static bool is_near(const struct model_call *other, const struct model_call *call, uint32_t id)
{
	return other->id != 0 && (other->at == id || (other->early > 0 && other->home == id))
		   && other->call_id == call->call_id && other->wic_is_caller == call->wic_is_caller;
}

bool model_call_is_alone(const struct model *m, const struct model_call *call)
{
	int i;

	for(i = 0; i < MODEL_CALLS; i++) {
		const struct model_call *other = &m->calls[i];

		if(other != call && other->id != 0 && other->call_id == call->call_id
		   && other->wic_is_caller == call->wic_is_caller
		   && (other->at == call->home || other->home == call->home))
			return false;
	}
	return true;
}

static bool may_move(const struct model *m, const struct model_call *call, uint32_t left, int old,
					 int conn)
{
	int i;

	if(call->id == 0 || call->at != left || call->conn != old || !call->confirmed || call->ended)
		return false;
	for(i = 0; i < MODEL_CALLS; i++)
		if(&m->calls[i] != call && is_near(&m->calls[i], call, m->conns[conn].id))
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

void model_call_settle(struct model_call *call)
{
	call->untold -= call->untold > 0;
	if(call->opens == 0 || --call->opens > 0)
		return;
	call->early = 0;
	if(!call->confirmed || call->ended)
		call->id = 0;
}

void model_call_confirm(struct model_call *call)
{
	if(!call->confirmed && call->conn < 0)
		call->due = 0;
	call->confirmed = true;
}

void model_call_end(struct model_call *call)
{
	if(call->opens > 0 && call->conn >= 0)
		call->ended = true;
	else
		call->id = 0;
}
