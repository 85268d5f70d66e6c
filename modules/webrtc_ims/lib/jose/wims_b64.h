/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_B64_H
#define WIMS_B64_H

/* base64url without padding (RFC 4648 5, RFC 7515 2), read strictly: each
 * value has exactly one spelling, so two texts that differ never decode to
 * the same bytes. */

#include "base/wims_pl.h"

/* Bytes that n characters decode to, at most. */
#define WIMS_B64_DECODED_MAX(n) ((n) / 4 * 3 + 2)

/* False: a byte outside A-Z a-z 0-9 - _ (padding and white space too), a
 * length no bytes encode to, bits set behind the last byte, or more than size
 * bytes. *len is set only on true; out may then be written in part. */
WIMS_MUST_CHECK bool wims_b64_decode(void *out, size_t size, size_t *len, struct wims_pl in);

#endif
