/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_bundle.h"

#include <stdlib.h>
#include <string.h>

/* In front of each entry; name and text follow. */
struct entry
{
	uint32_t name_len;
	uint32_t text_len;
};

bool wk_bundle_add(struct wk_bundle *b, struct wims_pl name, struct wims_pl text)
{
	struct entry e = {(uint32_t)name.l, (uint32_t)text.l};
	size_t more = sizeof(e) + name.l + text.l;
	char *grown;

	if(name.l > WK_BUNDLE_MAX || text.l > WK_BUNDLE_MAX || more > WK_BUNDLE_MAX - b->len)
		return false;
	if((grown = realloc(b->bytes, b->len + more)) == NULL)
		return false;
	b->bytes = grown;
	memcpy(b->bytes + b->len, &e, sizeof(e));
	if(name.l > 0)
		memcpy(b->bytes + b->len + sizeof(e), name.p, name.l);
	if(text.l > 0)
		memcpy(b->bytes + b->len + sizeof(e) + name.l, text.p, text.l);
	b->len += more;
	return true;
}

bool wk_bundle_find(const struct wk_bundle *b, struct wims_pl name, struct wims_pl *text)
{
	size_t at = 0;
	struct entry e;

	while(at < b->len) {
		const char *p = b->bytes + at + sizeof(e);

		memcpy(&e, b->bytes + at, sizeof(e));
		*text = (struct wims_pl){p + e.name_len, e.text_len};
		if(wims_pl_eq((struct wims_pl){p, e.name_len}, name))
			return true;
		at += sizeof(e) + e.name_len + e.text_len;
	}
	*text = WIMS_PL_NONE;
	return false;
}

void wk_bundle_free(struct wk_bundle *b)
{
	wims_wipe(b->bytes, b->len); /* secrets are among the files */
	free(b->bytes);
	*b = (struct wk_bundle){NULL, 0};
}
