/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "store_ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store_fill.h"
#include "store_user.h"

enum
{
	QUARANTINE = 600,
	HOLD_MS = 1000,
	TIMEOUT_MS = 2000
};

static int64_t anybody(struct side *s)
{
	s->turn = s->turn * 6364136223846793005U + 1442695040888963407U;
	return (int64_t)((s->turn >> 33) % (uint64_t)s->users);
}

static const char *owner_of(int64_t user)
{
	static char text[32];

	snprintf(text, sizeof(text), "user%lld", (long long)user);
	return text;
}

static void surely(enum wims_reason r, const char *what)
{
	if(r != WIMS_OK) {
		fprintf(stderr, "%s: %s\n", what, wims_reason_text(r));
		exit(2);
	}
}

/* --- operations --- */

static void somebody(struct side *s)
{
	s->user = anybody(s);
}

static enum wims_reason allocate(struct side *s)
{
	return wims_store_allocate(&s->store, &s->block, WIMS_PL("newcomer"), HOLD_MS, &s->index);
}

static void drop_newcomer(struct side *s)
{
	surely(wims_store_drop(&s->store, &s->block, user_impu(s->index), s->index), "undo");
}

/* One command on keys of the block: for each %s its tag. */
static void on_keys(struct side *s, const char *format)
{
	char command[128];

	snprintf(command, sizeof(command), format, s->block.tag, s->block.tag);
	bare_do(s->bare, command);
}

static void forget_next(struct side *s)
{
	on_keys(s, "DEL wims:{%s}:next");
}

static void find_next(struct side *s)
{
	char format[64];

	drop_newcomer(s);
	snprintf(format, sizeof(format), "SET wims:{%%s}:next %llu", (unsigned long long)s->block.size);
	on_keys(s, format);
}

static void forget_leases(struct side *s)
{
	forget_next(s);
	on_keys(s, "RENAME wims:{%s}:lease wims:{%s}:kept");
}

static void find_leases(struct side *s)
{
	if(s->index >= 0)
		drop_newcomer(s);
	on_keys(s, "RENAME wims:{%s}:kept wims:{%s}:lease");
	s->index = s->users;
	find_next(s);
}

/* It may want to be asked again, as a WIC does later. */
static enum wims_reason allocate_of_many(struct side *s)
{
	enum wims_reason r;

	s->index = -1;
	r = allocate(s);
	return r == WIMS_REGISTRAR_AWAY ? WIMS_OK : r;
}

static enum wims_reason allocate_again(struct side *s)
{
	return wims_store_allocate(&s->store, &s->block, wims_pl_str(owner_of(s->user)), HOLD_MS,
							   &s->index);
}

static void somebodys_contact(struct side *s)
{
	somebody(s);
	s->put = user_contact_put(&s->block, s->user, owner_of(s->user));
}

static enum wims_reason put(struct side *s)
{
	struct wims_reg_put_out out;

	return wims_store_put(&s->store, &s->block, &s->put, &out);
}

static void put_back(struct side *s)
{
	surely(user_put(&s->store, &s->block, s->user, owner_of(s->user)), "undo");
}

static enum wims_reason put_claimed(struct side *s)
{
	return user_put(&s->store, &s->claimed, 0, "");
}

static enum wims_reason remove_one(struct side *s)
{
	return wims_store_remove(&s->store, &s->block, s->put.impu, s->user, s->put.contact.name);
}

static enum wims_reason drop(struct side *s)
{
	return wims_store_drop(&s->store, &s->block, user_impu(s->user), s->user);
}

static void somebodys_impu(struct side *s)
{
	somebody(s);
	s->impu = user_impu(s->user);
}

static enum wims_reason query(struct side *s)
{
	return wims_store_query(&s->store, &s->block, s->impu, s->user, &s->entry);
}

static void is_theirs(struct side *s)
{
	surely(user_is_contact(&s->entry.contact[0], s->user) ? WIMS_OK : WIMS_REGISTRAR_BAD, "query");
}

static void pass_over(void *ctx, const struct wims_reg_entry *e)
{
	(void)ctx;
	(void)e;
}

static enum wims_reason list(struct side *s)
{
	return wims_store_list(&s->store, &s->block, &s->list_at, SIDE_LIST, pass_over, NULL);
}

