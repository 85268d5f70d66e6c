/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* A file is read whole or not at all: either there is a provisioning and
 * every WWSF in it can be found by what names it, or there is a fault with a
 * path and a text fit for one log line. */
#include "provision/wims_alloc.h"
#include "provision/wims_provision.h"
#include "provision/wims_scenario.h"

#include <stdlib.h>
#include <string.h>

static void require(bool holds)
{
	if(!holds)
		abort();
}

static void check_line(const char *s)
{
	require(*s != '\0');
	for(; *s != '\0'; s++)
		require((unsigned char)*s >= 0x20 && *s != 0x7f);
}

static void check_wwsf(const struct wims_provision *pv, const struct wims_wwsf *w)
{
	bool web = wims_scenario_by_token(w->scenario);
	size_t i;

	require(wims_provision_by_name(pv, w->name) == w);
	require(w->domain.l > 0 && w->realm.l > 0 && w->origins.count > 0);
	require(web == (w->keys != NULL) && web == (w->issuers.count > 0));
	for(i = 0; i < w->issuers.count; i++)
		require(wims_provision_by_issuer(pv, w->issuers.at[i]) == w);
	for(i = 0; i < w->origins.count; i++)
		require(wims_provision_by_origin(pv, w->origins.at[i]) == w);
	for(i = 0; i < w->impus_exact; i++)
		require(wims_wwsf_owns_impu(w, w->impus.at[i]));
	for(i = 0; i < w->impis_exact; i++)
		require(wims_wwsf_owns_impi(w, w->impis.at[i]));
}

/* What is allocated has a number and is in the range. */
static void check_allocated(const struct wims_wwsf *w, const struct wims_wwsf_range *range,
							uint64_t index)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;
	uint64_t back;

	require(wims_alloc_impu(range->allocate, index, buf, &impu));
	require(wims_alloc_index(range->allocate, impu, &back) && back == index);
	require(wims_wwsf_range_of(w, impu) == range);
}

/* What is registered is complete. */
static void check_range(const struct wims_wwsf *w, const struct wims_wwsf_range *range)
{
	bool registered = wims_range_registered(range);

	require(range->text.l > 0 && registered == (range->impi.l > 0));
	require(registered == (range->wildcard.l > 0));
	require(registered ? w->scenario == WIMS_SCENARIO_RANGE : range->pilot.l == 0);
	require((range->block.size > 0) == (range->allocate != NULL));
	if(range->allocate == NULL)
		return;
	require(registered && range->block.size == range->allocate->size);
	check_allocated(w, range, 0);
	check_allocated(w, range, range->block.size / 2);
	check_allocated(w, range, range->block.size - 1);
}

/* With the set each listed IMPU is its WWSF's, or there is a fault. */
static void check_members(struct wims_provision *pv)
{
	struct wims_config_fault fault;
	struct wims_ranges *set;
	struct wims_owned owned;
	size_t i, k;

	if(wims_provision_ranges(&set, &wims_env_libc, pv, &fault) != WIMS_OK) {
		require(set == NULL && fault.path[0] == '$');
		check_line(fault.path);
		check_line(fault.text);
		return;
	}
	require(wims_provision_use(pv, set));
	for(i = 0; i < wims_provision_count(pv); i++) {
		const struct wims_wwsf *w = wims_provision_at(pv, i);

		for(k = 0; k < w->ranges.count; k++)
			check_range(w, &w->ranges.at[k]);
		for(k = 0; k < w->impus_exact; k++)
			require(wims_provision_owner(pv, w->impus.at[k], &owned) == (set != NULL)
					&& (set == NULL || (owned.wwsf == w && owned.range == NULL)));
	}
	require(wims_provision_use(pv, NULL));
	wims_ranges_free(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl json = {(const char *)data, size};
	struct wims_config_fault fault;
	struct wims_provision *pv;
	size_t i;

	if(wims_provision_parse(&pv, &wims_env_libc, json, NULL, &fault) != WIMS_OK) {
		require(pv == NULL && fault.path[0] == '$');
		check_line(fault.path);
		check_line(fault.text);
		return 0;
	}
	for(i = 0; i < wims_provision_count(pv); i++)
		check_wwsf(pv, wims_provision_at(pv, i));
	check_members(pv);
	wims_provision_free(pv);
	return 0;
}
