/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzz.h"

#include "sip/wims_digest.h"

/* What passes is relayed as one line that says integrity-protected="no" last. */
static void credentials(struct wims_pl body)
{
	const struct wims_pl end = WIMS_PL(" integrity-protected=\"no\"\r\n");
	static char buf[2 * WIMS_DIGEST_MAX];
	struct wims_digest d;
	struct wims_pl line;
	struct wims_w w;
	enum wims_reason r = wims_digest_parse(&d, body);

	wims_w_init(&w, buf, sizeof(buf));
	wims_digest_relay(&w, body, WIMS_INTEGRITY_NO);
	line = wims_w_done(&w);
	FUZZ_ASSERT((r == WIMS_OK) == w.ok);
	if(!w.ok)
		return;
	FUZZ_ASSERT(line.l > end.l && wims_pl_eq(wims_pl_from(line, line.l - end.l), end));
	FUZZ_ASSERT(wims_pl_find(line, '\n') == line.l - 1);
}

/* What is relayed is so many lines as challenges, and relays as itself. */
static void challenges(struct wims_pl body)
{
	static const struct wims_pl name = WIMS_PL("WWW-Authenticate: ");
	static char buf[WIMS_CHALLENGES_TEXT_MAX], again[WIMS_CHALLENGES_TEXT_MAX];
	struct wims_challenges cs = {.count = 0}, cs2 = {.count = 0};
	struct wims_w w, w2;
	struct wims_pl rest;
	size_t end;

	wims_w_init(&w, buf, sizeof(buf));
	wims_w_init(&w2, again, sizeof(again));
	if(!wims_challenge_relay(&w, &cs, body)) {
		FUZZ_ASSERT(w.len == 0 && cs.count == 0);
		return;
	}
	for(rest = wims_w_done(&w); rest.l > 0; rest = wims_pl_from(rest, end + 2)) {
		end = wims_pl_find(rest, '\r');
		FUZZ_ASSERT(end + 2 <= rest.l && wims_pl_starts(rest, name));
		rest.p += name.l;
		rest.l -= name.l;
		end -= name.l;
		FUZZ_ASSERT(wims_challenge_relay(&w2, &cs2, (struct wims_pl){rest.p, end}));
	}
	FUZZ_ASSERT(cs2.count == cs.count && wims_pl_eq(wims_w_done(&w), wims_w_done(&w2)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl body = {(const char *)data, size};

	credentials(body);
	challenges(body);
	return 0;
}
