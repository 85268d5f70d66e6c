/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "call_help.h"

#include "mint.h"
#include "wk_edge.h"
#include "wk_params.h"
#include "wk_peer.h"
#include "wk_state.h"

enum
{
	EPOCH = 1700000000,
	CONN = 77
};

/* The token of a connection of that node. */
static struct wims_pl token_of(uint16_t node, enum wims_flowtoken_kind kind, const char *context)
{
	static char text[WIMS_FLOWTOKEN_LEN];
	const struct wims_flowtoken t = {.kind = kind, .node = node, .epoch = EPOCH, .conn = CONN};

	assert_int_equal(wims_flowtoken_encode(text, wk_flow_keys(), &t, wims_pl_str(context)),
					 WIMS_OK);
	return (struct wims_pl){text, sizeof(text)};
}

static uint16_t other_node(void)
{
	return (uint16_t)(wk_params.node_id + 1);
}

static sip_msg_t *asked(int proto, const char *method, const char *to_tag, const char *route)
{
	char *text = mint_text("%s sip:u@192.0.2.2:5070 SIP/2.0\nVia: SIP/2.0/UDP c.test;branch=z9\n"
						   "From: <sip:a@c.test>;tag=f\nTo: <" ALICE ">%s\nCall-ID: call-1\n"
						   "CSeq: 1 %s\n%s\n",
						   method, to_tag, method, route);
	sip_msg_t *msg = ksr_msg(proto, proto == PROTO_WSS ? GLUE_CONN : 0, text);

	free(text);
	return msg;
}

static sip_msg_t *to_host(struct wims_pl token, const char *host)
{
	char *route =
			mint_text("Route: <sip:%.*s@%s>, <sip:next.test;lr>\n", (int)token.l, token.p, host);
	sip_msg_t *msg = asked(PROTO_UDP, "INVITE", "", route);

	free(route);
	return msg;
}

static void stays(sip_msg_t *msg)
{
	assert_int_equal(wk_to_peer(msg), WK_FALSE);
	assert_null(msg->dst_uri.s);
	ksr_msg_free(msg);
}

static void expect_next_hop(const sip_msg_t *msg, const char *want)
{
	assert_int_equal(msg->dst_uri.len, strlen(want));
	assert_memory_equal(msg->dst_uri.s, want, strlen(want));
}

/* The other Routes stay behind it, and the mark says that it has been sent on. */
static void test_goes_there(void **state)
{
	struct wims_pl token = token_of(other_node(), WIMS_FLOWTOKEN_PATH, "");
	sip_msg_t *msg = to_host(token, "192.0.2.2:5070;lr;ob");
	char *want =
			mint_text("Route: <sip:%.32s@192.0.2.2:5070;lr;peer>, <sip:next.test;lr>\n", token.p);

	assert_int_equal(wk_to_peer(msg), WK_TRUE);
	expect_next_hop(msg, "sip:192.0.2.2:5070");
	assert_contains(ksr_out(msg), want);
	assert_lacks(ksr_out(msg), ";ob");
	assert_string_equal(ksr_pv(msg, "peer"), "192.0.2.2");
	/* no transaction, no call, no outcome: those are the other node's */
	assert_null(ksr_tm.current);
	assert_int_equal(glue_counts().calls, 0);
	free(want);
	ksr_msg_free(msg);
}

static void test_address_of_version_6(void **state)
{
	sip_msg_t *msg = to_host(token_of(other_node(), WIMS_FLOWTOKEN_PATH, ""), "[2001:db8::2];lr");

	assert_int_equal(wk_to_peer(msg), WK_TRUE);
	expect_next_hop(msg, "sip:[2001:db8::2]");
	assert_string_equal(ksr_pv(msg, "peer"), "2001:db8::2");
	ksr_msg_free(msg);
}

