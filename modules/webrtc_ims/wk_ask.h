/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_ASK_H
#define WK_ASK_H

/* What requests ask a registrar that several nodes share (wk_registry.h). Where it does
 * not answer, what this node knows by itself decides, and is counted: registrar_local.
 * One of this node alone is not asked: it knows no more than the flow table. */

#include "flow/wims_flow.h"
#include "registrar/wims_registrar.h"
#include "wk.h"

/* mod_init: modparams registrar_check and registrar_domains. 0, or -1 after a log line. */
int wk_ask_init(void);

/* A WIC wants to send a request: is its registration what the registrar has? OK also
 * where that is not asked. NOT_REGISTERED: the registrar process is told to make the two
 * agree. */
WIMS_MUST_CHECK enum wims_reason wk_ask_caller(const struct wims_binding_view *b);

/* Is anybody registered as that IMPU of a range? OK, TARGET_UNREGISTERED, TARGET_UNKNOWN
 * (of a domain that it is not asked about), or why the registrar does not say. */
WIMS_MUST_CHECK enum wims_reason wk_ask_about(struct wims_pl impu);

/* What the registrar has of a called IMPU; NULL: nothing, or none that was to be asked.
 * Good until the next call of either. */
const struct wims_reg_entry *wk_ask_callee(struct wims_pl impu);

#endif
