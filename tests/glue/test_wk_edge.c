/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "core/name_alias.h"
#include "mint.h"
#include "wk_edge.h"
#include "wk_hdr.h"
#include "wk_params.h"
#include "wk_state.h"

/* An INVITE of the core with that topmost Route and that Call-ID. */
static sip_msg_t *invite(const char *route, const char *call_id)
{
	char *text =
			mint_text("INVITE sip:u@127.0.0.1:5060 SIP/2.0\n%s%s%sCall-ID: %s\n\n",
					  *route == '\0' ? "" : "Route: ", route, *route == '\0' ? "" : "\n", call_id);
	sip_msg_t *msg = ksr_msg(PROTO_UDP, 0, text);

	free(text);
	assert_true(wk_hdr_parse(msg));
	return msg;
}

static enum wims_reason read_route(const char *route, enum wims_flowtoken_kind kind,
								   const char *call_id, uint32_t *conn)
{
	sip_msg_t *msg = invite(route, call_id);
	struct wims_pl context = kind == WIMS_FLOWTOKEN_PATH ? WIMS_PL_NONE : wims_pl_str(call_id);
	enum wims_reason r = wk_edge_read(msg, kind, context, conn);

	ksr_msg_free(msg);
	return r;
}

static char *route_of(enum wims_flowtoken_kind kind, uint32_t conn, struct wims_pl context)
{
	struct wk_edge e;

	assert_int_equal(wk_edge_write(&e, kind, conn, context), WIMS_OK);
	assert_true(wims_pl_eq(e.uri.host, WIMS_PL("127.0.0.1")));
	assert_int_equal(e.uri.port, 5060);
	return mint_text("<sip:%.*s@127.0.0.1:5060;lr>, <sip:other.test;lr>", WIMS_FLOWTOKEN_LEN,
					 e.token);
}

static void test_round_trip(void **state)
{
	static const uint32_t conns[] = {1, GLUE_CONN, 0x7fffffff, 0xffffffff};
	uint32_t conn;
	size_t i;

	for(i = 0; i < sizeof(conns) / sizeof(conns[0]); i++) {
		char *route = route_of(WIMS_FLOWTOKEN_PATH, conns[i], WIMS_PL_NONE);

		assert_int_equal(read_route(route, WIMS_FLOWTOKEN_PATH, "c", &conn), WIMS_OK);
		assert_int_equal(conn, conns[i]);
		free(route);
	}
}

static void test_kinds_are_apart(void **state)
{
	/* each with the context that the other one is read with */
	char *path = route_of(WIMS_FLOWTOKEN_PATH, GLUE_CONN, WIMS_PL("call-1"));
	char *record = route_of(WIMS_FLOWTOKEN_RECORD_ROUTE, GLUE_CONN, WIMS_PL_NONE);
	uint32_t conn = 1;

	assert_int_equal(read_route(path, WIMS_FLOWTOKEN_RECORD_ROUTE, "call-1", &conn),
					 WIMS_FLOW_TOKEN_BAD);
	assert_int_equal(conn, 0);
	assert_int_equal(read_route(record, WIMS_FLOWTOKEN_PATH, "call-1", &conn), WIMS_FLOW_TOKEN_BAD);
	free(path);
	free(record);
}

static void test_bound_to_the_call_id(void **state)
{
	char *route = route_of(WIMS_FLOWTOKEN_RECORD_ROUTE, GLUE_CONN, WIMS_PL("call-1"));
	uint32_t conn;

	assert_int_equal(read_route(route, WIMS_FLOWTOKEN_RECORD_ROUTE, "call-1", &conn), WIMS_OK);
	assert_int_equal(conn, GLUE_CONN);
	assert_int_equal(read_route(route, WIMS_FLOWTOKEN_RECORD_ROUTE, "call-2", &conn),
					 WIMS_FLOW_TOKEN_BAD);
	assert_int_equal(conn, 0);
	free(route);
}

/* A token of an earlier start, or of another node, is good but names nobody. */
static void test_other_start_or_node(void **state)
{
	struct wims_flowtoken t = {.kind = WIMS_FLOWTOKEN_PATH,
							   .node = (uint16_t)wk_params.node_id,
							   .epoch = wk_boot_epoch() - 1,
							   .conn = GLUE_CONN};
	char token[WIMS_FLOWTOKEN_LEN], *route;
	uint32_t conn = 1;
	int i;

	for(i = 0; i < 2; i++) {
		if(i == 1)
			t.epoch = wk_boot_epoch(), t.node++;
		assert_int_equal(wims_flowtoken_encode(token, wk_flow_keys(), &t, WIMS_PL_NONE), WIMS_OK);
		route = mint_text("<sip:%.32s@127.0.0.1:5060;lr>", token);
		assert_int_equal(read_route(route, WIMS_FLOWTOKEN_PATH, "c", &conn), WIMS_FLOW_GONE);
		assert_int_equal(conn, 0);
		free(route);
	}
}

static void test_no_token(void **state)
{
	static const char *const routes[] = {
			"",
			"<sip:127.0.0.1:5060;lr>",
			"<sip:abc@127.0.0.1:5060;lr>",
			"<tel:123>",
			"<broken",
			"<sip:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA@127.0.0.1:5060;lr>",
	};
	uint32_t conn = 1;
	size_t i;

	for(i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		assert_int_equal(read_route(routes[i], WIMS_FLOWTOKEN_PATH, "c", &conn),
						 WIMS_FLOW_TOKEN_BAD);
		assert_int_equal(conn, 0);
	}
}

