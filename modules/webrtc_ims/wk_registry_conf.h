/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_CONF_H
#define WK_REGISTRY_CONF_H

/* What modparam registrar says. */

#include "wk.h"

enum
{
	WK_REGISTRY_ADDRESSES_MAX = 16
};

enum wk_registry_kind
{
	WK_REGISTRY_SHM,
	WK_REGISTRY_REDIS,
	WK_REGISTRY_SENTINEL,
	WK_REGISTRY_CLUSTER
};

struct wk_registry_conf
{
	enum wk_registry_kind kind;
	struct wims_pl name; /* of the master, as Sentinel knows it */
	size_t count;
	struct wims_pl address[WK_REGISTRY_ADDRESSES_MAX];
};

/* What is allowed, for a log line. */
#define WK_REGISTRY_ALLOWED                                              \
	"shm, redis:ADDRESS[,ADDRESS...], redis-sentinel:NAME@ADDRESS[,...]" \
	" or redis-cluster:ADDRESS[,...], of at most 16 addresses"

/* False: it is none of what is allowed. *conf borrows from text. */
WIMS_MUST_CHECK bool wk_registry_conf_read(struct wk_registry_conf *conf, struct wims_pl text);
const char *wk_registry_kind_text(enum wk_registry_kind kind);

#endif
