/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar_help.h"

#include "ksr_int.h"
#include "wk_state.h"

static void test_rpc_registrations(void **state)
{
	struct wic w = gw_wic(CONN), other = gw_wic(OTHER_CONN);
	const char *text;

	assert_string_equal(ksr_rpc_run("webrtc_ims.registrations", NULL, NULL), "");
	other.impu = "sip:web-8@ims.test";
	gw_expect(&w, CONTACT "Expires: 60\n", "ok");
	gw_expect(&other, "Contact: <sip:b@x.invalid>\n", "ok");
	text = ksr_rpc_run("webrtc_ims.registrations", "SIP:web-7@IMS.test", NULL);
	assert_contains(text, "impu=" IMPU " range=" RANGE " contact=");
	assert_contains(text, " connection=21 q=0.500 expires=60 instance=<urn:uuid:1> subject=user-7 "
						  "wwsf=gw next=x00000000\n");
	assert_lacks(text, "web-8");
	text = ksr_rpc_run("webrtc_ims.registrations", RANGE, NULL);
	assert_contains(text, "impu=" IMPU);
	assert_contains(text, "impu=sip:web-8@ims.test");
	assert_contains(text, " q=1.000 ");
	assert_string_equal(ksr_rpc_run("webrtc_ims.registrations", "sip:no-!.*!@ims.test", NULL), "");
	/* lost, and one that usrloc has lost */
	wims_flow_lost(wk_flows_lock(), CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	assert_contains(ksr_rpc_run("webrtc_ims.registrations", IMPU, NULL), " connection=0 q=0.500 ");
	ksr_usrloc_reset();
	assert_contains(ksr_rpc_run("webrtc_ims.registrations", IMPU, NULL), " connection=0 q=none ");
}

/* Place by place, each is shown once. */
static void test_rpc_pages(void **state)
{
	char impu[40], next[16] = "x00000000";
	struct wic w = gw_wic(CONN);
	const char *at;
	size_t i, all = 0;

	for(i = 0; i < 8; i++) {
		snprintf(impu, sizeof(impu), "sip:web-%zu@ims.test", i);
		w.impu = impu;
		gw_expect(&w, CONTACT, "ok");
	}
	/* behind the first one of each answer */
	while((at = strstr(ksr_rpc_run("webrtc_ims.registrations", "all", next), " next=")) != NULL) {
		snprintf(next, sizeof(next), "%.9s", at + strlen(" next="));
		all++;
	}
	assert_int_equal(all, 8);
	assert_contains(ksr_rpc_run("webrtc_ims.registrations", "all", "x0000000"), "400 second");
	assert_contains(ksr_rpc_run("webrtc_ims.registrations", "all", "x0000000g"), "400 second");
	assert_contains(ksr_rpc_run("webrtc_ims.registrations", "all", "000000000"), "400 second");
}

static void test_rpc_lookup(void **state)
{
	struct wic w = gw_wic(CONN);

	assert_string_equal(ksr_rpc_run("webrtc_ims.lookup", IMPU, NULL),
						"impu=" IMPU " wwsf=gw range=" RANGE " registrar=epcscf contacts=0\n");
	gw_expect(&w, CONTACT, "ok");
	assert_contains(ksr_rpc_run("webrtc_ims.lookup", IMPU, NULL), " contacts=1\nimpu=" IMPU);
	assert_string_equal(ksr_rpc_run("webrtc_ims.lookup", "sip:vip@ims.test", NULL),
						"impu=sip:vip@ims.test wwsf=gw range= registrar=core contacts=0\n");
	assert_string_equal(ksr_rpc_run("webrtc_ims.lookup", "sip:x@ims.test", NULL),
						"impu=sip:x@ims.test wwsf= range= registrar=core contacts=0\n");
	assert_contains(ksr_rpc_run("webrtc_ims.lookup", "no URI", NULL), "400 no sip:");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, gw_setup, gw_teardown)
	const struct CMUnitTest tests[] = {
			TEST(test_rpc_registrations),
			TEST(test_rpc_pages),
			TEST(test_rpc_lookup),
	};
#undef TEST

	return cmocka_run_group_tests(tests, gw_group_setup, gw_group_teardown);
}