/* In a dialog the token is bound to the Call-ID. */
static void test_in_a_dialog(void **state)
{
	static const char *const call_ids[] = {"call-1", "call-2"};
	size_t i;

	for(i = 0; i < 2; i++) {
		struct wims_pl token = token_of(other_node(), WIMS_FLOWTOKEN_RECORD_ROUTE, call_ids[i]);
		char *route = mint_text("Route: <sip:%.32s@192.0.2.2;lr>\n", token.p);
		sip_msg_t *msg = asked(PROTO_UDP, "BYE", ";tag=t", route);

		free(route);
		if(i == 1) {
			stays(msg);
			continue;
		}
		assert_int_equal(wk_to_peer(msg), WK_TRUE);
		expect_next_hop(msg, "sip:192.0.2.2");
		ksr_msg_free(msg);
	}
	/* a token of a registration opens no dialog's door */
	stays(asked(PROTO_UDP, "BYE", ";tag=t", "Route: <sip:127.0.0.1;lr>\n"));
}

/* Nothing is sent on twice, nor to this node itself: no request goes in circles. */
static void test_no_circles(void **state)
{
	uint16_t self = (uint16_t)wk_params.node_id;

	stays(to_host(token_of(other_node(), WIMS_FLOWTOKEN_PATH, ""), "192.0.2.2:5070;lr;peer"));
	stays(to_host(token_of(other_node(), WIMS_FLOWTOKEN_PATH, ""), "192.0.2.2:5070;lr;Peer=1"));
	stays(to_host(token_of(other_node(), WIMS_FLOWTOKEN_PATH, ""), "127.0.0.1:5060;lr"));
	stays(to_host(token_of(self, WIMS_FLOWTOKEN_PATH, ""), "192.0.2.2:5070;lr"));
	stays(to_host(token_of(self, WIMS_FLOWTOKEN_PATH, ""), "127.0.0.1:5060;lr"));
}

/* Only what the keys of all nodes vouch for leaves, and never what a WIC sent. */
static void test_forged(void **state)
{
	struct wims_pl token = token_of(other_node(), WIMS_FLOWTOKEN_PATH, "");
	char bad[WIMS_FLOWTOKEN_LEN];
	char *route = mint_text("Route: <sip:%.32s@192.0.2.2;lr>\n", token.p);
	sip_msg_t *msg = asked(PROTO_WSS, "INVITE", "", route);
	size_t i;

	free(route);
	stays(msg);
	for(i = 0; i < sizeof(bad); i++) {
		memcpy(bad, token.p, sizeof(bad));
		bad[i] = bad[i] == 'A' ? 'B' : 'A';
		stays(to_host((struct wims_pl){bad, sizeof(bad)}, "192.0.2.2;lr"));
	}
	stays(to_host(token_of(other_node(), WIMS_FLOWTOKEN_RECORD_ROUTE, ""), "192.0.2.2;lr"));
	stays(asked(PROTO_UDP, "INVITE", "", ""));
	stays(asked(PROTO_UDP, "INVITE", "", "Route: <sip:192.0.2.2;lr>\n"));
	stays(asked(PROTO_UDP, "INVITE", "", "Route: <broken\n"));
}

static void test_host_too_long(void **state)
{
	char *host = mint_text("%070d.test;lr", 1);

	stays(to_host(token_of(other_node(), WIMS_FLOWTOKEN_PATH, ""), host));
	free(host);
}

/* Each allocation in turn: it is refused, and nothing is lost. */
static void test_no_memory(void **state)
{
	struct wims_pl token = token_of(other_node(), WIMS_FLOWTOKEN_PATH, "");
	sip_msg_t *msg;
	size_t n = 0;
	int rc;

	do {
		msg = to_host(token, "192.0.2.2:5070;lr");
		ksr_memory.left = n++;
		rc = wk_to_peer(msg);
		ksr_memory.left = SIZE_MAX;
		ksr_msg_free(msg);
	} while(rc != WK_TRUE && n < 50);
	assert_in_range(n, 3, 49);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_goes_there),  glue_test(test_address_of_version_6),
			glue_test(test_in_a_dialog), glue_test(test_no_circles),
			glue_test(test_forged),      glue_test(test_host_too_long),
			glue_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
