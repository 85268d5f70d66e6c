/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* What a server sends to wims-load, an upgrade before the frames or not: it is
 * the same whether it comes at once or by pieces, as long as the first byte says. */
#include "fuzz.h"
#include "tools/load/ws.h"

struct seen
{
	uint64_t hash;
	unsigned events;
};

static void note(struct seen *seen, enum wl_ws_kind kind, const struct wl_ws_event *event)
{
	size_t i;

	seen->events++;
	seen->hash = (seen->hash ^ kind) * UINT64_C(1099511628211);
	if(kind == WL_WS_CLOSE || kind == WL_WS_BAD)
		seen->hash = (seen->hash ^ event->code) * UINT64_C(1099511628211);
	for(i = 0; kind != WL_WS_BAD && i < event->data.n; i++)
		seen->hash = (seen->hash ^ (unsigned char)event->data.p[i]) * UINT64_C(1099511628211);
}

/* Up to `piece` bytes more each time. */
static struct seen all(const char *p, size_t n, size_t piece)
{
	struct seen seen = {UINT64_C(14695981039346656037), 0};
	struct wl_ws ws = {0};
	size_t from = 0, to = 0, used;
	enum wl_ws_kind kind = WL_WS_MORE;
	struct wl_ws_event event;

	while(to < n && kind != WL_WS_BAD && kind != WL_WS_CLOSE) {
		to = n - to < piece ? n : to + piece;
		do {
			event = (struct wl_ws_event){0};
			kind = wl_ws_next(&ws, p + from, to - from, &used, &event);
			FUZZ_ASSERT(used <= to - from && event.data.n <= WL_WS_MESSAGE_MAX);
			from += used;
			if(kind != WL_WS_MORE)
				note(&seen, kind, &event);
		} while(kind != WL_WS_MORE && kind != WL_WS_BAD && kind != WL_WS_CLOSE);
	}
	wl_ws_reset(&ws);
	return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char key[] = "dGhlIHNhbXBsZSBub25jZQ==";
	const char *p = (const char *)data + 1;
	struct seen whole, parts;
	unsigned status = 0;
	size_t used = 0, before = 0;

	if(size < 1)
		return 0;
	if(wl_ws_answer(p, size - 1, key, &used, &status) == WL_UPGRADE_OK) {
		FUZZ_ASSERT(used > 0 && used < size);
		FUZZ_ASSERT(wl_ws_answer(p, used - 1, key, &before, &status) == WL_UPGRADE_MORE);
		FUZZ_ASSERT(wl_ws_answer(p, used, key, &before, &status) == WL_UPGRADE_OK
					&& before == used);
	} else {
		used = 0;
	}
	whole = all(p + used, size - 1 - used, size);
	parts = all(p + used, size - 1 - used, 1 + data[0]);
	FUZZ_ASSERT(whole.hash == parts.hash && whole.events == parts.events);
	return 0;
}
