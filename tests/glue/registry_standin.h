/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef REGISTRY_STANDIN_H
#define REGISTRY_STANDIN_H

/* In place of a registrar that several nodes share: wk_registry_shared(),
 * wk_registry_query(), wk_registry_node() and wk_registry_remove() are wrapped (glue.mk). */

#include "glue.h"
#include "registrar/wims_registrar.h"

struct registry_standin
{
	bool shared;
	enum wims_reason outcome; /* of the next questions */
	struct wims_reg_entry entry;
	struct wims_reg_node node[4]; /* that live */
	size_t nodes;
	int asked;
	char synced[WIMS_CONTACT_USER_LEN + 1]; /* the last contact that was to be told again */
};
extern struct registry_standin registry_standin;

/* Shared, nobody registered, no other node. */
void registry_reset(void);
/* Node `number` lives there, with that epoch. */
void registry_node_is(uint16_t number, uint32_t epoch, const char *address);
/* The entry has one more contact, of that node and start, with a good flow token; its
 * name is that letter, as often as names are long. */
struct wims_reg_contact *registry_contact(uint16_t number, uint32_t epoch, char name, int q);

#endif
