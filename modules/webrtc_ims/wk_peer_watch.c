/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_peer_watch.h"

#include <string.h>

#include "base/wims_ring.h"
#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "wk_hand.h"
#include "wk_registry.h"
#include "wk_state.h"
#include "wk_stats.h"

enum
{
	LOOK_MS = 500,
	FAIL_EACH_LOOK = 64 /* the rest has its turn in the next one */
};

/* Where a branch is; its transaction may have ended meanwhile. One that was not sent in
 * the end gives its number to the next one: by the name they are told apart. */
struct place
{
	uint64_t txn;
	int branch;
	char name[WIMS_CONTACT_USER_LEN];
};

struct watched
{
	struct wims_ring among;
	struct place at;
	uint32_t epoch;
	uint16_t node;
	bool failed;
};

static struct shared
{
	gen_lock_t lock;
	struct wims_ring all;
} * shared;

int wk_peer_watch_init(void)
{
	shared = shm_malloc(sizeof(*shared));
	if(shared == NULL || lock_init(&shared->lock) == NULL) {
		LM_ERR("no shared memory for branches to other nodes\n");
		return -1;
	}
	wims_ring_init(&shared->all);
	return 0;
}

void wk_peer_watch_destroy(void)
{
	if(shared != NULL)
		shm_free(shared);
	shared = NULL;
}

/* ---- one branch ---- */

static void on_over(struct cell *t, int type, struct tmcb_params *ps)
{
	struct watched *w = *ps->param;

	(void)t;
	(void)type;
	if(shared == NULL) /* all is torn down */
		return;
	lock_get(&shared->lock);
	wims_ring_remove(&w->among);
	lock_release(&shared->lock);
	shm_free(w);
}

enum wims_reason wk_peer_watch(sip_msg_t *msg, struct cell *t, const struct wk_peer_branch *b)
{
	struct watched *w;

	if(b->name.l != WIMS_CONTACT_USER_LEN)
		return WIMS_INTERNAL;
	if((w = shm_malloc(sizeof(*w))) == NULL)
		return WIMS_NOMEM;
	*w = (struct watched){
			.at = {.txn = wk_tm_name(t), .branch = b->number}, .epoch = b->epoch, .node = b->node};
	memcpy(w->at.name, b->name.p, sizeof(w->at.name));
	if(wk_tm.register_tmcb(msg, t, TMCB_DESTROY, on_over, w, NULL) <= 0) {
		shm_free(w);
		return WIMS_NOMEM;
	}
	lock_get(&shared->lock);
	wims_ring_append(&shared->all, &w->among);
	lock_release(&shared->lock);
	return WIMS_OK;
}

/* ---- those that are dead ---- */

static bool is_dead(const struct watched *w)
{
	char address[WIMS_REG_ADDRESS_MAX + 1];

	return !w->failed && !wk_registry_node(w->node, w->epoch, address);
}

static size_t take_dead(struct place dead[FAIL_EACH_LOOK])
{
	struct wims_ring *at;
	size_t n = 0;

	lock_get(&shared->lock);
	for(at = shared->all.next; at != &shared->all && n < FAIL_EACH_LOOK; at = at->next) {
		struct watched *w = WIMS_OWNER(at, struct watched, among);

		if(is_dead(w)) {
			w->failed = true;
			dead[n++] = w->at;
		}
	}
	lock_release(&shared->lock);
	return n;
}

static bool is_that(const struct ua_client *uac, const struct place *at)
{
	static const size_t scheme = 4; /* sip: */

	return uac->uri.s != NULL && (size_t)uac->uri.len > scheme + sizeof(at->name)
		   && memcmp(uac->uri.s + scheme, at->name, sizeof(at->name)) == 0;
}

/* In an async worker. */
static void fail_at(const void *arg)
{
	const struct place *at = arg;
	struct cell *t = wk_tm_take(at->txn);

	if(t == NULL)
		return;
	if(at->branch < t->nr_of_outgoings && t->uas.status < 200 && is_that(&t->uac[at->branch], at)
	   && wk_tm_fail_branch(t, at->branch))
		wk_stats_event(WK_EV_PEER_LOST);
	wk_tm_let_go(t);
}

void wk_peer_watch_tick(void)
{
	struct place dead[FAIL_EACH_LOOK];
	static int64_t due;
	int64_t now = wk_now_ms();
	size_t n, i;

	if(now < due)
		return;
	due = now + LOOK_MS;
	n = take_dead(dead);
	for(i = 0; i < n; i++)
		wk_hand(fail_at, &dead[i], sizeof(dead[i]));
}
