/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/wims_env.h"
#include "fuzz.h"
#include "jose/wims_json.h"

/* Walks the whole tree, and counts its depth. */
static void walk(const struct wims_json_value *v, int depth)
{
	const struct wims_json_value *child;
	struct wims_pl name;
	size_t i;

	FUZZ_ASSERT(depth <= WIMS_JSON_DEPTH_MAX + 1);
	FUZZ_ASSERT(wims_pl_find(wims_json_string(v), '\0') == wims_json_string(v).l);
	for(i = 0; (child = wims_json_at(v, i)) != NULL; i++)
		walk(child, depth + 1);
	for(i = 0; wims_json_member_at(v, i, &name, &child); i++) {
		/* one value for each name */
		FUZZ_ASSERT(name.l == 0 || wims_json_member_pl(v, name) == child);
		walk(child, depth + 1);
	}
	FUZZ_ASSERT(i == 0 || i == wims_json_count(v));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_json_fault fault;
	struct wims_json *doc = NULL;
	struct wims_pl text = {(const char *)data, size};

	if(wims_json_parse(&doc, &wims_env_libc, text, 8192, &fault) == WIMS_OK)
		walk(wims_json_root(doc), 1);
	else
		FUZZ_ASSERT(doc == NULL);
	wims_json_free(doc);
	return 0;
}
