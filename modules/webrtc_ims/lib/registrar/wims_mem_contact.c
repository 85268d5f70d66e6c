/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar/wims_store_mem_int.h"

#include <stddef.h>
#include <string.h>

#include "base/wims_texts.h"

size_t wims_mem_contacts(const struct wims_mem_lease *l)
{
	const struct wims_mem_contact *c;
	size_t n = 0;

	for(c = l->contacts; c != NULL; c = c->next)
		n++;
	return n;
}

struct wims_mem_contact *wims_mem_contact_new(struct wims_store_mem *m,
											  const struct wims_reg_contact *in)
{
	struct wims_mem_contact *c =
			wims_zalloc(&m->env, offsetof(struct wims_mem_contact, instance) + in->instance.l);

	if(c == NULL)
		return NULL;
	c->until = m->now + in->left_ms;
	c->epoch = in->epoch;
	c->reg_id = in->reg_id;
	c->node = in->node;
	c->q = (int16_t)in->q;
	c->instance_l = (uint8_t)in->instance.l;
	memcpy(c->name, in->name.p, sizeof(c->name));
	memcpy(c->flow, in->flow.p, sizeof(c->flow));
	if(in->instance.l > 0)
		memcpy(c->instance, in->instance.p, in->instance.l);
	return c;
}

size_t wims_mem_contacts_drop(struct wims_store_mem *m, struct wims_mem_lease *l,
							  bool (*gone)(void *ctx, const struct wims_mem_contact *c), void *ctx)
{
	struct wims_mem_contact **at = &l->contacts;
	size_t n = 0;

	while(*at != NULL) {
		struct wims_mem_contact *c = *at;

		if(!gone(ctx, c)) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		wims_free(&m->env, c);
		n++;
	}
	return n;
}

static bool expired(void *ctx, const struct wims_mem_contact *c)
{
	return c->until <= ((const struct wims_store_mem *)ctx)->now;
}

void wims_mem_contacts_prune(struct wims_store_mem *m, struct wims_mem_lease *l)
{
	wims_mem_contacts_drop(m, l, expired, m);
}

static bool each(void *ctx, const struct wims_mem_contact *c)
{
	(void)ctx;
	(void)c;
	return true;
}

void wims_mem_contacts_free(struct wims_store_mem *m, struct wims_mem_lease *l)
{
	wims_mem_contacts_drop(m, l, each, NULL);
}

void wims_mem_show(const struct wims_store_mem *m, const struct wims_mem_lease *l,
				   struct wims_reg_entry *e)
{
	const struct wims_mem_contact *c;
	char *at = e->text;

	e->impu = wims_texts_put(&at, wims_mem_impu(l));
	e->owner = wims_texts_put(&at, wims_mem_owner(l));
	e->index = l->index;
	e->since = l->since;
	e->count = 0;
	for(c = l->contacts; c != NULL; c = c->next) {
		if(c->until <= m->now)
			continue;
		e->contact[e->count++] = (struct wims_reg_contact){
				.name = wims_texts_put(&at, (struct wims_pl){c->name, sizeof(c->name)}),
				.flow = wims_texts_put(&at, (struct wims_pl){c->flow, sizeof(c->flow)}),
				.instance = wims_texts_put(&at, (struct wims_pl){c->instance, c->instance_l}),
				.node = c->node,
				.epoch = c->epoch,
				.reg_id = c->reg_id,
				.q = c->q,
				.left_ms = c->until - m->now,
		};
	}
}
