/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wr_int.h"

#include <string.h>

#include "base/wims_w.h"

enum
{
	TOLD_MAX = 100
};

static void put_harmless(struct wims_w *w, struct wims_pl told)
{
	size_t i;

	wims_w_lit(w, " (");
	for(i = 0; i < told.l && i < TOLD_MAX; i++)
		wims_w_pl(w, told.p[i] >= ' ' && told.p[i] <= '~' ? (struct wims_pl){told.p + i, 1}
														  : WIMS_PL("?"));
	wims_w_lit(w, ")");
}

enum wims_reason wr_fail(struct wr_client *c, enum wims_reason reason,
						 const struct wims_redis_addr *node, const char *text, struct wims_pl told)
{
	char at[WIMS_REDIS_ADDR_TEXT_MAX];
	struct wims_w w;

	wims_w_init(&w, c->error, WR_ERROR_MAX);
	if(node != NULL) {
		wims_w_pl(&w, wims_redis_addr_text(node, at));
		wims_w_lit(&w, ": ");
	}
	wims_w_pl(&w, wims_pl_str(text));
	if(told.l > 0)
		put_harmless(&w, told);
	c->error[wims_w_done(&w).l] = '\0';
	return reason;
}

const char *wr_client_error(const struct wr_client *c)
{
	return c->error;
}
