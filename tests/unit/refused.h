/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef REFUSED_H
#define REFUSED_H

/* Provisioning files that are refused. */

#include "provision/wims_provision.h"

struct refused
{
	const char *text;
	enum wims_reason reason;
	const char *path; /* where the fault is */
	const char *says; /* in its text */
};

/* Fails with the first row that is not refused so. */
void refused_all(const struct refused *rows, size_t n);

/* Parsed and, if that goes well, its set of ranges built; both are freed again. */
enum wims_reason refused_read(const struct wims_env *env, const char *text,
							  struct wims_config_fault *fault);

#endif
