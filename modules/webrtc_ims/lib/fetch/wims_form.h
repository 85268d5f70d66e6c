/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_FORM_H
#define WIMS_FORM_H

/* application/x-www-form-urlencoded, the body of an OAuth 2 request and the
 * form that its user and password take (RFC 6749 2.3.1 and appendix B). */

#include "base/wims_w.h"

/* One name or value: letters, digits and "*-._" as they are, a space as '+',
 * any other byte as %XX. */
void wims_form_value(struct wims_w *w, struct wims_pl value);

#endif
