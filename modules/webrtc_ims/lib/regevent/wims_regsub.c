/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "regevent/wims_regsub_int.h"

#include "base/wims_texts.h"
#include "identity/wims_impu.h"

#include <string.h>

enum
{
	REFRESH_EARLY_S = 600, /* TS 24.229 5.2.3: of what lasts twice as long or more */
	QUICK = 3              /* SUBSCRIBEs that may follow one another at once */
};

/* ---- the table ---- */

struct wims_regsubs *wims_regsubs_new(const struct wims_env *env,
									  const struct wims_regsub_policy *policy,
									  bool (*random)(void *buf, size_t n))
{
	struct wims_regsubs *rs = wims_zalloc(env, sizeof(*rs));

	if(rs == NULL)
		return NULL;
	rs->env = *env;
	rs->policy = *policy;
	rs->random = random;
	wims_ring_init(&rs->all);
	if(!random(&rs->key, sizeof(rs->key)) || !wims_hash_init(&rs->by_identity, &rs->env, 0)
	   || !wims_hash_init(&rs->by_call_id, &rs->env, 0)
	   || !wims_hash_init(&rs->by_txn, &rs->env, 0)) {
		wims_regsubs_free(rs);
		return NULL;
	}
	return rs;
}

static void regsub_free(struct wims_regsubs *rs, struct wims_regsub *s)
{
	wims_free(&rs->env, s->identity);
	wims_free(&rs->env, s->uri);
	wims_free(&rs->env, s->remote_tag);
	wims_free(&rs->env, s->target);
	wims_free(&rs->env, s->routes);
	wims_free(&rs->env, s);
}

static void drain(void *rs, struct wims_hnode *n)
{
	regsub_free(rs, WIMS_OWNER(n, struct wims_regsub, by_identity));
}

void wims_regsubs_free(struct wims_regsubs *rs)
{
	struct wims_env env;

	if(rs == NULL)
		return;
	env = rs->env;
	wims_hash_drain(&rs->by_identity, drain, rs);
	wims_hash_done(&rs->by_identity);
	wims_hash_done(&rs->by_call_id);
	wims_hash_done(&rs->by_txn);
	wims_free(&env, rs);
}

static struct wims_regsub *of_identity(struct wims_regsubs *rs, struct wims_pl identity)
{
	struct wims_hnode *n;

	for(n = wims_hash_first(&rs->by_identity, wims_regsub_hash(rs, identity)); n != NULL;
		n = wims_hash_next(n)) {
		struct wims_regsub *s = WIMS_OWNER(n, struct wims_regsub, by_identity);

		if(wims_pl_eq(wims_pl_str(s->identity), identity))
			return s;
	}
	return NULL;
}

struct wims_regsub *wims_regsub_of_call(struct wims_regsubs *rs, struct wims_pl call_id)
{
	struct wims_hnode *n;

	for(n = wims_hash_first(&rs->by_call_id, wims_regsub_hash(rs, call_id)); n != NULL;
		n = wims_hash_next(n)) {
		struct wims_regsub *s = WIMS_OWNER(n, struct wims_regsub, by_call_id);

		if(wims_pl_eq(wims_pl_str(s->call_id), call_id))
			return s;
	}
	return NULL;
}

/* ---- times ---- */

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t due_of(const struct wims_regsub *s)
{
	int64_t answer = s->txn != 0 ? s->sent + WIMS_REGSUB_ANSWER_MS : WIMS_FLOW_NEVER;

	switch(s->state) {
		case WIMS_REGSUB_ACTIVE:
			if(s->txn == 0)
				answer = s->refresh_at;
			return least(answer, least(s->expires_at, s->notify_by));
		case WIMS_REGSUB_WAITING:
		case WIMS_REGSUB_LEAVING:
			return s->txn != 0 ? answer : s->next;
		case WIMS_REGSUB_ASKED:
			return answer;
		case WIMS_REGSUB_DENIED:
			break;
	}
	return WIMS_FLOW_NEVER;
}

void wims_regsub_arm(struct wims_regsubs *rs, struct wims_regsub *s)
{
	int64_t due = due_of(s);

	if(due == WIMS_FLOW_NEVER)
		wims_heap_stop(&rs->due, &s->timer);
	else
		wims_heap_arm(&rs->due, &s->timer, due);
}

/* Half of it is the wait, the other half chance. */
static int64_t spread(struct wims_regsubs *rs, int64_t wait)
{
	uint32_t chance = 0;

	if(!rs->random(&chance, sizeof(chance)))
		chance = 0;
	return wait / 2 + (int64_t)(chance % (uint64_t)(wait / 2 + 1));
}

int64_t wims_regsub_long_wait(struct wims_regsubs *rs)
{
	return rs->policy.retry_max_ms / 2 + spread(rs, rs->policy.retry_max_ms);
}

/* After so many things in a row, the first of which counts as one. */
static int64_t wait_after(struct wims_regsubs *rs, unsigned n)
{
	int64_t wait = rs->policy.retry_min_ms;

	while(n-- > 1 && wait < rs->policy.retry_max_ms)
		wait *= 2;
	return spread(rs, least(wait, rs->policy.retry_max_ms));
}

