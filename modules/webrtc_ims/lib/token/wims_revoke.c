/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_revoke.h"

#include <string.h>

#include "base/wims_hash.h"
#include "base/wims_ring.h"
#include "wims_claims.h"

struct entry
{
	struct wims_hnode node;
	struct wims_revocation r;
	char text[]; /* what r points at */
};

struct wims_revokes
{
	struct wims_env env;
	struct wims_hash_key key;
	struct wims_hash by[WIMS_REVOKE_KINDS];
	size_t max;
};

struct wims_revokes *wims_revokes_new(const struct wims_env *env, size_t max,
									  bool (*random)(void *buf, size_t n))
{
	struct wims_revokes *rs = wims_zalloc(env, sizeof(*rs));
	bool ok = rs != NULL && random(&rs->key, sizeof(rs->key));
	size_t i;

	if(rs == NULL)
		return NULL;
	rs->env = *env;
	rs->max = max;
	for(i = 0; ok && i < WIMS_REVOKE_KINDS; i++)
		ok = wims_hash_init(&rs->by[i], &rs->env, 0);
	if(ok)
		return rs;
	wims_revokes_free(rs);
	return NULL;
}

static void free_entry(void *rs, struct wims_hnode *n)
{
	wims_free(&((struct wims_revokes *)rs)->env, WIMS_OWNER(n, struct entry, node));
}

void wims_revokes_free(struct wims_revokes *rs)
{
	struct wims_env env;
	size_t i;

	if(rs == NULL)
		return;
	for(i = 0; i < WIMS_REVOKE_KINDS; i++) {
		wims_hash_drain(&rs->by[i], free_entry, rs);
		wims_hash_done(&rs->by[i]);
	}
	env = rs->env;
	wims_free(&env, rs);
}

size_t wims_revokes_count(const struct wims_revokes *rs)
{
	size_t i, n = 0;

	for(i = 0; i < WIMS_REVOKE_KINDS; i++)
		n += rs->by[i].count;
	return n;
}

/* A WWSF has one time before which tokens are refused, and so one entry. */
static struct wims_pl key_value(enum wims_revoke_kind kind, struct wims_pl value)
{
	return kind == WIMS_REVOKE_ISSUED_BEFORE ? WIMS_PL_NONE : value;
}

static uint32_t hash_of(const struct wims_revokes *rs, struct wims_pl wwsf, struct wims_pl value)
{
	const struct wims_pl key[2] = {wwsf, value};

	return wims_hash_slices(&rs->key, key, 2);
}

static struct entry *find(const struct wims_revokes *rs, enum wims_revoke_kind kind,
						  struct wims_pl wwsf, struct wims_pl value)
{
	struct wims_hnode *n = wims_hash_first(&rs->by[kind], hash_of(rs, wwsf, value));

	for(; n != NULL; n = wims_hash_next(n)) {
		struct entry *e = WIMS_OWNER(n, struct entry, node);

		if(wims_pl_eq(e->r.wwsf, wwsf) && wims_pl_eq(e->r.value, value))
			return e;
	}
	return NULL;
}

static bool text_ok(struct wims_pl text)
{
	return text.l > 0 && text.l <= WIMS_REVOKE_TEXT_MAX && wims_claim_text_ok(text);
}

static bool time_ok(int64_t t)
{
	return t > 0 && t <= WIMS_CLAIM_TIME_MAX;
}

static bool usable(const struct wims_revocation *r)
{
	if(r->kind >= WIMS_REVOKE_KINDS || !text_ok(r->wwsf) || !time_ok(r->expires))
		return false;
	return r->kind == WIMS_REVOKE_ISSUED_BEFORE ? r->value.l == 0 && time_ok(r->before)
												: r->before == 0 && text_ok(r->value);
}

static void toughen(struct wims_revocation *have, const struct wims_revocation *r)
{
	if(r->expires > have->expires)
		have->expires = r->expires;
	if(r->before > have->before)
		have->before = r->before;
}

static enum wims_reason insert(struct wims_revokes *rs, const struct wims_revocation *r)
{
	struct entry *e = wims_zalloc(&rs->env, sizeof(*e) + r->wwsf.l + r->value.l);

	if(e == NULL)
		return WIMS_NOMEM;
	e->r = *r;
	memcpy(e->text, r->wwsf.p, r->wwsf.l);
	e->r.wwsf.p = e->text;
	if(r->value.l > 0)
		memcpy(e->text + r->wwsf.l, r->value.p, r->value.l);
	e->r.value.p = e->text + r->wwsf.l;
	wims_hash_add(&rs->by[r->kind], &e->node, hash_of(rs, r->wwsf, r->value));
	return WIMS_OK;
}

