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
#include "sip/wims_tna.h"

static char buf[4096];

/* What a REGISTER by TNA has of ours. */
struct registration
{
	struct wims_pl impi, domain, conveyed, visited_network;
	struct wims_edge_uri path;
	unsigned char icid[WIMS_ICID_LEN];
};

static void write_all(struct wims_w *w, const struct registration *r)
{
	const struct wims_tna who = {r->impi, r->domain, r->conveyed};

	wims_tna_authorization(w, &who);
	wims_tna_visited_network(w, r->visited_network);
	wims_tna_path(w, &r->path);
	wims_tna_charging(w, r->icid, r->domain);
}

static struct wims_w writer(size_t size)
{
	struct wims_w w;

	wims_w_init(&w, buf, size);
	return w;
}

static void expect_written(const struct wims_w *w, const char *text)
{
	struct wims_pl out = wims_w_done(w);

	assert_true(w->ok);
	if(!wims_pl_eq(out, wims_pl_str(text)))
		fail_msg("wrote\n%.*sinstead of\n%s", (int)out.l, out.p, text);
}

static struct registration example(void)
{
	return (struct registration){
			.impi = WIMS_PL("alice@ims.test"),
			.domain = WIMS_PL("ims.test"),
			.visited_network = WIMS_PL("ims.test"),
			.path = {.token = WIMS_PL("AbC-_9"),
					 .host = WIMS_PL("127.0.0.1"),
					 .port = 5060,
					 .transport = WIMS_PL_NONE,
					 .ob = false},
			.icid = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc,
					 0xdd, 0xee, 0xff},
	};
}

static void test_block(void **state)
{
	struct registration tna = example();
	struct wims_w w = writer(sizeof(buf));

	(void)state;
	write_all(&w, &tna);
	expect_written(&w, "Authorization: Digest username=\"alice@ims.test\", realm=\"ims.test\", "
					   "uri=\"sip:ims.test\", nonce=\"\", response=\"\", "
					   "integrity-protected=\"auth-done\"\r\n"
					   "P-Visited-Network-ID: ims.test\r\n"
					   "Path: <sip:AbC-_9@127.0.0.1:5060;lr>\r\n"
					   "Require: path\r\n"
					   "Supported: path\r\n"
					   "P-Charging-Vector: icid-value=00112233445566778899aabbccddeeff;"
					   "orig-ioi=ims.test\r\n");
}

static void test_edge_uri(void **state)
{
	struct wims_edge_uri uri = example().path;
	struct wims_w w = writer(sizeof(buf));

	(void)state;
	uri.host = WIMS_PL("[2001:db8::1]");
	uri.transport = WIMS_PL("tcp");
	uri.ob = true;
	wims_edge_uri_write(&w, &uri);
	expect_written(&w, "<sip:AbC-_9@[2001:db8::1]:5060;transport=tcp;lr;ob>");
	w = writer(sizeof(buf));
	uri.peer = true;
	wims_edge_uri_write(&w, &uri);
	expect_written(&w, "<sip:AbC-_9@[2001:db8::1]:5060;transport=tcp;lr;ob;peer>");
	w = writer(sizeof(buf));
	uri = (struct wims_edge_uri){.host = WIMS_PL("pcscf.ims.test")};
	wims_edge_uri_write(&w, &uri);
	expect_written(&w, "<sip:pcscf.ims.test;lr>");
}

/* One field of the example set to a value that must not be written. */
struct bad_field
{
	size_t at; /* of the slice in struct registration */
	struct wims_pl value;
};

/* clang-format off */
#define AT(field) offsetof(struct registration, field)
static const struct bad_field bad_fields[] = {
	{AT(impi), WIMS_PL("")},
	{AT(impi), WIMS_PL("a\r\nP-Asserted-Identity: x")},
	{AT(impi), WIMS_PL("a\tb")},
	{AT(impi), WIMS_PL("a\0b")},
	{AT(impi), WIMS_PL("a\xc3\xa9")},
	{AT(impi), WIMS_PL("a\x7f")},
	{AT(domain), WIMS_PL("")},
	{AT(domain), WIMS_PL("ims test")},
	{AT(domain), WIMS_PL("ims.test\"")},
	{AT(domain), WIMS_PL("ims.test>")},
	{AT(domain), WIMS_PL("ims.test.")},
	{AT(domain), WIMS_PL("ims..test")},
	{AT(domain), WIMS_PL("-ims.test")},
	{AT(domain), WIMS_PL("ims.test;x")},
	{AT(conveyed), WIMS_PL(", a=\"b\"\r\nPath: x")},
	{AT(visited_network), WIMS_PL("")},
	{AT(visited_network), WIMS_PL("\"ims.test\"")},
	{AT(visited_network), WIMS_PL("ims test")},
	{AT(visited_network), WIMS_PL("ims,test")},
	{AT(path.token), WIMS_PL("a@b")},
	{AT(path.token), WIMS_PL("a>b")},
	{AT(path.token), WIMS_PL("a;b")},
	{AT(path.token), WIMS_PL("a%41")},
	{AT(path.host), WIMS_PL("")},
	{AT(path.host), WIMS_PL("host:5060")},
	{AT(path.host), WIMS_PL("[2001:db8::1")},
	{AT(path.host), WIMS_PL("[host]")},
	{AT(path.host), WIMS_PL("1.2.3.4.5")},
	{AT(path.transport), WIMS_PL("tcp;x")},
	{AT(path.transport), WIMS_PL("aaaaaaaaaaaaaaaaa")},
};
/* clang-format on */

