/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_keys.h"

#include <string.h>

#include "wk_keys.h"
#include "wk_provision.h"
#include "wk_rpc.h"

enum
{
	KIDS_MAX = 1000 /* bytes of a list of names; cut behind that */
};

const char *wk_rpc_keys_doc[] = {
		"Keys of each WWSF, and how the refresh of those that it publishes goes", NULL};
const char *wk_rpc_refresh_keys_doc[] = {
		"Fetches the keys that a WWSF publishes, now: webrtc_ims.refresh_keys WWSF", NULL};

static void add_name(char list[KIDS_MAX + 1], size_t *len, struct wims_pl name)
{
	if(name.l == 0)
		name = WIMS_PL("-");
	if(*len + 1 + name.l > KIDS_MAX)
		return;
	if(*len > 0)
		list[(*len)++] = ' ';
	memcpy(list + *len, name.p, name.l);
	*len += name.l;
	list[*len] = '\0';
}

/* Names of the keys from position at up to end, "-" for one without. */
static void kids(char list[KIDS_MAX + 1], const struct wims_keyset *ks, size_t at, size_t end)
{
	size_t len = 0;

	list[0] = '\0';
	for(; at < end; at++)
		add_name(list, &len, wims_keyset_kid(ks, at));
}

static const char *state_of(const struct wk_keys_view *v)
{
	return !v->has ? "none" : v->fresh ? "fresh" : "stale";
}

static void answer_remote(rpc_t *rpc, void *h, const struct wims_wwsf *w,
						  const struct wk_keys_view *v)
{
	size_t all = wims_keyset_count(w->keys);
	char published[KIDS_MAX + 1];
	str url = wk_str(w->remote.uri);

	kids(published, w->keys, all - wims_keyset_count(wims_keyset_more(w->keys)), all);
	rpc->struct_add(h, "Sssddsds", "jwks_uri", &url, "published", published, "state", state_of(v),
					"age", (int)v->age, "next", (int)v->next, "refreshing",
					v->in_flight ? "yes" : "no", "failures", (int)v->failures, "trouble",
					v->trouble);
}

void wk_rpc_keys(rpc_t *rpc, void *ctx)
{
	const struct wims_provision *pv = wk_rpc_provision(rpc, ctx);
	struct wk_keys_view v;
	size_t i;
	void *h;

	for(i = 0; pv != NULL && i < wims_provision_count(pv); i++) {
		const struct wims_wwsf *w = wims_provision_at(pv, i);
		size_t fixed = wims_keyset_count(w->keys) - wims_keyset_count(wims_keyset_more(w->keys));
		str name = wk_str(w->name);
		char list[KIDS_MAX + 1];

		if(w->keys == NULL)
			continue;
		if(rpc->add(ctx, "{", &h) < 0)
			return;
		kids(list, w->keys, 0, fixed);
		rpc->struct_add(h, "Ss", "wwsf", &name, "fixed", list);
		if(wk_keys_view(w, &v))
			answer_remote(rpc, h, w, &v);
	}
}

void wk_rpc_refresh_keys(rpc_t *rpc, void *ctx)
{
	const struct wims_wwsf *w;
	str name;

	if(rpc->scan(ctx, "S", &name) < 1)
		return;
	w = wk_provision_refresh() ? wims_provision_by_name(wk_provision(), wk_pl(&name)) : NULL;
	if(w == NULL)
		rpc->fault(ctx, 404, "no WWSF of that name");
	else if(!wk_keys_refresh(w))
		rpc->fault(ctx, 409, "the WWSF has no jwks_uri");
}
