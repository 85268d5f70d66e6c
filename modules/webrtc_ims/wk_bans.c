/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_bans.h"

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "jose/wims_alg_ossl.h"
#include "wk_env.h"
#include "wk_limits.h"
#include "wk_networks.h"
#include "wk_params.h"
#include "wk_state.h"
#include "wk_stats.h"

struct shared
{
	gen_lock_t lock;
	struct wims_bans *table;
};

static struct shared *shared;
/* Before the fork, read only afterwards. */
static struct wims_nets *exempt;

static struct wims_bans *take_lock(void)
{
	lock_get(&shared->lock);
	return shared->table;
}

static void give_lock(void)
{
	lock_release(&shared->lock);
}

int wk_bans_init(void)
{
	if(wk_networks_read(&exempt, "ban_exempt", wk_params.ban_exempt) < 0)
		return -1;
	shared = shm_malloc(sizeof(*shared));
	if(shared != NULL)
		*shared = (struct shared){
				.table = wims_bans_new(wk_shm_env(), (size_t)wk_params.max_bans, wims_random)};
	if(shared == NULL || shared->table == NULL || lock_init(&shared->lock) == NULL) {
		LM_ERR("no shared memory for bans\n");
		return -1;
	}
	return 0;
}

void wk_bans_destroy(void)
{
	wims_nets_free(exempt);
	exempt = NULL;
	if(shared == NULL)
		return;
	wims_bans_free(shared->table);
	shm_free(shared);
	shared = NULL;
}

struct wims_address wk_address(const struct ip_addr *from)
{
	return wims_address_of(from->u.addr, from->len);
}

bool wk_banned(const struct ip_addr *from)
{
	struct wims_address a = wk_address(from);
	bool is = wims_bans_check(take_lock(), wims_address_client(&a), wk_now_ms());

	give_lock();
	return is;
}

/* A token that was shown and is not good, or a flood. Not one that only was missing,
 * as it is in front of each challenge; and not an Origin, which pages of others have
 * the browsers of good users send. */
static bool is_strike(enum wims_reason why)
{
	const struct wims_reason_info *info = wims_reason_info(why);

	return why == WIMS_RATE_FLOODED
		   || (info->close && info->bearer_error != NULL && *info->bearer_error != '\0');
}

static struct wims_pace strikes(int64_t n)
{
	return (struct wims_pace){wk_limit(WK_BAN_WINDOW) * INT64_C(1000000) / n, (uint32_t)n};
}

static void strike(const struct ip_addr *from, const char *why)
{
	struct wims_address a = wk_address(from);
	char text[WIMS_CLIENT_TEXT_MAX];
	int n = wk_limit(WK_BAN_STRIKES);
	struct wims_pace pace;
	bool banned;

	if(n == 0 || wims_nets_have(exempt, &a))
		return;
	pace = strikes(n);
	banned = wims_bans_strike(take_lock(), wims_address_client(&a), &pace,
							  wk_limit(WK_BAN_TIME) * INT64_C(1000), wk_now_ms());
	give_lock();
	wk_stats_event(WK_EV_STRIKES);
	if(!banned)
		return;
	wk_stats_event(WK_EV_BANS);
	wims_client_text(text, wims_address_client(&a));
	LM_WARN("%s is banned for %d s: more than %u refusals, the last one %s\n", text,
			wk_limit(WK_BAN_TIME), pace.burst, why);
}

void wk_bans_refused(const struct ip_addr *from, enum wims_reason why)
{
	if(is_strike(why))
		strike(from, wims_reason_text(why));
}

void wk_bans_guessed(const struct ip_addr *from)
{
	strike(from, "wrong password");
}

enum wims_reason wk_bans_add(const struct wims_address *a, int seconds)
{
	char text[WIMS_CLIENT_TEXT_MAX];
	enum wims_reason r;

	if(wims_nets_have(exempt, a))
		return WIMS_LIMIT_REACHED;
	r = wims_bans_add(take_lock(), wims_address_client(a), seconds * INT64_C(1000), wk_now_ms());
	give_lock();
	if(r != WIMS_OK)
		return r;
	wims_client_text(text, wims_address_client(a));
	LM_NOTICE("%s is banned for %d s by hand\n", text, seconds);
	return WIMS_OK;
}

bool wk_bans_remove(const struct wims_address *a)
{
	bool removed = wims_bans_remove(take_lock(), wims_address_client(a), wk_now_ms());
	char text[WIMS_CLIENT_TEXT_MAX];

	give_lock();
	if(!removed)
		return false;
	wims_client_text(text, wims_address_client(a));
	LM_NOTICE("%s is no longer banned, by hand\n", text);
	return true;
}

size_t wk_bans_list(size_t skip, struct wims_ban *out, size_t n)
{
	size_t got = wims_bans_list(take_lock(), skip, out, n, wk_now_ms());

	give_lock();
	return got;
}

size_t wk_bans_count(void)
{
	size_t n;

	if(shared == NULL)
		return 0;
	n = wims_bans_count(take_lock(), wk_now_ms());
	give_lock();
	return n;
}
