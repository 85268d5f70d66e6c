/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzz.h"
#include "identity/wims_impu.h"
#include "regevent/wims_reginfo.h"

/* What is told names one identity, and nothing that would break a line. */
static void check(void *ctx, const struct wims_reginfo_news *news)
{
	const struct wims_reginfo *doc = ctx;
	char buf[WIMS_IMPU_MAX];
	struct wims_pl again;
	size_t i;

	FUZZ_ASSERT((news->aor.l > 0) != (news->wildcard.l > 0));
	FUZZ_ASSERT(news->full == wims_reginfo_is_full(doc));
	FUZZ_ASSERT(news->wildcard.l == 0 || wims_impu_is_wildcard(news->wildcard));
	for(i = 0; i < news->wildcard.l; i++)
		FUZZ_ASSERT(news->wildcard.p[i] > ' ' && news->wildcard.p[i] < 0x7f);
	if(news->aor.l > 0) {
		FUZZ_ASSERT(wims_impu_canonical(&again, buf, sizeof(buf), news->aor) == WIMS_OK);
		FUZZ_ASSERT(wims_pl_eq(again, news->aor));
	}
	FUZZ_ASSERT(news->state != WIMS_REGINFO_NONE);
	FUZZ_ASSERT((news->contact_state == WIMS_REGINFO_NONE) == (news->event == WIMS_REGINFO_UNSAID));
	FUZZ_ASSERT(news->contact.l <= WIMS_REGINFO_CONTACT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_reginfo *doc = NULL;
	struct wims_pl text = {(const char *)data, size};

	if(wims_reginfo_parse(&doc, &wims_env_libc, text) != WIMS_OK)
		FUZZ_ASSERT(doc == NULL);
	else
		wims_reginfo_each(doc, check, doc);
	wims_reginfo_free(doc);
	return 0;
}
