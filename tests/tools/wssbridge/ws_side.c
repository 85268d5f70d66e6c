/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "pair.h"

#include <stdio.h>
#include <string.h>

/* No pings of our own: who is silent is for the eP-CSCF to find out. */
static const lws_retry_bo_t no_pings = {0};

bool wb_ws_connect(struct wb_bridge *b, struct wb_pair *p, struct lws **ws)
{
	const struct wb_options *o = b->options;
	struct lws_client_connect_info i = {0};
	char host[300];

	snprintf(host, sizeof(host), "%s:%d", o->host, o->connect_port);
	i.context = b->context;
	i.vhost = b->client;
	i.address = o->connect_host;
	i.port = o->connect_port;
	i.path = o->path;
	i.host = host; /* also SNI and the name verified, without the port */
	i.origin = o->origin;
	i.protocol = o->subprotocol;
	i.local_protocol_name = WB_WS_PROTOCOL;
	i.alpn = "http/1.1";
	i.ssl_connection = LCCSCF_USE_SSL | LCCSCF_HTTP_NO_FOLLOW_REDIRECT;
	if(o->insecure)
		i.ssl_connection |= LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK
							| LCCSCF_ALLOW_EXPIRED | LCCSCF_ALLOW_INSECURE;
	i.retry_and_idle_policy = &no_pings;
	i.opaque_user_data = p;
	i.pwsi = ws;
	return lws_client_connect_via_info(&i) != NULL;
}

/* in: code and reason, or nothing when the Close frame was empty. */
static void on_peer_close(struct wb_pair *p, const unsigned char *in, size_t len)
{
	if(len < 2)
		wb_pair_ws_close(p, LWS_CLOSE_STATUS_NO_STATUS, "", 0);
	else
		wb_pair_ws_close(p, (unsigned)(in[0] << 8 | in[1]), (const char *)in + 2, len - 2);
}

int wb_ws_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
				   size_t len)
{
	struct wb_pair *p = lws_get_opaque_user_data(wsi);

	(void)user;
	if(p == NULL)
		return 0;
	switch((int)reason) {
		case LWS_CALLBACK_CLIENT_ESTABLISHED:
			wb_pair_ws_open(p);
			return 0;
		case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
			lws_set_opaque_user_data(wsi, NULL);
			wb_pair_ws_refused(p, in != NULL ? in : "", in != NULL ? len : 0);
			return 0;
		case LWS_CALLBACK_CLIENT_RECEIVE:
			return wb_pair_ws_bytes(p, in, len, lws_is_final_fragment(wsi)) ? 0 : -1;
		case LWS_CALLBACK_CLIENT_WRITEABLE:
			return wb_pair_ws_writable(p) ? 0 : -1;
		case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
			on_peer_close(p, in, len);
			return 0;
		case LWS_CALLBACK_CLIENT_CLOSED:
			lws_set_opaque_user_data(wsi, NULL);
			wb_pair_ws_gone(p);
			return 0;
		default:
			return 0;
	}
}
