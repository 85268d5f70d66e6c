/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "provision/wims_origin.h"
#include "provision/wims_suggest.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The list that is most often wrong in the field: T13. */
static void origins(void **state)
{
	static const struct
	{
		struct wims_pl in;
		const char *out;
	} rows[] = {
			{WIMS_PL("https://wwsf.test"), "https://wwsf.test"},
			{WIMS_PL("HTTPS://WWSF.TEST"), "https://wwsf.test"},
			{WIMS_PL("https://wwsf.test."), "https://wwsf.test"},
			{WIMS_PL("https://wwsf.test:443"), "https://wwsf.test"},
			{WIMS_PL("https://wwsf.test:80"), "https://wwsf.test:80"},
			{WIMS_PL("http://wwsf.test:80"), "http://wwsf.test"},
			{WIMS_PL("http://wwsf.test:443"), "http://wwsf.test:443"},
			{WIMS_PL("http://127.0.0.1:8080"), "http://127.0.0.1:8080"},
			{WIMS_PL("https://[2001:DB8::0:1]:8443"), "https://[2001:db8::1]:8443"},
			{WIMS_PL("null"), NULL},
			{WIMS_PL(""), NULL},
			{WIMS_PL("wwsf.test"), NULL},
			{WIMS_PL("//wwsf.test"), NULL},
			{WIMS_PL("https:wwsf.test"), NULL},
			{WIMS_PL("https:/wwsf.test"), NULL},
			{WIMS_PL("https://"), NULL},
			{WIMS_PL("https:///"), NULL},
			{WIMS_PL("https://wwsf.test/"), NULL},
			{WIMS_PL("https://wwsf.test/../x"), NULL},
			{WIMS_PL("https://wwsf.test?"), NULL},
			{WIMS_PL("https://wwsf.test#"), NULL},
			{WIMS_PL("https://user@wwsf.test"), NULL},
			{WIMS_PL("https://wwsf.test@evil.test"), NULL},
			{WIMS_PL("https://wwsf.test:"), NULL},
			{WIMS_PL("https://wwsf.test:0"), NULL},
			{WIMS_PL("https://wwsf.test:65536"), NULL},
			{WIMS_PL("https://wwsf.test:443:443"), NULL},
			{WIMS_PL("https://wwsf.test https://evil.test"), NULL},
			{WIMS_PL("https://wwsf.test,https://evil.test"), NULL},
			{WIMS_PL("https://wwsf%2etest"), NULL},
			{WIMS_PL("https://ww_sf.test"), NULL},
			{WIMS_PL("https://.wwsf.test"), NULL},
			{WIMS_PL("https://wwsf..test"), NULL},
			{WIMS_PL("https://\xd0\xb0.test"), NULL},
			{WIMS_PL(" https://wwsf.test"), NULL},
			{WIMS_PL("https://wwsf.test\r\n"), NULL},
			{WIMS_PL("https://wwsf.test\0"), NULL},
			{WIMS_PL("wss://wwsf.test"), NULL},
			{WIMS_PL("file://"), NULL},
			{WIMS_PL("chrome-extension://abcdef"), NULL},
			{WIMS_PL("*"), NULL},
	};
	char buf[WIMS_ORIGIN_MAX], small[10];
	struct wims_pl out;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		enum wims_reason r = wims_origin_canonical(&out, buf, sizeof(buf), rows[i].in);

		if(r != (rows[i].out != NULL ? WIMS_OK : WIMS_ORIGIN_REFUSED)
		   || !wims_pl_eq(out, wims_pl_str(rows[i].out)))
			fail_msg("row %zu %s: %s %.*s", i, rows[i].in.p, wims_reason_text(r), (int)out.l,
					 out.p);
	}
	assert_int_equal(wims_origin_canonical(&out, small, sizeof(small), rows[0].in),
					 WIMS_ORIGIN_REFUSED);
	assert_int_equal(out.l, 0);
}

static void suggestions(void **state)
{
	(void)state;
	assert_int_equal(wims_name_distance(WIMS_PL("issuer"), WIMS_PL("issuer")), 0);
	assert_int_equal(wims_name_distance(WIMS_PL("isuer"), WIMS_PL("issuer")), 1);
	assert_int_equal(wims_name_distance(WIMS_PL("issure"), WIMS_PL("issuer")), 1);
	assert_int_equal(wims_name_distance(WIMS_PL("MAX-lifetime"), WIMS_PL("max_lifetime")), 0);
	assert_int_equal(wims_name_distance(WIMS_PL(""), WIMS_PL("abc")), 3);
	assert_int_equal(wims_name_distance(WIMS_PL("abc"), WIMS_PL("")), 3);
	assert_int_equal(wims_name_distance(WIMS_PL("kitten"), WIMS_PL("sitting")), 3);
	assert_true(wims_name_distance(WIMS_PL("a23456789012345678901234567890123"), WIMS_PL("a"))
				== SIZE_MAX);
	assert_true(wims_name_close(WIMS_PL("origin"), WIMS_PL("origins")));
	assert_false(wims_name_close(WIMS_PL("typ"), WIMS_PL("leeway")));
	assert_false(wims_name_close(WIMS_PL("kid"), WIMS_PL("typ")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(origins),
			cmocka_unit_test(suggestions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
