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

#include "identity/wims_host.h"
#include "identity/wims_impu.h"
#include "sweep.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

typedef enum wims_reason (*canonical_fn)(struct wims_pl *out, char *buf, size_t size,
										 struct wims_pl in);

struct row
{
	struct wims_pl in;
	const char *out; /* NULL: no identity */
};

#define TEN "1234567890"
#define FIFTY TEN TEN TEN TEN TEN
#define LABEL63 FIFTY TEN "abc"

/* clang-format off */
static const struct row impus[] = {
	{WIMS_PL("sip:alice@ims.test"), "sip:alice@ims.test"},
	{WIMS_PL("<sip:alice@ims.test>"), "sip:alice@ims.test"},
	{WIMS_PL("SIP:Alice@IMS.Test"), "sip:Alice@ims.test"},
	{WIMS_PL("sIpS:alice@ims.test"), "sips:alice@ims.test"},
	/* escapes: RFC 3261 19.1.4 */
	{WIMS_PL("sip:%61lic%65@ims.test"), "sip:alice@ims.test"},
	{WIMS_PL("sip:a%2db%5fc%7e@ims.test"), "sip:a-b_c~@ims.test"},
	{WIMS_PL("sip:a%3bb@ims.test"), "sip:a%3Bb@ims.test"},
	{WIMS_PL("sip:a;b@ims.test"), "sip:a;b@ims.test"},
	{WIMS_PL("sip:%40%2F%2b@ims.test"), "sip:%40%2F%2B@ims.test"},
	{WIMS_PL("sip:a%20b@ims.test"), "sip:a%20b@ims.test"},
	{WIMS_PL("sip:%c3%a9@ims.test"), "sip:%C3%A9@ims.test"},
	{WIMS_PL("sip:%2561@ims.test"), "sip:%2561@ims.test"},
	{WIMS_PL("sip:chat!42@ims.test"), "sip:chat!42@ims.test"},
	{WIMS_PL("sip:chat%2142@ims.test"), "sip:chat!42@ims.test"},
	{WIMS_PL("sip:&=+$,;?/@ims.test"), "sip:&=+$,;?/@ims.test"},
	{WIMS_PL("sip:-_.!~*'()@ims.test"), "sip:-_.!~*'()@ims.test"},
	{WIMS_PL("sip:a%00@ims.test"), NULL},
	{WIMS_PL("sip:a%0d%0aTo:b@ims.test"), NULL},
	{WIMS_PL("sip:a%7F@ims.test"), NULL},
	{WIMS_PL("sip:a%1f@ims.test"), NULL},
	{WIMS_PL("sip:a%@ims.test"), NULL},
	{WIMS_PL("sip:a%4@ims.test"), NULL},
	{WIMS_PL("sip:a%g1@ims.test"), NULL},
	{WIMS_PL("sip:a%1g@ims.test"), NULL},
	/* bytes no identity has */
	{WIMS_PL("sip:a b@ims.test"), NULL},
	{WIMS_PL(" sip:a@ims.test"), NULL},
	{WIMS_PL("sip:a@ims.test "), NULL},
	{WIMS_PL("sip:a\0b@ims.test"), NULL},
	{WIMS_PL("sip:a@ims.test\0"), NULL},
	{WIMS_PL("sip:a\r\nb@ims.test"), NULL},
	{WIMS_PL("sip:a@ims.test\n"), NULL},
	{WIMS_PL("sip:a\t@ims.test"), NULL},
	{WIMS_PL("sip:\"a\"@ims.test"), NULL},
	{WIMS_PL("sip:a<b@ims.test"), NULL},
	{WIMS_PL("sip:a>b@ims.test"), NULL},
	{WIMS_PL("sip:a\\b@ims.test"), NULL},
	{WIMS_PL("sip:a[b]@ims.test"), NULL},
	{WIMS_PL("sip:a{b}|^`#@ims.test"), NULL},
	{WIMS_PL("sip:caf\xc3\xa9@ims.test"), NULL},
	{WIMS_PL("sip:a\x7f@ims.test"), NULL},
	/* shape */
	{WIMS_PL(""), NULL},
	{WIMS_PL("<>"), NULL},
	{WIMS_PL("sip:"), NULL},
	{WIMS_PL("sip:@ims.test"), NULL},
	{WIMS_PL("sip:ims.test"), NULL},
	{WIMS_PL("sip:alice@"), NULL},
	{WIMS_PL("alice@ims.test"), NULL},
	{WIMS_PL("http://alice@ims.test"), NULL},
	{WIMS_PL("sip:alice:secret@ims.test"), NULL},
	{WIMS_PL("sip:alice@ims.test@evil.test"), NULL},
	{WIMS_PL("sip:alice%40ims.test"), NULL},
	{WIMS_PL("<sip:alice@ims.test"), NULL},
	{WIMS_PL("sip:alice@ims.test>"), NULL},
	{WIMS_PL("<<sip:alice@ims.test>>"), NULL},
	{WIMS_PL("<sip:alice@ims.test>;tag=1"), NULL},
	{WIMS_PL("Alice <sip:alice@ims.test>"), NULL},
	{WIMS_PL("sip:sip:alice@ims.test"), NULL},
	/* parameters and URI headers */
	{WIMS_PL("sip:a@ims.test;transport=ws"), "sip:a@ims.test"},
	{WIMS_PL("<sip:a@ims.test;lr;gr=urn:uuid:1;x=[::1]:5/&+$>"), "sip:a@ims.test"},
	{WIMS_PL("sip:a@ims.test;user=ip"), "sip:a@ims.test"},
	{WIMS_PL("sip:a@ims.test;x=%41"), "sip:a@ims.test"},
	{WIMS_PL("sip:a@ims.test;"), NULL},
	{WIMS_PL("sip:a@ims.test;;lr"), NULL},
	{WIMS_PL("sip:a@ims.test;=x"), NULL},
	{WIMS_PL("sip:a@ims.test;x=%0d"), NULL},
	{WIMS_PL("sip:a@ims.test;x=a b"), NULL},
	{WIMS_PL("sip:a@ims.test;x=\"a\""), NULL},
	{WIMS_PL("sip:a@ims.test;x=a@b"), NULL},
	{WIMS_PL("sip:a@ims.test;user=phone;user=ip"), NULL},
	{WIMS_PL("sip:a@ims.test?Subject=x"), NULL},
	{WIMS_PL("sip:a@ims.test;x=y?To=b"), NULL},
	/* host */
	{WIMS_PL("sip:a@ims.test."), "sip:a@ims.test"},
	{WIMS_PL("sip:a@ims.test.."), NULL},
	{WIMS_PL("sip:a@."), NULL},
	{WIMS_PL("sip:a@.ims.test"), NULL},
	{WIMS_PL("sip:a@ims..test"), NULL},
	{WIMS_PL("sip:a@-ims.test"), NULL},
	{WIMS_PL("sip:a@ims-.test"), NULL},
	{WIMS_PL("sip:a@ims_1.test"), NULL},
	{WIMS_PL("sip:a@im%73.test"), NULL},
	{WIMS_PL("sip:a@ims.test/"), NULL},
	{WIMS_PL("sip:a@localhost"), "sip:a@localhost"},
	{WIMS_PL("sip:a@xn--e1afmkfd.test"), "sip:a@xn--e1afmkfd.test"},
	{WIMS_PL("sip:a@" LABEL63), "sip:a@" LABEL63},
	{WIMS_PL("sip:a@x" LABEL63), NULL},
	{WIMS_PL("sip:a@192.0.2.1"), "sip:a@192.0.2.1"},
	{WIMS_PL("sip:a@192.0.2.01"), NULL},
	{WIMS_PL("sip:a@192.0.2"), NULL},
	{WIMS_PL("sip:a@192.0.2.256"), NULL},
	{WIMS_PL("sip:a@3232235777"), NULL},
	{WIMS_PL("sip:a@1.test"), "sip:a@1.test"},
	{WIMS_PL("sip:a@[2001:DB8:0:0:0:0:0:1]"), "sip:a@[2001:db8::1]"},
	{WIMS_PL("sip:a@[::]"), "sip:a@[::]"},
	{WIMS_PL("sip:a@[2001:db8::1"), NULL},
	{WIMS_PL("sip:a@[2001:db8::1]x"), NULL},
	{WIMS_PL("sip:a@[192.0.2.1]"), NULL},
	{WIMS_PL("sip:a@[fe80::1%25eth0]"), NULL},
	{WIMS_PL("sip:a@[]"), NULL},
	{WIMS_PL("sip:a@[::1\0]"), NULL},
	{WIMS_PL("sip:a@2001:db8::1"), NULL},
	/* port */
	{WIMS_PL("sip:a@ims.test:5060"), "sip:a@ims.test"},
	{WIMS_PL("sip:a@ims.test:5061"), "sip:a@ims.test:5061"},
	{WIMS_PL("sips:a@ims.test:5061"), "sips:a@ims.test"},
	{WIMS_PL("sips:a@ims.test:5060"), "sips:a@ims.test:5060"},
	{WIMS_PL("sip:a@ims.test:05070;lr"), "sip:a@ims.test:5070"},
	{WIMS_PL("sip:a@[::1]:5060"), "sip:a@[::1]"},
	{WIMS_PL("sip:a@[::1]:5070"), "sip:a@[::1]:5070"},
	{WIMS_PL("sip:a@ims.test.:5070"), "sip:a@ims.test:5070"},
	{WIMS_PL("sip:a@ims.test:"), NULL},
	{WIMS_PL("sip:a@ims.test:0"), NULL},
	{WIMS_PL("sip:a@ims.test:65536"), NULL},
	{WIMS_PL("sip:a@ims.test:+80"), NULL},
	{WIMS_PL("sip:a@ims.test:50:60"), NULL},
	{WIMS_PL("sip:a@[::1]:"), NULL},
	{WIMS_PL("sip:a@:5060"), NULL},
	/* numbers: RFC 3966 */
	{WIMS_PL("tel:+15551234"), "tel:+15551234"},
	{WIMS_PL("TEL:+1-(555).12-34"), "tel:+15551234"},
	{WIMS_PL("<tel:+15551234;x=1>"), "tel:+15551234"},
	{WIMS_PL("tel:15551234"), NULL},
	{WIMS_PL("tel:555;phone-context=+1"), NULL},
	{WIMS_PL("tel:+1555;phone-context=+1"), NULL},
	{WIMS_PL("tel:+1555;EXT=42"), NULL},
	{WIMS_PL("tel:+1555;isub=42"), NULL},
	{WIMS_PL("tel:+1555;"), NULL},
	{WIMS_PL("tel:+"), NULL},
	{WIMS_PL("tel:+-()"), NULL},
	{WIMS_PL("tel:"), NULL},
	{WIMS_PL("tel:+1 555"), NULL},
	{WIMS_PL("tel:+1555a"), NULL},
	{WIMS_PL("tel:+1555*"), NULL},
	{WIMS_PL("tel:+1%35"), NULL},
	{WIMS_PL("tel:+1555@ims.test"), NULL},
	{WIMS_PL("sip:+1-(555).12@ims.test;user=phone"), "sip:+155512@ims.test"},
	{WIMS_PL("sip:+1-555@ims.test;lr;USER=Phone"), "sip:+1555@ims.test"},
	{WIMS_PL("sip:+1-555@ims.test"), "sip:+1-555@ims.test"},
	{WIMS_PL("sip:1-555@ims.test;user=phone"), "sip:1-555@ims.test"},
	{WIMS_PL("sip:+1-555;ext=1@ims.test;user=phone"), NULL},
	{WIMS_PL("sip:+alice@ims.test;user=phone"), NULL},
	{WIMS_PL("sip:@ims.test;user=phone"), NULL},
};

