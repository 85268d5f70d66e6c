/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_flow_int.h"

/* Whose a connection is, and what the core asks of him. */

static struct wims_pl subject_of(const struct wims_conn *c)
{
	return (struct wims_pl){c->subject, c->subject_l};
}

enum wims_reason wims_subject_check(const struct wims_conn *c, const struct wims_binding_in *in)
{
	if(c->subject == NULL)
		return WIMS_OK;
	if(c->by_core != in->by_core)
		return WIMS_SCHEME_CHANGED;
	/* the core has said nothing yet of who it is */
	if(in->by_core && !c->registered)
		return WIMS_OK;
	return wims_pl_eq(subject_of(c), in->subject) ? WIMS_OK : WIMS_SUBJECT_MISMATCH;
}

enum wims_reason wims_subject_claim(struct wims_flows *fs, struct wims_conn *c,
									struct wims_pl subject, bool by_core)
{
	char *mine;

	if(c->subject != NULL && wims_pl_eq(subject_of(c), subject))
		return WIMS_OK;
	mine = wims_strdup(&fs->env, subject);
	if(mine == NULL)
		return WIMS_NOMEM;
	wims_free(&fs->env, c->subject);
	c->subject = mine;
	c->subject_l = subject.l;
	c->by_core = by_core;
	return WIMS_OK;
}

void wims_subject_unclaim(struct wims_flows *fs, struct wims_conn *c)
{
	if(c->registered || c->n_pendings > 0)
		return;
	wims_free(&fs->env, c->subject);
	c->subject = NULL;
}

enum wims_reason wims_subject_settle(struct wims_flows *fs, const struct wims_pending *p)
{
	const struct wims_binding *b = p->binding;
	struct wims_conn *c = p->conn;

	if(c == NULL || !(b->kind & WIMS_BINDING_BY_CORE)
	   || wims_pl_eq(subject_of(c), b->texts[WIMS_BINDING_IMPI]))
		return WIMS_OK;
	return c->registered ? WIMS_SUBJECT_MISMATCH
						 : wims_subject_claim(fs, c, b->texts[WIMS_BINDING_IMPI], true);
}

/* ---- what the core asks ---- */

enum wims_reason wims_flow_challenged(struct wims_flows *fs, uint32_t id, struct wims_pl nonce)
{
	struct wims_conn *c = wims_conn_find(fs, id);

	if(c == NULL)
		return WIMS_FLOW_UNKNOWN;
	if(c->challenges < UINT32_MAX)
		c->challenges++;
	wims_free(&fs->env, c->aka_nonce);
	c->aka_nonce = NULL;
	if(nonce.l > WIMS_AKA_NONCE_MAX)
		return WIMS_CORE_ANSWER_BAD;
	if(nonce.l == 0)
		return WIMS_OK;
	c->aka_nonce = wims_strdup(&fs->env, nonce);
	c->aka_nonce_l = nonce.l;
	return c->aka_nonce != NULL ? WIMS_OK : WIMS_NOMEM;
}

void wims_binding_challenged(struct wims_flows *fs, uint64_t txn)
{
	struct wims_pending *p = wims_pending_find(fs, txn);

	if(p != NULL)
		p->challenged = true;
}

uint32_t wims_flow_challenges(const struct wims_flows *fs, uint32_t id)
{
	const struct wims_conn *c = wims_conn_find(fs, id);

	return c == NULL ? 0 : c->challenges;
}

bool wims_flow_is_aka(const struct wims_flows *fs, uint32_t id, struct wims_pl nonce)
{
	const struct wims_conn *c = wims_conn_find(fs, id);

	return c != NULL && c->aka_nonce != NULL
		   && wims_pl_eq((struct wims_pl){c->aka_nonce, c->aka_nonce_l}, nonce);
}
