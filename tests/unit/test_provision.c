/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "provision/wims_key_path.h"
#include "provision_text.h"
#include "scarce.h"
#include "sweep.h"

#define URI "\"jwks_uri\":\"https://wwsf.test/keys\""
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* --- what is read --- */

static void check_text(struct wims_pl got, const char *want)
{
	if(!wims_pl_eq(got, wims_pl_str(want)))
		fail_msg("\"%.*s\", want \"%s\"", (int)got.l, got.p, want);
}

static void defaults(void **state)
{
	struct wims_provision *pv = must_parse(WWSF(ALL));
	const struct wims_wwsf *w = wims_provision_at(pv, 0);

	(void)state;
	assert_int_equal(wims_provision_count(pv), 1);
	assert_null(wims_provision_at(pv, 1));
	assert_int_equal(w->scenario, WIMS_SCENARIO_WEB_AUTH);
	assert_false(w->ims_auth);
	check_text(w->convey.waf, "");
	check_text(w->convey.wwsf, "");
	assert_int_equal(w->algorithms, WIMS_ALG_PUBLIC);
	check_text(w->claims.impi, "impi");
	check_text(w->claims.impu, "impu");
	check_text(w->claims.wwsf, "");
	check_text(w->claims.waf, "iss");
	check_text(w->claims.scope, "scope");
	check_text(w->claims.range, "range");
	assert_int_equal(w->ranges.count, 0);
	check_text(w->scope, "webrtc-ims-client-access-to-ims");
	check_text(w->realm, "ims.test");
	check_text(w->authz_server, "https://wwsf.test");
	assert_int_equal(w->typ.count, 0);
	assert_false(w->require_at_jwt);
	assert_false(w->anonymous);
	assert_int_equal(w->wwsf_ids.count, 0);
	assert_int_equal(w->required_claims.count, 0);
	assert_int_equal(w->leeway, 60);
	assert_int_equal(w->max_lifetime, 86400);
	assert_int_equal(w->min_remaining, 30);
	assert_int_equal(w->dereg_grace_ms, 5000);
	assert_int_equal(w->dialog_grace_lost_ms, 0);
	assert_int_equal(w->dialog_grace_silent_ms, 10000);
	assert_true(w->close_on_bad_token);
	assert_int_equal(w->request_token.initial, WIMS_TOKEN_ACCEPT);
	assert_int_equal(w->request_token.in_dialog, WIMS_TOKEN_ACCEPT);
	assert_int_equal(w->introspection.endpoint.l, 0);
	assert_true(w->calls_outlive_token);
	wims_provision_free(pv);
}

static const char full[] = FILE_OF(
		"{\"name\":\"full\",\"scenario\":\"web-auth\",\"domain\":\"IMS.test.\","
		"\"origins\":[\"https://WWSF.test:8443\",\"http://localhost:8080\"],"
		"\"issuer\":[\"https://a.test\",\"b\"],\"audience\":[\"x\",\"y\"],"
		"\"algorithms\":[\"ES256\",\"EdDSA\"],"
		"\"keys\":[" JWKS
		",{\"jwks_file\":\"keys.json\"},{\"pem_file\":\"key.pem\",\"kid\":\"p1\"},"
		"{\"pem\":\"" PEM "\",\"kid\":\"p2\"}],"
		"\"claims\":{\"impi\":\"i\",\"impu\":\"a.b.c.d\",\"wwsf\":\"azp\",\"waf\":\"w\",\"scope\":"
		"\"https://x.test/a.b.c.d.e\"},"
		"\"required_claims\":{\"tenant\":\"blue\",\"ims.class\":[7,true,\"7\"]},"
		"\"wwsf_id\":[\"site-1\",\"site-2\"],"
		"\"scope\":\"\",\"realm\":\"the realm\",\"authz_server\":\"https://as.test:9443/o?x=1\","
		"\"impus\":[\"sip:z@ims.test\",\"sip:web-*@ims.test\",\"sip:%61@ims.test\",\"tel:+49-30*\","
		"\"sip:%2a7@ims.test\",\"sip:x*@other.test\",\"sip:ab*ba@ims.test\",\"sip:web-7@ims.test\","
		"\"sip:web-8*@ims.test\"],"
		"\"impis\":[\"*@ims.test\"],\"typ\":[\"at+jwt\"],\"leeway\":0,\"max_lifetime\":0,"
		"\"min_remaining\":3600,\"close_on_bad_token\":false,\"calls_outlive_token\":false,"
		"\"dereg_grace\":0,"
		"\"dialog_grace\":{\"lost\":2,\"silent\":3}},"
		"{" THIN THIN_ORIGINS ",\"dereg_grace\":7}");