static const struct row impis[] = {
	{WIMS_PL("alice@ims.test"), "alice@ims.test"},
	{WIMS_PL("Alice@IMS.test."), "Alice@ims.test"},
	{WIMS_PL("a!#$&'*+-/=?^_`{|}~.9@ims.test"), "a!#$&'*+-/=?^_`{|}~.9@ims.test"},
	{WIMS_PL("alice@192.0.2.1"), "alice@192.0.2.1"},
	{WIMS_PL(""), NULL},
	{WIMS_PL("alice"), NULL},
	{WIMS_PL("@ims.test"), NULL},
	{WIMS_PL("alice@"), NULL},
	{WIMS_PL("alice@ims@test"), NULL},
	{WIMS_PL("sip:alice@ims.test"), NULL},
	{WIMS_PL("alice@ims.test:5060"), NULL},
	{WIMS_PL("alice@ims.test;x=y"), NULL},
	{WIMS_PL("ali ce@ims.test"), NULL},
	{WIMS_PL("ali\"ce@ims.test"), NULL},
	{WIMS_PL("ali\\ce@ims.test"), NULL},
	{WIMS_PL("ali,ce@ims.test"), NULL},
	{WIMS_PL("<alice@ims.test>"), NULL},
	{WIMS_PL("ali%63e@ims.test"), NULL},
	{WIMS_PL("ali%00ce@ims.test"), NULL},
	{WIMS_PL("ali\0ce@ims.test"), NULL},
	{WIMS_PL("alice\r\n@ims.test"), NULL},
	{WIMS_PL("alice@ims.test\r\nX: y"), NULL},
	{WIMS_PL("caf\xc3\xa9@ims.test"), NULL},
};
/* clang-format on */

