/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_lookup.h"

#include <string.h>

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "wk_env.h"
#include "wk_params.h"
#include "wk_proc.h"
#include "wk_state.h"
#include "wk_stats.h"

struct wk_server
{
	char wwsf[WK_SERVER_NAME_MAX + 1];
	unsigned pending;
	unsigned open; /* without the lock, see wk_lookup_open() */
	struct wims_breaker breaker;
	char reason[WK_SERVER_REASON_MAX + 1];
};

static const struct wims_breaker_policy policy = {
		.failures = WK_LOOKUP_FAILURES, .pause_min = 2000, .pause_max = 30000, .lost = 15000};

static struct table
{
	gen_lock_t lock;
	unsigned count;
	struct wims_ring all;
	struct wk_lookup *first, *last; /* sent, not taken */
	struct wk_server servers[WIMS_WWSFS_MAX];
} * table;

int wk_lookup_init(void)
{
	table = shm_malloc(sizeof(*table));
	if(table == NULL) {
		LM_ERR("no shared memory for max_token_lookups=%d\n", wk_params.max_token_lookups);
		return -1;
	}
	memset(table, 0, sizeof(*table));
	wims_ring_init(&table->all);
	return lock_init(&table->lock) == NULL ? -1 : 0;
}

void wk_lookup_destroy(void)
{
	if(table != NULL)
		shm_free(table);
	table = NULL;
}

static void copy_text(char *to, size_t max, struct wims_pl from)
{
	size_t n = from.l < max ? from.l : max;

	if(n > 0)
		memcpy(to, from.p, n);
	to[n] = '\0';
}

bool wk_lookup_digest(unsigned char digest[WIMS_SHA256_LEN], const struct wims_wwsf *w,
					  struct wims_pl token)
{
	char buf[WK_SERVER_NAME_MAX + 1 + WIMS_TOKEN_MAX];
	struct wims_pl text = {buf, w->name.l + 1 + token.l};
	bool made;

	if(w->name.l > WK_SERVER_NAME_MAX || token.l > WIMS_TOKEN_MAX)
		return false;
	memcpy(buf, w->name.p, w->name.l);
	buf[w->name.l] = '\0'; /* which neither of them holds */
	memcpy(buf + w->name.l + 1, token.p, token.l);
	made = wims_sha256(digest, text);
	wims_wipe(buf, text.l);
	return made;
}

/* ---- servers; under the lock ---- */

static struct wk_server *find(struct wims_pl wwsf)
{
	size_t i;

	for(i = 0; i < WIMS_WWSFS_MAX; i++)
		if(wims_pl_eq(wims_pl_str(table->servers[i].wwsf), wwsf))
			return &table->servers[i];
	return NULL;
}

/* As many as there can be WWSFs; one that is not provisioned any more makes
 * room as soon as nobody waits for it. */
static struct wk_server *find_or_make(struct wims_pl wwsf)
{
	struct wk_server *s = find(wwsf);
	size_t i;

	if(s == NULL)
		s = find(WIMS_PL(""));
	for(i = 0; s == NULL && i < WIMS_WWSFS_MAX; i++)
		if(table->servers[i].pending == 0)
			s = &table->servers[i];
	if(s == NULL || wims_pl_eq(wims_pl_str(s->wwsf), wwsf))
		return s;
	memset(s, 0, sizeof(*s));
	copy_text(s->wwsf, WK_SERVER_NAME_MAX, wwsf);
	return s;
}

/* ---- one lookup ---- */

static struct wk_lookup *make(const struct wims_wwsf *w, struct wims_pl token,
							  const unsigned char digest[WIMS_SHA256_LEN],
							  const struct wk_resume_at *to)
{
	struct wk_lookup *l = shm_malloc(sizeof(*l) + token.l);

	if(l == NULL)
		return NULL;
	memset(l, 0, sizeof(*l));
	if(!wk_suspended_init(&l->request, to)) {
		shm_free(l);
		return NULL;
	}
	copy_text(l->wwsf, WK_SERVER_NAME_MAX, w->name);
	l->deadline = wk_now_ms() + w->introspection.timeout_ms;
	l->outcome = WIMS_TOKEN_SERVER_FAILED;
	memcpy(l->digest, digest, sizeof(l->digest));
	l->token_len = token.l;
	memcpy(l->token, token.p, token.l);
	return l;
}

/* max_token_lookups bounds the walk. */
static bool has_its_share(const struct wk_lookup *l)
{
	unsigned requests = 0, others = 0;
	const struct wims_ring *at;

	for(at = table->all.next; at != &table->all; at = at->next) {
		const struct wk_lookup *one = WIMS_OWNER(at, struct wk_lookup, among);

		if(one->conn != l->conn)
			continue;
		requests++;
		others += memcmp(one->digest, l->digest, sizeof(l->digest)) != 0;
	}
	return requests >= WK_LOOKUP_REQUESTS_MAX || others >= WK_LOOKUP_TOKENS_MAX;
}

static enum wims_reason take_place(struct wk_lookup *l, const struct wims_wwsf *w)
{
	struct wk_server *s = find_or_make(w->name);

