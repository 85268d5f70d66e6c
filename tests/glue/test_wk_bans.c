/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <arpa/inet.h>

#include "mint.h"
#include "wk_bans.h"
#include "wk_limits.h"
#include "wk_params.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_ws.h"

enum
{
	STRIKES = 3
};

static int setup(void **state)
{
	wk_params.ban_strikes = STRIKES;
	wk_params.ban_exempt = "198.51.100.0/24";
	return glue_setup(state);
}

static int teardown(void **state)
{
	wk_params.ban_strikes = 100;
	wk_params.ban_exempt = "";
	return glue_teardown(state);
}

static void come_from(sip_msg_t *msg, const char *address)
{
	struct ip_addr *ip = &msg->rcv.src_ip;
	bool v6 = strchr(address, ':') != NULL;

	ip->af = v6 ? AF_INET6 : AF_INET;
	ip->len = v6 ? 16 : 4;
	assert_int_equal(inet_pton((int)ip->af, address, ip->u.addr), 1);
}

/* One more WebSocket from there. */
static void open_from(const char *address, const char *origin, const char *reason)
{
	static uint32_t conn = 1000;
	char *text = mint_text("GET / HTTP/1.1\nOrigin: %s\n\n", origin);
	sip_msg_t *msg = ksr_msg(PROTO_TLS, ++conn, text);

	come_from(msg, address);
	assert_int_equal(wk_ws_open(msg), strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
	assert_reason(msg, reason);
	ksr_msg_free(msg);
	free(text);
}

static void opens(const char *address, const char *reason)
{
	open_from(address, "https://wwsf.test", reason);
}

/* A REGISTER from there is refused so, n times. */
static void refuse(const char *address, enum wims_reason why, unsigned n)
{
	while(n-- > 0) {
		sip_msg_t *msg = glue_register(NULL, "");

		come_from(msg, address);
		assert_int_equal(parse_headers(msg, HDR_EOH_F, 0), 0);
		(void)wk_outcome(msg, why);
		assert_int_equal(wk_reply(msg), WK_TRUE);
		ksr_msg_free(msg);
	}
}

static void test_ban(void **state)
{
	refuse("192.0.2.1", WIMS_SIGNATURE_BAD, STRIKES);
	opens("192.0.2.1", "ok");
	refuse("192.0.2.1", WIMS_TOKEN_EXPIRED, 1);
	opens("192.0.2.1", "address_banned");
	opens("::ffff:192.0.2.1", "address_banned");
	opens("192.0.2.2", "ok");
	assert_int_equal(ksr_counter("strikes"), STRIKES + 1);
	assert_int_equal(ksr_counter("bans"), 1);
	assert_contains(ksr_log(), "192.0.2.1 is banned for 300 s: more than 3 refusals, the last one "
							   "token_expired");
	assert_string_equal(ksr_rpc_run("webrtc_ims.bans", NULL, NULL),
						"address=192.0.2.1 seconds=300 why=strikes\n");
	ksr_clock.mono_ms += 300000;
	opens("192.0.2.1", "ok");
}

static void test_of_ipv6_its_network(void **state)
{
	refuse("2001:db8:1:2::1", WIMS_SIGNATURE_BAD, STRIKES);
	refuse("2001:db8:1:2:ffff::9", WIMS_SIGNATURE_BAD, 1);
	opens("2001:db8:1:2::3", "address_banned");
	opens("2001:db8:1:3::1", "ok");
}

/* What good users meet, or are made to send. */
static void test_no_strikes(void **state)
{
	static const enum wims_reason harmless[] = {
			WIMS_TOKEN_ABSENT, WIMS_TOKEN_NEARLY_EXPIRED, WIMS_NOT_REGISTERED, WIMS_RATE_EXCEEDED,
			WIMS_CORE_TIMEOUT, WIMS_TO_MISMATCH,          WIMS_KEYS_PENDING};
	size_t i;

	for(i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		refuse("192.0.2.1", harmless[i], 2 * STRIKES);
	for(i = 0; i < 2 * STRIKES; i++)
		open_from("192.0.2.1", "https://evil.test", "origin_refused");
	opens("192.0.2.1", "ok");
	assert_int_equal(ksr_counter("strikes"), 0);
	refuse("192.0.2.1", WIMS_RATE_FLOODED, STRIKES + 1);
	opens("192.0.2.1", "address_banned");
}

static void test_exempt(void **state)
{
	refuse("198.51.100.7", WIMS_SIGNATURE_BAD, 2 * STRIKES);
	opens("198.51.100.7", "ok");
	assert_string_equal(ksr_rpc_run("webrtc_ims.ban", "198.51.100.7", NULL),
						"409 this address is in ban_exempt\n");
}

static void test_switched_off(void **state)
{
	assert_contains(ksr_rpc_run("webrtc_ims.limits", "ban_strikes", "0"), "ban_strikes=0\n");
	refuse("192.0.2.1", WIMS_SIGNATURE_BAD, 2 * STRIKES);
	opens("192.0.2.1", "ok");
	assert_int_equal(ksr_counter("strikes"), 0);
}

static void expect_rpc(const char *name, const char *a, const char *b, const char *want)
{
	assert_string_equal(ksr_rpc_run(name, a, b), want);
}

static void test_rpc(void **state)
{
	static const char *wrong[] = {"1h", "-1", "", "2592001", "4294967297", KSR_RPC_ODD};
	size_t i;

	expect_rpc("webrtc_ims.bans", NULL, NULL, "");
	expect_rpc("webrtc_ims.ban", "192.0.2.1", "60", "");
	expect_rpc("webrtc_ims.ban", "2001:db8::1", NULL, "");
	opens("192.0.2.1", "address_banned");
	ksr_clock.mono_ms += 500;
	expect_rpc("webrtc_ims.bans", NULL, NULL,
			   "address=192.0.2.1 seconds=60 why=by hand\n"
			   "address=2001:db8::/64 seconds=300 why=by hand\n");
	expect_rpc("webrtc_ims.bans", "1", NULL, "address=2001:db8::/64 seconds=300 why=by hand\n");
	assert_contains(ksr_log(), "192.0.2.1 is banned for 60 s by hand");
	expect_rpc("webrtc_ims.unban", "2001:db8::ffff", NULL, "");
	expect_rpc("webrtc_ims.unban", "192.0.2.1", NULL, "");
	assert_contains(ksr_log(), "2001:db8::/64 is no longer banned, by hand");
	opens("192.0.2.1", "ok");
	expect_rpc("webrtc_ims.bans", NULL, NULL, "");
	expect_rpc("webrtc_ims.unban", "192.0.2.1", NULL, "404 this address is not banned\n");
	expect_rpc("webrtc_ims.bans", "-1", NULL, "400 SKIP: must be 0..2147483647\n");
	expect_rpc("webrtc_ims.ban", "192.0.2", NULL,
			   "400 first argument: an address of IPv4 or IPv6\n");
	expect_rpc("webrtc_ims.ban", "192.0.2.1", "0", "400 SECONDS: must be 1..2592000\n");
	expect_rpc("webrtc_ims.ban", NULL, NULL, "400 argument missing\n");
	/* a wrong time bans nobody */
	for(i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		expect_rpc("webrtc_ims.ban", "192.0.2.1", wrong[i], "400 SECONDS: must be 1..2592000\n");
	opens("192.0.2.1", "ok");
	expect_rpc("webrtc_ims.bans", NULL, NULL, "");
}

static void test_no_memory(void **state)
{
	ksr_memory.left = 0;
	expect_rpc("webrtc_ims.ban", "192.0.2.1", NULL, "500 not banned: no_memory\n");
	ksr_memory.left = SIZE_MAX;
	opens("192.0.2.1", "ok");
}

static void test_bad_list(void **state)
{
	wk_bans_destroy();
	wk_params.ban_exempt = "192.0.2.1/24";
	assert_int_equal(wk_bans_init(), -1);
	assert_contains(ksr_log(), "modparam ban_exempt=192.0.2.1/24: bits behind the length are set");
	wk_params.ban_exempt = "";
	assert_int_equal(wk_bans_init(), 0);
}

int main(void)
{
#define bans_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
			bans_test(test_ban),        bans_test(test_of_ipv6_its_network),
			bans_test(test_no_strikes), bans_test(test_exempt),
			bans_test(test_rpc),        bans_test(test_switched_off),
			bans_test(test_no_memory),  bans_test(test_bad_list),
	};

	return cmocka_run_group_tests_name("bans", tests, glue_group_setup, glue_group_teardown);
}
