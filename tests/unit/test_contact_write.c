/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sip/wims_contact_write.h"

static const struct wims_edge_uri own = {.host = {"192.0.2.1", 9}, .port = 5060};

static void same(const struct wims_w *w, const char *want)
{
	struct wims_pl got = wims_w_done(w);

	assert_true(w->ok);
	assert_int_equal(got.l, wims_pl_str(want).l);
	assert_memory_equal(got.p, want, got.l);
}

static void to_core(void **state)
{
	static const struct
	{
		const char *params, *want;
	} rows[] = {
			{"", "Contact: <sip:u@192.0.2.1:5060>\r\n"},
			{";Received=\"sip:x\";a", "Contact: <sip:u@192.0.2.1:5060>;a\r\n"},
			{";expires=5", "Contact: <sip:u@192.0.2.1:5060>\r\n"},
			{";a;Expires=5;b=\"c;d\"", "Contact: <sip:u@192.0.2.1:5060>;a;b=\"c;d\"\r\n"},
			{";+sip.instance=\"<x>\";reg-id=1;+sip.instance=\"<x>\"",
			 "Contact: <sip:u@192.0.2.1:5060>;+sip.instance=\"<x>\";reg-id=1\r\n"},
	};
	char buf[200];
	struct wims_w w;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		wims_w_init(&w, buf, sizeof(buf));
		wims_contact_to_core(&w, WIMS_PL("u"), &own, wims_pl_str(rows[i].params));
		same(&w, rows[i].want);
	}
}

static void to_wic(void **state)
{
	char buf[200];
	struct wims_w w;

	(void)state;
	wims_w_init(&w, buf, sizeof(buf));
	wims_contact_to_wic(&w, WIMS_PL("sip:a@b.invalid;transport=ws"),
						WIMS_PL(";expires=9;reg-id=1;pub-gruu=\"sip:x\""), 600);
	same(&w, "Contact: <sip:a@b.invalid;transport=ws>;reg-id=1;pub-gruu=\"sip:x\";expires=600\r\n");
}

static void refused(void **state)
{
	static const char *const bad[] = {";a=\"open", "a", ";", ";a\r\nX: y"};
	char buf[200];
	struct wims_w w;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		wims_w_init(&w, buf, sizeof(buf));
		wims_contact_to_core(&w, WIMS_PL("u"), &own, wims_pl_str(bad[i]));
		assert_false(w.ok);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(to_core),
			cmocka_unit_test(to_wic),
			cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
