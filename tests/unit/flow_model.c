/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_model.h"

#include <stdlib.h>
#include <string.h>

enum
{
	OPEN_TXNS_FACTOR = 4
};

const struct wims_flow_limits model_limits = {
		.connections = MODEL_CONNS - 2,
		.bindings_per_conn = 2,
		.calls_per_conn = 2,
		.contacts_per_impu = 2,
		.unregistered_ms = 3000,
		.cut_ms = 700,
};

void model_init(struct model *m)
{
	int i;

	memset(m, 0, sizeof(*m));
	for(i = 0; i < MODEL_KEYS; i++)
		m->bindings[i].conn = -1;
}

enum wims_reason model_open(const struct model *m, int conn)
{
	size_t n = 0;
	int i;

	for(i = 0; i < MODEL_CONNS; i++)
		n += m->conns[i].id != 0;
	if(m->conns[conn].id != 0)
		return WIMS_INTERNAL;
	return n < model_limits.connections ? WIMS_OK : WIMS_LIMIT_REACHED;
}

enum wims_reason model_begin(const struct model *m, int conn, int person, int key, bool remove,
							 bool *known)
{
	const struct model_conn *c = &m->conns[conn];

	*known = key < 0 ? model_has_any(m, person)
					 : m->bindings[key].reg || model_open_txns(m, -1, key) > 0;
	if(c->id == 0)
		return WIMS_FLOW_UNKNOWN;
	if(c->state != 0)
		return WIMS_FLOW_CLOSING;
	if(c->owner >= 0 && c->owner != person)
		return WIMS_SUBJECT_MISMATCH;
	if(model_open_txns(m, conn, -1) >= OPEN_TXNS_FACTOR * model_limits.bindings_per_conn)
		return WIMS_LIMIT_REACHED;
	if(remove)
		return *known ? WIMS_OK : WIMS_NOT_REGISTERED;
	return model_has_room(m, conn, key) && model_fits(m, person, key) ? WIMS_OK
																	  : WIMS_LIMIT_REACHED;
}

static void leave(struct model *m, struct model_binding *b)
{
	int conn = b->conn;

	b->conn = -1;
	b->ending = false;
	b->token_over = false;
	if(conn >= 0)
		b->left = m->conns[conn].id;
	if(conn >= 0 && model_bindings_of(m, conn) == 0)
		m->conns[conn].idle_since = m->now;
}

static void give_up(struct model *m, struct model_binding *b)
{
	leave(m, b);
	b->reg = true;
	b->ending = true;
	b->due = m->now;
}

static void unregister(struct model *m, struct model_binding *b)
{
	leave(m, b);
	b->reg = false;
}

static void wait(struct model *m, struct model_binding *b, int64_t grace)
{
	leave(m, b);
	b->due = m->now + grace < b->expires ? m->now + grace : b->expires;
}

static bool is_open(const struct model *m, int conn)
{
	return conn >= 0 && m->conns[conn].id != 0 && m->conns[conn].state == 0;
}

static void end_txn(struct model *m, struct model_txn *t, bool accepted)
{
	struct model_conn *c = t->conn < 0 ? NULL : &m->conns[t->conn];
	int conn = t->conn;

	t->txn = 0;
	if(c == NULL)
		return;
	c->registered = c->registered || accepted;
	if(!c->registered && model_open_txns(m, conn, -1) == 0)
		c->owner = -1;
}

static enum wims_reason grant(struct model *m, const struct model_txn *t, struct model_binding *b,
							  int64_t granted)
{
	bool here = is_open(m, t->conn), back = b->reg && !b->ending;

	if(!here && is_open(m, b->conn))
		return WIMS_FLOW_GONE;
	b->reg = true;
	b->cseq = t->cseq;
	b->exp = t->exp;
	b->expires = m->now + granted;
	if(t->exp != 0 && t->exp < b->expires)
		b->expires = t->exp;
	if(!here) {
		wait(m, b, t->grace);
		return WIMS_FLOW_GONE;
	}
	if(b->conn != t->conn) {
		leave(m, b);
		b->conn = t->conn;
		m->conns[t->conn].token_over = false;
		b->order = ++m->order;
	}
	if(back)
		model_calls_follow(m, b->left, t->conn);
	b->left = 0;
	b->due = b->expires;
	return WIMS_OK;
}

enum wims_reason model_commit(struct model *m, struct model_txn *t, int64_t granted)
{
	struct model_binding *b = &m->bindings[t->key];
	int i, first = t->key / MODEL_DEVICES * MODEL_DEVICES;
	enum wims_reason r = WIMS_OK;

	for(i = first; t->remove_all && i < first + MODEL_DEVICES; i++)
		if(i != t->key && m->bindings[i].reg && !m->bindings[i].ending)
			give_up(m, &m->bindings[i]);
	if(t->remove || granted == 0)
		unregister(m, b);
	else
		r = grant(m, t, b, granted);
	end_txn(m, t, r == WIMS_OK);
	return r;
}

