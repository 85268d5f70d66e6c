/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_wsframe.h"

#include "sip/wims_grammar.h"

#include <string.h>

enum
{
	FIN = 0x80,
	OPCODE_CLOSE = 0x8,
	OPCODE_PING = 0x9,
	HEAD_LEN = 2,
	CODE_LEN = 2
};

/* head: what stands before text in the payload. */
static bool control_frame(unsigned char *out, size_t size, size_t *len, int opcode,
						  struct wims_pl head, struct wims_pl text)
{
	size_t payload = head.l + text.l;

	*len = 0;
	if(text.l > WIMS_WS_PAYLOAD_MAX - head.l || size < HEAD_LEN + payload)
		return false;
	out[0] = (unsigned char)(FIN | opcode);
	out[1] = (unsigned char)payload; /* mask bit clear */
	if(head.l > 0)
		memcpy(out + HEAD_LEN, head.p, head.l);
	if(text.l > 0)
		memcpy(out + HEAD_LEN + head.l, text.p, text.l);
	*len = HEAD_LEN + payload;
	return true;
}

/* RFC 6455 7.4: 1004 has no meaning yet, 1005, 1006 and 1015 never travel. */
static bool may_be_sent(unsigned code)
{
	return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
		   || (code >= 3000 && code <= 4999);
}

bool wims_ws_close(unsigned char *out, size_t size, size_t *len, unsigned code,
				   struct wims_pl reason)
{
	char be[CODE_LEN] = {(char)(code >> 8 & 0xff), (char)(code & 0xff)};

	*len = 0;
	if(!may_be_sent(code) || reason.l > WIMS_WS_REASON_MAX)
		return false;
	if(reason.l > 0 && !wims_is_printable(reason))
		return false;
	return control_frame(out, size, len, OPCODE_CLOSE, (struct wims_pl){be, sizeof(be)}, reason);
}

bool wims_ws_ping(unsigned char *out, size_t size, size_t *len, struct wims_pl payload)
{
	return control_frame(out, size, len, OPCODE_PING, WIMS_PL_NONE, payload);
}
