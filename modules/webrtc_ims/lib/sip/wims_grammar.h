/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_GRAMMAR_H
#define WIMS_GRAMMAR_H

/* The few productions of RFC 3261 25.1 that every reader and writer in this
 * folder needs: token, host, quoted-string, LWS, ";name=value". */

#include "base/wims_pl.h"

/* SP, HTAB, and the CR and LF of a folded value. */
bool wims_is_lws(char c);
/* One or more token characters. */
bool wims_is_token(struct wims_pl s);
/* One or more bytes 0x20..0x7e. */
bool wims_is_printable(struct wims_pl s);
/* What wims_host_write takes, without a trailing dot. */
bool wims_is_host(struct wims_pl s);

/* Without leading and trailing LWS, folds included. */
struct wims_pl wims_lws_trim(struct wims_pl s);
/* s.p[at] is the opening quote: the position behind the closing one, or 0
 * when the quote is never closed. Backslash escapes one byte. */
size_t wims_quoted_end(struct wims_pl s, size_t at);
/* The first c outside quotes and outside <>, from position at on; s.l when
 * there is none, SIZE_MAX when a quote or bracket is left open or a '>' has
 * no '<'. */
size_t wims_find_plain(struct wims_pl s, size_t at, char c);

/* Takes the next ";name" or ";name=value" off *rest; LWS may surround each
 * part. The value keeps its quotes, an absent one is NULL. False at the end,
 * and then *rest is empty; false with *rest not empty means bad syntax: the
 * name is no token, a quote stays open, or ';' is missing. */
WIMS_MUST_CHECK bool wims_param_next(struct wims_pl *rest, struct wims_pl *name,
									 struct wims_pl *value);

#endif
