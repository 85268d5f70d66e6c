/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_QUEUE_H
#define WK_REGISTRY_QUEUE_H

/* Contacts of which a shared registrar is to be told anew, put by whoever ended
 * one and worked off by the registrar process. Bounded: what does not fit is
 * dropped and counted; it expires in the store by itself. */

#include "flow/wims_flow.h"
#include "identity/wims_impu.h"
#include "wk.h"

struct wk_registry_news
{
	char name[WIMS_CONTACT_USER_LEN + 1]; /* of the binding */
	size_t impu_l;
	char impu[WIMS_IMPU_MAX];
};

void wk_registry_news_of(struct wk_registry_news *n, struct wims_pl impu, struct wims_pl name);

/* 0, or -1 when there is no memory. */
int wk_registry_queue_init(int size);
void wk_registry_queue_destroy(void);

/* Any process. */
void wk_registry_queue_put(struct wims_pl impu, struct wims_pl name);
/* The registrar process alone: a copy of the first one; false: there is none. */
WIMS_MUST_CHECK bool wk_registry_queue_first(struct wk_registry_news *news);
/* That one is done; or it goes behind all the others. */
void wk_registry_queue_next(bool done);
size_t wk_registry_queue_count(void);
size_t wk_registry_queue_overflows(void);

#endif
