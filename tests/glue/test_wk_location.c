/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "wk_edge.h"
#include "wk_hdr.h"
#include "wk_location.h"
#include "wk_params.h"

#define IMPU "sip:web-1@ims.test"
#define USER_1 "000000000000000000000001"
#define USER_2 "000000000000000000000002"
#define USER_3 "000000000000000000000003"

static sip_msg_t *registering;

static int setup(void **state)
{
	ksr_reset();
	wk_params.mw_address = "192.0.2.10:5060";
	assert_int_equal(wk_edge_init(), 0);
	assert_int_equal(wk_location_init(), 0);
	registering = ksr_msg(PROTO_WSS, 7,
						  "REGISTER sip:ims.test SIP/2.0\n"
						  "Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\n"
						  "User-Agent: Browser 1.0\n"
						  "Call-ID: c1\nCSeq: 4 REGISTER\n\n");
	assert_true(wk_hdr_parse(registering));
	registering->rcv.src_ip = (struct ip_addr){.af = AF_INET, .len = 4, .u.addr = {192, 0, 2, 1}};
	registering->rcv.src_port = 40000;
	return 0;
}

static int teardown(void **state)
{
	ksr_msg_free(registering);
	assert_int_equal(ksr_usrloc.locks, 0);
	ksr_reset();
	assert_int_equal(ksr_memory.live, 0);
	return 0;
}

static struct wk_location_in contact(const char *user, int q)
{
	return (struct wk_location_in){
			.impu = WIMS_PL(IMPU),
			.user = wims_pl_str(user),
			.q = q,
			.expires = 60,
			.call_id = WIMS_PL("c1"),
			.instance = WIMS_PL("<urn:uuid:1>"),
			.cseq = 4,
			.reg_id = 1,
	};
}

static void put(const char *user, int q)
{
	const struct wk_location_in in = contact(user, q);

	assert_true(wk_location_put(registering, &in));
}

static void test_needs_usrloc(void **state)
{
	struct wk_contact all[WK_CONTACTS_MAX];

	/* who has no range needs none */
	ksr_usrloc.absent = true;
	assert_int_equal(wk_location_init(), 0);
	assert_false(wk_location_on());
	assert_int_equal(wk_location_contacts(WIMS_PL(IMPU), all), 0);
	ksr_usrloc.absent = false;
	ksr_usrloc.unready = true;
	assert_int_equal(wk_location_init(), -1);
	assert_contains(ksr_log(), "usrloc module must be loaded before");
	ksr_usrloc.unready = false;
	ksr_usrloc.db_mode = 3;
	assert_int_equal(wk_location_init(), -1);
	assert_contains(ksr_log(), "db_mode=3: must be 0");
	ksr_usrloc.db_mode = 0;
	wk_params.location_table = "elsewhere";
	assert_int_equal(wk_location_init(), -1);
	assert_contains(ksr_log(), "modparam location_table elsewhere");
	wk_params.location_table = "location";
	assert_int_equal(wk_location_init(), 0);
}

static void test_put(void **state)
{
	put(USER_1, 500);
	assert_string_equal(ksr_contacts(IMPU),
						"sip:" USER_1 "@192.0.2.10:5060 q=500 expires=1900000061 callid=c1 cseq=4 "
						"instance=<urn:uuid:1> reg-id=1 agent=Browser 1.0 conn=7 "
						"received=sip:192.0.2.1:40000;transport=ws\n");
}

static void test_ipv6(void **state)
{
	registering->rcv.src_ip =
			(struct ip_addr){.af = AF_INET6, .len = 16, .u.addr = {0x20, 1, 0x0d, 0xb8, [15] = 1}};
	put(USER_1, 500);
	assert_contains(ksr_contacts(IMPU), "received=sip:[2001:db8:0:0:0:0:0:1]:40000;transport=ws\n");
}

static void test_renew(void **state)
{
	struct wk_location_in in = contact(USER_1, 500);
	bool renewed = true;

	in.renewed = &renewed;
	assert_true(wk_location_put(registering, &in));
	assert_false(renewed);
	put(USER_2, 700);
	in.q = 900;
	in.cseq = 5;
	in.call_id = WIMS_PL("c2");
	ksr_clock.wall += 30;
	assert_true(wk_location_put(registering, &in));
	assert_true(renewed);
	assert_int_equal(ksr_usrloc_records(), 1);
	assert_contains(ksr_contacts(IMPU), "sip:" USER_1 "@192.0.2.10:5060 q=900 expires=1900000091 "
										"callid=c2 cseq=5");
}

