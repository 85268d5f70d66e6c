/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_ANSWER_H
#define WK_ANSWER_H

/* What each outcome is answered with: the list's code and phrase, but where the
 * operator says how a called party that is not there is reported. */

#include "wk.h"

struct wk_answer
{
	int code;              /* 0: nothing to answer with */
	struct wims_pl phrase; /* a NUL stands behind it */
	struct wims_pl lines;  /* header lines that belong to it, or empty */
};

/* mod_init: checks the parameters. 0, or -1 after a log line. */
int wk_answer_init(void);
struct wk_answer wk_answer_of(enum wims_reason r);

#endif
