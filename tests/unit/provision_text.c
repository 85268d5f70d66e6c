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

static bool read_file(void *ctx, struct wims_pl path, char *buf, size_t size, size_t *len,
					  char *why, size_t why_size)
{
	static const struct
	{
		struct wims_pl path;
		const char *text;
	} files[] = {
			{WIMS_PL("keys.json"), "{\"keys\":[" ED25519("f1") "," P256("f2") "]}"},
			{WIMS_PL("key.pem"), "-----BEGIN PUBLIC KEY-----\n"
								 "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
								 "-----END PUBLIC KEY-----\n"},
			{WIMS_PL("broken.json"), "{\"keys\":\n[}"},
			{WIMS_PL("empty"), ""},
			{WIMS_PL("ca.pem"), "The CA of the test:\n-----BEGIN CERTIFICATE-----\nAA==\n"
								"-----END CERTIFICATE-----\n"},
			{WIMS_PL("secret"), "s3cret of the client\n"},
			{WIMS_PL("secret-dos"), "s3cret\r\n"},
			{WIMS_PL("two-lines"), "s3cret\n\n"},
	};
	size_t i;

	(void)ctx;
	for(i = 0; i < COUNT(files); i++) {
		*len = strlen(files[i].text);
		if(!wims_pl_eq(path, files[i].path) || *len > size)
			continue;
		memcpy(buf, files[i].text, *len);
		return true;
	}
	snprintf(why, why_size, "no such file");
	return false;
}

const struct wims_file_reader provision_reader = {.read = read_file};

struct wims_provision *must_parse(const char *text)
{
	struct wims_config_fault fault;
	struct wims_provision *pv;
	enum wims_reason r =
			wims_provision_parse(&pv, &wims_env_libc, wims_pl_str(text), &provision_reader, &fault);

	if(r != WIMS_OK)
		fail_msg("%s %s: %s", wims_reason_text(r), fault.path, fault.text);
	return pv;
}