void model_abort(struct model *m, struct model_txn *t, bool maybe_registered)
{
	struct model_binding *b = &m->bindings[t->key];

	if(maybe_registered && !t->remove && !b->reg) {
		b->cseq = t->cseq;
		b->expires = 0;
		b->exp = t->exp;
		give_up(m, b);
	}
	end_txn(m, t, false);
}

void model_close(struct model *m, int conn, bool drop)
{
	struct model_conn *c = &m->conns[conn];
	int i;

	if(c->id == 0 || c->state != 0)
		return;
	c->state = 1;
	c->close_at = m->now;
	for(i = 0; drop && i < MODEL_KEYS; i++)
		if(m->bindings[i].conn == conn)
			give_up(m, &m->bindings[i]);
	for(i = 0; drop && i < MODEL_TXNS; i++)
		if(m->txns[i].conn == conn)
			m->txns[i].grace = 0;
}

static void lose_calls(struct model *m, int conn, int64_t grace)
{
	int i;

	for(i = 0; i < MODEL_CALLS; i++) {
		if(m->calls[i].early_on == conn)
			m->calls[i].early_on = -1;
		if(m->calls[i].id != 0 && m->calls[i].conn == conn) {
			m->calls[i].conn = -1;
			m->calls[i].due = m->now + (m->calls[i].confirmed ? grace : 0);
			if(m->calls[i].ended)
				m->calls[i].id = 0;
		}
	}
}

void model_lost(struct model *m, int conn, bool silent)
{
	int i;

	if(m->conns[conn].id == 0)
		return;
	for(i = 0; i < MODEL_TXNS; i++)
		if(m->txns[i].conn == conn)
			m->txns[i].conn = -1;
	for(i = 0; i < MODEL_KEYS; i++)
		if(m->bindings[i].conn == conn)
			wait(m, &m->bindings[i], MODEL_DEREG_GRACE);
	lose_calls(m, conn, silent ? MODEL_SILENT_GRACE : 0);
	m->conns[conn].id = 0;
}

int model_first(const struct model *m, int conn)
{
	int i, first = -1;

	for(i = 0; i < MODEL_KEYS; i++)
		if(m->bindings[i].conn == conn && m->bindings[i].expires > m->now
		   && (first < 0 || m->bindings[i].order < m->bindings[first].order))
			first = i;
	return first;
}

/* ---- the end of tokens ---- */

static bool fresher(const struct model_txn *t, int64_t exp)
{
	return t->txn != 0 && !t->remove && (t->exp == 0 || t->exp > exp);
}

static bool kept_open(const struct model *m, int conn)
{
	const struct model_conn *c = &m->conns[conn];
	int i;

	for(i = 0; i < MODEL_TXNS; i++)
		if(m->txns[i].conn == conn && fresher(&m->txns[i], c->over_exp))
			return true;
	for(i = 0; c->calls_outlive && i < MODEL_CALLS; i++)
		if(m->calls[i].id != 0 && m->calls[i].conn == conn && m->calls[i].invite
		   && m->calls[i].confirmed && !m->calls[i].ended)
			return true;
	return false;
}

static void end_conn(struct model *m, int conn)
{
	int i;

	if(conn < 0)
		return;
	model_close(m, conn, true);
	for(i = 0; i < MODEL_CALLS; i++)
		m->ended_early += m->calls[i].id != 0 && m->calls[i].conn == conn && m->calls[i].ended
						  && m->calls[i].early_on == conn && m->calls[i].early > 0;
	lose_calls(m, conn, 0);
	/* one that was closing already keeps nothing either */
	for(i = 0; i < MODEL_KEYS; i++)
		if(m->bindings[i].conn == conn)
			give_up(m, &m->bindings[i]);
	for(i = 0; i < MODEL_TXNS; i++)
		if(m->txns[i].conn == conn)
			m->txns[i].grace = 0;
}

static void token_over(struct model *m, struct model_binding *b)
{
	int conn = b->conn;

	b->ended_on = conn < 0 ? 0 : m->conns[conn].id;
	give_up(m, b);
	b->token_over = true;
	if(!is_open(m, conn) || model_bindings_of(m, conn) > 0)
		return;
	m->conns[conn].token_over = true;
	m->conns[conn].over_exp = b->exp;
	if(!kept_open(m, conn))
		end_conn(m, conn);
}

size_t model_end_range(struct model *m)
{
	size_t n = 0;
	int i;

	for(i = MODEL_IN_RANGE * MODEL_DEVICES; i < MODEL_KEYS; i++) {
		int conn = m->bindings[i].conn;

		if(!model_counts(&m->bindings[i]))
			continue;
		n += conn >= 0 ? model_bindings_of(m, conn) : 1;
		end_conn(m, conn);
		if(model_counts(&m->bindings[i]))
			give_up(m, &m->bindings[i]);
	}
	return n;
}

static bool is_over(const struct model *m, const struct model_binding *b)
{
	return b->reg && !b->ending && b->exp != 0 && b->exp <= m->now;
}

/* ---- what is due ---- */

