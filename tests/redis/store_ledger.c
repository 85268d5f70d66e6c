/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* A ledger of registrations that were acknowledged, while something happens to
 * Redis.
 *   store_ledger PLACE RUN SECONDS
 * Registers one user after the other for that long; a line "begun" is printed
 * after the first 1,000. When Redis does not answer, it is asked again each
 * 20 ms. At the end everyone in the ledger is looked for. The last line has how
 * many were acknowledged, how many of them are lost, and how long before Redis was
 * away for the first time the oldest of these was acknowledged. */
#include <stdio.h>
#include <stdlib.h>

#include "help/store_help.h"
#include "help/store_user.h"
#include "wr_conn.h"

enum
{
	USERS_MAX = 2000000,
	BEGUN = 1000,
	AGAIN_MS = 20,
	END_MS = 20000, /* in which it must have come back */
	TIMEOUT_MS = 200
};

static struct wims_block block;
static struct wims_store store;
static struct wr_store *on;
static int64_t acknowledged_us[USERS_MAX], away_at_us;

/* Until Redis has answered, or for END_MS. */
static enum wims_reason surely(enum wims_reason (*ask)(int64_t user), int64_t user,
							   int64_t *longest_us)
{
	int64_t began = wr_now_us();
	enum wims_reason r;

	while((r = ask(user)) == WIMS_REGISTRAR_AWAY && wr_now_us() - began < END_MS * 1000) {
		if(away_at_us == 0)
			away_at_us = wr_now_us();
		pass_ms(AGAIN_MS);
	}
	if(wr_now_us() - began > *longest_us)
		*longest_us = wr_now_us() - began;
	return r;
}

static enum wims_reason enter(int64_t user)
{
	char owner[32];

	snprintf(owner, sizeof(owner), "user%lld", (long long)user);
	return user_put(&store, &block, user, owner);
}

static enum wims_reason find(int64_t user)
{
	static struct wims_reg_entry e;
	enum wims_reason r = wims_store_query(&store, &block, user_impu(user), user, &e);

	if(r == WIMS_OK && (e.count != 1 || !user_is_contact(&e.contact[0], user)))
		return WIMS_REGISTRAR_BAD;
	return r;
}

int main(int argc, char **argv)
{
	int64_t users = 0, lost = 0, other = 0, i, end, away_us = 0, none = 0, oldest_us = 0;
	enum wims_reason r = WIMS_OK;

	if(argc < 4)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	on = open_store(argv[1], TIMEOUT_MS);
	store = wr_store(on);
	block = block_of((uint32_t)strtoul(argv[2], NULL, 10), USERS_MAX, 600);
	end = wr_now_us() + strtol(argv[3], NULL, 10) * 1000000;
	for(; r == WIMS_OK && users < USERS_MAX && wr_now_us() < end; users += r == WIMS_OK) {
		if((r = surely(enter, users, &away_us)) != WIMS_OK)
			printf("user %lld: %s %s\n", (long long)users, wims_reason_text(r), wr_store_error(on));
		acknowledged_us[users] = wr_now_us();
		if(users == BEGUN)
			printf("begun\n");
	}
	for(i = 0; i < users; i++) {
		r = surely(find, i, &none);
		if(r == WIMS_TARGET_UNREGISTERED && lost++ == 0)
			oldest_us = away_at_us - acknowledged_us[i];
		other += r != WIMS_OK && r != WIMS_TARGET_UNREGISTERED;
	}
	printf("acknowledged %lld lost %lld unreadable %lld away %lld ms, oldest %lld ms\n",
		   (long long)users, (long long)lost, (long long)other, (long long)(away_us / 1000),
		   (long long)(oldest_us / 1000));
	close_store(on);
	return other > 0;
}
