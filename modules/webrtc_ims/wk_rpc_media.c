/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_media.h"

#include "wk_media.h"
#include "wk_rpc.h"
#include "wk_state.h"

enum
{
	ROWS_MAX = 200 /* each answer; ask again from the last name on */
};

const char *wk_rpc_media_doc[] = {
		"Up to 200 media sessions behind that of a name: webrtc_ims.media [NAME]", NULL};

/* Copied out of the table, written after its lock is released. */
struct rows
{
	size_t used;
	struct
	{
		uint64_t media;
		uint32_t conn;
		char call_id[WIMS_CALLID_MAX + 1];
	} at[ROWS_MAX];
};

static void collect(void *ctx, const struct wims_media_view *view)
{
	struct rows *rows = ctx;

	rows->at[rows->used].media = view->media;
	rows->at[rows->used].conn = view->conn;
	wk_rpc_text(rows->at[rows->used++].call_id, view->call_id, WIMS_CALLID_MAX);
}

static void answer(rpc_t *rpc, void *ctx, const struct rows *rows)
{
	char name[WK_MEDIA_NAME_MAX];
	size_t i;
	void *h;

	for(i = 0; i < rows->used; i++) {
		str s = wk_str(wk_media_name(name, rows->at[i].media));

		if(rpc->add(ctx, "{", &h) < 0)
			return;
		rpc->struct_add(h, "Sds", "media", &s, "connection", (int)rows->at[i].conn, "call_id",
						rows->at[i].call_id);
	}
}

void wk_rpc_media(rpc_t *rpc, void *ctx)
{
	static struct rows rows;
	uint64_t after = 0;
	str name;

	if(rpc->scan(ctx, "*S", &name) == 1 && !wk_media_of_name(&after, wk_pl(&name))) {
		rpc->fault(ctx, 400, "NAME: must be that of a media session of this node");
		return;
	}
	rows.used = 0;
	(void)wims_flow_medias(wk_flows_lock(), after, collect, &rows, ROWS_MAX);
	wk_flows_unlock();
	answer(rpc, ctx, &rows);
}
