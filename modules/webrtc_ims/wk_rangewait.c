/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rangewait.h"

#include <string.h>

#include "base/wims_ring.h"
#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "wk_introspect.h"
#include "wk_params.h"
#include "wk_proc.h"
#include "wk_rangereg.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_stats.h"

/* In shared memory. Made by a worker, it goes to the wims process and from there
 * to an async worker, which ends it. */
struct waiter
{
	struct wk_suspended request;
	struct waiter *next;    /* in the list of whoever owns it */
	struct wims_ring among; /* all that wait; under the lock */
	uint32_t conn;          /* of the WIC */
	int64_t deadline;       /* ms */
	enum wims_reason outcome;
	struct wk_lookup *token; /* that was asked about before; NULL: none */
	size_t key_len;
	char key[]; /* wildcard of the range */
};

static struct table
{
	gen_lock_t lock;
	size_t count;
	struct wims_ring all;
	struct waiter *first, *last; /* sent, not taken */
} * table;

int wk_rangewait_init(void)
{
	table = shm_malloc(sizeof(*table));
	if(table == NULL || lock_init(&table->lock) == NULL) {
		LM_ERR("no shared memory for REGISTERs that wait for their range\n");
		return -1;
	}
	table->count = 0;
	table->first = table->last = NULL;
	wims_ring_init(&table->all);
	return 0;
}

void wk_rangewait_destroy(void)
{
	if(table != NULL)
		shm_free(table);
	table = NULL;
}

static struct wims_pl key_of(const struct waiter *w)
{
	return (struct wims_pl){w->key, w->key_len};
}

/* ---- the worker that has the request ---- */

/* max_range_waits bounds the walk. */
static bool has_its_share(uint32_t conn)
{
	const struct wims_ring *at;
	unsigned n = 0;

	for(at = table->all.next; at != &table->all; at = at->next)
		n += WIMS_OWNER(at, struct waiter, among)->conn == conn;
	return n >= WK_RANGEWAITS_EACH;
}

static bool take_place(struct waiter *w)
{
	bool room;

	lock_get(&table->lock);
	room = table->count < (size_t)wk_params.max_range_waits && !has_its_share(w->conn);
	if(room) {
		table->count++;
		wims_ring_append(&table->all, &w->among);
	}
	lock_release(&table->lock);
	return room;
}

static void leave_place(struct waiter *w)
{
	lock_get(&table->lock);
	table->count--;
	wims_ring_remove(&w->among);
	lock_release(&table->lock);
}

static void give_back(struct waiter *w)
{
	wk_suspended_clear(&w->request);
	shm_free(w);
}

static struct waiter *make(const sip_msg_t *msg, struct wims_pl key, const struct wk_resume_at *to)
{
	struct waiter *w = shm_malloc(sizeof(*w) + key.l);

	if(w == NULL)
		return NULL;
	memset(w, 0, sizeof(*w));
	if(!wk_suspended_init(&w->request, to)) {
		shm_free(w);
		return NULL;
	}
	w->conn = (uint32_t)msg->rcv.proto_reserved1;
	w->deadline = wk_now_ms() + wk_params.range_wait_ms;
	w->key_len = key.l;
	memcpy(w->key, key.p, key.l);
	return w;
}

static void send_to_wims(struct waiter *w)
{
	lock_get(&table->lock);
	if(table->last == NULL)
		table->first = w;
	else
		table->last->next = w;
	table->last = w;
	lock_release(&table->lock);
	wk_stats_event(WK_EV_RANGE_WAITS);
	wk_proc_wake();
}

/* OK: it waits. */
static enum wims_reason wait(sip_msg_t *msg, struct wims_pl key, const struct wk_resume_at *to)
{
	struct waiter *w = make(msg, key, to);
	enum wims_reason r;

	if(w == NULL)
		return WIMS_NOMEM;
	if(!take_place(w)) {
		give_back(w);
		return WIMS_LIMIT_REACHED;
	}
	w->token = wk_introspect_keep();
	if((r = wk_suspend(msg, &w->request, (unsigned)wk_params.range_wait_ms)) != WIMS_OK) {
		wk_introspect_lend(w->token);
		leave_place(w);
		give_back(w);
		return r;
	}
	send_to_wims(w);
	return WIMS_OK;
}

