/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_revoke.h"

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "base/wims_texts.h"
#include "jose/wims_alg_ossl.h"
#include "store/wims_record.h"
#include "wk_env.h"
#include "wk_exclusive.h"
#include "wk_params.h"
#include "wk_proc.h"
#include "wk_state.h"
#include "wk_stats.h"
#include "wk_store.h"

enum
{
	EACH_LOCK = 64,       /* revocations */
	WALKED_EACH_LOCK = 50 /* connections or bindings; some 75 us if all of them end */
};

#define FILE_NAME "revocations"

struct shared
{
	gen_lock_t lock;
	struct wims_revokes *table;
	size_t count; /* of the table, to be read without the lock */
};

static struct shared *shared;

static struct wims_revokes *take_lock(void)
{
	lock_get(&shared->lock);
	return shared->table;
}

static void give_lock(void)
{
	__atomic_store_n(&shared->count, wims_revokes_count(shared->table), __ATOMIC_RELEASE);
	lock_release(&shared->lock);
}

static bool any(void)
{
	return __atomic_load_n(&shared->count, __ATOMIC_ACQUIRE) > 0;
}

/* ---- life ---- */

static bool new_table(void)
{
	shared->table = wims_revokes_new(wk_shm_env(), (size_t)wk_params.max_revocations, wims_random);
	return shared->table != NULL;
}

/* A file that cannot be used is ignored, and all of it. One that does not fit
 * is not: it would be a silent pardon. */
static int take_over(struct wims_pl text)
{
	size_t line = 0;
	enum wims_reason r = wims_revokes_read(shared->table, text, wk_wall(), &line);

	if(r == WIMS_OK) {
		LM_INFO("%zu revocations of earlier starts are in force\n",
				wims_revokes_count(shared->table));
		return 0;
	}
	if(r == WIMS_LIMIT_REACHED || r == WIMS_NOMEM) {
		LM_ERR("modparam max_revocations=%d: must be enough for those in %s/" FILE_NAME
			   ".state (%s)\n",
			   wk_params.max_revocations, wk_params.state_dir, wims_reason_text(r));
		return -1;
	}
	LM_ERR("%s/" FILE_NAME ".state is ignored: line %zu\n", wk_params.state_dir, line);
	wims_revokes_free(shared->table);
	return new_table() ? 0 : -1;
}

static int load(void)
{
	struct wims_buf body;
	int rc = 0;

	if(wk_store_load(FILE_NAME, WIMS_RECORD_BODY_MAX, &body))
		rc = take_over(wims_buf_pl(&body));
	wims_buf_clear(&body);
	return rc;
}

int wk_revoke_init(void)
{
	shared = shm_malloc(sizeof(*shared));
	if(shared != NULL)
		*shared = (struct shared){.table = NULL};
	if(shared == NULL || lock_init(&shared->lock) == NULL || !new_table()) {
		LM_ERR("no shared memory for revocations\n");
		return -1;
	}
	if(load() < 0)
		return -1;
	take_lock();
	give_lock();
	return 0;
}

void wk_revoke_destroy(void)
{
	if(shared == NULL)
		return;
	wims_revokes_free(shared->table);
	shm_free(shared);
	shared = NULL;
}

/* ---- asking ---- */

static enum wims_reason check(const struct wims_revoke_token *t)
{
	enum wims_reason r;

	if(!any())
		return WIMS_OK;
	r = wims_revokes_check(take_lock(), t, wk_wall());
	lock_release(&shared->lock);
	return r;
}

enum wims_reason wk_revoke_check(const struct wims_token *t)
{
	return check(&(struct wims_revoke_token){t->wwsf->name, t->jti, t->subject, t->iat});
}

/* Told apart from connections, of which more may rest on the token. */
static void count_ended(size_t n)
{
	if(n == 0)
		return;
	while(n-- > 0)
		wk_stats_event(WK_EV_REVOKED_REGISTRATIONS);
	wk_proc_wake();
}

enum wims_reason wk_revoke_recheck(struct wims_pl contact_user)
{
	static struct wims_binding_view v;
	enum wims_reason r = WIMS_OK;
	size_t ended;
	bool found;

