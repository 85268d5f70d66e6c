/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_exclusive.h"

#include <string.h>

#include "base/wims_hash.h"
#include "base/wims_ring.h"
#include "base/wims_texts.h"
#include "base/wims_w.h"

enum
{
	SWEPT_EACH_TIME = 4 /* holds looked at for expiry whenever one is made */
};

struct hold;

/* One IMPU of a hold. */
struct impu
{
	struct wims_hnode node;
	struct hold *hold;
};

struct hold
{
	struct wims_hnode node; /* by IMPI */
	struct wims_hold view;
	unsigned char first[WIMS_SHA256_LEN], latest[WIMS_SHA256_LEN]; /* digests of tokens */
	char name[WIMS_ANONYMOUS_LEN];
	char jti[WIMS_TOKEN_NAME_MAX];
	struct impu *impu;      /* view.impu_count of them, behind this */
	struct wims_pl texts[]; /* of the IMPUs; behind impu all bytes */
};

struct wims_exclusive
{
	struct wims_env env;
	struct wims_hash_key key;
	struct wims_hash by_impi;
	struct wims_hash by_impu;
	size_t max;
	uint64_t swept;
};

struct wims_exclusive *wims_exclusive_new(const struct wims_env *env, size_t max,
										  bool (*random)(void *buf, size_t n))
{
	struct wims_exclusive *ex = wims_zalloc(env, sizeof(*ex));

	if(ex == NULL)
		return NULL;
	ex->env = *env;
	ex->max = max;
	if(random(&ex->key, sizeof(ex->key)) && wims_hash_init(&ex->by_impi, &ex->env, 0)
	   && wims_hash_init(&ex->by_impu, &ex->env, 0))
		return ex;
	wims_exclusive_free(ex);
	return NULL;
}

static struct hold *hold_of(struct wims_hnode *n)
{
	return n == NULL ? NULL : WIMS_OWNER(n, struct hold, node);
}

static void free_hold(void *ex, struct wims_hnode *n)
{
	wims_free(&((struct wims_exclusive *)ex)->env, hold_of(n));
}

void wims_exclusive_free(struct wims_exclusive *ex)
{
	struct wims_env env;

	if(ex == NULL)
		return;
	wims_hash_drain(&ex->by_impi, free_hold, ex);
	wims_hash_done(&ex->by_impi);
	wims_hash_done(&ex->by_impu); /* its nodes went with the holds */
	env = ex->env;
	wims_free(&env, ex);
}

size_t wims_exclusive_count(const struct wims_exclusive *ex)
{
	return ex->by_impi.count;
}

static uint32_t hash_of(const struct wims_exclusive *ex, struct wims_pl text)
{
	return wims_hash_slices(&ex->key, &text, 1);
}

static void drop(struct wims_exclusive *ex, struct hold *h)
{
	size_t i;

	for(i = 0; i < h->view.impu_count; i++)
		wims_hash_remove(&ex->by_impu, &h->impu[i].node);
	wims_hash_remove(&ex->by_impi, &h->node);
	wims_free(&ex->env, h);
}

/* ---- finding ---- */

static struct hold *by_impi(const struct wims_exclusive *ex, struct wims_pl impi)
{
	struct wims_hnode *n = wims_hash_first(&ex->by_impi, hash_of(ex, impi));

	while(n != NULL && !wims_pl_eq(hold_of(n)->view.impi, impi))
		n = wims_hash_next(n);
	return hold_of(n);
}

static struct hold *by_impu(const struct wims_exclusive *ex, struct wims_pl impu)
{
	struct wims_hnode *n = wims_hash_first(&ex->by_impu, hash_of(ex, impu));

	for(; n != NULL; n = wims_hash_next(n)) {
		const struct impu *u = WIMS_OWNER(n, struct impu, node);

		if(wims_pl_eq(u->hold->texts[u - u->hold->impu], impu))
			return u->hold;
	}
	return NULL;
}

static bool live(const struct hold *h, int64_t now)
{
	return h != NULL && h->view.until > now;
}

static bool has_impu(const struct hold *h, struct wims_pl impu)
{
	size_t i;

	for(i = 0; i < h->view.impu_count; i++)
		if(wims_pl_eq(h->texts[i], impu))
			return true;
	return false;
}

/* The same IMPI and IMPUs, none of which a token has twice. */
static bool same_identities(const struct hold *h, const struct wims_token *t)
{
	size_t i;

	if(!wims_pl_eq(h->view.wwsf, t->wwsf->name) || !wims_pl_eq(h->view.impi, t->impi)
	   || h->view.impu_count != t->impu_count)
		return false;
	for(i = 0; i < t->impu_count; i++)
		if(!has_impu(h, t->impus[i]))
			return false;
	return true;
}

