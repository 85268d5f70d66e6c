/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REG_RECORD_H
#define WIMS_REG_RECORD_H

/* A contact as it stands in a store outside (docs/registrar-schema.md):
 *
 *   EXPIRY NODE EPOCH Q FLOW REG-ID INSTANCE
 *
 * one space between them; EXPIRY in ms since 1970 by the store's clock, Q in
 * thousandths or "-", REG-ID 0 for none, INSTANCE (+sip.instance, may be empty)
 * to the end. Its name, WIMS_CONTACT_USER_LEN lower-case letters and digits, is its
 * key there. What others wrote is read as any peer's bytes: it ends up in routes. */

#include "base/wims_w.h"
#include "registrar/wims_registrar.h"

enum
{
	/* all but EXPIRY and the space behind it */
	WIMS_REG_RECORD_MAX =
			5 + 1 + 10 + 1 + 4 + 1 + WIMS_FLOWTOKEN_LEN + 1 + 10 + 1 + WIMS_INSTANCE_MAX
};

/* All but EXPIRY, which is put in front by the store's own clock. */
void wims_reg_record_write(struct wims_w *w, const struct wims_reg_contact *c);
/* What makes two contacts those of one device: REG-ID INSTANCE; nothing where
 * there is no instance (RFC 5626 4.2). */
void wims_reg_record_device(struct wims_w *w, const struct wims_reg_contact *c);

/* False, *c zeroed: not a record, or over at `now` of the store's clock. Slices
 * are borrowed from name and text. */
WIMS_MUST_CHECK bool wims_reg_record_read(struct wims_reg_contact *c, struct wims_pl name,
										  struct wims_pl text, int64_t now);

#endif