static void every_member(void **state)
{
	struct wims_provision *pv = must_parse(full);
	const struct wims_wwsf *w = wims_provision_at(pv, 0);

	(void)state;
	check_text(w->name, "full");
	check_text(w->domain, "ims.test");
	assert_int_equal(w->origins.count, 2);
	check_text(w->origins.at[0], "https://wwsf.test:8443");
	assert_int_equal(w->issuers.count, 2);
	check_text(w->issuers.at[1], "b");
	assert_int_equal(w->audiences.count, 2);
	check_text(w->audiences.at[0], "x");
	assert_int_equal(w->algorithms, WIMS_ALG_BIT(WIMS_ALG_ES256) | WIMS_ALG_BIT(WIMS_ALG_EDDSA));
	assert_int_equal(wims_keyset_count(w->keys), 5);
	assert_non_null(wims_keyset_find(w->keys, WIMS_PL("e1")));
	assert_non_null(wims_keyset_find(w->keys, WIMS_PL("f2")));
	assert_non_null(wims_keyset_find(w->keys, WIMS_PL("p1")));
	assert_non_null(wims_keyset_find(w->keys, WIMS_PL("p2")));
	check_text(w->claims.impi, "i");
	check_text(w->claims.impu, "a.b.c.d");
	check_text(w->claims.wwsf, "azp");
	check_text(w->claims.waf, "w");
	check_text(w->claims.scope, "https://x.test/a.b.c.d.e");
	assert_int_equal(w->scope.l, 0);
	check_text(w->realm, "the realm");
	check_text(w->authz_server, "https://as.test:9443/o?x=1");
	assert_int_equal(w->typ.count, 1);
	check_text(w->typ.at[0], "at+jwt");
	assert_int_equal(w->leeway, 0);
	assert_int_equal(w->max_lifetime, 0);
	assert_int_equal(w->min_remaining, 3600);
	assert_false(w->close_on_bad_token);
	assert_false(w->calls_outlive_token);
	assert_int_equal(w->dereg_grace_ms, 0);
	assert_int_equal(w->dialog_grace_lost_ms, 2000);
	assert_int_equal(w->dialog_grace_silent_ms, 3000);
	wims_provision_free(pv);
}

static void rules(void **state)
{
	struct wims_provision *pv = must_parse(full);
	const struct wims_wwsf *w = wims_provision_at(pv, 0);
	const struct wims_claim_rule *rule = w->required_claims.at;

	(void)state;
	assert_int_equal(w->required_claims.count, 2);
	check_text(rule[0].name, "tenant");
	assert_int_equal(rule[0].count, 1);
	assert_int_equal(rule[0].at[0].type, WIMS_JSON_STRING);
	check_text(rule[0].at[0].text, "blue");
	check_text(rule[1].name, "ims.class");
	assert_int_equal(rule[1].count, 3);
	assert_int_equal(rule[1].at[0].type, WIMS_JSON_INT);
	assert_int_equal(rule[1].at[0].number, 7);
	assert_int_equal(rule[1].at[1].type, WIMS_JSON_BOOL);
	assert_int_equal(rule[1].at[1].number, 1);
	check_text(rule[1].at[2].text, "7");
	assert_int_equal(w->wwsf_ids.count, 2);
	check_text(w->wwsf_ids.at[1], "site-2");
	wims_provision_free(pv);
	pv = must_parse(WWSF(ALL ",\"require_at_jwt\":true,\"wwsf_id\":\"site\""));
	w = wims_provision_at(pv, 0);
	assert_true(w->require_at_jwt);
	assert_int_equal(w->wwsf_ids.count, 1);
	check_text(w->wwsf_ids.at[0], "site");
	wims_provision_free(pv);
}

/* Keys that the WWSF publishes: alone, beside others in either order, and what
 * is taken for what is not said. */