static bool is_holder(const struct hold *h, const struct wims_exclusive_in *in)
{
	if(in->token->subject.l > 0 || !same_identities(h, in->token))
		return false;
	return memcmp(h->first, in->digest, WIMS_SHA256_LEN) == 0
		   || memcmp(h->latest, in->digest, WIMS_SHA256_LEN) == 0
		   || wims_pl_eq(in->conn_subject, h->view.name);
}

/* *out: the hold of who shows the token, NULL if there is none. False: somebody
 * else has one of its identities. */
static bool find(const struct wims_exclusive *ex, const struct wims_exclusive_in *in, int64_t now,
				 struct hold **out)
{
	struct hold *h = by_impi(ex, in->token->impi);
	size_t i;

	*out = live(h, now) ? h : NULL;
	if(*out != NULL && !is_holder(*out, in))
		return false;
	for(i = 0; i < in->token->impu_count; i++) {
		h = by_impu(ex, in->token->impus[i]);
		if(live(h, now) && h != *out)
			return false;
	}
	return true;
}

/* ---- making ---- */

static void write_name(char name[WIMS_ANONYMOUS_LEN], const unsigned char *digest)
{
	struct wims_w w;

	wims_w_init(&w, name, WIMS_ANONYMOUS_LEN);
	wims_w_lit(&w, WIMS_ANONYMOUS_PREFIX);
	wims_w_hex(&w, digest, WIMS_ANONYMOUS_DIGEST_LEN);
}

static size_t bytes_of(const struct wims_token *t)
{
	size_t n = t->wwsf->name.l + t->impi.l, i;

	for(i = 0; i < t->impu_count; i++)
		n += t->impus[i].l;
	return n;
}

/* A hold with copies of all identities, in no table yet; NULL: no memory. */
static struct hold *new_hold(const struct wims_env *env, const struct wims_exclusive_in *in)
{
	const struct wims_token *t = in->token;
	struct hold *h = wims_zalloc(
			env, sizeof(*h) + t->impu_count * (sizeof(*h->texts) + sizeof(*h->impu)) + bytes_of(t));
	char *at;
	size_t i;

	if(h == NULL)
		return NULL;
	h->impu = (struct impu *)(void *)&h->texts[t->impu_count];
	at = (char *)&h->impu[t->impu_count];
	h->view.wwsf = wims_texts_put(&at, t->wwsf->name);
	h->view.impi = wims_texts_put(&at, t->impi);
	for(i = 0; i < t->impu_count; i++) {
		h->texts[i] = wims_texts_put(&at, t->impus[i]);
		h->impu[i].hold = h;
	}
	h->view.impus = h->texts;
	h->view.impu_count = t->impu_count;
	memcpy(h->first, in->digest, WIMS_SHA256_LEN);
	write_name(h->name, in->digest);
	h->view.name = (struct wims_pl){h->name, WIMS_ANONYMOUS_LEN};
	return h;
}

static void enter(struct wims_exclusive *ex, struct hold *h)
{
	size_t i;

	wims_hash_add(&ex->by_impi, &h->node, hash_of(ex, h->view.impi));
	for(i = 0; i < h->view.impu_count; i++)
		wims_hash_add(&ex->by_impu, &h->impu[i].node, hash_of(ex, h->texts[i]));
}

/* A fresher token prolongs a hold; an older one changes nothing. */
static void renew(struct hold *h, const struct wims_exclusive_in *in)
{
	const struct wims_token *t = in->token;
	int64_t until = t->exp + t->wwsf->leeway;

	if(until <= h->view.until)
		return;
	h->view.until = until;
	h->view.iat = t->iat;
	h->view.jti = (struct wims_pl){h->jti, t->jti.l};
	if(t->jti.l > 0)
		memcpy(h->jti, t->jti.p, t->jti.l);
	memcpy(h->latest, in->digest, WIMS_SHA256_LEN);
}

/* What has expired goes little by little, and what is in the way at once. */
static void make_room(struct wims_exclusive *ex, const struct wims_token *t, int64_t now)
{
	struct hold *h = by_impi(ex, t->impi);
	size_t i;

	if(h != NULL && !live(h, now))
		drop(ex, h);
	for(i = 0; i < t->impu_count; i++)
		if((h = by_impu(ex, t->impus[i])) != NULL && !live(h, now))
			drop(ex, h);
	if(!wims_exclusive_walk(ex, &ex->swept, SWEPT_EACH_TIME, now, NULL, NULL))
		ex->swept = 0;
}

