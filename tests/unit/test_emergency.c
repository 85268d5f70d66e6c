/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sip/wims_emergency.h"
#include "sweep.h"

#define DOMAIN WIMS_PL("ims.test")

static struct wims_emergency *made(const char *text)
{
	struct wims_emergency *e = NULL;
	struct wims_fault fault;

	if(wims_emergency_new(&e, &wims_env_libc, wims_pl_str(text), &fault) != WIMS_OK)
		fail_msg("%s: %s", text, fault.text);
	return e;
}

static void expect(const struct wims_emergency *e, const char *uri, const char *service)
{
	char buf[WIMS_EMERGENCY_SERVICE_MAX];
	struct wims_pl got = wims_emergency_service(e, wims_pl_str(uri), DOMAIN, buf);

	if(!wims_pl_eq(got, wims_pl_str(service)))
		fail_msg("%s: %.*s, expected %s", uri, (int)got.l, got.p, service);
}

static void services(void **state)
{
	static const char *const rows[][2] = {
			{"urn:service:sos", "sos"},
			{"URN:Service:SOS", "SOS"},
			{"urn:service:sos.police", "sos.police"},
			{"urn:service:sos.animal-control.x1", "sos.animal-control.x1"},
			{"tel:112", "sos"},
			{"TEL:112", "sos"},
			{"tel:1-1-2", "sos"},
			{"tel:(112);phone-context=+49", "sos"},
			{"tel:110", "sos.police"},
			{"sip:112@ims.test", "sos"},
			{"sips:110@IMS.TEST:5061;user=phone", "sos.police"},
			{"sip:112;phone-context=ims.test@ims.test;user=phone", "sos"},
			{"", ""},
			{"urn:service:", ""},
			{"urn:service:so", ""},
			{"urn:service:sosx", ""},
			{"urn:service:sos.", ""},
			{"urn:service:sos..x", ""},
			{"urn:service:sos.-x", ""},
			{"urn:service:sos.x-", ""},
			{"urn:service:sos.x_y", ""},
			{"urn:service:sos;x", ""},
			{"urn:service:counseling.sos", ""},
			{"urn:x:sos", ""},
			{"tel:", ""},
			{"urn:service:%73os", "sos"},
			{"urn:%53ervice:S%4fS%2epolice", "SOS.police"},
			{"tel:+112", "sos"},
			{"tel:%2B1%312", "sos"},
			{"sip:+112@ims.test;user=phone", "sos"},
			{"sip:%3110@ims.test", "sos.police"},
			{"tel:112+", ""},
			{"tel:++112", ""},
			{"tel:1%", ""},
			{"tel:1%3", ""},
			{"tel:+49112", ""},
			{"urn:service:%7", ""},
			{"urn:service:so%00s", ""},
			{"urn:service:s%6f%", ""},
			{"urn", ""},
			{"urn:", ""},
			{"tel:1122", ""},
			{"tel:11", ""},
			{"tel:1121234567890123", ""},
			{"sip:112@other.test", ""},
			{"sip:112@ims.test.other.test", ""},
			{"sip:ims.test", ""},
			{"sip:sos@ims.test", ""},
			{"sip:alice@ims.test;urn:service:sos", ""},
			{"sip:alice@ims.test?x=112", ""},
			{"http://112@ims.test", ""},
	};
	struct wims_emergency *e = made("112, 110 = sos.police");
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(e, rows[i][0], rows[i][1]);
	wims_emergency_free(e);
	e = made(" ");
	expect(e, "urn:service:sos", "sos");
	expect(e, "tel:112", "");
	wims_emergency_free(e);
}

static void longest_service(void **state)
{
	char uri[12 + WIMS_EMERGENCY_SERVICE_MAX + 2] = "urn:service:sos";
	struct wims_emergency *e = made("");
	size_t i;

	(void)state;
	for(i = 15; i < sizeof(uri) - 1; i++)
		uri[i] = (i - 15) % 9 == 0 ? '.' : 'x';
	uri[12 + WIMS_EMERGENCY_SERVICE_MAX] = '\0';
	expect(e, uri, uri + 12);
	uri[12 + WIMS_EMERGENCY_SERVICE_MAX] = 'x';
	expect(e, uri, "");
	expect(e, "urn:service:sos.a23456789012345678901234567", "sos.a23456789012345678901234567");
	expect(e, "urn:service:sos.a234567890123456789012345678", "");
	wims_emergency_free(e);
}