static void remote_keys(void **state)
{
	static const struct
	{
		const char *text;
		int64_t min, max, stale;
		size_t keys;
	} rows[] = {
			{WWSF(BUT_KEYS ",\"keys\":{" URI "}"), 60, 3600, 86400, 0},
			{WWSF(BUT_KEYS ",\"keys\":[" JWKS ",{" URI "}]"), 60, 3600, 86400, 1},
			{WWSF(BUT_KEYS ",\"keys\":[{" URI ",\"ca_file\":\"ca.pem\",\"refresh_min\":1,"
						   "\"refresh_max\":604800,\"stale\":0}," JWKS "]"),
			 1, 604800, 0, 1},
			{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"refresh_max\":5}"), 5, 5, 86400, 0},
			{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"refresh_min\":7200,\"stale\":1}"), 7200, 7200, 1,
			 0},
	};
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		struct wims_provision *pv = must_parse(rows[i].text);
		const struct wims_wwsf *w = wims_provision_at(pv, 0);

		check_text(w->remote.uri, "https://wwsf.test/keys");
		check_text(w->remote.ca_file, i == 2 ? "ca.pem" : "");
		assert_int_equal(w->remote.refresh_min, rows[i].min);
		assert_int_equal(w->remote.refresh_max, rows[i].max);
		assert_int_equal(w->remote.stale, rows[i].stale);
		assert_non_null(w->keys);
		assert_int_equal(wims_keyset_count(w->keys), rows[i].keys);
		wims_provision_free(pv);
	}
}

static void thin(void **state)
{
	struct wims_provision *pv = must_parse(full);
	const struct wims_wwsf *w = wims_provision_at(pv, 1);

	(void)state;
	assert_int_equal(w->scenario, WIMS_SCENARIO_IMS_AUTH);
	assert_true(w->ims_auth);
	check_text(w->realm, "ims.test");
	assert_int_equal(w->dereg_grace_ms, 7000);
	assert_null(w->keys);
	assert_false(wims_wwsf_owns_impu(w, WIMS_PL("sip:alice@ims.test")));
	assert_false(wims_wwsf_owns_impi(w, WIMS_PL("alice@ims.test")));
	wims_provision_free(pv);
}

static void look_up(void **state)
{
	struct wims_provision *pv = must_parse(full);
	const struct wims_wwsf *one = wims_provision_at(pv, 0), *two = wims_provision_at(pv, 1);

	(void)state;
	assert_ptr_equal(wims_provision_by_name(pv, WIMS_PL("full")), one);
	assert_ptr_equal(wims_provision_by_name(pv, WIMS_PL("thin")), two);
	assert_null(wims_provision_by_name(pv, WIMS_PL("Full")));
	assert_null(wims_provision_by_name(pv, WIMS_PL("ful")));
	assert_null(wims_provision_by_name(pv, WIMS_PL_NONE));
	assert_ptr_equal(wims_provision_by_issuer(pv, WIMS_PL("https://a.test")), one);
	assert_ptr_equal(wims_provision_by_issuer(pv, WIMS_PL("b")), one);
	assert_null(wims_provision_by_issuer(pv, WIMS_PL("https://a.test/")));
	assert_null(wims_provision_by_issuer(pv, WIMS_PL("HTTPS://a.test")));
	assert_null(wims_provision_by_issuer(pv, WIMS_PL_NONE));
	assert_ptr_equal(wims_provision_by_origin(pv, WIMS_PL("HTTPS://wwsf.TEST:8443")), one);
	assert_ptr_equal(wims_provision_by_origin(pv, WIMS_PL("https://thin.test:443")), two);
	assert_null(wims_provision_by_origin(pv, WIMS_PL("https://wwsf.test")));
	assert_null(wims_provision_by_origin(pv, WIMS_PL("http://thin.test")));
	assert_null(wims_provision_by_origin(pv, WIMS_PL("null")));
	assert_null(wims_provision_by_origin(pv, WIMS_PL_NONE));
	wims_provision_free(pv);
}

