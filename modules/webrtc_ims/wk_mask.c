/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_mask.h"

#include <string.h>

#include "base/wims_run.h"
#include "core/events.h"
#include "sip/wims_head.h"
#include "wk_hdr.h"

enum
{
	REMEMBERED = 4 /* secrets; there is one, as a rule */
};

/* The message that this process is at: from its arrival until the screen no
 * other one comes in between. */
static struct
{
	const char *at;
	size_t len;
	size_t secrets; /* that were masked */
	struct
	{
		size_t at, len;
	} secret[REMEMBERED]; /* the first of them; the others are looked for again */
	char bytes[BUF_SIZE + 1];
} kept;

static inline bool is_visible(unsigned char c)
{
	return c > 0x20 && c < 0x7f;
}

/* What no head may hold stays in sight of those who judge the head. */
static void mask(char *p, size_t len)
{
	size_t i, n;

	for(i = 0; i < len; i += n + 1) {
		n = wims_run((struct wims_pl){p + i, len - i}, is_visible);
		memset(p + i, 'x', n);
	}
}

static void remember(size_t at, size_t len)
{
	if(kept.secrets < REMEMBERED) {
		kept.secret[kept.secrets].at = at;
		kept.secret[kept.secrets].len = len;
	}
	kept.secrets++;
}

static int on_receive(sr_event_param_t *evp)
{
	str *in = evp->data;
	struct wims_pl text;
	size_t at = 0, len = 0;

	kept.at = NULL;
	kept.secrets = 0;
	if(evp->rcv == NULL || !wk_is_websocket(evp->rcv->proto))
		return 0;
	if((size_t)in->len <= sizeof(kept.bytes)) {
		kept.at = in->s;
		kept.len = (size_t)in->len;
		memcpy(kept.bytes, in->s, kept.len);
	}
	for(text = wk_pl(in); wims_next_secret(text, &at, &len);) {
		mask(in->s + at, len);
		remember(at, len);
	}
	return 0;
}

int wk_mask_init(void)
{
	if(sr_event_register_cb(SREV_NET_DATA_IN, on_receive) == 0)
		return 0;
	LM_ERR("cannot register for incoming messages\n");
	return -1;
}

/* Only what was masked: the rest may have been changed in place since. */
void wk_mask_lift(sip_msg_t *msg)
{
	struct wims_pl original = {kept.bytes, kept.len};
	size_t at = 0, len = 0, i;

	if(kept.at == NULL || msg->buf != kept.at || msg->len != kept.len)
		return;
	for(i = 0; i < kept.secrets; i++) {
		if(i < REMEMBERED) {
			at = kept.secret[i].at;
			len = kept.secret[i].len;
		} else if(!wims_next_secret(original, &at, &len)) {
			break;
		}
		memcpy(msg->buf + at, kept.bytes + at, len);
	}
	kept.at = NULL;
}
