/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_RECORD_H
#define WIMS_RECORD_H

/* The form of a file that keeps state over a restart: one line of head, then
 * the body as it is.
 *
 *   webrtc_ims 1 KIND LENGTH SHA256 LF
 *
 * KIND says what the body is, LENGTH counts its bytes, SHA256 is its digest in
 * hexadecimal. A file that was cut short, grew, or differs in one bit is no
 * record. The digest guards against accidents, not against somebody who can
 * write into the directory. */

#include "base/wims_buf.h"
#include "base/wims_reason.h"

enum
{
	WIMS_RECORD_VERSION = 1,
	WIMS_RECORD_KIND_MAX = 80,  /* letters, digits, '_', '-' and '.', none of these three first */
	WIMS_RECORD_HEAD_MAX = 208, /* bytes in front of the body */
	WIMS_RECORD_BODY_MAX = 64 * 1024 * 1024
};

/* May this name a kind of record? */
bool wims_record_kind_ok(struct wims_pl kind);
/* Appends the head of that body to out. CONFIG_VALUE: not a name for a kind.
 * LIMIT_REACHED: the body is too long. NOMEM, CRYPTO_FAILED. */
WIMS_MUST_CHECK enum wims_reason wims_record_head(struct wims_buf *out, struct wims_pl kind,
												  struct wims_pl body);
/* The body of a whole file, borrowed from it; empty unless OK. *why: static
 * text that says what is wrong. CONFIG_SYNTAX: no record of this version, or
 * not of that kind. CONFIG_VALUE: damaged (length, digest). CRYPTO_FAILED: the
 * digest cannot be made. */
WIMS_MUST_CHECK enum wims_reason wims_record_body(struct wims_pl *body, struct wims_pl file,
												  struct wims_pl kind, const char **why);

#endif
