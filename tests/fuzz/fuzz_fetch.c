/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* A frame that is taken lies in the input, keeps every limit, and is written
 * again with the same bytes. The first byte chooses the reader. */
#include "fetch/wims_fetch.h"
#include "fetch/wims_fetch_head.h"

#include "fuzz.h"

static void same(const struct wims_buf *again, struct wims_pl frame)
{
	FUZZ_ASSERT(wims_pl_eq(wims_buf_pl(again), frame));
}

static void request(struct wims_pl in, struct wims_buf *again)
{
	struct wims_fetch_in got;
	uint32_t id;
	size_t used;

	if(wims_fetch_get_request(in, &used, &id, &got) != WIMS_FETCH_FRAME)
		return;
	FUZZ_ASSERT(used <= in.l && wims_fetch_put_request(again, id, &got));
	same(again, (struct wims_pl){in.p, used});
}

static void answer(struct wims_pl in, struct wims_buf *again)
{
	struct wims_fetch_answer got;
	uint32_t id;
	size_t used;

	if(wims_fetch_get_answer(in, &used, &id, &got) != WIMS_FETCH_FRAME)
		return;
	FUZZ_ASSERT(used <= in.l && wims_fetch_put_answer(again, id, &got));
	same(again, (struct wims_pl){in.p, used});
}

static void head(struct wims_pl in)
{
	struct wims_fetch_head h = {0};
	bool more = true;
	int64_t age;

	while(in.l > 0 && more) {
		size_t end = wims_pl_find(in, '\n');

		more = wims_fetch_head_line(&h, (struct wims_pl){in.p, end});
		in = wims_pl_from(in, end + 1);
	}
	age = wims_fetch_head_max_age(&h);
	FUZZ_ASSERT(age >= -1 && age <= WIMS_FETCH_AGE_MAX && h.bytes <= WIMS_FETCH_HEAD_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl in = wims_pl_from((struct wims_pl){(const char *)data, size}, 1);
	struct wims_buf again;

	wims_buf_init(&again, &wims_env_libc, WIMS_FETCH_FRAME_MAX);
	if(size > 0 && data[0] == 'q')
		request(in, &again);
	else if(size > 0 && data[0] == 'a')
		answer(in, &again);
	else
		head(in);
	wims_buf_clear(&again);
	return 0;
}