void wims_regsub_pace(struct wims_regsubs *rs, struct wims_regsub *s, int64_t now)
{
	bool at_once = (s->last_code >= 200 && s->last_code < 300) || s->last_code == 423
				   || s->last_code == 481;

	if(now - s->sent >= rs->policy.retry_max_ms)
		s->quick = 0;
	else if(at_once)
		s->quick++;
	s->earliest = s->quick < QUICK ? 0 : now + wait_after(rs, s->quick - QUICK + 1);
}

int64_t wims_regsub_back_off(struct wims_regsubs *rs, struct wims_regsub *s, int64_t retry_after)
{
	int64_t wait;

	if(s->failures < UINT32_MAX)
		s->failures++;
	wait = wait_after(rs, s->failures);
	if(retry_after < 0)
		return wait;
	retry_after = least(retry_after, WIMS_REGSUB_RETRY_AFTER_MAX_S) * 1000;
	return retry_after > wait ? retry_after : wait;
}

static int64_t not_before(const struct wims_regsub *s, int64_t at)
{
	return at > s->earliest ? at : s->earliest;
}

void wims_regsub_refresh_at(struct wims_regsub *s, int64_t at)
{
	s->refresh_at = not_before(s, at);
}

void wims_regsub_lasts(struct wims_regsubs *rs, struct wims_regsub *s, int64_t seconds, int64_t now)
{
	int64_t early = seconds > 2 * REFRESH_EARLY_S ? REFRESH_EARLY_S * 1000 : seconds * 500;

	s->expires_at = now + seconds * 1000;
	wims_regsub_refresh_at(s, s->expires_at - early);
	if(s->gap && !s->asked_all)
		wims_regsub_refresh_at(s, s->sent + rs->policy.retry_min_ms);
}

/* ---- one subscription ---- */

void wims_regsub_state(struct wims_regsubs *rs, struct wims_regsub *s, enum wims_regsub_state state)
{
	rs->active -= s->state == WIMS_REGSUB_ACTIVE;
	s->state = state;
	rs->active += state == WIMS_REGSUB_ACTIVE;
}

void wims_regsub_settle(struct wims_regsubs *rs, struct wims_regsub *s)
{
	wims_hash_remove(&rs->by_txn, &s->by_txn);
	s->txn = 0;
}

static void clear(struct wims_regsubs *rs, char **text)
{
	wims_free(&rs->env, *text);
	*text = NULL;
}

void wims_regsub_forget(struct wims_regsubs *rs, struct wims_regsub *s)
{
	wims_regsub_settle(rs, s);
	wims_hash_remove(&rs->by_call_id, &s->by_call_id);
	clear(rs, &s->remote_tag);
	clear(rs, &s->target);
	clear(rs, &s->routes);
	s->notified = s->has_version = s->gap = s->asked_all = s->goodbye = false;
	s->expires_at = 0;
}

static void remove_regsub(struct wims_regsubs *rs, struct wims_regsub *s)
{
	wims_regsub_forget(rs, s);
	wims_regsub_state(rs, s, WIMS_REGSUB_WAITING);
	wims_heap_stop(&rs->due, &s->timer);
	wims_hash_remove(&rs->by_identity, &s->by_identity);
	wims_ring_remove(&s->in_all);
	regsub_free(rs, s);
}

void wims_regsub_again(struct wims_regsubs *rs, struct wims_regsub *s, int64_t at)
{
	if(!s->wanted) {
		remove_regsub(rs, s);
		return;
	}
	wims_regsub_forget(rs, s);
	wims_regsub_state(rs, s, WIMS_REGSUB_WAITING);
	s->next = not_before(s, at);
	wims_regsub_arm(rs, s);
}

void wims_regsub_leave(struct wims_regsubs *rs, struct wims_regsub *s, int64_t now)
{
	wims_regsub_settle(rs, s);
	wims_regsub_state(rs, s, WIMS_REGSUB_LEAVING);
	s->next = now;
	wims_regsub_arm(rs, s);
}

bool wims_regsub_learn(struct wims_regsubs *rs, struct wims_regsub *s, struct wims_pl tag,
					   struct wims_pl contact, struct wims_pl routes)
{
	char *t = wims_strdup(&rs->env, tag);
	char *c = wims_strdup(&rs->env, contact);
	char *r = wims_strdup(&rs->env, routes);

	if(t == NULL || c == NULL || r == NULL) {
		wims_free(&rs->env, t);
		wims_free(&rs->env, c);
		wims_free(&rs->env, r);
		return false;
	}
	s->remote_tag = t;
	s->target = c;
	s->routes = r;
	return true;
}

void wims_regsub_retarget(struct wims_regsubs *rs, struct wims_regsub *s, struct wims_pl contact)
{
	char *fresh;

	if(contact.l == 0 || contact.l > WIMS_URI_MAX || wims_pl_eq(contact, wims_pl_str(s->target)))
		return;
	fresh = wims_strdup(&rs->env, contact);
	if(fresh == NULL)
		return;
	wims_free(&rs->env, s->target);
	s->target = fresh;
}

/* ---- what is wanted ---- */

