/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "store_user.h"

#include <stdio.h>

enum
{
	PLACES = 8,
	LIFE_MS = 3600000
};

struct wims_pl user_impu(int64_t index)
{
	static char text[PLACES][64];
	static size_t turn;
	char *to = text[turn++ % PLACES];

	snprintf(to, sizeof(text[0]), "sip:user%lld@ims.test", (long long)index);
	return wims_pl_str(to);
}

struct wims_reg_contact user_contact(int64_t index)
{
	static char name[PLACES][WIMS_CONTACT_USER_LEN + 1], flow[PLACES][WIMS_FLOWTOKEN_LEN + 1],
			instance[PLACES][64];
	static size_t turn;
	size_t at = turn++ % PLACES;

	snprintf(name[at], sizeof(name[at]), "%024llx", (unsigned long long)index);
	snprintf(flow[at], sizeof(flow[at]), "F%031llx", (unsigned long long)index);
	snprintf(instance[at], sizeof(instance[at]), "<urn:uuid:00000000-0000-4000-8000-%012llx>",
			 (unsigned long long)index);
	return (struct wims_reg_contact){.name = wims_pl_str(name[at]),
									 .flow = wims_pl_str(flow[at]),
									 .instance = wims_pl_str(instance[at]),
									 .node = 1,
									 .epoch = 7,
									 .reg_id = 1,
									 .q = WIMS_Q_NONE,
									 .left_ms = LIFE_MS};
}

bool user_is_contact(const struct wims_reg_contact *c, int64_t index)
{
	struct wims_reg_contact want = user_contact(index);

	return wims_pl_eq(c->name, want.name) && wims_pl_eq(c->flow, want.flow)
		   && wims_pl_eq(c->instance, want.instance) && c->node == want.node
		   && c->epoch == want.epoch && c->reg_id == want.reg_id && c->q == want.q && c->left_ms > 0
		   && c->left_ms <= want.left_ms;
}

struct wims_reg_put user_contact_put(const struct wims_block *b, int64_t index, const char *owner)
{
	return (struct wims_reg_put){.impu = user_impu(index),
								 .index = b->size > 0 ? index : WIMS_REG_CLAIMED,
								 .owner = wims_pl_str(owner),
								 .contact = user_contact(index),
								 .max_contacts = 10};
}

enum wims_reason user_put(const struct wims_store *st, const struct wims_block *b, int64_t index,
						  const char *owner)
{
	struct wims_reg_put in = user_contact_put(b, index, owner);
	struct wims_reg_put_out out;

	return wims_store_put(st, b, &in, &out);
}

enum wims_reason user_remove(const struct wims_store *st, const struct wims_block *b, int64_t index)
{
	return wims_store_remove(st, b, user_impu(index), b->size > 0 ? index : WIMS_REG_CLAIMED,
							 user_contact(index).name);
}