static void test_bad_fields(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad_fields) / sizeof(bad_fields[0]); i++) {
		struct registration tna = example();
		struct wims_w w = writer(sizeof(buf));

		memcpy((char *)&tna + bad_fields[i].at, &bad_fields[i].value, sizeof(struct wims_pl));
		write_all(&w, &tna);
		if(w.ok || wims_w_done(&w).p != NULL)
			fail_msg("row %zu: written", i);
	}
}

/* Each line checks for itself, not only in the block. */
static void test_bad_domain_alone(void **state)
{
	struct registration tna = example();
	struct wims_w w = writer(sizeof(buf));

	(void)state;
	wims_tna_authorization(&w, &(struct wims_tna){tna.impi, WIMS_PL("ims.test\""), WIMS_PL_NONE});
	assert_false(w.ok);
	w = writer(sizeof(buf));
	wims_tna_charging(&w, tna.icid, WIMS_PL("ims.test;x"));
	assert_false(w.ok);
}

/* What a dialog goes on with, and what an answer adds. */
static void test_charging_again(void **state)
{
	static const char *const bad[] = {"icid-value=1\r\nEvil: 1", "icid-value=\t"};
	struct wims_w w = writer(sizeof(buf));
	size_t i;

	(void)state;
	wims_tna_charging_value(&w, (const unsigned char *)"0123456789abcdef", WIMS_PL("ims.test"));
	expect_written(&w, "icid-value=30313233343536373839616263646566;orig-ioi=ims.test");
	w = writer(sizeof(buf));
	wims_tna_charging_again(&w, WIMS_PL("icid-value=1;orig-ioi=a"), WIMS_PL_NONE);
	expect_written(&w, "P-Charging-Vector: icid-value=1;orig-ioi=a\r\n");
	w = writer(sizeof(buf));
	wims_tna_charging_again(&w, WIMS_PL("icid-value=1"), WIMS_PL("ims.test"));
	expect_written(&w, "P-Charging-Vector: icid-value=1;term-ioi=ims.test\r\n");
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		w = writer(sizeof(buf));
		wims_tna_charging_again(&w, wims_pl_str(bad[i]), WIMS_PL_NONE);
		assert_false(w.ok);
	}
	w = writer(sizeof(buf));
	wims_tna_charging_again(&w, WIMS_PL("icid-value=1"), WIMS_PL("a;b"));
	assert_false(w.ok);
}

static void test_access_network(void **state)
{
	static const char *const bad[] = {"",
									  "IEEE-802.11;np",
									  "IEEE-802.11;network-provided",
									  "a,b",
									  "a b",
									  "IEEE-802.11;x=\"",
									  "a\r\nEvil: 1"};
	struct wims_w w = writer(sizeof(buf));
	size_t i;

	(void)state;
	wims_tna_access_network(&w, WIMS_PL("IEEE-802.11;i-wlan-node-id=00"));
	expect_written(&w, "P-Access-Network-Info: IEEE-802.11;i-wlan-node-id=00;network-provided\r\n");
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if(wims_is_access_network(wims_pl_str(bad[i])))
			fail_msg("'%s' passes", bad[i]);
		w = writer(sizeof(buf));
		wims_tna_access_network(&w, wims_pl_str(bad[i]));
		assert_false(w.ok);
	}
}

/* A domain as long as allowed, in labels of 63. */
static struct wims_pl long_domain(char *text)
{
	size_t i;

	memset(text, 'd', WIMS_HOST_MAX);
	for(i = 63; i < WIMS_HOST_MAX; i += 64)
		text[i] = '.';
	return (struct wims_pl){text, WIMS_HOST_MAX};
}

