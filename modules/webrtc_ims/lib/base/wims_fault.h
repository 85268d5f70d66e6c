/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_FAULT_H
#define WIMS_FAULT_H

/* Why an operator's input was refused, in words for one log line. Holds
 * printable ASCII only and never a key. */

#include "base/wims_pl.h"

enum
{
	WIMS_FAULT_MAX = 160
};

struct wims_fault
{
	char text[WIMS_FAULT_MAX]; /* ends in NUL */
};

/* "text", and after it "'what'" unless what is empty; other bytes of what
 * than printable ones read as '?', and what does not fit is cut off. NULL
 * fault: nothing happens. */
void wims_fault_set(struct wims_fault *fault, struct wims_pl text, struct wims_pl what);
/* "line N: text". */
void wims_fault_line(struct wims_fault *fault, size_t line, struct wims_pl text);

#endif
