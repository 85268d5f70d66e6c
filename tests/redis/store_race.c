/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Clients that take all IMPUs of a block at once, each a process with a
 * connection of its own, on one of three nodes.
 *   store_race PLACE RUN SIZE QUARANTINE-S CLIENTS
 * Each takes IMPUs for users of its own until the block is used up; all of them
 * are different then, and none is left. They are released and taken again: at
 * once where there is no quarantine; else nobody but their users gets them
 * before it is over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "help/store_help.h"
#include "help/store_user.h"

enum
{
	SIZE_MAX_TAKEN = 100000,
	OWNER_BYTES = 32,
	HOLD_MS = 30000
};

/* Shared by all processes; each writes places of its own. */
struct taken
{
	int count[SIZE_MAX_TAKEN]; /* how many were told that they have that IMPU */
	char owner[SIZE_MAX_TAKEN][OWNER_BYTES];
	int ready, refused, failed;
};

static struct taken *all;
static const char *place;
static struct wims_block block;
static int clients;

static void fail(const char *what, enum wims_reason r, const struct wr_store *s)
{
	printf("%s: %s %s\n", what, wims_reason_text(r), wr_store_error(s));
	__atomic_add_fetch(&all->failed, 1, __ATOMIC_RELAXED);
}

/* Until nothing is left. */
static void take(int client, const char *round)
{
	struct wr_store *s = open_store(place, 2000);
	struct wims_store st = wr_store(s);
	enum wims_reason r = WIMS_OK;
	char owner[OWNER_BYTES];
	int64_t index;
	int i;

	for(i = 0; r == WIMS_OK; i++) {
		snprintf(owner, sizeof(owner), "%s-%d-%d", round, client, i);
		if((r = wims_store_allocate(&st, &block, wims_pl_str(owner), HOLD_MS, &index)) != WIMS_OK)
			break;
		__atomic_add_fetch(&all->count[index], 1, __ATOMIC_RELAXED);
		memcpy(all->owner[index], owner, sizeof(owner));
		r = user_put(&st, &block, index, owner);
	}
	if(r == WIMS_BLOCK_USED_UP)
		__atomic_add_fetch(&all->refused, 1, __ATOMIC_RELAXED);
	else
		fail("take", r, s);
	close_store(s);
}

/* Each client its part of the block. */
static void release(int client, const char *round)
{
	struct wr_store *s = open_store(place, 2000);
	struct wims_store st = wr_store(s);
	enum wims_reason r = WIMS_OK;
	int64_t index;

	(void)round;
	for(index = client; index < (int64_t)block.size && r == WIMS_OK; index += clients)
		r = user_remove(&st, &block, index);
	if(r != WIMS_OK)
		fail("release", r, s);
	close_store(s);
}

/* Their users get the same again, in quarantine; others nothing. */
static void back(int client, const char *round)
{
	struct wr_store *s = open_store(place, 2000);
	struct wims_store st = wr_store(s);
	int64_t index, got;
	enum wims_reason r;

	r = wims_store_allocate(&st, &block, wims_pl_str(round), HOLD_MS, &got);
	if(r != WIMS_BLOCK_USED_UP)
		fail("somebody else, in quarantine", r, s);
	for(index = client; index < (int64_t)block.size; index += clients) {
		r = wims_store_allocate(&st, &block, wims_pl_str(all->owner[index]), HOLD_MS, &got);
		if(r == WIMS_OK && got == index)
			r = user_put(&st, &block, index, all->owner[index]);
		if(r != WIMS_OK || got != index)
			fail("the same again", r, s);
	}
	close_store(s);
}

/* All of them are there before one begins. */
static void meet(void)
{
	__atomic_add_fetch(&all->ready, 1, __ATOMIC_SEQ_CST);
	while(__atomic_load_n(&all->ready, __ATOMIC_SEQ_CST) < clients)
		pass_ms(1);
}

static void at_once(void (*what)(int client, const char *round), const char *round)
{
	int i, status;

	all->ready = 0;
	for(i = 0; i < clients; i++)
		if(fork() == 0) {
			meet();
			what(i, round);
			fflush(stdout);
			_exit(0);
		}
	for(i = 0; i < clients; i++)
		if(wait(&status) < 0 || status != 0)
			all->failed++;
}

static void check(const char *round)
{
	uint64_t i;

	for(i = 0; i < block.size; i++)
		if(all->count[i] != 1) {
			printf("%s: IMPU %d was given %d times\n", round, (int)i, all->count[i]);
			all->failed++;
		}
	if(all->refused != clients)
		all->failed++;
	printf("%s: %d IMPUs given, %d clients refused, %d faults\n", round, (int)block.size,
		   all->refused, all->failed);
	memset(all->count, 0, sizeof(all->count));
	all->refused = 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	all = mmap(NULL, sizeof(*all), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if(argc < 6 || all == MAP_FAILED)
		return 2;
	place = argv[1];
	block = block_of((uint32_t)strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10),
					 (uint32_t)strtoul(argv[4], NULL, 10));
	clients = (int)strtol(argv[5], NULL, 10);
	at_once(take, "first");
	check("first");
	at_once(release, "");
	if(block.quarantine > 0) {
		at_once(back, "stranger");
		at_once(release, "");
		pass_ms((int64_t)block.quarantine * 1000 + 1);
	}
	at_once(take, "second");
	check("second");
	return all->failed > 0;
}