static void test_limits(void **state)
{
	char text[WIMS_TNA_IMPI_MAX + 1], domain[WIMS_HOST_MAX];
	char conveyed[WIMS_TNA_CONVEYED_MAX], names[WIMS_TNA_CONVEYED_NAME_MAX + 1];
	struct registration tna = example();
	char value[WIMS_TNA_CONVEYED_VALUE_MAX];
	struct wims_w c, w = writer(WIMS_TNA_MAX);

	(void)state;
	memset(names, 'n', sizeof(names));
	memset(value, 'v', sizeof(value));
	memset(text, '"', sizeof(text)); /* each takes two bytes */
	tna.impi = (struct wims_pl){text, WIMS_TNA_IMPI_MAX};
	tna.domain = tna.path.host = long_domain(domain);
	tna.visited_network = (struct wims_pl){domain, WIMS_TNA_NETWORK_MAX};
	tna.path.token =
			(struct wims_pl){"0123456789012345678901234567890123456789012345678901234567890123",
							 WIMS_EDGE_TOKEN_MAX};
	tna.path.transport = WIMS_PL("aaaaaaaaaaaaaaaa");
	tna.path.ob = true;
	wims_w_init(&c, conveyed, WIMS_TNA_CONVEYED_MAX);
	wims_tna_convey(&c, (struct wims_pl){names, WIMS_TNA_CONVEYED_NAME_MAX},
					(struct wims_pl){value, sizeof(value)});
	wims_tna_convey(&c, (struct wims_pl){names + 1, WIMS_TNA_CONVEYED_NAME_MAX},
					(struct wims_pl){value, sizeof(value)});
	assert_true(c.ok);
	tna.conveyed = wims_w_done(&c);
	write_all(&w, &tna);
	assert_true(w.ok);

	w = writer(sizeof(buf));
	wims_tna_authorization(
			&w, &(struct wims_tna){{text, sizeof(text)}, WIMS_PL("ims.test"), WIMS_PL_NONE});
	assert_false(w.ok);
	w = writer(sizeof(buf));
	wims_tna_visited_network(&w, (struct wims_pl){domain, WIMS_TNA_NETWORK_MAX + 1});
	assert_false(w.ok);
	w = writer(sizeof(buf));
	memset(text, 't', sizeof(text));
	tna.path.token = (struct wims_pl){text, WIMS_EDGE_TOKEN_MAX + 1};
	wims_edge_uri_write(&w, &tna.path);
	assert_false(w.ok);
}

/* TS 33.203 X.3.2.3 step 5: who vouched for the WIC. */
static void test_convey(void **state)
{
	struct registration tna = example();
	char conveyed[WIMS_TNA_CONVEYED_MAX];
	struct wims_w w;

	(void)state;
	wims_w_init(&w, conveyed, sizeof(conveyed));
	wims_tna_convey(&w, WIMS_PL("authorization-entity"), WIMS_PL("https://waf.test/x"));
	wims_tna_convey(&w, WIMS_PL_NONE, WIMS_PL("nobody asked"));
	wims_tna_convey(&w, WIMS_PL("unknown"), WIMS_PL_NONE);
	wims_tna_convey(&w, WIMS_PL("wwsf"), WIMS_PL("shop"));
	tna.conveyed = wims_w_done(&w);
	assert_true(w.ok);
	w = writer(sizeof(buf));
	wims_tna_authorization(&w, &(struct wims_tna){tna.impi, tna.domain, tna.conveyed});
	expect_written(&w, "Authorization: Digest username=\"alice@ims.test\", realm=\"ims.test\", "
					   "uri=\"sip:ims.test\", nonce=\"\", response=\"\", "
					   "integrity-protected=\"auth-done\", "
					   "authorization-entity=\"https://waf.test/x\", wwsf=\"shop\"\r\n");
}

static void test_convey_refused(void **state)
{
	static const struct
	{
		struct wims_pl name, value;
	} bad[] = {
			{WIMS_PL("a b"), WIMS_PL("x")},
			{WIMS_PL("a=b"), WIMS_PL("x")},
			{WIMS_PL("\"a\""), WIMS_PL("x")},
			{WIMS_PL("Username"), WIMS_PL("x")},
			{WIMS_PL("ck"), WIMS_PL("x")},
			{WIMS_PL("INTEGRITY-protected"), WIMS_PL("x")},
			{WIMS_PL("response"), WIMS_PL("x")},
			{WIMS_PL("a"), WIMS_PL("x\r\nVia: y")},
			{WIMS_PL("a"), WIMS_PL("\xc3\xa9")},
			{WIMS_PL("a"), WIMS_PL("x\", integrity-protected=\"yes")},
			{WIMS_PL("a"), WIMS_PL("x\\")},
	};
	char text[WIMS_TNA_CONVEYED_VALUE_MAX + 1];
	struct wims_w w;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		w = writer(sizeof(buf));
		wims_tna_convey(&w, bad[i].name, bad[i].value);
		if(w.ok)
			fail_msg("row %zu: written", i);
	}
	memset(text, 'x', sizeof(text));
	w = writer(sizeof(buf));
	wims_tna_convey(&w, WIMS_PL("a"), (struct wims_pl){text, sizeof(text)});
	assert_false(w.ok);
	w = writer(sizeof(buf));
	wims_tna_convey(&w, (struct wims_pl){text, WIMS_TNA_CONVEYED_NAME_MAX + 1}, WIMS_PL("x"));
	assert_false(w.ok);
}

