/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_exclusive.h"

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "base/wims_texts.h"
#include "identity/wims_impu.h"
#include "wk_env.h"
#include "wk_params.h"
#include "wk_proc.h"
#include "wk_revoke.h"
#include "wk_state.h"

enum
{
	EACH_LOCK = 64 /* holds */
};

struct shared
{
	gen_lock_t lock;
	struct wims_exclusive *table;
	size_t count; /* of the table, to be read without the lock */
};

static struct shared *shared;

static struct wims_exclusive *take_lock(void)
{
	lock_get(&shared->lock);
	return shared->table;
}

static void give_lock(void)
{
	__atomic_store_n(&shared->count, wims_exclusive_count(shared->table), __ATOMIC_RELEASE);
	lock_release(&shared->lock);
}

static bool any(void)
{
	return __atomic_load_n(&shared->count, __ATOMIC_ACQUIRE) > 0;
}

/* ---- life ---- */

int wk_exclusive_init(void)
{
	shared = shm_malloc(sizeof(*shared));
	if(shared != NULL)
		*shared = (struct shared){.table = wims_exclusive_new(wk_shm_env(),
															  (size_t)wk_params.max_anonymous,
															  wims_random)};
	if(shared == NULL || shared->table == NULL || lock_init(&shared->lock) == NULL) {
		LM_ERR("no shared memory for identities of anonymous users\n");
		return -1;
	}
	return 0;
}

void wk_exclusive_destroy(void)
{
	if(shared == NULL)
		return;
	wims_exclusive_free(shared->table);
	shm_free(shared);
	shared = NULL;
}

/* ---- one token ---- */

static bool is_stranger(void *ctx, const struct wims_binding_view *v)
{
	struct wims_pl *own = ctx;

	if(wims_pl_eq(v->subject, *own))
		return true;
	*own = WIMS_PL_NONE;
	return false;
}

/* Is somebody else registered with one of the IMPUs? */
static bool strangers(const struct wims_token *t)
{
	struct wims_pl own = t->subject;
	size_t i;

	for(i = 0; own.l > 0 && i < t->impu_count; i++) {
		wims_bindings_by(wk_flows_lock(), WIMS_BY_IMPU, t->impus[i], is_stranger, &own);
		wk_flows_unlock();
	}
	return own.l == 0;
}

/* It is in the table before anybody else is looked for, and before it is asked
 * whether it is revoked: what comes behind that finds it. */
static enum wims_reason check_made(const struct wims_token *t, bool made)
{
	enum wims_reason r = wk_revoke_check(t);

	if(r == WIMS_OK && made && strangers(t))
		r = WIMS_IDENTITY_IN_USE;
	if(r != WIMS_OK && made)
		(void)!wk_exclusive_free(t->impi);
	return r;
}

static enum wims_reason judge(sip_msg_t *msg, struct wims_token *t, struct wims_pl compact,
							  bool take)
{
	unsigned char digest[WIMS_SHA256_LEN] = {0};
	struct wims_exclusive_in in = {.token = t, .digest = digest};
	struct wims_conn_view conn = {0};
	bool anonymous = t->subject.l == 0, made = false;
	enum wims_reason r;

	if(!anonymous && !any())
		return WIMS_OK;
	if(anonymous) {
		if(!wims_sha256(digest, compact))
			return WIMS_CRYPTO_FAILED;
		r = wk_flow_check((uint32_t)msg->rcv.proto_reserved1, &conn);
		if(r != WIMS_OK)
			return r;
		in.conn_subject = conn.subject;
	}
	r = take ? wims_exclusive_take(take_lock(), &in, wk_wall(), &made)
			 : wims_exclusive_ask(take_lock(), &in, wk_wall());
	give_lock();
	return r == WIMS_OK && anonymous ? check_made(t, made) : r;
}

enum wims_reason wk_exclusive_take(sip_msg_t *msg, struct wims_token *t, struct wims_pl compact)
{
	return judge(msg, t, compact, true);
}

enum wims_reason wk_exclusive_ask(sip_msg_t *msg, struct wims_token *t, struct wims_pl compact)
{
	return judge(msg, t, compact, false);
}

enum wims_reason wk_exclusive_recheck(struct wims_pl contact_user)
{
	static struct wims_binding_view v;
	bool found, others;

	if(!any())
		return WIMS_OK;
	found = wims_binding_of_user(wk_flows_lock(), contact_user, &v);
	wk_flows_unlock();
	if(!found)
		return WIMS_OK;
	others = wims_exclusive_others(take_lock(), v.impi, v.impu, v.subject, wk_wall());
	give_lock();
	if(!others)
		return WIMS_OK;
	wims_binding_drop(wk_flows_lock(), contact_user, wk_now_ms());
	wk_flows_unlock();
	wk_proc_wake();
	return WIMS_IDENTITY_IN_USE;
}

/* ---- all of them ---- */

static void walk(bool (*show)(void *ctx, const struct wims_hold *h), void *ctx)
{
	uint64_t at = 0;
	bool more = any();

	while(more) {
		more = wims_exclusive_walk(take_lock(), &at, EACH_LOCK, wk_wall(), show, ctx);
		give_lock();
	}
}

static bool still_good(void *ctx, const struct wims_hold *h)
{
	return !wims_hold_revoked(h, ctx);
}

void wk_exclusive_revoke(const struct wims_revocation *r)
{
	struct wims_revocation copy = *r;

	walk(still_good, &copy);
}

bool wk_exclusive_free(struct wims_pl impi)
{
	bool freed = wims_exclusive_drop(take_lock(), impi);

	give_lock();
	return freed;
}

size_t wk_exclusive_count(void)
{
	if(shared == NULL)
		return 0;
	walk(NULL, NULL); /* lets go of what has expired */
	return __atomic_load_n(&shared->count, __ATOMIC_ACQUIRE);
}

/* ---- showing ---- */

struct copy
{
	struct wims_hold h;
	struct wims_pl impu;
	char text[WIMS_REVOKE_TEXT_MAX + WIMS_ANONYMOUS_LEN + WIMS_IMPI_MAX + WIMS_IMPU_MAX];
};

struct copies
{
	size_t used;
	struct copy at[EACH_LOCK];
};

static bool take_copy(void *ctx, const struct wims_hold *h)
{
	struct copies *all = ctx;
	struct copy *c = &all->at[all->used];
	char *at = c->text;

	if(all->used == EACH_LOCK)
		return true;
	all->used++;
	c->h = *h;
	c->h.wwsf = wims_texts_put(&at, h->wwsf);
	c->h.name = wims_texts_put(&at, h->name);
	c->h.impi = wims_texts_put(&at, h->impi);
	c->impu = wims_texts_put(&at, h->impu_count > 0 ? h->impus[0] : WIMS_PL_NONE);
	c->h.impus = &c->impu;
	c->h.jti = WIMS_PL_NONE;
	return true;
}

void wk_exclusive_each(bool (*show)(void *ctx, const struct wims_hold *h), void *ctx)
{
	static struct copies all;
	uint64_t at = 0;
	bool more = any();
	size_t i;

	while(more) {
		all.used = 0;
		more = wims_exclusive_walk(take_lock(), &at, EACH_LOCK, wk_wall(), take_copy, &all);
		give_lock();
		for(i = 0; i < all.used; i++)
			if(!show(ctx, &all.at[i].h))
				return;
	}
}
