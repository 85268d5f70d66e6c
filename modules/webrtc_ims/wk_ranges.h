/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RANGES_H
#define WK_RANGES_H

/* Which WWSF and which range an IMPU belongs to. The set of all of them is in
 * shared memory, one copy for all processes: built by the process that reads the
 * provisioning, published with it, and freed when the last process has taken the
 * next one. */

#include "provision/wims_provision.h"
#include "wk.h"

struct wk_range_hit
{
	const struct wims_wwsf *wwsf;
	const struct wims_wwsf_range *range; /* NULL: a distinct IMPU, or '*', of "impus" */
};

/* The most specific one that a canonical IMPU is in. By the provisioning that
 * this process has, into which *hit points. False: nobody's. */
WIMS_MUST_CHECK bool wk_ranges_find(struct wims_pl impu, struct wk_range_hit *hit);

/* wims_range_match(URI): true when it is an IMPU of some WWSF, which
 * $wims(range_wwsf) and $wims(range) then tell. */
int wk_range_match(sip_msg_t *msg, const str *uri);
/* Could it find anything? */
bool wk_ranges_any(void);

/* ---- for wk_provision.c ---- */

/* A set and how many hold it; NULL where the provisioning needs none. */
struct wk_range_set;

/* As wims_provision_ranges, held once. */
WIMS_MUST_CHECK enum wims_reason wk_ranges_build(struct wk_range_set **out,
												 const struct wims_provision *pv,
												 struct wims_config_fault *fault);
/* Holds it once more; while it cannot be released by others. NULL is fine. */
struct wk_range_set *wk_ranges_hold(struct wk_range_set *s);
/* The last one frees it. NULL is fine. */
void wk_ranges_release(struct wk_range_set *s);
const struct wims_ranges *wk_ranges_of(const struct wk_range_set *s);

#endif
