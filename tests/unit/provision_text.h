/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROVISION_TEXT_H
#define PROVISION_TEXT_H

/* Provisioning files for the tests: one good WWSF, member by member, so that
 * a test can change one of them. */

#include "provision/wims_provision.h"

/* RFC 8037 A.2 and RFC 7515 A.3.1 */
#define ED25519(kid)                                      \
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" kid \
	"\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
#define P256(kid)                                            \
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"" kid "\"," \
	"\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"," \
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"
#define PEM                                                           \
	"-----BEGIN PUBLIC KEY-----\\n"                                   \
	"MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\\n" \
	"-----END PUBLIC KEY-----\\n"
#define JWKS "{\"jwks\":{\"keys\":[" ED25519("e1") "]}}"

/* One web-auth WWSF of which a test changes a member or two. */
#define NAME "\"name\":\"one\""
#define ISSUER ",\"issuer\":\"https://wwsf.test\""
#define AUDIENCE ",\"audience\":\"ims.test\""
#define KEYS ",\"keys\":" JWKS
#define ORIGINS ",\"origins\":[\"https://wwsf.test\"]"
#define DOMAIN ",\"domain\":\"ims.test\""
#define IMPUS ",\"impus\":[\"sip:alice@ims.test\"]"
#define IMPIS ",\"impis\":[\"alice@ims.test\"]"
#define BUT_KEYS NAME ISSUER AUDIENCE ORIGINS DOMAIN IMPUS IMPIS
#define BUT_IMPUS NAME ISSUER AUDIENCE KEYS ORIGINS DOMAIN IMPIS
#define ALL BUT_KEYS KEYS
#define FILE_OF(wwsfs) "{\"version\":1,\"wwsf\":[" wwsfs "]}"
#define WWSF(members) FILE_OF("{" members "}")
/* a second one that shares nothing with the first */
#define TWO(members) FILE_OF("{" ALL "},{" members "}")
#define OTHER                                                                            \
	"\"name\":\"two\",\"issuer\":\"https://two.test\",\"audience\":\"a\",\"keys\":" JWKS \
	",\"domain\":\"ims.test\",\"origins\":[\"https://two.test\"]"
#define THIN "\"name\":\"thin\",\"scenario\":\"ims-auth\",\"domain\":\"ims.test\""
#define THIN_ORIGINS ",\"origins\":[\"https://thin.test\"]"

/* scenario 3: the first WWSF with a pool, or with ranges, and one that has
 * nothing in common with it */
#define POOL(members) WWSF(BUT_IMPUS ",\"scenario\":\"pool\"" members)
#define RANGE(members) WWSF(BUT_IMPUS ",\"scenario\":\"range\"" members)
#define RANGES(list) ",\"ranges\":[" list "]"
/* members of an object in "ranges" */
#define R1 "\"range\":\"sip:r1-!.*!@ims.test\""
#define R1_IMPI ",\"impi\":\"r1@ims.test\""
#define BESIDE(scenario, members, more)                                              \
	FILE_OF("{" BUT_IMPUS ",\"scenario\":\"" scenario "\"" members "},{" OTHER IMPUS \
			",\"impis\":[\"other@ims.test\"],\"scenario\":\"pool\"" more "}")

#define ASK(members)                                                                 \
	",\"introspection\":{\"endpoint\":\"https://as.test/introspect\",\"client_id\":" \
	"\"epcscf\"" members "}"
#define SECRET ",\"client_secret_file\":\"secret\""

/* Knows "keys.json" (kid f1, f2), "key.pem", "broken.json", "empty",
 * "ca.pem", "secret" (a line), "secret-dos" (with CRLF) and "two-lines". */
extern const struct wims_file_reader provision_reader;

/* Parses text, or fails the test with what is wrong in it. */
struct wims_provision *must_parse(const char *text);

#endif
