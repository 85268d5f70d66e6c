/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* A state file. What is read as a record must be what a record of that body is
 * written as. */
#include "store/wims_record.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct wims_pl kind = WIMS_PL("revocations"), file = {(const char *)data, size};
	struct wims_pl body;
	struct wims_buf again;
	const char *why;

	if(wims_record_body(&body, file, kind, &why) != WIMS_OK) {
		FUZZ_ASSERT(body.l == 0 && why[0] != '\0');
		return 0;
	}
	wims_buf_init(&again, &wims_env_libc, WIMS_RECORD_HEAD_MAX + size);
	FUZZ_ASSERT(wims_record_head(&again, kind, body) == WIMS_OK && wims_buf_add(&again, body));
	FUZZ_ASSERT(wims_pl_eq(wims_buf_pl(&again), file));
	wims_buf_clear(&again);
	return 0;
}
