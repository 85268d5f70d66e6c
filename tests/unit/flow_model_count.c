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

	for(i = 0; i < MODEL_CALLS; i++)
		n += m->calls[i].id != 0 && m->calls[i].conn == conn;
	return n;
}