static int64_t conn_due(const struct model *m, int i)
{
	const struct model_conn *c = &m->conns[i];

	if(c->id == 0 || c->state == 3)
		return INT64_MAX;
	if(c->state == 1)
		return c->close_at;
	if(c->state == 2)
		return c->close_at + model_limits.cut_ms;
	if(c->token_over)
		return kept_open(m, i) ? INT64_MAX : c->idle_since;
	if(model_bindings_of(m, i) > 0 || model_open_txns(m, i, -1) > 0)
		return INT64_MAX;
	return c->idle_since + model_limits.unregistered_ms;
}

static int64_t binding_due(const struct model *m, int i)
{
	const struct model_binding *b = &m->bindings[i];

	int k;

	if(!b->reg)
		return INT64_MAX;
	if(model_open_txns(m, -1, i) == 0)
		return b->due;
	for(k = 0; k < MODEL_TXNS; k++)
		if(m->txns[k].key == i && fresher(&m->txns[k], b->exp))
			return INT64_MAX;
	return b->ending || b->exp == 0 ? INT64_MAX : b->exp;
}

static int64_t call_due(const struct model *m, int i)
{
	return m->calls[i].id != 0 && m->calls[i].conn < 0 ? m->calls[i].due : INT64_MAX;
}

static int64_t txn_due(const struct model *m, int i)
{
	return m->txns[i].txn != 0 ? m->txns[i].begun + WIMS_TXN_MAX_MS : INT64_MAX;
}

static int64_t earliest(const struct model *m)
{
	int64_t (*const due[])(const struct model *, int) = {conn_due, binding_due, call_due, txn_due};
	static const int n[] = {MODEL_CONNS, MODEL_KEYS, MODEL_CALLS, MODEL_TXNS};
	int64_t least = INT64_MAX;
	int i, k;

	for(k = 0; k < 4; k++)
		for(i = 0; i < n[k]; i++)
			if(due[k](m, i) < least)
				least = due[k](m, i);
	return least;
}

static bool is_dereg_of(const struct wims_action *a, const struct model_binding *b)
{
	return a->kind == WIMS_ACT_DEREG && strcmp(a->binding.contact_user, b->user) == 0
		   && a->binding.cseq == b->cseq && a->token_expired == b->token_over
		   && (!b->token_over || a->conn == b->ended_on);
}

static bool take_conn(struct model *m, const struct wims_action *a, int64_t due)
{
	int i;

	for(i = 0; i < MODEL_CONNS; i++) {
		struct model_conn *c = &m->conns[i];

		if(conn_due(m, i) == due && c->id == a->conn
		   && c->state == (a->kind == WIMS_ACT_CLOSE ? 1 : 2)) {
			c->state++;
			return true;
		}
	}
	return false;
}

static bool take_call(struct model_call *call, const struct wims_action *a)
{
	if(a->kind == WIMS_ACT_GIVE_UP)
		return !call->confirmed && call->txn == a->txn && call->untold > 0 && call->untold-- > 0;
	if(a->kind != WIMS_ACT_BYE || a->call.id != call->id || !call->invite || !call->confirmed)
		return false;
	call->id = 0;
	return true;
}

static bool take(struct model *m, const struct wims_action *a, int64_t due)
{
	int i;

	if(a->kind == WIMS_ACT_CLOSE || a->kind == WIMS_ACT_CUT)
		return take_conn(m, a, due);
	for(i = 0; i < MODEL_KEYS; i++)
		if(binding_due(m, i) == due && !is_over(m, &m->bindings[i])
		   && is_dereg_of(a, &m->bindings[i])) {
			unregister(m, &m->bindings[i]);
			return true;
		}
	for(i = 0; i < MODEL_CALLS; i++)
		if(call_due(m, i) == due && take_call(&m->calls[i], a))
			return true;
	return false;
}

/* A lost one that is early waits for its settlement, a subscription goes. */
static bool silent_call(struct model_call *call)
{
	if(call->confirmed ? call->invite : call->untold > 0)
		return false;
	call->due = INT64_MAX;
	if(call->confirmed)
		call->id = 0;
	return true;
}

/* Something that is due then and makes no action by itself. */
static bool take_silent(struct model *m, int64_t due)
{
	int i;

	for(i = 0; i < MODEL_CONNS; i++)
		if(conn_due(m, i) == due && m->conns[i].state == 0) {
			if(m->conns[i].token_over)
				end_conn(m, i);
			else
				model_close(m, i, false);
			return true;
		}
	for(i = 0; i < MODEL_KEYS; i++)
		if(binding_due(m, i) == due && is_over(m, &m->bindings[i])) {
			token_over(m, &m->bindings[i]);
			return true;
		}
	for(i = 0; i < MODEL_CALLS; i++)
		if(call_due(m, i) == due && silent_call(&m->calls[i]))
			return true;
	for(i = 0; i < MODEL_TXNS; i++)
		if(txn_due(m, i) == due) {
			model_abort(m, &m->txns[i], true);
			return true;
		}
	return false;
}

bool model_action(struct model *m, const struct wims_action *action)
{
	for(;;) {
		int64_t due = earliest(m);

		if(due > m->now)
			return action == NULL;
		if(action != NULL && take(m, action, due))
			return true;
		if(!take_silent(m, due))
			return false;
	}
}