static enum wims_reason counts(struct side *s)
{
	struct wims_reg_counts c;

	return wims_store_counts(&s->store, &s->block, &c);
}

/* Contacts of a node that has none. */
static enum wims_reason purge_nobody(struct side *s)
{
	size_t removed;

	return wims_store_purge(&s->store, &s->block, 2, 0, &s->read_at, SIDE_READ, &removed);
}

static enum wims_reason purge(struct side *s)
{
	size_t removed;

	s->purge_from = s->purge_at;
	return wims_store_purge(&s->store, &s->block, 1, 0, &s->purge_at, SIDE_PURGE, &removed);
}

static void note_gone(void *ctx, const struct wims_reg_entry *e)
{
	struct side *s = ctx;

	if(s->gone_count < SIDE_PURGE)
		s->gone[s->gone_count++] = e->index;
}

static void put_all_back(struct side *s)
{
	s->gone_count = 0;
	surely(wims_store_list(&s->store, &s->block, &s->purge_from, SIDE_PURGE, note_gone, s), "undo");
	while(s->gone_count > 0) {
		s->user = s->gone[--s->gone_count];
		put_back(s);
	}
}

static enum wims_reason beat(struct side *s)
{
	static struct wims_reg_nodes nodes;

	return wims_store_beat(&s->store, 1, 7, WIMS_PL("127.0.0.1:5060"), &nodes);
}

static enum wims_reason leave(struct side *s)
{
	return wims_store_leave(&s->store, 1, 7);
}

static enum wims_reason hold(struct side *s)
{
	static struct wims_reg_held held;

	return wims_store_hold(&s->store, &s->block, 1, 7, HOLD_MS, WIMS_PL("doc"), &held);
}

static enum wims_reason unhold(struct side *s)
{
	return wims_store_unhold(&s->store, &s->block, 1, 7);
}

const struct side_op side_ops[] = {
		{"allocate", NULL, allocate, drop_newcomer},
		{"allocate-again", somebody, allocate_again, NULL},
		{"allocate-lost", forget_next, allocate, find_next},
		{"allocate-leases-lost", forget_leases, allocate_of_many, find_leases},
		{"put", somebodys_contact, put, NULL},
		{"put-claimed", NULL, put_claimed, NULL},
		{"remove", somebodys_contact, remove_one, put_back},
		{"drop", somebody, drop, put_back},
		{"query", somebodys_impu, query, is_theirs},
		{"list", NULL, list, NULL},
		{"counts", NULL, counts, NULL},
		{"purge-nobody", NULL, purge_nobody, NULL},
		{"purge", NULL, purge, put_all_back},
		{"beat", NULL, beat, NULL},
		{"leave", NULL, leave, NULL},
		{"hold", NULL, hold, NULL},
		{"unhold", NULL, unhold, NULL},
};
const size_t side_op_count = sizeof(side_ops) / sizeof(side_ops[0]);

void side_open(struct side *s, const char *place, uint32_t run, int64_t users)
{
	*s = (struct side){.users = users, .turn = 1, .bare = bare_open(place)};
	s->store = wr_store(open_store(place, TIMEOUT_MS));
	s->client = store_client();
	s->block = block_of(run, (uint64_t)users + SIDE_FREE, QUARANTINE);
	s->claimed = block_of(run + 1, 0, 0);
	store_fill(s);
}

void side_close(struct side *s)
{
	redisFree(s->bare);
	wr_store_free(s->store.ctx);
	wr_client_free(s->client);
}

const struct side_op *side_op(const char *name)
{
	size_t i;

	for(i = 0; i < side_op_count; i++)
		if(strcmp(side_ops[i].name, name) == 0)
			return &side_ops[i];
	exit(2);
}

int64_t side_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

int64_t side_do(struct side *s, const struct side_op *op)
{
	int64_t began = side_now_ns(), took;
	enum wims_reason r = op->run(s);

	took = side_now_ns() - began;
	surely(r, op->name);
	return took;
}

int64_t side_run(struct side *s, const struct side_op *op)
{
	int64_t took;

	if(op->prepare != NULL)
		op->prepare(s);
	took = side_do(s, op);
	if(op->undo != NULL)
		op->undo(s);
	return took;
}