/* What the request in hand was resumed with; NULL: it was not. */
static struct waiter *resumed;

/* Who has waited once does not wait again. */
static enum wims_reason after_waiting(enum wims_reason now)
{
	wk_suspended_timeout_back(&resumed->request);
	if(now != WIMS_RANGE_PENDING)
		return now;
	return resumed->outcome == WIMS_OK ? WIMS_RANGE_UNAVAILABLE : resumed->outcome;
}

static int range_register(sip_msg_t *msg, const struct wk_resume_at *to)
{
	struct wk_result *res = wk_result(msg);
	enum wims_reason r;

	if(res->range == NULL)
		return wk_outcome(msg, WIMS_INTERNAL);
	r = wk_rangereg_want(res);
	if(resumed != NULL && wk_suspended_here(&resumed->request))
		return wk_outcome(msg, after_waiting(r));
	if(r != WIMS_RANGE_PENDING)
		return wk_outcome(msg, r);
	r = wait(msg, res->range_key, to);
	return r == WIMS_OK ? WK_SUSPENDED : wk_outcome(msg, r);
}

int wk_fixup_range_register(void **param, int number)
{
	(void)number;
	return wk_resume_fixup("wims_range_register", param);
}

int wk_range_register_route(sip_msg_t *msg, int route)
{
	const struct wk_resume_at to = {.route = route};

	return range_register(msg, &to);
}

int wk_range_register(sip_msg_t *msg, str *route)
{
	struct wk_resume_at to;

	if(!wk_resume_named(&to, "range_register", route))
		return wk_outcome(msg, WIMS_INTERNAL);
	return range_register(msg, &to);
}

/* ---- the async worker ---- */

static void resume(void *param)
{
	struct waiter *w = param;

	resumed = w;
	wk_introspect_lend(w->token);
	wk_suspended_go_on(&w->request, "webrtc_ims:range-settled");
	wk_introspect_lend(NULL);
	resumed = NULL;
	if(w->token != NULL)
		wk_lookup_free(w->token);
	leave_place(w);
	give_back(w);
}

/* ---- the wims process ---- */

static struct waiter *waiting, **end = &waiting; /* oldest first, so by deadline */

static void hand_back(struct waiter *w, enum wims_reason outcome)
{
	w->outcome = outcome;
	wk_suspended_hand_over(&w->request, resume, w);
}

static struct waiter *take_sent(void)
{
	struct waiter *all;

	lock_get(&table->lock);
	all = table->first;
	table->first = table->last = NULL;
	lock_release(&table->lock);
	return all;
}

/* The core may have answered before the request was suspended. */
static void add(struct waiter *w)
{
	enum wims_reason r = wk_rangereg_check(key_of(w), NULL);

	w->next = NULL;
	if(r != WIMS_RANGE_PENDING) {
		hand_back(w, r);
		return;
	}
	*end = w;
	end = &w->next;
}

void wk_rangewait_tick(void)
{
	struct waiter *w = take_sent(), *next;
	int64_t now = wk_now_ms();

	for(; w != NULL; w = next) {
		next = w->next;
		add(w);
	}
	while((w = waiting) != NULL && w->deadline <= now) {
		waiting = w->next;
		if(waiting == NULL)
			end = &waiting;
		wk_stats_event(WK_EV_RANGE_WAIT_TIMEOUTS);
		hand_back(w, WIMS_RANGE_PENDING);
	}
}

void wk_rangewait_settle(struct wims_pl wildcard, enum wims_reason outcome)
{
	struct waiter **at = &waiting, *w;

	while((w = *at) != NULL) {
		if(!wims_pl_eq(key_of(w), wildcard)) {
			at = &w->next;
			continue;
		}
		*at = w->next;
		hand_back(w, outcome);
	}
	end = at;
}

/* ---- for others ---- */

bool wk_rangewait_holds(const struct cell *t)
{
	const struct wims_ring *at;
	bool holds = false;

	lock_get(&table->lock);
	for(at = table->all.next; at != &table->all && !holds; at = at->next) {
		const struct waiter *w = WIMS_OWNER(at, struct waiter, among);

		holds = w->request.hash_index == t->hash_index && w->request.label == t->label;
	}
	lock_release(&table->lock);
	return holds;
}

size_t wk_rangewait_count(void)
{
	return table == NULL ? 0 : table->count;
}
