/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The input is a contact as it stands in a store. What reads reads the same after
 * it was written again. */
#include "registrar/wims_reg_record.h"

#include <stdlib.h>

#define NOW INT64_C(1800000000000)
#define NAME WIMS_PL("0123456789abcdef01234567")

static bool same(const struct wims_reg_contact *a, const struct wims_reg_contact *b)
{
	return a->node == b->node && a->epoch == b->epoch && a->q == b->q && a->reg_id == b->reg_id
		   && a->left_ms == b->left_ms && wims_pl_eq(a->flow, b->flow)
		   && wims_pl_eq(a->instance, b->instance);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct wims_pl in = {(const char *)data, size};
	struct wims_reg_contact first, second;
	char buf[WIMS_REG_RECORD_MAX + 21];
	struct wims_w w;

	if(!wims_reg_record_read(&first, NAME, in, NOW))
		return 0;
	wims_w_init(&w, buf, sizeof(buf));
	wims_w_u64(&w, (uint64_t)(NOW + first.left_ms));
	wims_w_lit(&w, " ");
	wims_reg_record_write(&w, &first);
	if(!wims_reg_record_read(&second, NAME, wims_w_done(&w), NOW) || !same(&first, &second))
		abort();
	return 0;
}
