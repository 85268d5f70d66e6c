/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WB_SIP_FRAME_H
#define WB_SIP_FRAME_H

/* Where a SIP message ends in a byte stream (RFC 3261 18.3), and the
 * keep-alives between messages (RFC 5626 3.5.1). Bytes only, no I/O. */

#include <stddef.h>

enum
{
	WB_MESSAGE_MAX = 65536 /* head and body of one SIP message */
};

enum wb_frame
{
	WB_FRAME_MORE,    /* more bytes are needed to tell */
	WB_FRAME_MESSAGE, /* *used bytes are one whole message */
	WB_FRAME_PING,    /* *used bytes are CRLFCRLF, to be answered by CRLF */
	WB_FRAME_SKIP,    /* *used bytes are a CRLF (a pong) that means nothing */
	WB_FRAME_BAD      /* longer than WB_MESSAGE_MAX or a length that is none */
};

/* Judges the front of the n bytes at p; *used is 0 for MORE and BAD. No
 * Content-Length counts as 0. Of several the first counts: a scenario may
 * send two on purpose. */
enum wb_frame wb_frame_next(const char *p, size_t n, size_t *used);

#endif
