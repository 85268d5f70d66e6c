/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_load.h"

#include "wk_load.h"

enum
{
	LEVEL_MAX = WIMS_SHED_MAX / WK_LEVEL_PERCENT
};

const char *wk_rpc_load_doc[] = {
		"The load, and the level of what is refused for it; pins the level to 0..400, or lets it "
		"follow the load again: webrtc_ims.load [LEVEL|auto]",
		NULL};

/* As wk_load_pin takes it. */
static bool read_level(struct wims_pl text, int *level)
{
	uint64_t percent;

	*level = -1;
	if(wims_pl_eq(text, WIMS_PL("auto")))
		return true;
	if(!wims_pl_u64(text, &percent) || percent > LEVEL_MAX)
		return false;
	*level = (int)percent * WK_LEVEL_PERCENT;
	return true;
}

void wk_rpc_load(rpc_t *rpc, void *ctx)
{
	struct wk_load_view v;
	str text;
	int level;
	void *h;

	if(rpc->scan(ctx, "*.S", &text) == 1) {
		if(!read_level(wk_pl(&text), &level)) {
			rpc->fault(ctx, 400, "LEVEL: must be 0..%d, or auto", LEVEL_MAX);
			return;
		}
		wk_load_pin(level);
	}
	v = wk_load_view();
	if(rpc->add(ctx, "{", &h) < 0)
		return;
	rpc->struct_add(h, "dddddds", "work", (int)(v.measured.work / WK_LOAD_PERCENT), "behind",
					(int)(v.measured.behind / WK_LOAD_PERCENT), "queue",
					(int)(v.measured.queue / WK_LOAD_PERCENT), "memory",
					(int)(v.measured.memory / WK_LOAD_PERCENT), "refusing",
					(int)(v.measured.refusing / WK_LOAD_PERCENT), "level",
					(int)(v.level / WK_LEVEL_PERCENT), "pinned", v.pinned ? "yes" : "no");
}
