/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "refused.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "provision_text.h"

enum wims_reason refused_read(const struct wims_env *env, const char *text,
							  struct wims_config_fault *fault)
{
	struct wims_ranges *set = NULL;
	struct wims_provision *pv;
	enum wims_reason r =
			wims_provision_parse(&pv, env, wims_pl_str(text), &provision_reader, fault);

	if(r == WIMS_OK)
		r = wims_provision_ranges(&set, env, pv, fault);
	if(r == WIMS_OK && !wims_provision_use(pv, set))
		r = WIMS_NOMEM;
	wims_provision_free(pv);
	wims_ranges_free(set);
	return r;
}

void refused_all(const struct refused *rows, size_t n)
{
	struct wims_config_fault fault;
	size_t i;

	for(i = 0; i < n; i++) {
		const struct refused *row = &rows[i];
		enum wims_reason r = refused_read(&wims_env_libc, row->text, &fault);

		if(r != row->reason || strcmp(fault.path, row->path) != 0
		   || strstr(fault.text, row->says) == NULL)
			fail_msg("row %zu: %s %s: %s; want %s %s: %s", i, wims_reason_text(r), fault.path,
					 fault.text, wims_reason_text(row->reason), row->path, row->says);
	}
}
