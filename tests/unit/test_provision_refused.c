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

#include "provision_text.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define TEN "1234567890"
#define RULES_4(x) "\"" x "1\":1,\"" x "2\":1,\"" x "3\":1,\"" x "4\":1"
#define RULES_17 RULES_4("a") "," RULES_4("b") "," RULES_4("c") "," RULES_4("d") ",\"e\":1"

#define URI "\"jwks_uri\":\"https://wwsf.test/keys\""

struct refusal
{
	const char *text;
	enum wims_reason reason;
	const char *path;
	const char *says; /* part of the fault's text */
};

/* clang-format off */
static const struct refusal refusals[] = {
	/* the document */
	{"", WIMS_CONFIG_SYNTAX, "$", "line 1"},
	{"{\"version\":1,\n\"wwsf\":]}", WIMS_CONFIG_SYNTAX, "$", "line 2, column 8"},
	{"{\"version\":1,\"version\":1}", WIMS_CONFIG_SYNTAX, "$", "duplicate"},
	{"[]", WIMS_CONFIG_VALUE, "$", "is array; allowed: object"},
	{"null", WIMS_CONFIG_SYNTAX, "$", "line 1"},
	{"{}", WIMS_CONFIG_MEMBER, "$.version", "is required"},
	{"{\"version\":1}", WIMS_CONFIG_MEMBER, "$.wwsf", "is required"},
	{"{\"version\":2,\"wwsf\":[]}", WIMS_CONFIG_VALUE, "$.version", "is 2; allowed: 1"},
	{"{\"version\":\"1\",\"wwsf\":[]}", WIMS_CONFIG_VALUE, "$.version", "is string; allowed: integer"},
	{FILE_OF(""), WIMS_CONFIG_VALUE, "$.wwsf", "1 to 256 entries"},
	{FILE_OF("1"), WIMS_CONFIG_VALUE, "$.wwsf[0]", "is integer; allowed: object"},
	{"{\"version\":1,\"wwfs\":[]}", WIMS_CONFIG_MEMBER, "$", "\"wwfs\"; did you mean \"wwsf\"?"},
	{"{\"version\":1,\"wwsf\":[],\"quite other\":1}", WIMS_CONFIG_MEMBER, "$", "allowed: version, wwsf"},
	/* names */
	{WWSF(ALL ",\"Leeway\":1"), WIMS_CONFIG_MEMBER, "$.wwsf[0]", "did you mean \"leeway\"?"},
	{WWSF(ALL ",\"max-lifetime\":1"), WIMS_CONFIG_MEMBER, "$.wwsf[0]", "did you mean \"max_lifetime\"?"},
	{WWSF(ALL ",\"a\\nb\":1"), WIMS_CONFIG_MEMBER, "$.wwsf[0]", "\"a?b\""},
	{WWSF(ALL ",\"claims\":{\"impuu\":\"x\"}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].claims", "did you mean \"impu\"?"},
	{WWSF(ALL ",\"dialog_grace\":{\"lots\":1}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].dialog_grace", "\"lost\"?"},
	/* required */
	{WWSF("\"scenario\":\"web-auth\""), WIMS_CONFIG_MEMBER, "$.wwsf[0].name", "is required"},
	{WWSF(NAME AUDIENCE KEYS ORIGINS DOMAIN IMPUS IMPIS), WIMS_CONFIG_MEMBER, "$.wwsf[0].issuer", "is required"},
	{WWSF(NAME ISSUER KEYS ORIGINS DOMAIN IMPUS IMPIS), WIMS_CONFIG_MEMBER, "$.wwsf[0].audience", "is required"},
	{WWSF(BUT_KEYS), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "is required"},
	{WWSF(NAME ISSUER AUDIENCE KEYS DOMAIN IMPUS IMPIS), WIMS_CONFIG_MEMBER, "$.wwsf[0].origins", "is required"},
	{WWSF(NAME ISSUER AUDIENCE KEYS ORIGINS IMPUS IMPIS), WIMS_CONFIG_MEMBER, "$.wwsf[0].domain", "is required"},
	{WWSF(BUT_IMPUS), WIMS_CONFIG_MEMBER, "$.wwsf[0].impus", "is required"},
	{WWSF(NAME ISSUER AUDIENCE KEYS ORIGINS DOMAIN IMPUS), WIMS_CONFIG_MEMBER, "$.wwsf[0].impis", "is required"},
	{WWSF(NAME ",\"issuer\":\"wwsf\"" AUDIENCE KEYS ORIGINS DOMAIN IMPUS IMPIS), WIMS_CONFIG_MEMBER, "$.wwsf[0].authz_server", "no https URL"},
	/* scenario 1 */
	{WWSF(THIN), WIMS_CONFIG_MEMBER, "$.wwsf[0].origins", "is required"},
	{WWSF(THIN THIN_ORIGINS ",\"leeway\":1"), WIMS_CONFIG_MEMBER, "$.wwsf[0].leeway", "where the core authenticates"},
	{WWSF(THIN THIN_ORIGINS ",\"request_token\":\"accept\""), WIMS_CONFIG_MEMBER, "$.wwsf[0].request_token", "where the core authenticates"},
	{WWSF(THIN THIN_ORIGINS IMPUS), WIMS_CONFIG_MEMBER, "$.wwsf[0].impus", "where the core authenticates"},
	{WWSF(THIN THIN_ORIGINS KEYS), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "where the core authenticates"},
	{WWSF(ALL ",\"scenario\":\"2\""), WIMS_CONFIG_VALUE, "$.wwsf[0].scenario", "\"web-auth\", \"ims-auth\", \"pool\" or \"range\""},
	{WWSF(ALL ",\"scenario\":2"), WIMS_CONFIG_VALUE, "$.wwsf[0].scenario", "is integer; allowed: string"},
	{WWSF(ALL ",\"scenario\":[]"), WIMS_CONFIG_VALUE, "$.wwsf[0].scenario", "allowed: 1 to 2"},
	{WWSF(ALL ",\"scenario\":[\"web-auth\",\"ims-auth\",\"pool\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].scenario", "allowed: 1 to 2"},
	{WWSF(ALL ",\"scenario\":[\"web-auth\",1]"), WIMS_CONFIG_VALUE, "$.wwsf[0].scenario[1]", "is integer; allowed: string"},
	{WWSF(ALL ",\"scenario\":[\"x\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].scenario[0]", "\"web-auth\", \"ims-auth\", \"pool\" or \"range\""},
	{WWSF(ALL ",\"scenario\":[\"web-auth\",\"range\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].scenario[1]", "each once"},
	{WWSF(ALL ",\"scenario\":[\"ims-auth\",\"ims-auth\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].scenario[1]", "each once"},
	{WWSF(ALL ",\"scenario\":[\"ims-auth\"]"), WIMS_CONFIG_MEMBER, "$.wwsf[0].issuer", "where the core authenticates"},
	{WWSF(THIN THIN_ORIGINS ",\"convey\":{}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].convey", "where the core authenticates"},
	{WWSF(ALL ",\"convey\":1"), WIMS_CONFIG_VALUE, "$.wwsf[0].convey", "is integer; allowed: object"},
	{WWSF(ALL ",\"convey\":{\"iss\":\"x\"}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].convey", "unknown member \"iss\""},
	{WWSF(ALL ",\"convey\":{\"waf\":1}"), WIMS_CONFIG_VALUE, "$.wwsf[0].convey.waf", "is integer; allowed: string"},
	{WWSF(ALL ",\"convey\":{\"waf\":\"\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].convey.waf", "has 0 bytes"},
	{WWSF(ALL ",\"convey\":{\"waf\":\"a b\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].convey.waf", "a token"},
	{WWSF(ALL ",\"convey\":{\"wwsf\":\"Realm\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].convey.wwsf", "no parameter of Digest"},
	{WWSF(ALL ",\"convey\":{\"waf\":\"integrity-protected\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].convey.waf", "no parameter of Digest"},
	{WWSF(ALL ",\"convey\":{\"waf\":\"a\",\"wwsf\":\"A\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].convey", "two names that differ"},
	{WWSF(NAME AUDIENCE KEYS ORIGINS DOMAIN IMPUS IMPIS ",\"issuer\":\"https://a/\\\"x\",\"authz_server\":\"https://a/\",\"convey\":{\"waf\":\"a\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].issuer", "without"},
	{WWSF(ALL ",\"wwsf_id\":[\"ok\",\"a\\\\b\"],\"convey\":{\"wwsf\":\"a\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].wwsf_id", "without"},
	/* text */
	{WWSF("\"name\":\"\""), WIMS_CONFIG_VALUE, "$.wwsf[0].name", "has 0 bytes; allowed: 1 to 64"},
	{WWSF("\"name\":\"" TEN TEN TEN TEN TEN TEN "12345\""), WIMS_CONFIG_VALUE, "$.wwsf[0].name", "has 65 bytes"},
	{WWSF("\"name\":\"a b\""), WIMS_CONFIG_VALUE, "$.wwsf[0].name", "letters, digits"},
	{WWSF("\"name\":null"), WIMS_CONFIG_VALUE, "$.wwsf[0].name", "is null; allowed: string"},
	{WWSF(NAME ",\"domain\":\"ims..test\""), WIMS_CONFIG_VALUE, "$.wwsf[0].domain", "a domain name"},
	{WWSF(NAME ",\"domain\":\"[::1]\""), WIMS_CONFIG_VALUE, "$.wwsf[0].domain", "a domain name"},
	{WWSF(NAME ",\"domain\":\"ims.test:5060\""), WIMS_CONFIG_VALUE, "$.wwsf[0].domain", "a domain name"},
	{WWSF(NAME ORIGINS DOMAIN ",\"issuer\":[]"), WIMS_CONFIG_VALUE, "$.wwsf[0].issuer", "1 to 8 entries"},
	{WWSF(NAME ORIGINS DOMAIN ",\"issuer\":[\"a\",2]"), WIMS_CONFIG_VALUE, "$.wwsf[0].issuer[1]", "is integer; allowed: string"},
	{WWSF(NAME ORIGINS DOMAIN ",\"issuer\":\"a\\u0001\""), WIMS_CONFIG_VALUE, "$.wwsf[0].issuer", "control characters"},
	{WWSF(NAME ORIGINS DOMAIN ",\"issuer\":{}"), WIMS_CONFIG_VALUE, "$.wwsf[0].issuer", "is object; allowed: string or array"},
	{WWSF(ALL ",\"scope\":\"a b\""), WIMS_CONFIG_VALUE, "$.wwsf[0].scope", "without spaces"},
	{WWSF(ALL ",\"realm\":\"a\\\"b\""), WIMS_CONFIG_VALUE, "$.wwsf[0].realm", "printable ASCII"},
	{WWSF(ALL ",\"realm\":\"caf\xc3\xa9\""), WIMS_CONFIG_VALUE, "$.wwsf[0].realm", "printable ASCII"},
	{WWSF(ALL ",\"authz_server\":\"http://wwsf.test\""), WIMS_CONFIG_VALUE, "$.wwsf[0].authz_server", "https URL"},
	{WWSF(ALL ",\"authz_server\":\"https://\""), WIMS_CONFIG_VALUE, "$.wwsf[0].authz_server", "https URL"},
	{WWSF(ALL ",\"authz_server\":\"https://a@b/\""), WIMS_CONFIG_VALUE, "$.wwsf[0].authz_server", "https URL"},
	{WWSF(ALL ",\"authz_server\":\"https://a/\\\"x\""), WIMS_CONFIG_VALUE, "$.wwsf[0].authz_server", "https URL"},
	{WWSF(ALL ",\"claims\":{\"impu\":\"\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].claims.impu", "1 to 128"},
	{WWSF(ALL ",\"claims\":{\"impu\":\"a.b.c.d.e\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].claims.impu", "up to 4 names"},
	{WWSF(ALL ",\"claims\":{\"impu\":\".a\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].claims.impu", "up to 4 names"},
	{WWSF(ALL ",\"claims\":{\"impu\":\"a.\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].claims.impu", "up to 4 names"},
	{WWSF(ALL ",\"claims\":{\"impu\":\"a..b\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].claims.impu", "up to 4 names"},
	{WWSF(ALL ",\"claims\":{\"impu\":\"a/\\n\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].claims.impu", "up to 4 names"},
	/* what tokens must hold */
	{WWSF(ALL ",\"required_claims\":{}"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims", "has 0 claims; allowed: 1 to 16"},
	{WWSF(ALL ",\"required_claims\":{" RULES_17 "}"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims", "has 17 claims"},
	{WWSF(ALL ",\"required_claims\":[\"a\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims", "is array; allowed: object"},
	{WWSF(ALL ",\"required_claims\":{\"a\":1.5}"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims.a", "number with a fraction; allowed: true or false or integer or string"},
	{WWSF(ALL ",\"required_claims\":{\"a\":null}"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims.a", "is null"},
	{WWSF(ALL ",\"required_claims\":{\"a\":{}}"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims.a", "is object"},
	{WWSF(ALL ",\"required_claims\":{\"a\":\"\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims.a", "has 0 bytes"},
	{WWSF(ALL ",\"required_claims\":{\"a\":\"x\\u0001\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims.a", "control characters"},
	{WWSF(ALL ",\"required_claims\":{\"a\":[]}"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims.a", "has 0 values; allowed: 1 to 16"},
	{WWSF(ALL ",\"required_claims\":{\"a\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims.a", "has 17 values"},
	{WWSF(ALL ",\"required_claims\":{\"b\":1,\"a\":[1,[2]]}"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims.a[1]", "is array"},
	{WWSF(ALL ",\"required_claims\":{\"\":1}"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims.", "has 0 bytes"},
	{WWSF(ALL ",\"required_claims\":{\"a..b\":1}"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims.a..b", "up to 4 names"},
	{WWSF(ALL ",\"required_claims\":{\"a\\nb\":1}"), WIMS_CONFIG_VALUE, "$.wwsf[0].required_claims.a?b", "up to 4 names"},
	{WWSF(THIN THIN_ORIGINS ",\"required_claims\":{\"a\":1}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].required_claims", "where the core authenticates"},
	{WWSF(ALL ",\"wwsf_id\":[]"), WIMS_CONFIG_VALUE, "$.wwsf[0].wwsf_id", "1 to 8 entries"},
	{WWSF(ALL ",\"wwsf_id\":[\"a\",1]"), WIMS_CONFIG_VALUE, "$.wwsf[0].wwsf_id[1]", "is integer"},
	{WWSF(ALL ",\"wwsf_id\":\"\""), WIMS_CONFIG_VALUE, "$.wwsf[0].wwsf_id", "has 0 bytes"},
	{WWSF(ALL ",\"require_at_jwt\":1"), WIMS_CONFIG_VALUE, "$.wwsf[0].require_at_jwt", "is integer; allowed: true or false"},
	{WWSF(ALL ",\"require_at_jwt\":true,\"typ\":\"at+jwt\""), WIMS_CONFIG_MEMBER, "$.wwsf[0].typ", "require_at_jwt"},
	{WWSF(ALL ",\"typ\":[\"a b\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].typ[0]", "token type"},
	{WWSF(ALL ",\"algorithms\":[]"), WIMS_CONFIG_VALUE, "$.wwsf[0].algorithms", "entries"},
	{WWSF(ALL ",\"algorithms\":[\"RS256\",\"HS1\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].algorithms[1]", "RS256, RS384"},
	{WWSF(ALL ",\"algorithms\":[\"HS256\"]"), WIMS_CONFIG_KEY, "$.wwsf[0].keys.jwks", "no key for an allowed algorithm"},
	/* keys that the WWSF publishes */
	{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"pem\":\"" PEM "\"}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "names 2 sources; allowed: one of jwks_file, jwks, pem_file, pem, jwks_uri"},
	{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"kid\":\"a\"}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "\"kid\" goes with"},
	{WWSF(BUT_KEYS ",\"keys\":[{" URI "},{" URI "}]"), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys[1]", "one jwks_uri in a WWSF"},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks_uri\":\"http://wwsf.test/k\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].keys.jwks_uri", "an https URL"},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks_uri\":\"https://a@wwsf.test/k\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].keys.jwks_uri", "an https URL"},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks_uri\":1}"), WIMS_CONFIG_VALUE, "$.wwsf[0].keys.jwks_uri", "is integer; allowed: string"},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks_url\":\"https://wwsf.test/k\"}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "did you mean \"jwks_uri\"?"},
	{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"refresh_min\":0}"), WIMS_CONFIG_VALUE, "$.wwsf[0].keys.refresh_min", "is 0; allowed: 1 to 86400"},
	{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"refresh_min\":86401}"), WIMS_CONFIG_VALUE, "$.wwsf[0].keys.refresh_min", "allowed: 1 to 86400"},
	{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"refresh_max\":0}"), WIMS_CONFIG_VALUE, "$.wwsf[0].keys.refresh_max", "allowed: 1 to 604800"},
	{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"refresh_max\":604801}"), WIMS_CONFIG_VALUE, "$.wwsf[0].keys.refresh_max", "allowed: 1 to 604800"},
	{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"refresh_min\":61,\"refresh_max\":60}"), WIMS_CONFIG_VALUE, "$.wwsf[0].keys", "refresh_min is more than refresh_max"},
	{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"stale\":-1}"), WIMS_CONFIG_VALUE, "$.wwsf[0].keys.stale", "allowed: 0 to 2592000"},
	{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"stale\":2592001}"), WIMS_CONFIG_VALUE, "$.wwsf[0].keys.stale", "allowed: 0 to 2592000"},
	{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"stale\":1.5}"), WIMS_CONFIG_VALUE, "$.wwsf[0].keys.stale", "allowed: integer"},
	{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"ca_file\":\"nothing\"}"), WIMS_CONFIG_FILE, "$.wwsf[0].keys.ca_file", "cannot read \"nothing\": no such file"},
	{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"ca_file\":\"key.pem\"}"), WIMS_CONFIG_FILE, "$.wwsf[0].keys.ca_file", "holds no certificate"},
	{WWSF(BUT_KEYS ",\"keys\":{" URI ",\"ca_file\":\"empty\"}"), WIMS_CONFIG_FILE, "$.wwsf[0].keys.ca_file", "holds no certificate"},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks_file\":\"keys.json\",\"ca_file\":\"ca.pem\"}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "go with jwks_uri only"},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks_file\":\"keys.json\",\"stale\":0}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "go with jwks_uri only"},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks_file\":\"keys.json\",\"refresh_min\":1}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "go with jwks_uri only"},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks_file\":\"keys.json\",\"refresh_max\":1}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "go with jwks_uri only"},
	{WWSF(BUT_KEYS ",\"keys\":[{" URI "},{\"pem\":\"" PEM "\"}]"), WIMS_CONFIG_KEY, "$.wwsf[0].keys", "none beside jwks_uri"},
	{WWSF(BUT_KEYS ",\"algorithms\":[\"HS256\"],\"keys\":{" URI "}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "HMAC only"},
	{WWSF(ALL ",\"algorithms\":[\"none\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].algorithms[0]", "EdDSA"},
	{WWSF(ALL ",\"algorithms\":[7]"), WIMS_CONFIG_VALUE, "$.wwsf[0].algorithms[0]", "is integer"},
	{WWSF(ALL ",\"algorithms\":\"RS256\""), WIMS_CONFIG_VALUE, "$.wwsf[0].algorithms", "is string; allowed: array"},
	/* numbers */
	{WWSF(ALL ",\"leeway\":-1"), WIMS_CONFIG_VALUE, "$.wwsf[0].leeway", "is -1; allowed: 0 to 300"},
	{WWSF(ALL ",\"leeway\":301"), WIMS_CONFIG_VALUE, "$.wwsf[0].leeway", "is 301; allowed: 0 to 300"},
	{WWSF(ALL ",\"leeway\":1.5"), WIMS_CONFIG_VALUE, "$.wwsf[0].leeway", "number with a fraction"},
	{WWSF(ALL ",\"leeway\":\"60\""), WIMS_CONFIG_VALUE, "$.wwsf[0].leeway", "is string; allowed: integer"},
	{WWSF(ALL ",\"leeway\":99999999999999999999"), WIMS_CONFIG_SYNTAX, "$", "line 1"},
	{WWSF(ALL ",\"max_lifetime\":2592001"), WIMS_CONFIG_VALUE, "$.wwsf[0].max_lifetime", "0 to 2592000"},
	{WWSF(ALL ",\"min_remaining\":3601"), WIMS_CONFIG_VALUE, "$.wwsf[0].min_remaining", "0 to 3600"},
	{WWSF(ALL ",\"max_lifetime\":30"), WIMS_CONFIG_VALUE, "$.wwsf[0].min_remaining", "less than max_lifetime"},
	{WWSF(ALL ",\"dereg_grace\":301"), WIMS_CONFIG_VALUE, "$.wwsf[0].dereg_grace", "0 to 300"},
	{WWSF(ALL ",\"dialog_grace\":10"), WIMS_CONFIG_VALUE, "$.wwsf[0].dialog_grace", "is integer; allowed: object"},
	{WWSF(ALL ",\"dialog_grace\":{\"lost\":301}"), WIMS_CONFIG_VALUE, "$.wwsf[0].dialog_grace.lost", "0 to 300"},
	{WWSF(ALL ",\"request_token\":\"demand\""), WIMS_CONFIG_VALUE, "$.wwsf[0].request_token", "\"require\", \"accept\" or \"ignore\""},
	{WWSF(ALL ",\"request_token\":true"), WIMS_CONFIG_VALUE, "$.wwsf[0].request_token", "is boolean"},
	{WWSF(ALL ",\"request_token\":{\"initial\":\"no\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].request_token.initial", "\"accept\""},
	{WWSF(ALL ",\"request_token\":{\"dialog\":\"accept\"}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].request_token", "\"dialog\""},
	{WWSF(ALL ",\"close_on_bad_token\":1"), WIMS_CONFIG_VALUE, "$.wwsf[0].close_on_bad_token", "is integer; allowed: true or false"},
	{WWSF(ALL ",\"calls_outlive_token\":0"), WIMS_CONFIG_VALUE, "$.wwsf[0].calls_outlive_token", "is integer; allowed: true or false"},
	{WWSF(ALL ",\"close_on_bad_token\":\"no\""), WIMS_CONFIG_VALUE, "$.wwsf[0].close_on_bad_token", "is string"},
	/* keys */
	{WWSF(BUT_KEYS ",\"keys\":{}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "names 0 sources"},
	{WWSF(BUT_KEYS ",\"keys\":[]"), WIMS_CONFIG_VALUE, "$.wwsf[0].keys", "1 to 16 entries"},
	{WWSF(BUT_KEYS ",\"keys\":\"keys.json\""), WIMS_CONFIG_VALUE, "$.wwsf[0].keys", "allowed: array or object"},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks_file\":\"a\",\"pem_file\":\"b\"}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "names 2 sources"},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks_file\":\"a\",\"kid\":\"b\"}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "\"kid\" goes with"},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwk\":{}}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].keys", "did you mean \"jwks\"?"},
	{WWSF(BUT_KEYS ",\"keys\":[" JWKS ",{\"jwks_file\":\"none.json\"}]"), WIMS_CONFIG_FILE, "$.wwsf[0].keys[1].jwks_file", "cannot read \"none.json\": no such file"},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks_file\":\"broken.json\"}"), WIMS_CONFIG_SYNTAX, "$.wwsf[0].keys.jwks_file", "\"broken.json\" line 2"},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks_file\":\"empty\"}"), WIMS_CONFIG_SYNTAX, "$.wwsf[0].keys.jwks_file", "\"empty\""},
	{WWSF(BUT_KEYS ",\"keys\":{\"pem_file\":\"empty\"}"), WIMS_CONFIG_KEY, "$.wwsf[0].keys.pem_file", ""},
	{WWSF(BUT_KEYS ",\"keys\":{\"pem\":\"\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].keys.pem", "has 0 bytes"},
	{WWSF(BUT_KEYS ",\"keys\":{\"pem\":\"hello\"}"), WIMS_CONFIG_KEY, "$.wwsf[0].keys.pem", ""},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks\":{\"keys\":[]}}"), WIMS_CONFIG_KEY, "$.wwsf[0].keys.jwks", ""},
	{WWSF(BUT_KEYS ",\"keys\":{\"jwks\":{\"keys\":[" P256("a") ",{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}]}}"), WIMS_CONFIG_KEY, "$.wwsf[0].keys.jwks", "key 1: "},
	{WWSF(BUT_KEYS ",\"keys\":[" JWKS "," JWKS "]"), WIMS_CONFIG_KEY, "$.wwsf[0].keys[1]", "kid"},
	{WWSF(BUT_KEYS KEYS ",\"algorithms\":[\"RS256\"]"), WIMS_CONFIG_KEY, "$.wwsf[0].keys.jwks", ""},
	/* introspection */
	{WWSF(BUT_KEYS ",\"introspection\":{}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].introspection.endpoint", "is required"},
	{WWSF(ALL ",\"introspection\":\"https://as.test\""), WIMS_CONFIG_VALUE, "$.wwsf[0].introspection", "is string; allowed: object"},
	{WWSF(ALL ",\"introspection\":{\"endpoint\":\"http://as.test\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].introspection.endpoint", "https URL"},
	{WWSF(ALL ",\"introspection\":{\"endpoint\":\"https://u:p@as.test/\"}"), WIMS_CONFIG_VALUE, "$.wwsf[0].introspection.endpoint", "https URL"},
	{WWSF(ALL ",\"introspection\":{\"endpoint\":\"https://as.test\"}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].introspection.client_id", "is required"},
	{WWSF(ALL ASK("")), WIMS_CONFIG_MEMBER, "$.wwsf[0].introspection.client_secret_file", "is required"},
	{WWSF(ALL ASK(",\"client_secret\":\"x\"")), WIMS_CONFIG_MEMBER, "$.wwsf[0].introspection", "unknown member \"client_secret\""},
	{WWSF(ALL ASK(",\"client_secret_file\":\"none\"")), WIMS_CONFIG_FILE, "$.wwsf[0].introspection.client_secret_file", "cannot read \"none\": no such file"},
	{WWSF(ALL ASK(",\"client_secret_file\":\"empty\"")), WIMS_CONFIG_VALUE, "$.wwsf[0].introspection.client_secret_file", "one line of 1 to 255"},
	{WWSF(ALL ASK(",\"client_secret_file\":\"two-lines\"")), WIMS_CONFIG_VALUE, "$.wwsf[0].introspection.client_secret_file", "one line of 1 to 255"},
	{WWSF(ALL ASK(SECRET ",\"cache\":-1")), WIMS_CONFIG_VALUE, "$.wwsf[0].introspection.cache", "0 to 3600"},
	{WWSF(ALL ASK(SECRET ",\"cache\":3601")), WIMS_CONFIG_VALUE, "$.wwsf[0].introspection.cache", "0 to 3600"},
	{WWSF(ALL ASK(SECRET ",\"timeout\":0")), WIMS_CONFIG_VALUE, "$.wwsf[0].introspection.timeout", "1 to 5"},
	{WWSF(ALL ASK(SECRET ",\"timeout\":6")), WIMS_CONFIG_VALUE, "$.wwsf[0].introspection.timeout", "1 to 5"},
	{WWSF(ALL ASK(SECRET ",\"max_pending\":0")), WIMS_CONFIG_VALUE, "$.wwsf[0].introspection.max_pending", "1 to 10000"},
	{WWSF(ALL ASK(SECRET ",\"ca_file\":\"\"")), WIMS_CONFIG_VALUE, "$.wwsf[0].introspection.ca_file", "has 0 bytes"},
	{WWSF(ALL ASK(SECRET ",\"ca_file\":\"none\"")), WIMS_CONFIG_FILE, "$.wwsf[0].introspection.ca_file", "no such file"},
	{WWSF(ALL ASK(SECRET ",\"ca_file\":\"secret\"")), WIMS_CONFIG_FILE, "$.wwsf[0].introspection.ca_file", "no certificate in PEM"},
	{WWSF(THIN THIN_ORIGINS ASK(SECRET)), WIMS_CONFIG_MEMBER, "$.wwsf[0].introspection", "where the core authenticates"},
	/* Origins */
	{WWSF(NAME DOMAIN ",\"origins\":\"https://wwsf.test\""), WIMS_CONFIG_VALUE, "$.wwsf[0].origins", "is string; allowed: array"},
	{WWSF(NAME DOMAIN ",\"origins\":[\"https://wwsf.test/\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].origins[0]", "nothing behind it"},
	{WWSF(NAME DOMAIN ",\"origins\":[\"https://a.test\",\"null\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].origins[1]", "an Origin"},
	{WWSF(NAME DOMAIN ",\"origins\":[\"*\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].origins[0]", "an Origin"},
	{WWSF(NAME DOMAIN ",\"origins\":[\"https://*.test\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].origins[0]", "an Origin"},
	{WWSF(NAME ISSUER AUDIENCE KEYS DOMAIN IMPUS IMPIS ",\"origins\":[\"https://a.test\",\"HTTPS://A.TEST:443\"]"), WIMS_CONFIG_OVERLAP, "$.wwsf[0].origins", "\"https://a.test\" stands in WWSF \"one\""},
	/* identities */
	{WWSF(BUT_IMPUS ",\"impus\":[]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus", "1 to 10000 entries"},
	{WWSF(BUT_IMPUS ",\"impus\":\"sip:a@ims.test\""), WIMS_CONFIG_VALUE, "$.wwsf[0].impus", "is string; allowed: array"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"sip:a@ims.test\",null]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[1]", "is null; allowed: string"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"alice@ims.test\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "\"alice@ims.test\" is no identity"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"sip:alice\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "with a user part"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"*\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "is no identity"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"sip:*\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "is no identity"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"sip:a*\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "is no identity"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"sip:a@*\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "is no identity"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"sip:a@*.test\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "is no identity"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"sip:a*b*@ims.test\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "is no identity"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"sip:a*b%2a@ims.test\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "is no identity"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"sip:a@ims.test;x=*\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "is no identity"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"sip:*@other.test\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "too wide"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"sip:*@ims.test:5070\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "too wide"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"tel:*\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "is no identity"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"tel:+*\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "is no identity"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"tel:+493*\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "at least 4 digits"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"tel:+4930*1\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "is no identity"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"tel:+4930**\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "is no identity"},
	{WWSF(BUT_IMPUS ",\"impus\":[\"sip:a@ims.test\",\"sip:%61@IMS.test:5060\"]"), WIMS_CONFIG_OVERLAP, "$.wwsf[0].impus[1]", "\"sip:a@ims.test\" of WWSF \"one\""},
	{WWSF(NAME ISSUER AUDIENCE KEYS ORIGINS DOMAIN IMPUS ",\"impis\":[\"sip:a@ims.test\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impis[0]", "user@realm"},
	{WWSF(NAME ISSUER AUDIENCE KEYS ORIGINS DOMAIN IMPUS ",\"impis\":[\"*@other.test\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impis[0]", "too wide"},
	{WWSF(NAME ISSUER AUDIENCE KEYS ORIGINS DOMAIN IMPUS ",\"impis\":[\"a@*.test\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impis[0]", "is no identity"},
	/* two WWSFs */
	{TWO(ALL), WIMS_CONFIG_OVERLAP, "$.wwsf[1].name", "\"one\" stands in WWSF \"one\" already"},
	{TWO("\"name\":\"two\"" ISSUER AUDIENCE KEYS DOMAIN IMPUS IMPIS ",\"origins\":[\"https://two.test\"]"), WIMS_CONFIG_OVERLAP, "$.wwsf[1].issuer", "\"https://wwsf.test\" stands in WWSF \"one\""},
	{TWO("\"name\":\"two\",\"issuer\":[\"https://two.test\"]" AUDIENCE KEYS ORIGINS DOMAIN IMPUS IMPIS), WIMS_CONFIG_OVERLAP, "$.wwsf[1].origins", "stands in WWSF \"one\""},
	{TWO(THIN ",\"origins\":[\"https://wwsf.test:443\"]"), WIMS_CONFIG_OVERLAP, "$.wwsf[1].origins", "stands in WWSF \"one\""},
	{TWO(OTHER IMPUS IMPIS), WIMS_CONFIG_OVERLAP, "$.wwsf[1].impus[0]", "\"sip:alice@ims.test\" of WWSF \"one\""},
	{TWO(OTHER ",\"impus\":[\"sip:b@ims.test\"]" IMPIS), WIMS_CONFIG_OVERLAP, "$.wwsf[1].impis[0]", "\"alice@ims.test\" of WWSF \"one\""},
	{TWO(OTHER ",\"impus\":[\"sip:b@ims.test\",\"sip:al*@ims.test\"]" IMPIS), WIMS_CONFIG_OVERLAP, "$.wwsf[1].impus[1]", "\"sip:alice@ims.test\" of WWSF \"one\""},
	{FILE_OF("{" BUT_IMPUS ",\"impus\":[\"sip:a*@ims.test\"]},{" OTHER ",\"impus\":[\"sip:abc*@ims.test\"],\"impis\":[\"b@ims.test\"]}"), WIMS_CONFIG_OVERLAP, "$.wwsf[1].impus[0]", "\"sip:a*@ims.test\" of WWSF \"one\""},
	{FILE_OF("{" BUT_IMPUS ",\"impus\":[\"sip:*1@ims.test\"]},{" OTHER ",\"impus\":[\"sip:2*@ims.test\"],\"impis\":[\"b@ims.test\"]}"), WIMS_CONFIG_OVERLAP, "$.wwsf[1].impus[0]", "\"sip:*1@ims.test\""},
	{FILE_OF("{" BUT_IMPUS ",\"impus\":[\"sip:a*@ims.test\"]},{" OTHER ",\"impus\":[\"sip:a*@ims.test\"],\"impis\":[\"b@ims.test\"]}"), WIMS_CONFIG_OVERLAP, "$.wwsf[1].impus[0]", "\"sip:a*@ims.test\""},
	{FILE_OF("{" BUT_IMPUS ",\"impus\":[\"sip:a*@ims.test\"]},{" OTHER ",\"impus\":[\"sip:ab@ims.test\"],\"impis\":[\"b@ims.test\"]}"), WIMS_CONFIG_OVERLAP, "$.wwsf[1].impus[0]", "\"sip:a*@ims.test\""},
};
/* clang-format on */

static bool refused_as(const struct refusal *c)
{
	struct wims_config_fault fault;
	struct wims_provision *pv = (struct wims_provision *)&fault;
	enum wims_reason r = wims_provision_parse(&pv, &wims_env_libc, wims_pl_str(c->text),
											  &provision_reader, &fault);

	if(r == c->reason && pv == NULL && strcmp(fault.path, c->path) == 0 && fault.text[0] != '\0'
	   && strstr(fault.text, c->says) != NULL)
		return true;
	print_error("got  %s %s: %s\nwant %s %s: %s\nin   %s\n", wims_reason_text(r), fault.path,
				fault.text, wims_reason_text(c->reason), c->path, c->says, c->text);
	return false;
}

static void refuses(void **state)
{
	size_t wrong = 0;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(refusals); i++)
		wrong += !refused_as(&refusals[i]);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