static void refuse(struct wims_pl text, const char *why)
{
	struct wims_emergency *e = (struct wims_emergency *)&text;
	struct wims_fault fault;

	assert_int_equal(wims_emergency_new(&e, &wims_env_libc, text, &fault), WIMS_CONFIG_VALUE);
	assert_null(e);
	if(strstr(fault.text, why) == NULL)
		fail_msg("%s, expected %s", fault.text, why);
	assert_int_equal(wims_emergency_new(&e, &wims_env_libc, text, NULL), WIMS_CONFIG_VALUE);
}

static void bad_lists(void **state)
{
	char text[WIMS_EMERGENCY_TEXT_MAX + 1];
	size_t i;

	(void)state;
	refuse(WIMS_PL("112,"), "no number of 1 to 15 digits:");
	refuse(WIMS_PL("+112"), "no number of 1 to 15 digits:");
	refuse(WIMS_PL("1234567890123456"), "no number of 1 to 15 digits:");
	refuse(WIMS_PL("112=police"), "no service such as sos.police: '112=police'");
	refuse(WIMS_PL("112="), "no service such as sos.police:");
	refuse(WIMS_PL("112, 112=sos.fire"), "number given twice: '112=sos.fire'");
	memset(text, '1', sizeof(text));
	refuse((struct wims_pl){text, sizeof(text)}, "list longer than 512 bytes");
	for(i = 0; i <= WIMS_EMERGENCY_NUMBERS_MAX; i++) {
		text[3 * i] = (char)('1' + i / 10);
		text[3 * i + 1] = (char)('0' + i % 10);
		text[3 * i + 2] = ',';
	}
	refuse((struct wims_pl){text, 3 * i - 1}, "more than 32 numbers: '42'");
}

static void *no_memory(void *ctx, size_t n)
{
	(void)ctx;
	(void)n;
	return NULL;
}

static void without_memory(void **state)
{
	struct wims_env env = wims_env_libc;
	struct wims_emergency *e = (struct wims_emergency *)&env;

	(void)state;
	env.alloc = no_memory;
	assert_int_equal(wims_emergency_new(&e, &env, WIMS_PL("112"), NULL), WIMS_NOMEM);
	assert_null(e);
}

/* As a list, and as a URI. */
static void one_mutant(void *ctx, struct wims_pl input)
{
	struct wims_emergency *e, *own = ctx;
	char buf[WIMS_EMERGENCY_SERVICE_MAX];
	struct wims_fault fault;

	if(wims_emergency_service(own, input, DOMAIN, buf).l > WIMS_EMERGENCY_SERVICE_MAX)
		fail_msg("a service too long");
	if(wims_emergency_new(&e, &wims_env_libc, input, &fault) != WIMS_OK) {
		assert_true(strlen(fault.text) > 0);
		return;
	}
	assert_int_equal(wims_emergency_service(e, WIMS_PL("sip:alice@ims.test"), DOMAIN, buf).l, 0);
	wims_emergency_free(e);
}

static void mutants(void **state)
{
	struct wims_emergency *e = made("112,110=sos.police");

	(void)state;
	(void)sweep(WIMS_PL("112,110=sos.police,911 = sos"), one_mutant, e);
	(void)sweep(WIMS_PL("sip:112;phone-context=ims.test@ims.test;user=phone"), one_mutant, e);
	(void)sweep(WIMS_PL("urn:service:sos.animal-control"), one_mutant, e);
	wims_emergency_free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(services),  cmocka_unit_test(longest_service),
			cmocka_unit_test(bad_lists), cmocka_unit_test(without_memory),
			cmocka_unit_test(mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
