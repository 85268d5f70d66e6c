/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "pair.h"

int wb_tcp_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
					size_t len)
{
	struct wb_pair *p = lws_get_opaque_user_data(wsi);

	(void)user;
	if(reason == LWS_CALLBACK_RAW_ADOPT) {
		p = wb_pair_new(lws_context_user(lws_get_context(wsi)), wsi);
		lws_set_opaque_user_data(wsi, p);
		if(p == NULL)
			return -1;
		/* A call may be silent for as long as it likes. */
		lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);
		return lws_callback_on_writable(wsi) < 0 ? -1 : 0;
	}
	if(p == NULL)
		return 0;
	switch((int)reason) {
		case LWS_CALLBACK_RAW_RX:
			return wb_pair_tcp_bytes(p, in, len) ? 0 : -1;
		case LWS_CALLBACK_RAW_WRITEABLE:
			return wb_pair_tcp_writable(p) ? 0 : -1;
		case LWS_CALLBACK_RAW_CLOSE:
			lws_set_opaque_user_data(wsi, NULL);
			wb_pair_tcp_gone(p);
			return 0;
		default:
			return 0;
	}
}