static void check_rows(const struct row *rows, size_t count, canonical_fn canonical)
{
	char buf[WIMS_IMPU_MAX];
	size_t i;

	for(i = 0; i < count; i++) {
		struct wims_pl out = WIMS_PL("unset");
		enum wims_reason r = canonical(&out, buf, sizeof(buf), rows[i].in);
		struct wims_pl expect = wims_pl_str(rows[i].out);

		if(r != (rows[i].out != NULL ? WIMS_OK : WIMS_URI_BAD) || !wims_pl_eq(out, expect))
			fail_msg("row %zu \"%.*s\": %s \"%.*s\"", i, (int)rows[i].in.l, rows[i].in.p,
					 wims_reason_text(r), (int)out.l, out.p);
	}
}

static void impu_table(void **state)
{
	(void)state;
	check_rows(impus, COUNT(impus), wims_impu_canonical);
}

static void impi_table(void **state)
{
	(void)state;
	check_rows(impis, COUNT(impis), wims_impi_canonical);
}

/* prefix, then n times 'u', then suffix */
static struct wims_pl padded(char *buf, const char *prefix, size_t n, const char *suffix)
{
	size_t head = strlen(prefix), tail = strlen(suffix);

	memcpy(buf, prefix, head);
	memset(buf + head, 'u', n);
	memcpy(buf + head + n, suffix, tail);
	return (struct wims_pl){buf, head + n + tail};
}