static void test_every_size(void **state)
{
	struct registration tna = example();
	struct wims_w w = writer(sizeof(buf));
	size_t need, n;

	(void)state;
	write_all(&w, &tna);
	need = wims_w_done(&w).l;
	for(n = 0; n < need; n++) {
		w = writer(n);
		write_all(&w, &tna);
		assert_false(w.ok);
		assert_true(w.len <= n);
	}
	w = writer(need);
	write_all(&w, &tna);
	assert_true(w.ok);
}

static const struct wims_bearer bearer = {
		.realm = {"ims.test", 8},
		.authz_server = {"https://wwsf.test/token", 23},
		.scope = {"ims \"x\"", 7},
};

static void test_bearer(void **state)
{
	struct wims_bearer b = bearer;
	struct wims_w w = writer(sizeof(buf));

	(void)state;
	wims_bearer_challenge(&w, &b, WIMS_SIGNATURE_BAD);
	expect_written(&w, "WWW-Authenticate: Bearer realm=\"ims.test\","
					   "authz_server=\"https://wwsf.test/token\",scope=\"ims \\\"x\\\"\","
					   "error=\"invalid_token\"\r\n");
	w = writer(sizeof(buf));
	b.scope = WIMS_PL_NONE;
	wims_bearer_challenge(&w, &b, WIMS_TOKEN_ABSENT);
	expect_written(&w, "WWW-Authenticate: Bearer realm=\"ims.test\","
					   "authz_server=\"https://wwsf.test/token\"\r\n");
	w = writer(sizeof(buf));
	wims_bearer_challenge(&w, &b, WIMS_SCOPE_MISSING);
	assert_true(w.ok);
	assert_non_null(strstr(buf, "error=\"invalid_scope\""));
}

static void expect_no_challenge(struct wims_bearer b, enum wims_reason why)
{
	struct wims_w w = writer(sizeof(buf));

	wims_bearer_challenge(&w, &b, why);
	assert_false(w.ok);
}

static void test_bearer_refused(void **state)
{
	char text[WIMS_BEARER_VALUE_MAX + 1];
	struct wims_bearer b = bearer;

	(void)state;
	expect_no_challenge(b, WIMS_IMPU_NOT_ENTITLED);
	expect_no_challenge(b, WIMS_OK);
	b.authz_server = WIMS_PL("http://wwsf.test/token");
	expect_no_challenge(b, WIMS_TOKEN_ABSENT);
	b.authz_server = WIMS_PL("");
	expect_no_challenge(b, WIMS_TOKEN_ABSENT);
	b.authz_server = WIMS_PL("https://wwsf.test/\r\nTo: x");
	expect_no_challenge(b, WIMS_TOKEN_ABSENT);
	b = bearer;
	b.realm = WIMS_PL("");
	expect_no_challenge(b, WIMS_TOKEN_ABSENT);
	b = bearer;
	b.scope = WIMS_PL("a\tb");
	expect_no_challenge(b, WIMS_TOKEN_ABSENT);
	memset(text, 'a', sizeof(text));
	b.scope = (struct wims_pl){text, sizeof(text)};
	expect_no_challenge(b, WIMS_TOKEN_ABSENT);
	b = bearer;
	b.realm = (struct wims_pl){text, sizeof(text)};
	expect_no_challenge(b, WIMS_TOKEN_ABSENT);
}

static void test_bearer_limit(void **state)
{
	char text[WIMS_BEARER_VALUE_MAX];
	char server[WIMS_BEARER_VALUE_MAX] = "https://";
	struct wims_pl v = {text, sizeof(text)};
	struct wims_w w = writer(WIMS_CHALLENGE_MAX);

	(void)state;
	memset(text, '\\', sizeof(text));
	memset(server + 8, '"', sizeof(server) - 8);
	wims_bearer_challenge(
			&w,
			&(struct wims_bearer){.realm = v, .authz_server = {server, sizeof(server)}, .scope = v},
			WIMS_SCOPE_MISSING);
	assert_true(w.ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_block),          cmocka_unit_test(test_edge_uri),
			cmocka_unit_test(test_bad_fields),     cmocka_unit_test(test_bad_domain_alone),
			cmocka_unit_test(test_limits),         cmocka_unit_test(test_every_size),
			cmocka_unit_test(test_convey),         cmocka_unit_test(test_convey_refused),
			cmocka_unit_test(test_bearer),         cmocka_unit_test(test_bearer_refused),
			cmocka_unit_test(test_charging_again), cmocka_unit_test(test_access_network),
			cmocka_unit_test(test_bearer_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
