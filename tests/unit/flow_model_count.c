/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_model.h"

/* What the model holds. */

struct model_txn *model_txn_place(struct model *m)
{
	int i;

	for(i = 0; i < MODEL_TXNS; i++)
		if(m->txns[i].txn == 0)
			return &m->txns[i];
	return NULL;
}

size_t model_open_txns(const struct model *m, int conn, int key)
{
	size_t n = 0;
	int i;

	for(i = 0; i < MODEL_TXNS; i++)
		n += m->txns[i].txn != 0 && (conn < 0 || m->txns[i].conn == conn)
			 && (key < 0 || m->txns[i].key == key);
	return n;
}

size_t model_bindings_of(const struct model *m, int conn)
{
	size_t n = 0;
	int i;

	for(i = 0; i < MODEL_KEYS; i++)
		n += m->bindings[i].conn == conn;
	return n;
}

size_t model_calls_of(const struct model *m, int conn)
{
	size_t n = 0;
	int i;

	for(i = 0; i < MODEL_CALLS; i++) {
		const struct model_call *call = &m->calls[i];

		if(call->id != 0)
			n += (call->conn == conn) + (call->early_on == conn ? call->early : 0);
	}
	return n;
}

/* Would conn get key by a transaction that is open? */
static bool expected(const struct model *m, int conn, int key)
{
	int i;

	for(i = 0; i < MODEL_TXNS; i++)
		if(m->txns[i].txn != 0 && m->txns[i].conn == conn && m->txns[i].key == key
		   && !m->txns[i].remove)
			return m->bindings[key].conn != conn;
	return false;
}

bool model_has_room(const struct model *m, int conn, int key)
{
	size_t n = model_bindings_of(m, conn);
	int i;

	if(m->bindings[key].conn == conn || expected(m, conn, key))
		return true;
	for(i = 0; i < MODEL_KEYS; i++)
		n += expected(m, conn, i);
	return n < model_limits.bindings_per_conn;
}

bool model_has_any(const struct model *m, int person)
{
	int i;

	for(i = 0; i < MODEL_DEVICES; i++)
		if(m->bindings[person * MODEL_DEVICES + i].reg)
			return true;
	return false;
}

bool model_counts(const struct model_binding *b)
{
	return b->reg && !b->ending;
}

bool model_fits(const struct model *m, int person, int key)
{
	size_t n = 0;
	int i;

	for(i = person * MODEL_DEVICES; i < (person + 1) * MODEL_DEVICES; i++)
		n += model_counts(&m->bindings[i]);
	return person < MODEL_IN_RANGE || model_counts(&m->bindings[key])
		   || n < model_limits.contacts_per_impu;
}

size_t model_in_range(const struct model *m)
{
	size_t n = 0;
	int i;

	for(i = MODEL_IN_RANGE * MODEL_DEVICES; i < MODEL_KEYS; i++)
		n += model_counts(&m->bindings[i]);
	return n;
}