	if(!any())
		return WIMS_OK;
	found = wims_binding_of_user(wk_flows_lock(), contact_user, &v);
	wk_flows_unlock();
	if(found && v.token_exp != 0)
		r = check(&(struct wims_revoke_token){v.wwsf, v.jti, v.subject, v.token_iat});
	if(r == WIMS_OK)
		return WIMS_OK;
	ended = wims_binding_end(wk_flows_lock(), contact_user, WIMS_TOKEN_REVOKED, wk_now_ms());
	wk_flows_unlock();
	count_ended(ended);
	return r;
}

/* Lets go of what has expired. */
size_t wk_revoke_count(void)
{
	struct wims_revoke_walk walk = {0};
	bool more = shared != NULL && any();

	while(more) {
		more = wims_revokes_expire(take_lock(), &walk, EACH_LOCK, wk_wall());
		give_lock();
	}
	return shared == NULL ? 0 : __atomic_load_n(&shared->count, __ATOMIC_ACQUIRE);
}

/* ---- showing ---- */

struct copy
{
	struct wims_revocation r;
	char text[2 * WIMS_REVOKE_TEXT_MAX];
};

struct copies
{
	size_t used;
	struct copy at[EACH_LOCK];
};

static void take_copy(void *ctx, const struct wims_revocation *r)
{
	struct copies *all = ctx;
	struct copy *c = &all->at[all->used];
	char *at = c->text;

	if(all->used == EACH_LOCK)
		return;
	all->used++;
	c->r = *r;
	c->r.wwsf = wims_texts_put(&at, r->wwsf);
	c->r.value = wims_texts_put(&at, r->value);
}

bool wk_revoke_each(bool (*show)(void *ctx, const struct wims_revocation *r), void *ctx)
{
	static struct copies all;
	struct wims_revoke_walk walk = {0};
	bool more = wk_revoke_count() > 0;
	size_t i;

	while(more) {
		all.used = 0;
		more = wims_revokes_walk(take_lock(), &walk, EACH_LOCK, take_copy, &all);
		lock_release(&shared->lock);
		for(i = 0; i < all.used; i++)
			if(!show(ctx, &all.at[i].r))
				return false;
	}
	return true;
}

/* ---- changing ---- */

static bool write_one(void *ctx, const struct wims_revocation *r)
{
	return wims_revocation_write(ctx, r);
}

/* What comes and goes while it is written is saved by whoever changes it. */
static bool write_table(void *ctx, struct wims_buf *out)
{
	(void)ctx;
	return wk_revoke_each(write_one, out);
}

static size_t end_registrations(const struct wims_revocation *r)
{
	struct wims_flow_walk walk = {0};
	size_t ended = 0;
	bool more = true;

	while(more) {
		more = wims_flows_revoke(wk_flows_lock(), r, &walk, WALKED_EACH_LOCK, wk_now_ms(), &ended);
		wk_flows_unlock();
	}
	count_ended(ended);
	return ended;
}

enum wims_reason wk_revoke_add(const struct wims_revocation *r, size_t *ended,
							   enum wims_reason *saved)
{
	enum wims_reason added;

	*ended = 0;
	*saved = WIMS_OK;
	wk_revoke_count(); /* makes room */
	added = wims_revokes_add(take_lock(), r);
	give_lock();
	if(added != WIMS_OK)
		return added;
	*ended = end_registrations(r);
	wk_exclusive_revoke(r);
	LM_INFO("revoked by %s of %.*s: %zu registrations ended\n", wims_revoke_kind_text(r->kind),
			WK_FMT(r->wwsf), *ended);
	*saved = wk_store_save(FILE_NAME, write_table, NULL);
	return WIMS_OK;
}

bool wk_revoke_remove(const struct wims_revocation *r, enum wims_reason *saved)
{
	bool removed = wims_revokes_remove(take_lock(), r);

	give_lock();
	*saved = removed ? wk_store_save(FILE_NAME, write_table, NULL) : WIMS_OK;
	return removed;
}
