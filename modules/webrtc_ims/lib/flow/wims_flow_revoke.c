/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_flow_int.h"

static bool rests_on(const struct wims_binding *b, const struct wims_revocation *r)
{
	const struct wims_reg *reg = b->reg;
	struct wims_revoke_token t;

	if(reg == NULL || b->ending || reg->token_exp == 0)
		return false;
	t = (struct wims_revoke_token){
			.wwsf = wims_common_text(reg->common[WIMS_REG_WWSF]),
			.jti = reg->texts[WIMS_REG_JTI],
			.subject = reg->texts[WIMS_REG_SUBJECT],
			.iat = reg->token_iat,
	};
	return wims_revocation_names(r, &t);
}

/* Nothing is left of the token but whose it was and when it ended; it was issued
 * before that. */
static bool outlived(const struct wims_conn *c, const struct wims_revocation *r)
{
	const struct wims_revoke_token t = {
			.wwsf = c->texts[WIMS_CONN_WWSF],
			.subject = {c->subject, c->subject_l},
			.iat = c->over_exp,
	};

	return c->token_over && c->subject != NULL && wims_revocation_names(r, &t);
}

static bool is_named(const struct wims_conn *c, const struct wims_revocation *r)
{
	const struct wims_ring *l;

	for(l = c->bindings.next; l != &c->bindings; l = l->next)
		if(rests_on(WIMS_OWNER(l, struct wims_binding, on_conn), r))
			return true;
	return outlived(c, r);
}

static size_t end_conn(struct wims_flows *fs, struct wims_conn *c, enum wims_reason why,
					   int64_t now)
{
	size_t n = c->n_bindings;

	wims_conn_end(fs, c, why, now);
	return n;
}

/* Hashes of connections are all different. */
static bool revoke_conns(struct wims_flows *fs, const struct wims_revocation *r,
						 struct wims_flow_walk *walk, size_t n, int64_t now, size_t *ended)
{
	struct wims_hnode *node = NULL;

	while(n > 0 && (node = wims_hash_from(&fs->conns, walk->from)) != NULL) {
		struct wims_conn *c = WIMS_OWNER(node, struct wims_conn, by_id);

		walk->from = node->hash + 1;
		if(is_named(c, r))
			*ended += end_conn(fs, c, WIMS_TOKEN_REVOKED, now);
		if(walk->from == 0)
			return false;
		n--;
	}
	return node != NULL;
}

/* Those of bindings need not be. One that is given up stays in its place: it is
 * removed when the core is told. */
static size_t revoke_hash(struct wims_flows *fs, const struct wims_revocation *r,
						  struct wims_hnode *node, int64_t now, size_t *ended)
{
	size_t n = 0;

	for(; node != NULL; node = wims_hash_next(node), n++) {
		struct wims_binding *b = WIMS_OWNER(node, struct wims_binding, by_key);

		if(b->conn != NULL || !rests_on(b, r))
			continue;
		wims_binding_give_up(fs, b, now);
		++*ended;
	}
	return n;
}

static bool revoke_waiting(struct wims_flows *fs, const struct wims_revocation *r,
						   struct wims_flow_walk *walk, size_t n, int64_t now, size_t *ended)
{
	struct wims_hnode *node = NULL;
	size_t seen = 0;

	while(seen < n && (node = wims_hash_from(&fs->bindings, walk->from)) != NULL) {
		walk->from = node->hash + 1;
		seen += revoke_hash(fs, r, wims_hash_first(&fs->bindings, node->hash), now, ended);
		if(walk->from == 0)
			return false;
	}
	return node != NULL;
}

/* Connections first: a binding whose connection is lost during the walk is met
 * among those that wait. */
bool wims_flows_revoke(struct wims_flows *fs, const struct wims_revocation *r,
					   struct wims_flow_walk *walk, size_t n, int64_t now, size_t *ended)
{
	if(walk->waiting)
		return revoke_waiting(fs, r, walk, n, now, ended);
	if(!revoke_conns(fs, r, walk, n, now, ended))
		*walk = (struct wims_flow_walk){0, true};
	return true;
}

static struct wims_binding *find_user(const struct wims_flows *fs, struct wims_pl contact_user)
{
	struct wims_binding *b = wims_binding_named(fs, contact_user);

	return b == NULL || b->reg == NULL || b->ending ? NULL : b;
}

bool wims_binding_of_user(struct wims_flows *fs, struct wims_pl contact_user,
						  struct wims_binding_view *view)
{
	const struct wims_binding *b = find_user(fs, contact_user);

	if(b != NULL)
		wims_binding_show(b, view);
	return b != NULL;
}

size_t wims_binding_end(struct wims_flows *fs, struct wims_pl contact_user, enum wims_reason why,
						int64_t now)
{
	struct wims_binding *b = find_user(fs, contact_user);

	if(b == NULL)
		return 0;
	if(b->conn != NULL)
		return end_conn(fs, b->conn, why, now);
	wims_binding_give_up(fs, b, now);
	return 1;
}

size_t wims_binding_open(const struct wims_flows *fs, struct wims_pl contact_user)
{
	const struct wims_binding *b = wims_binding_named(fs, contact_user);
	const struct wims_ring *l;
	size_t n = 0;

	for(l = b == NULL ? NULL : b->pendings.next; l != NULL && l != &b->pendings; l = l->next)
		n++;
	return n;
}
