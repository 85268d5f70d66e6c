/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_W_H
#define WIMS_W_H

/* Bounded writer for what becomes a SIP header, a log line or a key. It
 * refuses CR, LF and NUL, so a value can never start a header of its own. A
 * failed write sticks: one check of w.ok after the last write covers them
 * all. */

#include "wims_pl.h"

struct wims_w
{
	char *buf;
	size_t size;
	size_t len;
	bool ok;
};

/* The writer borrows buf; size counts bytes, no NUL is written. */
void wims_w_init(struct wims_w *w, char *buf, size_t size);
void wims_w_pl(struct wims_w *w, struct wims_pl s);
void wims_w_u64(struct wims_w *w, uint64_t n);
/* n bytes of data as 2n lower-case hexadecimal digits. */
void wims_w_hex(struct wims_w *w, const void *data, size_t n);
/* A quoted-string: quotes around, backslash before '"' and '\'. */
void wims_w_quoted(struct wims_w *w, struct wims_pl s);
/* CRLF, the one way to end a header line. */
void wims_w_crlf(struct wims_w *w);

#define wims_w_lit(w, lit) wims_w_pl((w), WIMS_PL(lit))

/* What was written, or the empty slice after a failed write. */
struct wims_pl wims_w_done(const struct wims_w *w);

#endif