enum wims_reason wims_revokes_add(struct wims_revokes *rs, const struct wims_revocation *r)
{
	struct entry *e;

	if(!usable(r))
		return WIMS_CLAIM_VALUE;
	if((e = find(rs, r->kind, r->wwsf, r->value)) != NULL) {
		toughen(&e->r, r);
		return WIMS_OK;
	}
	return wims_revokes_count(rs) < rs->max ? insert(rs, r) : WIMS_LIMIT_REACHED;
}

static void drop(struct wims_revokes *rs, struct entry *e)
{
	wims_hash_remove(&rs->by[e->r.kind], &e->node);
	wims_free(&rs->env, e);
}

bool wims_revokes_remove(struct wims_revokes *rs, const struct wims_revocation *r)
{
	struct entry *e = r->kind < WIMS_REVOKE_KINDS
							  ? find(rs, r->kind, r->wwsf, key_value(r->kind, r->value))
							  : NULL;

	if(e == NULL || e->r.before != r->before)
		return false;
	drop(rs, e);
	return true;
}

/* The first entry of the next hash that has any; the walk is behind that hash
 * then. NULL: the end. */
static struct wims_hnode *next_hash(const struct wims_revokes *rs, struct wims_revoke_walk *walk)
{
	struct wims_hnode *n = NULL;

	while(walk->kind < WIMS_REVOKE_KINDS
		  && (n = wims_hash_from(&rs->by[walk->kind], walk->from)) == NULL)
		*walk = (struct wims_revoke_walk){walk->kind + 1, 0};
	if(n == NULL)
		return NULL;
	walk->from = n->hash + 1;
	walk->kind += walk->from == 0;
	return wims_hash_first(&rs->by[WIMS_OWNER(n, struct entry, node)->r.kind], n->hash);
}

bool wims_revokes_expire(struct wims_revokes *rs, struct wims_revoke_walk *walk, size_t n,
						 int64_t now)
{
	struct wims_hnode *node = NULL, *next;
	size_t seen = 0;

	while(seen < n && (node = next_hash(rs, walk)) != NULL)
		for(; node != NULL; node = next, seen++) {
			struct entry *e = WIMS_OWNER(node, struct entry, node);

			next = wims_hash_next(node);
			if(e->r.expires <= now)
				drop(rs, e);
		}
	return seen >= n;
}

static size_t count_hash(const struct wims_hnode *node)
{
	size_t n = 0;

	for(; node != NULL; node = wims_hash_next(node))
		n++;
	return n;
}

bool wims_revokes_walk(const struct wims_revokes *rs, struct wims_revoke_walk *walk, size_t n,
					   void (*show)(void *ctx, const struct wims_revocation *r), void *ctx)
{
	struct wims_revoke_walk before = *walk;
	struct wims_hnode *node;
	size_t shown = 0;

	while((node = next_hash(rs, walk)) != NULL) {
		size_t more = count_hash(node);

		if(shown > 0 && shown + more > n) {
			*walk = before;
			return true;
		}
		for(; node != NULL; node = wims_hash_next(node))
			show(ctx, &WIMS_OWNER(node, struct entry, node)->r);
		shown += more;
		before = *walk;
	}
	return false;
}

bool wims_revocation_names(const struct wims_revocation *r, const struct wims_revoke_token *t)
{
	if(!wims_pl_eq(r->wwsf, t->wwsf))
		return false;
	switch(r->kind) {
		case WIMS_REVOKE_JTI:
			return t->jti.l > 0 && wims_pl_eq(r->value, t->jti);
		case WIMS_REVOKE_SUBJECT:
			return t->subject.l > 0 && wims_pl_eq(r->value, t->subject);
		case WIMS_REVOKE_ISSUED_BEFORE:
			return t->iat < r->before; /* and 0 stands for a token that does not say */
		case WIMS_REVOKE_KINDS:
			break;
	}
	return false;
}

enum wims_reason wims_revokes_check(const struct wims_revokes *rs,
									const struct wims_revoke_token *t, int64_t now)
{
	const struct wims_pl values[WIMS_REVOKE_KINDS] = {
			[WIMS_REVOKE_JTI] = t->jti,
			[WIMS_REVOKE_SUBJECT] = t->subject,
	};
	unsigned kind;

	for(kind = 0; kind < WIMS_REVOKE_KINDS; kind++) {
		const struct entry *e =
				rs->by[kind].count == 0 ? NULL : find(rs, kind, t->wwsf, values[kind]);

		if(e != NULL && e->r.expires > now && wims_revocation_names(&e->r, t))
			return WIMS_TOKEN_REVOKED;
	}
	return WIMS_OK;
}
