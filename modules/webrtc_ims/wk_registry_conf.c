/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registry_conf.h"

static const struct wims_pl kinds[] = {
		[WK_REGISTRY_SHM] = {"shm", 3},
		[WK_REGISTRY_REDIS] = {"redis", 5},
		[WK_REGISTRY_SENTINEL] = {"redis-sentinel", 14},
		[WK_REGISTRY_CLUSTER] = {"redis-cluster", 13},
};

const char *wk_registry_kind_text(enum wk_registry_kind kind)
{
	return kinds[kind].p;
}

/* What is in front of the first c, which goes as well. */
static struct wims_pl cut(struct wims_pl *s, char c)
{
	size_t n = wims_pl_find(*s, c);
	struct wims_pl part = {s->p, n};

	*s = n < s->l ? wims_pl_from(*s, n + 1) : WIMS_PL_NONE;
	return part;
}

static bool read_kind(struct wk_registry_conf *conf, struct wims_pl name)
{
	size_t i;

	for(i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if(wims_pl_eq(kinds[i], name)) {
			conf->kind = (enum wk_registry_kind)i;
			return true;
		}
	return false;
}

static bool read_addresses(struct wk_registry_conf *conf, struct wims_pl list)
{
	const char *end = list.p + list.l;
	bool more = true;

	while(more && conf->count < WK_REGISTRY_ADDRESSES_MAX) {
		struct wims_pl one = cut(&list, ',');

		if(one.l == 0)
			return false;
		conf->address[conf->count++] = one;
		more = one.p + one.l < end;
	}
	return !more;
}

bool wk_registry_conf_read(struct wk_registry_conf *conf, struct wims_pl text)
{
	bool alone = wims_pl_find(text, ':') == text.l;

	*conf = (struct wk_registry_conf){.kind = WK_REGISTRY_SHM};
	if(!read_kind(conf, cut(&text, ':')))
		return false;
	if(conf->kind == WK_REGISTRY_SHM)
		return alone;
	if(conf->kind == WK_REGISTRY_SENTINEL && (conf->name = cut(&text, '@')).l == 0)
		return false;
	return text.l > 0 && read_addresses(conf, text);
}