static void ownership(void **state)
{
	static const struct
	{
		struct wims_pl identity;
		bool impu, impi;
	} rows[] = {
			{WIMS_PL("sip:z@ims.test"), true, false},
			{WIMS_PL("sip:a@ims.test"), true, false},
			{WIMS_PL("sip:A@ims.test"), false, false},
			{WIMS_PL("sip:z@ims.tes"), false, false},
			{WIMS_PL("sip:z@ims.test1"), false, false},
			{WIMS_PL("sips:z@ims.test"), false, false},
			{WIMS_PL("sip:web-1@ims.test"), true, false},
			{WIMS_PL("sip:web-@ims.test"), true, false},
			{WIMS_PL("sip:web@ims.test"), false, false},
			{WIMS_PL("sip:web-1@evil.test"), false, false},
			{WIMS_PL("sip:web-1@x.ims.test"), false, false},
			{WIMS_PL("sip:web-1@evil.test@ims.test"), false, false},
			{WIMS_PL("sip:web-1@ims.test.evil.test"), false, false},
			{WIMS_PL("sip:my-web-1@ims.test"), false, false},
			{WIMS_PL("tel:+49301"), true, false},
			{WIMS_PL("tel:+4930"), true, false},
			{WIMS_PL("tel:+4931"), false, false},
			{WIMS_PL("sip:*7@ims.test"), true, false}, /* %2a: itself, no pattern */
			{WIMS_PL("sip:17@ims.test"), false, false},
			{WIMS_PL("sip:xy@other.test"), true, false},
			{WIMS_PL("sip:abba@ims.test"), true, false},
			{WIMS_PL("sip:abxba@ims.test"), true, false},
			{WIMS_PL("sip:aba@ims.test"), false, false}, /* no byte is used twice */
			{WIMS_PL("alice@ims.test"), false, true},
			{WIMS_PL("alice@other.test"), false, false},
			{WIMS_PL("@ims.test@ims.test"), false, false},
			{WIMS_PL(""), false, false},
	};
	struct wims_provision *pv = must_parse(full);
	const struct wims_wwsf *w = wims_provision_at(pv, 0);
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++)
		if(wims_wwsf_owns_impu(w, rows[i].identity) != rows[i].impu
		   || wims_wwsf_owns_impi(w, rows[i].identity) != rows[i].impi)
			fail_msg("row %zu %s", i, rows[i].identity.p);
	wims_provision_free(pv);
}

/* --- size --- */

/* A whole file with count identities that fmt names, 1 to count. */
static char *big_file(size_t count, const char *fmt)
{
	static const char head[] = "{\"version\":1,\"wwsf\":[{" BUT_IMPUS ",\"impus\":[";
	char *text = malloc(sizeof(head) + count * 40 + 16);
	size_t at = sizeof(head) - 1;
	size_t i;

	assert_non_null(text);
	memcpy(text, head, at);
	for(i = 1; i <= count; i++) {
		text[at++] = i > 1 ? ',' : ' ';
		/* backwards, so that sorting has work to do */
		at += (size_t)snprintf(text + at, 40, fmt, (int)(count - i + 1));
	}
	memcpy(text + at, "]}]}", 5);
	return text;
}

static void many_identities(void **state)
{
	char *text = big_file(WIMS_IDENTITIES_MAX, "\"sip:u%d@ims.test\"");
	struct wims_provision *pv = must_parse(text);
	const struct wims_wwsf *w = wims_provision_at(pv, 0);
	char one[40];
	int i;

	(void)state;
	free(text);
	assert_int_equal(w->impus.count, WIMS_IDENTITIES_MAX);
	assert_int_equal(w->impus_exact, WIMS_IDENTITIES_MAX);
	for(i = 0; i <= WIMS_IDENTITIES_MAX + 1; i++) {
		snprintf(one, sizeof(one), "sip:u%d@ims.test", i);
		assert_int_equal(wims_wwsf_owns_impu(w, wims_pl_str(one)),
						 i >= 1 && i <= WIMS_IDENTITIES_MAX);
	}
	wims_provision_free(pv);
}

static void too_many(void **state)
{
	static const struct
	{
		size_t count;
		const char *fmt;
		const char *path;
	} rows[] = {
			{WIMS_IDENTITIES_MAX + 1, "\"sip:u%d@ims.test\"", "$.wwsf[0].impus"},
			{257, "\"sip:u%d-*@ims.test\"", "$.wwsf[0].impus[256]"},
			{40000, "\"sip:somebody-%d@ims.test\"", "$"},
	};
	struct wims_config_fault fault;
	struct wims_provision *pv;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		char *text = big_file(rows[i].count, rows[i].fmt);

		assert_int_not_equal(wims_provision_parse(&pv, &wims_env_libc, wims_pl_str(text),
												  &provision_reader, &fault),
							 WIMS_OK);
		assert_null(pv);
		assert_string_equal(fault.path, rows[i].path);
		free(text);
	}
}

/* --- memory and mutation --- */