static void lengths(void **state)
{
	char in[1024], buf[1024];
	struct wims_pl out;

	(void)state;
	/* "sip:" + user + "@ims.test" */
	assert_int_equal(
			wims_impu_canonical(&out, buf, sizeof(buf), padded(in, "sip:", 242, "@ims.test")),
			WIMS_OK);
	assert_int_equal(out.l, WIMS_IMPU_MAX);
	assert_int_equal(
			wims_impu_canonical(&out, buf, sizeof(buf), padded(in, "sip:", 243, "@ims.test")),
			WIMS_URI_BAD);
	assert_int_equal(out.l, 0);
	/* parameters count for the input only */
	assert_int_equal(
			wims_impu_canonical(&out, buf, sizeof(buf), padded(in, "sip:a@ims.test;x=", 495, "")),
			WIMS_OK);
	assert_int_equal(
			wims_impu_canonical(&out, buf, sizeof(buf), padded(in, "sip:a@ims.test;x=", 496, "")),
			WIMS_URI_BAD);
	assert_int_equal(wims_impi_canonical(&out, buf, sizeof(buf), padded(in, "", 246, "@ims.test")),
					 WIMS_OK);
	assert_int_equal(wims_impi_canonical(&out, buf, sizeof(buf), padded(in, "", 247, "@ims.test")),
					 WIMS_URI_BAD);
}

/* Whatever the room, nothing is written past it and nothing is cut. */
static void small_buffers(void **state)
{
	const struct wims_pl impu = WIMS_PL("sip:a%2B@[::1]:5070");
	const struct wims_pl impi = WIMS_PL("alice@ims.test");
	size_t size;

	(void)state;
	for(size = 0; size <= impu.l; size++) {
		char *buf = malloc(size > 0 ? size : 1);
		struct wims_pl out;

		assert_int_equal(wims_impu_canonical(&out, buf, size, impu),
						 size < impu.l ? WIMS_URI_BAD : WIMS_OK);
		assert_int_equal(wims_impi_canonical(&out, buf, size, impi),
						 size < impi.l ? WIMS_URI_BAD : WIMS_OK);
		free(buf);
	}
}

static bool is_same(struct wims_pl a, struct wims_pl b)
{
	char buf_a[WIMS_IMPU_MAX], buf_b[WIMS_IMPU_MAX];
	struct wims_pl ca, cb;

	return wims_impu_canonical(&ca, buf_a, sizeof(buf_a), a) == WIMS_OK
		   && wims_impu_canonical(&cb, buf_b, sizeof(buf_b), b) == WIMS_OK && wims_pl_eq(ca, cb);
}

static void same(void **state)
{
	(void)state;
	assert_true(is_same(WIMS_PL("sip:%61@IMS.test:5060"), WIMS_PL("<SIP:a@ims.test.;lr>")));
	assert_true(is_same(WIMS_PL("tel:+1-555"), WIMS_PL("tel:+1555")));
	assert_false(is_same(WIMS_PL("tel:+1555"), WIMS_PL("sip:+1555@ims.test;user=phone")));
	assert_false(is_same(WIMS_PL("sip:a@ims.test"), WIMS_PL("sips:a@ims.test")));
	assert_false(is_same(WIMS_PL("sip:a@ims.test"), WIMS_PL("sip:A@ims.test")));
	assert_false(is_same(WIMS_PL("sip:a;b@ims.test"), WIMS_PL("sip:a%3bb@ims.test")));
	/* two strings that are no identity are not the same one */
	assert_false(is_same(WIMS_PL("x"), WIMS_PL("x")));
	assert_false(is_same(WIMS_PL_NONE, WIMS_PL_NONE));
}

