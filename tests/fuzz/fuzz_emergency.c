/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* First line: the operator's list; the rest: a Request-URI. What has neither a
 * number of the list nor "sos" in it is no emergency. */
#include "sip/wims_emergency.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl in = {(const char *)data, size};
	struct wims_pl list = {in.p, wims_pl_find(in, '\n')};
	struct wims_pl uri = wims_pl_from(in, list.l + 1), service;
	struct wims_emergency *e;
	char buf[WIMS_EMERGENCY_SERVICE_MAX];

	if(wims_emergency_new(&e, &wims_env_libc, list, NULL) != WIMS_OK)
		return 0;
	service = wims_emergency_service(e, uri, WIMS_PL("ims.test"), buf);
	if(service.l > WIMS_EMERGENCY_SERVICE_MAX
	   || (service.l > 0 && !wims_pl_casestarts(service, WIMS_PL("sos"))))
		abort();
	wims_emergency_free(e);
	return 0;
}
