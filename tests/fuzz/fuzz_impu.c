/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Whatever is accepted as an IMPU, an IMPI or an Origin is printable, short
 * enough, and canonical already. */
#include "identity/wims_impu.h"
#include "provision/wims_origin.h"

#include <stdlib.h>

typedef enum wims_reason (*canonical_fn)(struct wims_pl *out, char *buf, size_t size,
										 struct wims_pl in);

static void check(canonical_fn canonical, struct wims_pl in)
{
	char buf[WIMS_ORIGIN_MAX], again[WIMS_ORIGIN_MAX];
	struct wims_pl out, twice;
	size_t i;

	if(canonical(&out, buf, sizeof(buf), in) != WIMS_OK) {
		if(out.l != 0)
			abort();
		return;
	}
	for(i = 0; i < out.l; i++)
		if(out.p[i] <= 0x20 || out.p[i] >= 0x7f || out.p[i] == '<' || out.p[i] == '"')
			abort();
	if(canonical(&twice, again, sizeof(again), out) != WIMS_OK || !wims_pl_eq(out, twice))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl in = {(const char *)data, size};

	check(wims_impu_canonical, in);
	check(wims_impi_canonical, in);
	check(wims_origin_canonical, in);
	return 0;
}