static enum wims_reason make(struct wims_exclusive *ex, const struct wims_exclusive_in *in,
							 int64_t now, struct hold **out)
{
	make_room(ex, in->token, now);
	if(ex->by_impi.count >= ex->max)
		return WIMS_LIMIT_REACHED;
	if((*out = new_hold(&ex->env, in)) == NULL)
		return WIMS_NOMEM;
	enter(ex, *out);
	return WIMS_OK;
}

/* The digest is that of a hold's first token. */
static void name_token(struct wims_token *t, const unsigned char *digest)
{
	write_name(t->text + t->used, digest);
	t->subject = (struct wims_pl){t->text + t->used, WIMS_ANONYMOUS_LEN};
	t->used += WIMS_ANONYMOUS_LEN;
}

static enum wims_reason check(const struct wims_exclusive *ex, const struct wims_exclusive_in *in,
							  int64_t now, struct hold **out)
{
	const struct wims_token *t = in->token;

	if(!find(ex, in, now, out))
		return WIMS_IDENTITY_IN_USE;
	return t->subject.l > 0 || sizeof(t->text) - t->used >= WIMS_ANONYMOUS_LEN ? WIMS_OK
																			   : WIMS_CLAIM_VALUE;
}

enum wims_reason wims_exclusive_take(struct wims_exclusive *ex, const struct wims_exclusive_in *in,
									 int64_t now, bool *made)
{
	struct hold *h;
	enum wims_reason r = check(ex, in, now, &h);

	*made = false;
	if(r != WIMS_OK || in->token->subject.l > 0)
		return r;
	if(h == NULL) {
		if((r = make(ex, in, now, &h)) != WIMS_OK)
			return r;
		*made = true;
	}
	renew(h, in);
	name_token(in->token, h->first);
	return WIMS_OK;
}

enum wims_reason wims_exclusive_ask(const struct wims_exclusive *ex,
									const struct wims_exclusive_in *in, int64_t now)
{
	struct hold *h;
	enum wims_reason r = check(ex, in, now, &h);

	if(r == WIMS_OK && in->token->subject.l == 0)
		name_token(in->token, h == NULL ? in->digest : h->first);
	return r;
}

static bool is_another(const struct hold *h, struct wims_pl subject, int64_t now)
{
	return live(h, now) && !wims_pl_eq(h->view.name, subject);
}

bool wims_exclusive_others(const struct wims_exclusive *ex, struct wims_pl impi,
						   struct wims_pl impu, struct wims_pl subject, int64_t now)
{
	return is_another(by_impi(ex, impi), subject, now)
		   || is_another(by_impu(ex, impu), subject, now);
}

/* ---- the operator ---- */

bool wims_exclusive_drop(struct wims_exclusive *ex, struct wims_pl impi)
{
	struct hold *h = by_impi(ex, impi);

	if(h != NULL)
		drop(ex, h);
	return h != NULL;
}

static size_t length_of(const struct wims_hnode *n)
{
	size_t length = 0;

	for(; n != NULL; n = wims_hash_next(n))
		length++;
	return length;
}

/* All holds of one hash. */
static void show_all(struct wims_exclusive *ex, struct wims_hnode *n, int64_t now,
					 bool (*show)(void *ctx, const struct wims_hold *h), void *ctx)
{
	struct wims_hnode *next;

	for(; n != NULL; n = next) {
		struct hold *h = hold_of(n);

		next = wims_hash_next(n);
		if(!live(h, now) || (show != NULL && !show(ctx, &h->view)))
			drop(ex, h);
	}
}

bool wims_exclusive_walk(struct wims_exclusive *ex, uint64_t *walk, size_t n, int64_t now,
						 bool (*show)(void *ctx, const struct wims_hold *h), void *ctx)
{
	struct wims_hnode *node;
	size_t shown = 0, more;

	while(*walk <= UINT32_MAX && (node = wims_hash_from(&ex->by_impi, (uint32_t)*walk)) != NULL) {
		node = wims_hash_first(&ex->by_impi, node->hash);
		more = length_of(node);
		if(shown > 0 && shown + more > n)
			return true;
		*walk = (uint64_t)node->hash + 1;
		show_all(ex, node, now, show, ctx);
		shown += more;
	}
	return false;
}

bool wims_hold_revoked(const struct wims_hold *h, const struct wims_revocation *r)
{
	const struct wims_revoke_token t = {h->wwsf, h->jti, WIMS_PL_NONE, h->iat};

	return wims_revocation_names(r, &t);
}