	if(s == NULL || has_its_share(l) || table->count >= (unsigned)wk_params.max_token_lookups
	   || s->pending >= (unsigned)w->introspection.max_pending)
		return WIMS_LIMIT_REACHED;
	if(!wims_breaker_allow(&s->breaker, &policy, wk_now_ms()))
		return WIMS_TOKEN_SERVER_FAILED;
	l->server = s;
	l->trial = s->breaker.state == WIMS_BREAKER_TRYING;
	s->pending++;
	table->count++;
	wims_ring_append(&table->all, &l->among);
	return WIMS_OK;
}

static void give_back(struct wk_lookup *l)
{
	wk_suspended_clear(&l->request);
	if(l->answer != NULL)
		shm_free(l->answer);
	wims_wipe(l->token, l->token_len);
	shm_free(l);
}

enum wims_reason wk_lookup_new(struct wk_lookup **out, uint32_t conn, const struct wims_wwsf *w,
							   struct wims_pl token, const unsigned char digest[WIMS_SHA256_LEN],
							   const struct wk_resume_at *to)
{
	struct wk_lookup *l = make(w, token, digest, to);
	enum wims_reason r;

	*out = NULL;
	if(l == NULL)
		return WIMS_NOMEM;
	l->conn = conn;
	lock_get(&table->lock);
	r = take_place(l, w);
	lock_release(&table->lock);
	if(r == WIMS_OK)
		*out = l;
	else
		give_back(l);
	return r;
}

void wk_lookup_send(struct wk_lookup *l)
{
	l->next = NULL;
	lock_get(&table->lock);
	if(table->last == NULL)
		table->first = l;
	else
		table->last->next = l;
	table->last = l;
	lock_release(&table->lock);
	wk_proc_wake();
}

struct wk_lookup *wk_lookup_take(void)
{
	struct wk_lookup *all;

	lock_get(&table->lock);
	all = table->first;
	table->first = table->last = NULL;
	lock_release(&table->lock);
	return all;
}

void wk_lookup_leave(struct wk_lookup *l)
{
	if(l->server == NULL)
		return;
	lock_get(&table->lock);
	if(l->trial)
		wims_breaker_abandon(&l->server->breaker, wk_now_ms());
	l->server->pending--;
	table->count--;
	wims_ring_remove(&l->among);
	lock_release(&table->lock);
	l->server = NULL;
}

void wk_lookup_free(struct wk_lookup *l)
{
	wk_lookup_leave(l);
	give_back(l);
}

/* ---- breakers ---- */

static void tell(const struct wk_lookup *l, enum wims_breaker_state was, enum wims_breaker_state is,
				 struct wims_pl why)
{
	if(is == was)
		return;
	if(is == WIMS_BREAKER_OPEN)
		LM_ERR("token server of %s fails, and is left alone for a while: %.*s\n", l->wwsf,
			   WK_FMT(why));
	else if(is == WIMS_BREAKER_CLOSED)
		LM_INFO("token server of %s answers again\n", l->wwsf);
}

void wk_lookup_report(struct wk_lookup *l, enum wk_asked what, struct wims_pl why)
{
	struct wims_breaker *b = &l->server->breaker;
	enum wims_breaker_state was, is;
	int64_t now = wk_now_ms();

	lock_get(&table->lock);
	was = b->state;
	if(what != WK_ASKED_NOT)
		wims_breaker_report(b, &policy, what == WK_ASKED_ANSWERED, now);
	else if(l->trial)
		wims_breaker_abandon(b, now);
	is = b->state;
	copy_text(l->server->reason, WK_SERVER_REASON_MAX, why);
	lock_release(&table->lock);
	l->trial = false;
	if(what != WK_ASKED_ANSWERED)
		wk_stats_event(WK_EV_INTROSPECTION_FAILURES);
	tell(l, was, is, why);
}

bool wk_lookup_shut(const struct wk_lookup *l)
{
	bool shut;

	lock_get(&table->lock);
	shut = !l->trial && l->server->breaker.state != WIMS_BREAKER_CLOSED;
	lock_release(&table->lock);
	return shut;
}

unsigned *wk_lookup_open(const struct wk_lookup *l)
{
	return &l->server->open;
}

/* ---- for the operator ---- */

void wk_lookup_retry(void)
{
	size_t i;

	lock_get(&table->lock);
	for(i = 0; i < WIMS_WWSFS_MAX; i++)
		table->servers[i].breaker = (struct wims_breaker){0};
	lock_release(&table->lock);
}

size_t wk_lookup_count(void)
{
	return table == NULL ? 0 : table->count;
}

struct wk_server_view wk_lookup_server(struct wims_pl wwsf)
{
	struct wk_server_view v = {.state = wims_breaker_text(WIMS_BREAKER_CLOSED)};
	int64_t now = wk_now_ms();
	const struct wk_server *s;

	copy_text(v.wwsf, WK_SERVER_NAME_MAX, wwsf);
	lock_get(&table->lock);
	if((s = find(wwsf)) != NULL) {
		v.pending = s->pending;
		v.failures = s->breaker.failures;
		v.state = wims_breaker_text(s->breaker.state);
		v.pause_ms = s->breaker.until > now ? s->breaker.until - now : 0;
		copy_text(v.reason, WK_SERVER_REASON_MAX, wims_pl_str(s->reason));
	}
	lock_release(&table->lock);
	return v;
}
