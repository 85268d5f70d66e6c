/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_H
#define WK_H

/* The one header through which the glue sees Kamailio. Kamailio's "str" and
 * the library's slice meet only here. */

#include "core/sr_module.h"
#include "core/dprint.h"
#include "core/mod_fix.h"
#include "core/kemi.h"
#include "core/pvar.h"
#include "core/parser/msg_parser.h"

#include "base/wims_env.h"
#include "base/wims_pl.h"
#include "base/wims_reason.h"

static inline struct wims_pl wk_pl(const str *s)
{
	return s == NULL || s->s == NULL || s->len <= 0 ? WIMS_PL_NONE
													: (struct wims_pl){s->s, (size_t)s->len};
}

/* The bytes stay borrowed; Kamailio's str has no const. */
static inline str wk_str(struct wims_pl s)
{
	return (str){(char *)s.p, (int)s.l};
}

/* printf-style "%.*s" of a slice, cut at a length that fits a log line. */
#define WK_FMT(pl) (int)((pl).l > 256 ? 256 : (pl).l), ((pl).p == NULL ? "" : (pl).p)

/* Script functions answer 1 (true) or -1 (false). 0 ends the script, and only a
 * request that is suspended may do so. */
enum
{
	WK_TRUE = 1,
	WK_FALSE = -1,
	WK_SUSPENDED = 0
};

#endif