/* It comes back over another connection: no refresh, and the next one is. */
static void test_moved(void **state)
{
	struct wk_location_in in = contact(USER_1, 500);
	bool renewed = true;

	in.renewed = &renewed;
	put(USER_1, 500);
	registering->rcv.proto_reserved1 = 8;
	assert_true(wk_location_put(registering, &in));
	assert_false(renewed);
	assert_true(wk_location_put(registering, &in));
	assert_true(renewed);
}

static void expect_order(const char *a, const char *b, const char *c)
{
	struct wk_contact all[WK_CONTACTS_MAX];

	assert_int_equal(wk_location_contacts(WIMS_PL(IMPU), all), 3);
	assert_string_equal(all[0].user, a);
	assert_string_equal(all[1].user, b);
	assert_string_equal(all[2].user, c);
	assert_true(all[0].q >= all[1].q && all[1].q >= all[2].q);
}

/* Highest q first, one that does not say counts as highest; then the oldest. */
static void test_order(void **state)
{
	struct wk_contact all[WK_CONTACTS_MAX];

	assert_int_equal(wk_location_contacts(WIMS_PL(IMPU), all), 0);
	put(USER_1, 300);
	put(USER_2, WIMS_Q_NONE);
	put(USER_3, 300);
	expect_order(USER_2, USER_1, USER_3);
	put(USER_3, 1000);
	put(USER_1, 0);
	expect_order(USER_3, USER_2, USER_1);
	assert_int_equal(wk_location_contacts(WIMS_PL("sip:web-2@ims.test"), all), 0);
}

/* What somebody else has put there is none of ours. */
static void test_foreign(void **state)
{
	struct wk_contact all[WK_CONTACTS_MAX];

	ksr_contact_add(IMPU, "uloc-1");
	put(USER_1, 500);
	assert_int_equal(wk_location_contacts(WIMS_PL(IMPU), all), 1);
	assert_string_equal(all[0].user, USER_1);
}

static void test_most(void **state)
{
	struct wk_contact all[WK_CONTACTS_MAX];
	char user[WIMS_CONTACT_USER_LEN + 1];
	int i;

	for(i = 0; i < WK_CONTACTS_MAX + 2; i++) {
		snprintf(user, sizeof(user), "%024d", i);
		put(user, 500);
	}
	assert_int_equal(wk_location_contacts(WIMS_PL(IMPU), all), WK_CONTACTS_MAX);
}

static void test_drop(void **state)
{
	put(USER_1, 500);
	put(USER_2, 500);
	wk_location_drop(WIMS_PL(IMPU), WIMS_PL(USER_3));
	wk_location_drop(WIMS_PL("sip:web-2@ims.test"), WIMS_PL(USER_1));
	wk_location_drop(WIMS_PL(IMPU), WIMS_PL(USER_1));
	assert_lacks(ksr_contacts(IMPU), USER_1);
	assert_contains(ksr_contacts(IMPU), USER_2);
	wk_location_drop(WIMS_PL(IMPU), WIMS_PL(USER_2));
	assert_int_equal(ksr_usrloc_records(), 0);
}

static void test_no_memory(void **state)
{
	const struct wk_location_in in = contact(USER_1, 500);
	size_t n;
	bool done = false;

	for(n = 0; !done; n++) {
		ksr_memory.left = n;
		done = wk_location_put(registering, &in);
		ksr_memory.left = SIZE_MAX;
		assert_int_equal(ksr_usrloc_records(), done);
	}
	assert_int_equal(n, 3); /* record, contact */
	ksr_usrloc.update_fails = true;
	assert_false(wk_location_put(registering, &in));
	assert_int_equal(ksr_usrloc_records(), 1);
}

static void test_long_agent(void **state)
{
	char text[1000], agent[301];
	const struct wk_location_in in = contact(USER_1, 500);
	sip_msg_t *msg;

	memset(agent, 'a', sizeof(agent) - 1);
	agent[sizeof(agent) - 1] = '\0';
	snprintf(text, sizeof(text),
			 "REGISTER sip:ims.test SIP/2.0\nUser-Agent: %s\nCall-ID: c\nCSeq: 1 REGISTER\n\n",
			 agent);
	msg = ksr_msg(PROTO_WSS, 7, text);
	assert_true(wk_hdr_parse(msg));
	assert_true(wk_location_put(msg, &in));
	ksr_msg_free(msg);
	agent[101] = '\0';
	assert_lacks(ksr_contacts(IMPU), agent);
	agent[100] = '\0';
	assert_contains(ksr_contacts(IMPU), agent);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
			TEST(test_needs_usrloc), TEST(test_put),       TEST(test_ipv6),       TEST(test_renew),
			TEST(test_moved),        TEST(test_order),     TEST(test_foreign),    TEST(test_most),
			TEST(test_drop),         TEST(test_no_memory), TEST(test_long_agent),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
