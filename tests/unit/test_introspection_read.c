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

#include "provision_text.h"
#include "scarce.h"

static const char two[] = FILE_OF("{" BUT_KEYS ASK(
		SECRET) "},{" OTHER ",\"impus\":[\"sip:b@ims.test\"],\"impis\":"
				"[\"b@ims.test\"]" ASK(
						",\"client_secret_file\":\"secret-dos\",\"ca_file\":\"ca.pem\","
						"\"cache\":0,\"timeout\":5,\"max_pending\":7") "}");

static void check_text(struct wims_pl got, const char *want)
{
	if(!wims_pl_eq(got, wims_pl_str(want)))
		fail_msg("\"%.*s\", want \"%s\"", (int)got.l, got.p, want);
}

/* With it, keys are not required. */
static void reads(void **state)
{
	struct wims_provision *pv = must_parse(two);
	const struct wims_wwsf *w = wims_provision_at(pv, 0);
	const struct wims_introspection *in = &w->introspection;

	(void)state;
	assert_null(w->keys);
	check_text(in->endpoint, "https://as.test/introspect");
	check_text(in->client_id, "epcscf");
	check_text(in->client_secret, "s3cret of the client");
	check_text(in->ca_file, "");
	assert_int_equal(in->cache, 60);
	assert_int_equal(in->timeout_ms, 3000);
	assert_int_equal(in->max_pending, 100);
	w = wims_provision_at(pv, 1);
	in = &w->introspection;
	assert_non_null(w->keys);
	check_text(in->client_secret, "s3cret");
	check_text(in->ca_file, "ca.pem");
	assert_int_equal(in->cache, 0);
	assert_int_equal(in->timeout_ms, 5000);
	assert_int_equal(in->max_pending, 7);
	wims_provision_free(pv);
}

/* Where memory runs out the whole is refused, and nothing stays. */
static void out_of_memory(void **state)
{
	enum wims_reason r = WIMS_NOMEM;
	struct wims_config_fault fault;
	struct wims_provision *pv;
	struct scarce s;
	size_t n;

	(void)state;
	for(n = 0; r != WIMS_OK && n < 100; n++) {
		scarce_init(&s, n);
		r = wims_provision_parse(&pv, &s.env, wims_pl_str(two), &provision_reader, &fault);
		if(r == WIMS_OK)
			wims_provision_free(pv);
		else
			assert_true(r == WIMS_NOMEM && pv == NULL);
		assert_int_equal(s.live, 0);
	}
	assert_in_range(n, 5, 99);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reads), cmocka_unit_test(out_of_memory)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