/* What comes out is clean, and canonical already. */
static void check_mutant(void *ctx, struct wims_pl in)
{
	canonical_fn canonical = *(canonical_fn *)ctx;
	char buf[WIMS_IMPU_MAX], again[WIMS_IMPU_MAX];
	struct wims_pl out, twice;
	size_t i;

	if(canonical(&out, buf, sizeof(buf), in) != WIMS_OK) {
		assert_int_equal(out.l, 0);
		return;
	}
	for(i = 0; i < out.l; i++)
		assert_true(out.p[i] > 0x20 && out.p[i] < 0x7f && strchr("<>\"\\", out.p[i]) == NULL);
	assert_int_equal(canonical(&twice, again, sizeof(again), out), WIMS_OK);
	assert_true(wims_pl_eq(out, twice));
}

static void mutations(void **state)
{
	static const struct wims_pl seeds[] = {
			WIMS_PL("<sip:%61l%3Bice!@[2001:db8::1]:5070;user=phone;lr>"),
			WIMS_PL("sips:+1-555.1@ims.test.:5061;user=phone"),
			WIMS_PL("tel:+1-(555).12;x=%41"),
	};
	canonical_fn impu = wims_impu_canonical, impi = wims_impi_canonical;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(seeds); i++)
		assert_true(sweep(seeds[i], check_mutant, &impu) > 100);
	assert_true(sweep(WIMS_PL("al.i'ce@IMS.test."), check_mutant, &impi) > 100);
}

static void host_limits(void **state)
{
	char in[300], buf[300];
	struct wims_w w;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(in); i++)
		in[i] = i % 2 == 0 ? 'a' : '.';
	wims_w_init(&w, buf, sizeof(buf));
	assert_true(wims_host_write(&w, (struct wims_pl){in, WIMS_HOST_MAX}));
	wims_w_init(&w, buf, sizeof(buf));
	/* a trailing dot is one more byte, two more are a label more */
	assert_true(wims_host_write(&w, (struct wims_pl){in, WIMS_HOST_MAX + 1}));
	wims_w_init(&w, buf, sizeof(buf));
	assert_false(wims_host_write(&w, (struct wims_pl){in, WIMS_HOST_MAX + 2}));
}

static const struct row wire[] = {
		{WIMS_PL("sip:alice@ims.test"), "sip:alice@ims.test"},
		{WIMS_PL("sip:shop-!.*!@ims.test"), "sip:shop-!.*!@ims.test"},
		{WIMS_PL("sip:a-![0-9]{3}!-b@ims.test"), "sip:a-!%5B0-9%5D%7B3%7D!-b@ims.test"},
		{WIMS_PL("sip:a-!%5B0-9%5D%7B3%7D!@ims.test"), "sip:a-!%5B0-9%5D%7B3%7D!@ims.test"},
		{WIMS_PL("sip:a!([[:digit:]]|x\\.)+!@[2001:db8::1]"),
		 "sip:a!(%5B%5B%3Adigit%3A%5D%5D%7Cx%5C.)+!@[2001:db8::1]"},
		{WIMS_PL("tel:+1555![0-9]{4}!"), "tel:+1555!%5B0-9%5D%7B4%7D!"},
		{WIMS_PL("sip:a\"b<c>@d@ims.test"), "sip:a%22b%3Cc%3E%40d@ims.test"},
		{WIMS_PL(""), ""},
		{WIMS_PL("sip"), "sip"},
};

static void on_wire(void **state)
{
	char buf[128];
	struct wims_w w;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(wire); i++) {
		wims_w_init(&w, buf, sizeof(buf));
		wims_impu_on_wire(&w, wire[i].in);
		assert_true(w.ok);
		assert_int_equal(w.len, strlen(wire[i].out));
		assert_memory_equal(buf, wire[i].out, w.len);
		if(w.len > 0) {
			wims_w_init(&w, buf, w.len - 1);
			wims_impu_on_wire(&w, wire[i].in);
			assert_false(w.ok);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(impu_table),  cmocka_unit_test(impi_table),
			cmocka_unit_test(lengths),     cmocka_unit_test(small_buffers),
			cmocka_unit_test(same),        cmocka_unit_test(mutations),
			cmocka_unit_test(host_limits), cmocka_unit_test(on_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
