/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* What comes to wims-load as SIP: all slices of a message lie in it, and the
 * answer to a request is one that belongs to it. */
#include "fuzz.h"
#include "tools/load/sip.h"

static bool lies_in(struct wl_str s, const char *p, size_t n)
{
	return s.n == 0 || (s.p >= p && s.n <= n && (size_t)(s.p - p) <= n - s.n);
}

static bool list_lies_in(const struct wl_list *list, const char *p, size_t n)
{
	unsigned i;

	for(i = 0; i < list->n; i++)
		if(list->at[i].n == 0 || !lies_in(list->at[i], p, n))
			return false;
	return list->n <= WL_LIST_MAX;
}

static void check_slices(const struct wl_sip *m, const char *p, size_t n)
{
	const struct wl_str one[] = {m->method, m->uri,    m->branch,  m->from,     m->from_tag,
								 m->to,     m->to_tag, m->call_id, m->asserted, m->body};
	const struct wl_list *lists[] = {&m->vias,   &m->contacts,       &m->record_routes,
									 &m->routes, &m->service_routes, &m->paths};
	size_t i;

	for(i = 0; i < sizeof one / sizeof one[0]; i++)
		FUZZ_ASSERT(lies_in(one[i], p, n));
	for(i = 0; i < sizeof lists / sizeof lists[0]; i++)
		FUZZ_ASSERT(list_lies_in(lists[i], p, n));
	FUZZ_ASSERT(m->vias.n > 0 && m->branch.n > 0);
	for(i = 0; i < m->contacts.n; i++)
		FUZZ_ASSERT(wl_sip_granted(m, wl_sip_uri(m->contacts.at[i])) >= -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char buf[2 * WL_SIP_MAX];
	const struct wl_answer a = {.status = 486, .to_tag = WL_STR("here")};
	const char *p = (const char *)data;
	struct wl_sip m, answer;
	size_t n;

	if(size > WL_SIP_MAX || !wl_sip_parse(p, size, &m))
		return 0;
	check_slices(&m, p, size);
	if(m.status != 0)
		return 0;
	n = wl_sip_answer(buf, sizeof buf, &m, &a);
	FUZZ_ASSERT(n > 0 && n < sizeof buf && wl_sip_parse(buf, n, &answer));
	FUZZ_ASSERT(answer.status == 486 && answer.cseq == m.cseq);
	FUZZ_ASSERT(wl_str_eq(answer.branch, m.branch) && wl_str_eq(answer.call_id, m.call_id));
	FUZZ_ASSERT(wl_str_eq(answer.method, m.method) && answer.vias.n == m.vias.n);
	return 0;
}
