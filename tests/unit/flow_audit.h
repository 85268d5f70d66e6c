/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FLOW_AUDIT_H
#define FLOW_AUDIT_H

#include "flow/wims_flow.h"

/* Walks every record, list, index and timer of the table. NULL, or the first
 * rule that does not hold. */
const char *flow_audit(const struct wims_flows *fs);

#endif
