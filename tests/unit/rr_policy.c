/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rr_policy.h"

const struct wims_rangereg_policy rr_policy = {
		.ranges = 8,
		.brought = 2,
		.in_flight = 4,
		.expires = 3600,
		.expires_max = 7200,
		.answer_ms = 10 * 1000,
		.confirm_ms = 5 * 1000,
		.retry_min_ms = 2 * 1000,
		.retry_max_ms = 60 * 1000,
		.refused_ms = 600 * 1000,
		.grace_ms = 30 * 1000,
};
