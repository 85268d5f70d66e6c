/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sip/wims_sdp.h"

#define KEYS "a=fingerprint:sha-256 D2\r\na=ice-ufrag:a\r\na=ice-pwd:b\r\n"
#define HEAD "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"
#define AUDIO "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"
#define DATA "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"

static void webrtc(void **state)
{
	static const struct
	{
		const char *sdp;
		bool is;
	} rows[] = {
			{HEAD AUDIO KEYS, true},
			{HEAD KEYS AUDIO, true},
			{HEAD "m=audio 9 UDP/TLS/RTP/SAVP 0\n" KEYS, true},
			{HEAD "m=audio 9 udp/tls/rtp/savpf 0\n" KEYS, true},
			{HEAD DATA KEYS, true},
			{HEAD "m=application 9 TCP/DTLS/SCTP webrtc-datachannel\r\n" KEYS, true},
			{HEAD AUDIO KEYS "m=video 0 RTP/AVP 96\r\n", true},
			{HEAD "m=video 0 RTP/AVP 96\r\n", true},
			{HEAD AUDIO KEYS AUDIO KEYS, true},
			{HEAD AUDIO KEYS AUDIO, false},
			{HEAD AUDIO AUDIO KEYS, false},
			{HEAD AUDIO, false},
			{HEAD AUDIO "a=fingerprint:sha-256 D2\r\na=ice-ufrag:a\r\n", false},
			{HEAD AUDIO "a=fingerprint:sha-256 D2\r\na=ice-pwd:a\r\n", false},
			{HEAD AUDIO "a=ice-ufrag:a\r\na=ice-pwd:a\r\n", false},
			{HEAD "m=audio 9 RTP/AVP 0\r\n" KEYS, false},
			{HEAD "m=audio 9 RTP/SAVPF 0\r\n" KEYS, false},
			{HEAD KEYS AUDIO "m=audio 00 RTP/AVP 0\r\n", false},
			{HEAD "m=audio\r\n" KEYS, false},
			{HEAD "m=\r\n" KEYS, false},
			{HEAD KEYS, false},
			{"", false},
	};
	static char longest[WIMS_SDP_MAX + 1] = HEAD AUDIO KEYS;
	size_t i, used = strlen(longest);

	(void)state;
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if(wims_sdp_is_webrtc(wims_pl_str(rows[i].sdp)) != rows[i].is)
			fail_msg("row %zu", i);
	memset(longest + used, '\n', sizeof(longest) - used);
	assert_true(wims_sdp_is_webrtc((struct wims_pl){longest, WIMS_SDP_MAX}));
	assert_false(wims_sdp_is_webrtc((struct wims_pl){longest, WIMS_SDP_MAX + 1}));
}

static void to_core(void **state)
{
	static const struct
	{
		const char *from, *to;
	} rows[] = {
			{"", ""},
			{HEAD, HEAD},
			{"v=0\ns=-\n", "v=0\r\ns=-\r\n"},
			{"v=0\r\ns=-", "v=0\r\ns=-\r\n"},
			{"a=group:BUNDLE 0 1\r\na=group:LS 0 1\r\n", "a=group:LS 0 1\r\n"},
			{"a=extmap-allow-mixed\r\na=msid-semantic: WMS s\r\nt=0 0\r\n", "t=0 0\r\n"},
			{"m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=msid:a b\r\na=ssrc:1 cname:x\r\n"
			 "a=ssrc-group:FID 1 2\r\na=extmap:1 x\r\na=rtcp:10\r\na=sendrecv\r\n",
			 "m=audio 9 RTP/AVP 0\r\na=rtcp:10\r\na=sendrecv\r\n"},
			{"m=video 9 RTP/AVP 96\r\na=rtcp-fb:96 nack\r\na=rtcp-rsize\r\na=simulcast:send 1\r\n",
			 "m=video 9 RTP/AVP 96\r\n"},
			{"m=video 9 RTP/AVPF 96\r\na=rtcp-fb:96 nack\r\na=rtcp-rsize\r\na=rid:1 send\r\n",
			 "m=video 9 RTP/AVPF 96\r\na=rtcp-fb:96 nack\r\na=rtcp-rsize\r\n"},
			{"m=audio 9 RTP/AVP 0\r\n" DATA "c=IN IP4 192.0.2.1\r\na=sctp-port:5000\r\n"
			 "m=video 9 RTP/AVP 96\r\nc=IN IP4 192.0.2.1\r\n",
			 "m=audio 9 RTP/AVP 0\r\nm=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"
			 "m=video 9 RTP/AVP 96\r\nc=IN IP4 192.0.2.1\r\n"},
	};
	char buf[400];
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wims_w w;

		wims_w_init(&w, buf, sizeof(buf));
		assert_true(wims_sdp_to_core(&w, wims_pl_str(rows[i].from)));
		assert_int_equal(w.len, strlen(rows[i].to));
		assert_memory_equal(buf, rows[i].to, w.len);
	}
}

static void to_core_refused(void **state)
{
	static char text[WIMS_SDP_MAX + 1], out[2 * WIMS_SDP_MAX + 2];
	struct wims_w w;

	(void)state;
	memset(text, '\n', sizeof(text));
	wims_w_init(&w, out, sizeof(out));
	assert_true(wims_sdp_to_core(&w, (struct wims_pl){text, WIMS_SDP_MAX}));
	wims_w_init(&w, out, sizeof(out));
	assert_false(wims_sdp_to_core(&w, (struct wims_pl){text, WIMS_SDP_MAX + 1}));
	wims_w_init(&w, out, 4);
	assert_false(wims_sdp_to_core(&w, WIMS_PL("v=0\n")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(webrtc),
			cmocka_unit_test(to_core),
			cmocka_unit_test(to_core_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
