/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_ORIGINATE_H
#define WK_ORIGINATE_H

/* Requests that the eP-CSCF itself sends to the core. The wims process only;
 * returns at once, answers arrive in the workers. */

#include "flow/wims_flow.h"

/* De-REGISTER of one binding's Contact by TNA, also where the core authenticated
 * the user itself: one that insists on the scheme (TS 33.203 P.4) refuses, and
 * the registration runs out there. Sent under a Call-ID of its own so that it
 * never meets the WIC's CSeq. */
void wk_send_dereg(const struct wims_binding_view *b);
/* BYE to the core's side of a call whose WIC is lost, as if the WIC had sent
 * it, with a Reason (RFC 3326). */
void wk_send_bye(const struct wims_call_view *c);

#endif
