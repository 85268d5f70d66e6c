/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/wims_fault.h"

#include "base/wims_w.h"

enum
{
	WHAT_MAX = 64
};

static void finish(struct wims_fault *fault, const struct wims_w *w)
{
	fault->text[w->len] = '\0';
}

void wims_fault_set(struct wims_fault *fault, struct wims_pl text, struct wims_pl what)
{
	struct wims_w w;
	size_t i;

	if(fault == NULL)
		return;
	wims_w_init(&w, fault->text, sizeof(fault->text) - 1);
	wims_w_pl(&w, text);
	if(what.l > 0)
		wims_w_lit(&w, " '");
	for(i = 0; i < what.l && i < WHAT_MAX; i++) {
		bool plain = what.p[i] >= 0x20 && what.p[i] < 0x7f;

		wims_w_pl(&w, plain ? (struct wims_pl){what.p + i, 1} : WIMS_PL("?"));
	}
	if(what.l > 0)
		wims_w_lit(&w, "'");
	finish(fault, &w);
}

void wims_fault_line(struct wims_fault *fault, size_t line, struct wims_pl text)
{
	struct wims_w w;

	if(fault == NULL)
		return;
	wims_w_init(&w, fault->text, sizeof(fault->text) - 1);
	wims_w_lit(&w, "line ");
	wims_w_u64(&w, line);
	wims_w_lit(&w, ": ");
	wims_w_pl(&w, text);
	finish(fault, &w);
}
