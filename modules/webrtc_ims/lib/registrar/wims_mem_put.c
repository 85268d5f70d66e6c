/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar/wims_store_mem_int.h"

#include <string.h>

/* Whose the IMPU is, seen by who puts. */
enum stand
{
	NOBODYS,
	OWN,         /* and in use */
	QUARANTINED, /* somebody's, own included */
	OTHERS
};

static enum stand stand_of(const struct wims_mem_lease *l, const struct wims_reg_put *in)
{
	if(l == NULL || l->timer.kind == WIMS_MEM_FREE)
		return NOBODYS;
	if(l->timer.kind == WIMS_MEM_RESTING)
		return QUARANTINED;
	return wims_pl_eq(wims_mem_owner(l), in->owner) ? OWN : OTHERS;
}

static enum wims_reason judge(enum stand stand, const struct wims_mem_lease *l,
							  const struct wims_reg_put *in)
{
	if(stand == QUARANTINED && !in->again)
		return wims_pl_eq(wims_mem_owner(l), in->owner) ? WIMS_OK : WIMS_IDENTITY_IN_USE;
	if(stand != OTHERS)
		return WIMS_OK;
	if(!in->again)
		return WIMS_IDENTITY_IN_USE;
	return in->since < l->since ? WIMS_OK : WIMS_IDENTITY_CONFLICT;
}

static struct wims_pl instance_of(const struct wims_mem_contact *c)
{
	return (struct wims_pl){c->instance, c->instance_l};
}

static bool same_name(const struct wims_mem_contact *c, const struct wims_reg_contact *in)
{
	return memcmp(c->name, in->name.p, sizeof(c->name)) == 0;
}

static bool same_instance(const struct wims_mem_contact *c, const struct wims_reg_contact *in)
{
	return in->instance.l > 0 && c->reg_id == in->reg_id
		   && wims_pl_eq(instance_of(c), in->instance);
}

/* Does the new contact take its place? */
static bool replaced(void *ctx, const struct wims_mem_contact *c)
{
	const struct wims_reg_contact *in = ctx;

	return same_name(c, in) || same_instance(c, in);
}

/* What the node has kept is what the WIC has moved away from. */
static bool has_moved(const struct wims_mem_lease *l, const struct wims_reg_put *in, int64_t now)
{
	int64_t asked = in->asked < now ? in->asked : now;
	int64_t until = asked > 0 ? asked + in->contact.left_ms : 0;
	const struct wims_mem_contact *c;

	for(c = in->kept ? l->contacts : NULL; c != NULL; c = c->next)
		if(!same_name(c, &in->contact) && same_instance(c, &in->contact)
		   && c->until + WIMS_REG_MOVED_MS >= until)
			return true;
	return false;
}

static bool has_room(const struct wims_mem_lease *l, const struct wims_reg_put *in)
{
	struct wims_reg_contact contact = in->contact;
	const struct wims_mem_contact *c;
	size_t stay = 0;

	for(c = l->contacts; c != NULL; c = c->next)
		stay += !replaced(&contact, c);
	return stay < in->max_contacts;
}

static int64_t since_of(const struct wims_store_mem *m, const struct wims_mem_lease *l,
						enum stand stand, const struct wims_reg_put *in)
{
	if(stand == OWN && (!in->again || l->since <= in->since))
		return l->since;
	return in->again ? in->since : m->now;
}

/* l has its texts. */
static void commit(struct wims_store_mem *m, struct wims_mem_lease *l, enum stand stand,
				   const struct wims_reg_put *in, struct wims_mem_contact *c)
{
	struct wims_reg_contact contact = in->contact;

	if(stand == OTHERS)
		wims_mem_contacts_free(m, l);
	wims_mem_contacts_drop(m, l, replaced, &contact);
	c->next = l->contacts;
	l->contacts = c;
	l->held = 0;
	wims_mem_review(m, l);
}

enum wims_reason wims_mem_put(void *ctx, const struct wims_block *b, const struct wims_reg_put *in,
							  struct wims_reg_put_out *out)
{
	struct wims_store_mem *m = ctx;
	struct wims_mem_block *blk = wims_mem_block_get(m, b);
	struct wims_mem_lease *l = NULL, *made = NULL;
	struct wims_mem_contact *c = NULL;
	enum wims_reason r = WIMS_NOMEM;
	enum stand stand;

	if(blk == NULL)
		goto out;
	l = wims_mem_find(m, blk, in->impu, in->index);
	stand = stand_of(l, in);
	if((r = judge(stand, l, in)) != WIMS_OK)
		goto out;
	if(stand == OWN) {
		wims_mem_contacts_prune(m, l);
		if(has_moved(l, in, m->now)) {
			*out = (struct wims_reg_put_out){l->since, wims_mem_contacts(l), false};
			goto out;
		}
		r = has_room(l, in) ? WIMS_OK : WIMS_LIMIT_REACHED;
	}
	if(r != WIMS_OK)
		goto out;
	r = WIMS_NOMEM;
	if(l == NULL && (l = made = wims_mem_lease_new(m, blk, in->impu, in->index)) == NULL)
		goto out;
	if((c = wims_mem_contact_new(m, &in->contact)) == NULL
	   || !wims_mem_lease_name(m, l, in->owner, in->impu))
		goto out;
	l->since = since_of(m, l, stand, in);
	commit(m, l, stand, in, c);
	*out = (struct wims_reg_put_out){l->since, wims_mem_contacts(l), stand == OTHERS};
	made = NULL;
	c = NULL;
	r = WIMS_OK;
out:
	if(made != NULL)
		wims_mem_lease_free(m, made);
	wims_free(&m->env, c);
	return r;
}
