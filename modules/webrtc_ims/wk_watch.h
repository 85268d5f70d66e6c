/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_WATCH_H
#define WK_WATCH_H

/* The registrations of WICs in the core, as the core tells of them (TS 24.229 5.2.3, RFC
 * 3680): one subscription for each default IMPU that is registered here, which is one for
 * each implicit set, however many WICs share it. Nothing happens unless modparam reg_event
 * is 2, nor for what is registered in a range. */

#include "identity/wims_impu.h"
#include "regevent/wims_reginfo.h"
#include "wk.h"

struct wims_binding_view;

/* A subscription that one registration rests on. */
struct wk_watch
{
	struct wims_pl identity; /* empty: none */
	char text[WIMS_IMPU_MAX];
};

/* That of the binding, as it is now. */
void wk_watch_of(struct wk_watch *w, struct wims_pl contact_user);
/* The core has answered a REGISTER for that binding with 2xx: registered for so many
 * seconds, or removed. was: of it before. */
void wk_watch_answered(const struct wk_watch *was, struct wims_pl contact_user, uint32_t seconds);
/* A binding that ended without an answer. */
void wk_watch_ended(const struct wims_binding_view *b);

/* What the core says, once, and in its order: a contact that has ended, or all of an
 * identity, ends here as well; one that is shortened has its WIC register anew. */
void wk_watch_document(const struct wims_reginfo *doc);

#endif
