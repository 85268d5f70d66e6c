/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The settings that an operator may change at run time: one block that holds
 * nothing. Kamailio's header has the code, we have its variables. */

#include "glue.h"

#include "core/cfg/cfg_struct.h"

static cfg_block_t blocks[2] = {{.refcnt = {1}}, {.refcnt = {1}}};
static cfg_block_t *current = blocks;
static gen_lock_t lock;
static cfg_child_cb_t *no_callback = CFG_NO_CHILD_CBS;

cfg_group_t *cfg_group;
cfg_block_t **cfg_global = &current;
cfg_block_t *cfg_local;
int cfg_block_size;
gen_lock_t *cfg_global_lock = &lock;
cfg_child_cb_t **cfg_child_cb_first = &no_callback;
cfg_child_cb_t **cfg_child_cb_last = &no_callback;
cfg_child_cb_t *cfg_child_cb = CFG_NO_CHILD_CBS;
int cfg_ginst_count;

void cfg_move_handle(cfg_group_t *group, cfg_group_inst_t *src, cfg_group_inst_t *dst)
{
}

int cfg_child_init(void)
{
	return 0;
}

void ksr_cfg_change(void)
{
	current = current == blocks ? blocks + 1 : blocks;
	current->refcnt.val += 2; /* never the last one: it is not on the heap */
}

bool ksr_cfg_taken(void)
{
	return cfg_local == current;
}
