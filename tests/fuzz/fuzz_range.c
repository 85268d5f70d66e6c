/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Two ranges, a line each, then identities: what has been read can be read
 * again as the same, and no identity is in two ranges that are said not to
 * overlap. */
#include "fuzz.h"
#include "range/wims_ranges.h"

static struct wims_pl line(struct wims_pl *rest)
{
	struct wims_pl s = {rest->p, wims_pl_find(*rest, '\n')};

	*rest = wims_pl_from(*rest, s.l + 1);
	return s;
}

static struct wims_pl engine_text(const struct wims_ere *e, char *buf, size_t size)
{
	struct wims_w w;

	wims_w_init(&w, buf, size);
	wims_ere_write(e, &w);
	return wims_w_done(&w);
}

/* What the engine gets is an expression of ours too, as long as it has no
 * group, and then means the same. */
static void check_text(struct wims_pl ere)
{
	static struct wims_ere e;
	char buf[WIMS_ERE_ENGINE_MAX], again[WIMS_ERE_ENGINE_MAX];
	struct wims_range_fault fault;
	struct wims_pl text, twice;

	if(!wims_ere_parse(&e, ere, &fault)) {
		FUZZ_ASSERT(fault.why != NULL && fault.at <= ere.l);
		return;
	}
	text = engine_text(&e, buf, sizeof(buf));
	if(text.l == 0 || wims_pl_find(text, '(') < text.l || wims_pl_find(text, '\\') < text.l
	   || !wims_ere_parse(&e, text, &fault))
		return;
	twice = engine_text(&e, again, sizeof(again));
	FUZZ_ASSERT(wims_pl_eq(text, twice));
}

/* A sealed set of those that are not empty, of an owner each; NULL: refused. */
static struct wims_ranges *set_of(struct wims_pl a, struct wims_pl b)
{
	const struct wims_pl text[] = {a, b};
	struct wims_ranges *rs = wims_ranges_new(&wims_env_libc);
	struct wims_range_fault fault;
	bool ok = true;
	uint32_t owner;
	size_t i;

	for(i = 0; ok && i < 2; i++)
		ok = wims_ranges_owner(rs, WIMS_PL("o"), WIMS_PL_NONE, &owner) == WIMS_OK
			 && (text[i].l == 0 || wims_ranges_add(rs, owner, text[i], &fault) == WIMS_OK);
	FUZZ_ASSERT(ok || fault.why != NULL);
	if(ok && wims_ranges_seal(rs, &fault) == WIMS_OK)
		return rs;
	wims_ranges_free(rs);
	return NULL;
}

static void check_pair(struct wims_pl a, struct wims_pl b, struct wims_pl rest)
{
	struct wims_regex_room *room = wims_regex_room_new(&wims_env_libc);
	struct wims_ranges *left = set_of(a, WIMS_PL_NONE), *right = set_of(WIMS_PL_NONE, b);
	struct wims_ranges *both = set_of(a, b);
	struct wims_ranges_hit hit;

	FUZZ_ASSERT(both == NULL || (left != NULL && right != NULL));
	while(both != NULL && rest.l > 0) {
		struct wims_pl impu = line(&rest);
		bool in_left = wims_ranges_find(left, room, impu, &hit);
		bool in_right = wims_ranges_find(right, room, impu, &hit);

		FUZZ_ASSERT(!in_left || !in_right);
		FUZZ_ASSERT(wims_ranges_find(both, room, impu, &hit) == (in_left || in_right));
	}
	wims_ranges_free(left);
	wims_ranges_free(right);
	wims_ranges_free(both);
	wims_regex_room_free(room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl rest = {(const char *)data, size};
	struct wims_pl a = line(&rest), b = line(&rest);

	check_text(a);
	if(a.l > 0 && b.l > 0)
		check_pair(a, b, rest);
	return 0;
}