/* A wildcard has bytes that no URI has: they are escaped. */
static bool write_uri(struct wims_w *w, struct wims_pl identity)
{
	if(!wims_impu_fits_brackets(identity))
		return false;
	wims_impu_on_wire(w, identity);
	return w->ok && identity.l > 0;
}

/* Room for one more of them? */
static bool has_room(const struct wims_regsubs *rs, enum wims_regsub_for who)
{
	size_t more = who == WIMS_REGSUB_FOR_RANGE ? rs->policy.for_ranges : 0;

	return rs->by_identity.count < rs->policy.subscriptions + more;
}

static enum wims_reason add(struct wims_regsubs *rs, enum wims_regsub_for who,
							struct wims_pl identity, struct wims_regsub **out)
{
	char uri[WIMS_URI_MAX];
	struct wims_regsub *s;
	struct wims_w w;

	wims_w_init(&w, uri, sizeof(uri));
	if(identity.l > WIMS_REGSUB_IDENTITY_MAX || !write_uri(&w, identity))
		return WIMS_URI_BAD;
	if(!has_room(rs, who))
		return WIMS_LIMIT_REACHED;
	s = wims_zalloc(&rs->env, sizeof(*s));
	if(s == NULL)
		return WIMS_NOMEM;
	s->identity = wims_strdup(&rs->env, identity);
	s->uri = wims_strdup(&rs->env, wims_w_done(&w));
	if(s->identity == NULL || s->uri == NULL) {
		regsub_free(rs, s);
		return WIMS_NOMEM;
	}
	wims_hash_add(&rs->by_identity, &s->by_identity, wims_regsub_hash(rs, identity));
	wims_ring_append(&rs->all, &s->in_all);
	*out = s;
	return WIMS_OK;
}

/* Goodbye was said and answered: nothing but a last NOTIFY is to come. */
static bool is_left(const struct wims_regsub *s)
{
	return s->state == WIMS_REGSUB_LEAVING && s->goodbye && s->txn == 0;
}

enum wims_reason wims_regsub_want(struct wims_regsubs *rs, enum wims_regsub_for who,
								  struct wims_pl identity, uint32_t expires, int64_t now)
{
	struct wims_regsub *s = of_identity(rs, identity);
	enum wims_reason r;
	bool fresh = s == NULL;

	if(fresh && (r = add(rs, who, identity, &s)) != WIMS_OK)
		return r;
	s->wanted |= (uint8_t)who;
	s->expires = expires;
	if(fresh || s->state == WIMS_REGSUB_DENIED || is_left(s))
		wims_regsub_again(rs, s, now);
	return WIMS_OK;
}

void wims_regsub_drop(struct wims_regsubs *rs, enum wims_regsub_for who, struct wims_pl identity,
					  int64_t now)
{
	struct wims_regsub *s = of_identity(rs, identity);

	if(s == NULL)
		return;
	s->wanted &= (uint8_t) ~(unsigned)who;
	if(s->wanted != 0)
		return;
	/* one that is asked for must be known before it can be ended */
	if(s->state == WIMS_REGSUB_ACTIVE)
		wims_regsub_leave(rs, s, now);
	else if(s->state == WIMS_REGSUB_WAITING || s->state == WIMS_REGSUB_DENIED)
		remove_regsub(rs, s);
}

bool wims_regsub_refresh(struct wims_regsubs *rs, struct wims_pl identity, int64_t now)
{
	struct wims_regsub *s = of_identity(rs, identity);

	if(s == NULL || s->state == WIMS_REGSUB_LEAVING)
		return false;
	s->quick = 0;
	s->earliest = 0;
	if(s->state == WIMS_REGSUB_WAITING || s->state == WIMS_REGSUB_DENIED)
		wims_regsub_again(rs, s, now);
	s->refresh_at = now;
	wims_regsub_arm(rs, s);
	return true;
}

/* ---- looking at it ---- */

const char *wims_regsub_state_text(enum wims_regsub_state state)
{
	static const char *const texts[] = {"waiting", "asked", "active", "leaving", "denied"};

	return texts[state];
}

bool wims_regsubs_view_at(struct wims_regsubs *rs, size_t index, struct wims_regsub_view *view)
{
	const struct wims_ring *l = rs->all.next;
	const struct wims_regsub *s;
	char *at = view->text;

	while(l != &rs->all && index-- > 0)
		l = l->next;
	if(l == &rs->all)
		return false;
	s = WIMS_OWNER(l, struct wims_regsub, in_all);
	view->identity = wims_texts_put(&at, wims_pl_str(s->identity));
	view->state = s->state;
	view->expires = s->expires_at;
	view->due = due_of(s);
	view->last_code = s->last_code;
	memcpy(view->ended, s->ended, sizeof(view->ended));
	view->failures = s->failures;
	view->notifies = s->notifies;
	view->version = s->has_version ? (int64_t)s->version : -1;
	return true;
}

void wims_regsubs_counts(const struct wims_regsubs *rs, struct wims_regsub_counts *out)
{
	*out = (struct wims_regsub_counts){.subscriptions = rs->by_identity.count,
									   .active = rs->active};
}
