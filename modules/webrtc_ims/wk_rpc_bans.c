/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_bans.h"

#include <limits.h>

#include "wk_bans.h"
#include "wk_limits.h"
#include "wk_rpc_number.h"

enum
{
	ROWS_MAX = 500,          /* each answer */
	SECONDS_MAX = 30 * 86400 /* of a ban by hand */
};

const char *wk_rpc_bans_doc[] = {
		"Up to 500 banned addresses behind the first SKIP, and why: webrtc_ims.bans [SKIP]", NULL};
const char *wk_rpc_ban_doc[] = {
		"Bans an address, of IPv6 its /64: webrtc_ims.ban ADDRESS [SECONDS]", NULL};
const char *wk_rpc_unban_doc[] = {"Takes a ban back: webrtc_ims.unban ADDRESS", NULL};

/* False after a fault. */
static bool read_address(rpc_t *rpc, void *ctx, const str *text, struct wims_address *a)
{
	if(wims_address_parse(a, wk_pl(text)))
		return true;
	rpc->fault(ctx, 400, "first argument: an address of IPv4 or IPv6");
	return false;
}

void wk_rpc_bans(rpc_t *rpc, void *ctx)
{
	static struct wims_ban bans[ROWS_MAX];
	char text[WIMS_CLIENT_TEXT_MAX];
	int skip = 0;
	size_t n, i;
	void *h;

	if(!wk_rpc_number_any(rpc, ctx, &(struct wk_rpc_number){"SKIP", 0, INT_MAX}, &skip))
		return;
	n = wk_bans_list((size_t)skip, bans, ROWS_MAX);
	for(i = 0; i < n && rpc->add(ctx, "{", &h) >= 0; i++) {
		wims_client_text(text, (struct wims_pl){bans[i].client, bans[i].l});
		rpc->struct_add(h, "sds", "address", text, "seconds", (int)((bans[i].left + 999) / 1000),
						"why", bans[i].by_hand ? "by hand" : "strikes");
	}
}

/* False after a fault. Both in one scan: only so it tells a second argument that is
 * neither text nor a whole number from none. */
static bool scan_ban(rpc_t *rpc, void *ctx, struct wims_address *a, int *seconds)
{
	static const struct wk_rpc_number of_seconds = {"SECONDS", 1, SECONDS_MAX};
	str address = {NULL, 0}, text = {NULL, 0};
	int got = rpc->scan(ctx, "S*.S", &address, &text);

	*seconds = wk_limit(WK_BAN_TIME);
	if(got == 0 || !read_address(rpc, ctx, &address, a))
		return false;
	if(got == 1)
		return true;
	if(got < 0)
		text.len = 0;
	return wk_rpc_number_read(rpc, ctx, &of_seconds, &text, seconds);
}

void wk_rpc_ban(rpc_t *rpc, void *ctx)
{
	struct wims_address a;
	enum wims_reason r;
	int seconds;

	if(!scan_ban(rpc, ctx, &a, &seconds))
		return;
	if((r = wk_bans_add(&a, seconds)) == WIMS_LIMIT_REACHED)
		rpc->fault(ctx, 409, "this address is in ban_exempt");
	else if(r != WIMS_OK)
		rpc->fault(ctx, 500, "not banned: %s", wims_reason_text(r));
}

void wk_rpc_unban(rpc_t *rpc, void *ctx)
{
	struct wims_address a;
	str text;

	if(rpc->scan(ctx, "S", &text) == 1 && read_address(rpc, ctx, &text, &a) && !wk_bans_remove(&a))
		rpc->fault(ctx, 404, "this address is not banned");
}
