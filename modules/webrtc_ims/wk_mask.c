/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_mask.h"

#include <string.h>

#include "core/events.h"
#include "sip/wims_head.h"

/* The message that this process is at: from its arrival until the screen no
 * other one comes in between. */
static struct
{
	const char *at;
	size_t len;
	char bytes[BUF_SIZE + 1];
} kept;

/* What no head may hold stays in sight of those who judge the head. */
static void mask(char *p, size_t len)
{
	size_t i;

	for(i = 0; i < len; i++)
		if(p[i] > 0x20 && p[i] < 0x7f)
			p[i] = 'x';
}

static int on_receive(sr_event_param_t *evp)
{
	str *in = evp->data;
	struct wims_pl text;
	size_t at = 0, len = 0;

	kept.at = NULL;
	if(evp->rcv == NULL || (evp->rcv->proto != PROTO_WS && evp->rcv->proto != PROTO_WSS))
		return 0;
	if((size_t)in->len <= sizeof(kept.bytes)) {
		kept.at = in->s;
		kept.len = (size_t)in->len;
		memcpy(kept.bytes, in->s, kept.len);
	}
	for(text = wk_pl(in); wims_next_secret(text, &at, &len);)
		mask(in->s + at, len);
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
	size_t at = 0, len = 0;

	if(kept.at == NULL || msg->buf != kept.at || msg->len != kept.len)
		return;
	while(wims_next_secret(original, &at, &len))
		memcpy(msg->buf + at, kept.bytes + at, len);
	kept.at = NULL;
}