/* Every allocation fails once, and everything is given back. */
static void starve(const char *text)
{
	struct wims_config_fault fault;
	struct wims_provision *pv = NULL;
	enum wims_reason r = WIMS_NOMEM;
	struct scarce s;
	size_t n;

	for(n = 0; r != WIMS_OK && n < 4096; n++) {
		scarce_init(&s, n);
		r = wims_provision_parse(&pv, &s.env, wims_pl_str(text), &provision_reader, &fault);
		if(r == WIMS_OK)
			break;
		assert_int_equal(r, WIMS_NOMEM);
		assert_null(pv);
		assert_int_equal(s.live, 0);
		assert_string_equal(fault.text, "out of memory");
	}
	assert_int_equal(r, WIMS_OK);
	assert_true(n > 6);
	wims_provision_free(pv);
	assert_int_equal(s.live, 0);
}

static void out_of_memory(void **state)
{
	char *text = big_file(600, "\"sip:u%d@ims.test\"");

	(void)state;
	starve(full);
	starve(text);
	free(text);
	starve(WWSF(BUT_KEYS ",\"keys\":[{" URI ",\"ca_file\":\"ca.pem\"}," JWKS "]"));
}

static void one_mutant(void *ctx, struct wims_pl in)
{
	struct wims_config_fault fault;
	struct wims_provision *pv;
	enum wims_reason r = wims_provision_parse(&pv, &wims_env_libc, in, &provision_reader, &fault);

	(void)ctx;
	if(r == WIMS_OK) {
		assert_non_null(pv);
		assert_int_equal(fault.text[0], '\0');
	} else {
		assert_null(pv);
		assert_int_equal(fault.path[0], '$');
		assert_int_not_equal(fault.text[0], '\0');
	}
	wims_provision_free(pv);
}

static void mutations(void **state)
{
	(void)state;
	assert_true(sweep(wims_pl_str(WWSF(ALL)), one_mutant, NULL) > 1000);
	assert_true(
			sweep(wims_pl_str(WWSF(
						  ALL ",\"required_claims\":{\"a.b\":[\"x\",1,true]},\"wwsf_id\":[\"s\"]")),
				  one_mutant, NULL)
			> 1000);
}

static void no_reader(void **state)
{
	struct wims_config_fault fault;
	struct wims_provision *pv;

	(void)state;
	assert_int_equal(wims_provision_parse(&pv, &wims_env_libc, wims_pl_str(full), NULL, &fault),
					 WIMS_CONFIG_FILE);
	assert_null(pv);
	wims_provision_free(NULL);
}

static void key_paths(void **state)
{
	static const struct
	{
		struct wims_pl file, path;
		const char *out;
	} rows[] = {
			{WIMS_PL("/etc/kamailio/p.json"), WIMS_PL("keys.json"), "/etc/kamailio/keys.json"},
			{WIMS_PL("/etc/kamailio/p.json"), WIMS_PL("k/a.pem"), "/etc/kamailio/k/a.pem"},
			{WIMS_PL("/etc/kamailio/p.json"), WIMS_PL("/srv/a.pem"), "/srv/a.pem"},
			{WIMS_PL("p.json"), WIMS_PL("keys.json"), "keys.json"},
			{WIMS_PL("/p.json"), WIMS_PL("keys.json"), "/keys.json"},
			{WIMS_PL("/p.json"), WIMS_PL(""), NULL},
			{WIMS_PL("/p.json"), WIMS_PL("a\0b"), NULL},
			{WIMS_PL("/a/twenty/bytes/p.json"), WIMS_PL("12345678"), NULL},
			{WIMS_PL("/a/twenty/bytes/p.json"), WIMS_PL("1234567"), "/a/twenty/bytes/1234567"},
	};
	char buf[24];
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		bool ok = wims_key_path(buf, sizeof(buf), rows[i].file, rows[i].path);

		assert_int_equal(ok, rows[i].out != NULL);
		if(ok)
			assert_string_equal(buf, rows[i].out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(defaults),  cmocka_unit_test(every_member),
			cmocka_unit_test(rules),     cmocka_unit_test(remote_keys),
			cmocka_unit_test(thin),      cmocka_unit_test(look_up),
			cmocka_unit_test(ownership), cmocka_unit_test(many_identities),
			cmocka_unit_test(too_many),  cmocka_unit_test(out_of_memory),
			cmocka_unit_test(mutations), cmocka_unit_test(no_reader),
			cmocka_unit_test(key_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
