/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_BANS_H
#define WIMS_BANS_H

/* Who has misbehaved how often, and who may not connect for a while. A client is a
 * few bytes that whoever sends cannot choose: the address of a TCP connection.
 *
 * The table is bounded. Where it is full the client that has been quiet longest is
 * forgotten, and one that is banned only when all are: what an attacker with many
 * addresses gains by that is the end of his own oldest ban.
 *
 * No locking, no I/O; times are ms of one clock that never goes back. */

#include "base/wims_bucket.h"
#include "base/wims_env.h"
#include "base/wims_reason.h"

enum
{
	WIMS_BANS_CLIENT_MAX = 8 /* bytes of a client */
};

struct wims_bans;

/* random: fills n bytes, false on failure. NULL: no memory, or no randomness. env is
 * copied, its functions must stay. */
struct wims_bans *wims_bans_new(const struct wims_env *env, size_t max,
								bool (*random)(void *buf, size_t n));
/* NULL is fine. */
void wims_bans_free(struct wims_bans *bans);

/* The client has misbehaved. True: that was more than the pace allows, and it is banned
 * for ban_ms from now on. False as well when it is banned already, or there is no memory
 * to remember it. An empty client, or one that is too long, is nobody. */
bool wims_bans_strike(struct wims_bans *bans, struct wims_pl client, const struct wims_pace *pace,
					  int64_t ban_ms, int64_t now);
/* Is it banned? */
bool wims_bans_check(struct wims_bans *bans, struct wims_pl client, int64_t now);
/* Bans it, or lengthens or shortens its ban. REQUEST_MALFORMED (no client), NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_bans_add(struct wims_bans *bans, struct wims_pl client,
											   int64_t ban_ms, int64_t now);
/* Forgets its ban and its strikes. False: it was not banned. */
WIMS_MUST_CHECK bool wims_bans_remove(struct wims_bans *bans, struct wims_pl client, int64_t now);

struct wims_ban
{
	char client[WIMS_BANS_CLIENT_MAX];
	size_t l;
	int64_t left; /* ms */
	bool by_hand; /* by wims_bans_add, which outdoes strikes before it */
};
/* Copies up to n bans behind the first skip ones, the oldest first; returns how many. */
size_t wims_bans_list(struct wims_bans *bans, size_t skip, struct wims_ban *out, size_t n,
					  int64_t now);
/* How many are banned. */
size_t wims_bans_count(struct wims_bans *bans, int64_t now);

#endif
