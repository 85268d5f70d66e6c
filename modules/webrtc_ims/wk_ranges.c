/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_ranges.h"

#include <stdatomic.h>

#include "core/mem/shm_mem.h"
#include "wk_env.h"
#include "wk_provision.h"
#include "wk_result.h"

struct wk_range_set
{
	struct wims_ranges *set;
	atomic_uint held;
};

enum wims_reason wk_ranges_build(struct wk_range_set **out, const struct wims_provision *pv,
								 struct wims_config_fault *fault)
{
	struct wims_ranges *set;
	struct wk_range_set *s;
	enum wims_reason r = wims_provision_ranges(&set, wk_shm_env(), pv, fault);

	*out = NULL;
	if(set == NULL)
		return r;
	if((s = shm_malloc(sizeof(*s))) == NULL) {
		wims_ranges_free(set);
		return wk_provision_fail(fault, WIMS_NOMEM, "no shared memory for ranges");
	}
	s->set = set;
	atomic_init(&s->held, 1);
	*out = s;
	return WIMS_OK;
}

struct wk_range_set *wk_ranges_hold(struct wk_range_set *s)
{
	if(s != NULL)
		atomic_fetch_add(&s->held, 1);
	return s;
}

void wk_ranges_release(struct wk_range_set *s)
{
	if(s == NULL || atomic_fetch_sub(&s->held, 1) > 1)
		return;
	wims_ranges_free(s->set);
	shm_free(s);
}

const struct wims_ranges *wk_ranges_of(const struct wk_range_set *s)
{
	return s == NULL ? NULL : s->set;
}

bool wk_ranges_any(void)
{
	const struct wims_provision *pv = wk_provision();

	return pv != NULL && wims_provision_has_ranges(pv);
}

bool wk_ranges_find(struct wims_pl impu, struct wk_range_hit *hit)
{
	const struct wims_provision *pv = wk_provision();
	struct wims_owned owned = {NULL, NULL};
	bool found = pv != NULL && wims_provision_owner(pv, impu, &owned);

	*hit = (struct wk_range_hit){owned.wwsf, owned.range};
	return found;
}

int wk_range_match(sip_msg_t *msg, const str *uri)
{
	struct wk_result *res = wk_result(msg);
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;

	res->member = (struct wk_range_hit){NULL, NULL};
	if(wims_impu_canonical(&impu, buf, sizeof(buf), wk_pl(uri)) != WIMS_OK)
		return WK_FALSE;
	return wk_ranges_find(impu, &res->member) ? WK_TRUE : WK_FALSE;
}
