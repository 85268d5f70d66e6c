/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_CONTACT_WRITE_H
#define WIMS_CONTACT_WRITE_H

/* The two Contacts of one registration: the one that the core sees, which
 * names the binding at this node, and the one that the WIC gave. */

#include "sip/wims_tna.h"

/* Contact: <sip:USER@host:port>PARAMS CRLF. own: this node on Mw, its token
 * and parameters are not used. params: of the WIC's Contact, verbatim; expires
 * is left out (the Expires header says it), and received. */
void wims_contact_to_core(struct wims_w *w, struct wims_pl user, const struct wims_edge_uri *own,
						  struct wims_pl params);
/* Contact: <URI>PARAMS;expires=N CRLF. params: of the core's Contact (GRUUs,
 * reg-id, ...). */
void wims_contact_to_wic(struct wims_w *w, struct wims_pl uri, struct wims_pl params,
						 uint32_t expires);

#endif