/* The token stands in the topmost Route only. */
static void test_topmost_only(void **state)
{
	char *ours = route_of(WIMS_FLOWTOKEN_PATH, GLUE_CONN, WIMS_PL_NONE);
	char *route = mint_text("<sip:first.test;lr>, %s", ours);
	uint32_t conn;

	assert_int_equal(read_route(route, WIMS_FLOWTOKEN_PATH, "c", &conn), WIMS_FLOW_TOKEN_BAD);
	free(route);
	free(ours);
}

static void test_record_route(void **state)
{
	sip_msg_t *msg = invite("", "call-1");
	const char *at;
	char *route;
	uint32_t conn;

	assert_int_equal(wk_edge_record_route(msg, GLUE_CONN), WIMS_OK);
	/* in front of all other headers */
	at = strchr(ksr_out(msg), '\n') + 1;
	assert_int_equal(strncmp(at, "Record-Route: <sip:", 19), 0);
	assert_contains(at, "@127.0.0.1:5060;lr>\nCall-ID: call-1\n");
	route = mint_text("<sip:%.32s@127.0.0.1:5060;lr>", at + 19);
	assert_int_equal(read_route(route, WIMS_FLOWTOKEN_RECORD_ROUTE, "call-1", &conn), WIMS_OK);
	assert_int_equal(conn, GLUE_CONN);
	free(route);
	ksr_msg_free(msg);
}

/* The WIC's answer: the core gets its own Record-Route back, under ours. */
static void test_restore_routes(void **state)
{
	sip_msg_t *request = invite("", "call-1");
	sip_msg_t *asked = ksr_msg(PROTO_UDP, 0,
							   "INVITE sip:u@x SIP/2.0\nRecord-Route: <sip:c1;lr>\n"
							   "Record-Route: <sip:c2;lr>\nCall-ID: call-1\n\n");
	sip_msg_t *reply = ksr_msg(PROTO_WSS, GLUE_CONN,
							   "SIP/2.0 200 OK\nRecord-Route: <sip:evil.test;lr>\n"
							   "Call-ID: call-1\n\n");

	assert_true(wk_hdr_parse(asked) && wk_hdr_parse(reply));
	assert_int_equal(wk_edge_restore_routes(reply, asked, GLUE_CONN), WIMS_OK);
	assert_lacks(ksr_out(reply), "evil");
	assert_contains(ksr_out(reply),
					"@127.0.0.1:5060;lr>\nRecord-Route: <sip:c1;lr>, <sip:c2;lr>\n");
	ksr_msg_free(reply);
	ksr_msg_free(asked);
	ksr_msg_free(request);
}

/* Each allocation in turn: no half Record-Route, nothing lost. */
static void test_no_memory(void **state)
{
	size_t n;

	for(n = 0; n < 3; n++) {
		sip_msg_t *msg = invite("", "call-1");

		ksr_memory.left = n;
		assert_int_equal(wk_edge_record_route(msg, GLUE_CONN), WIMS_NOMEM);
		assert_lacks(ksr_out(msg), "Record-Route");
		ksr_memory.left = SIZE_MAX;
		ksr_msg_free(msg);
	}
}

static void expect_address(char *address, int rc)
{
	char *before = wk_params.mw_address;

	wk_params.mw_address = address;
	ksr_log_clear();
	assert_int_equal(wk_edge_init(), rc);
	if(rc < 0)
		assert_contains(ksr_log(), "must be host:port");
	wk_params.mw_address = before;
	assert_int_equal(wk_edge_init(), 0);
}

static void test_address(void **state)
{
	expect_address("[2001:db8::1]:5060", 0);
	expect_address("pcscf.ims.test:65535", 0);
	expect_address("pcscf.ims.test", -1);
	expect_address("pcscf.ims.test:", -1);
	expect_address(":5060", -1);
	expect_address("pcscf.ims.test:0", -1);
	expect_address("pcscf.ims.test:65536", -1);
	expect_address("pcscf.ims.test:50x", -1);
	ksr_aliases_reset();
}

static int own_name(char *host, unsigned short port)
{
	return grep_aliases(host, (int)strlen(host), port, PROTO_UDP);
}

/* Kamailio takes what mw_address says for itself: that host with that port alone. */
static void test_own_name(void **state)
{
	expect_address("edge7.ims.test:5062", 0);
	assert_true(own_name("edge7.ims.test", 5062));
	assert_false(own_name("edge7.ims.test", 5060));
	assert_false(own_name("ims.test", 5062));
	expect_address("[2001:db8::7]:5062", 0);
	assert_true(own_name("[2001:db8::7]", 5062));
	assert_true(own_name("2001:db8::7", 5062));
	expect_address("[:5062", 0);
	expect_address("edge8.ims.test:0", -1);
	assert_false(own_name("edge8.ims.test", 0));
	ksr_aliases_reset();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_round_trip),
			glue_test(test_kinds_are_apart),
			glue_test(test_bound_to_the_call_id),
			glue_test(test_other_start_or_node),
			glue_test(test_no_token),
			glue_test(test_topmost_only),
			glue_test(test_record_route),
			glue_test(test_restore_routes),
			glue_test(test_no_memory),
			glue_test(test_address),
			glue_test(test_own_name),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
