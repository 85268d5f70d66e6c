/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wr_store_int.h"

#include <stddef.h>
#include <string.h>

#include "base/wims_texts.h"

bool wr_number_read(const struct wims_redis_value *v, int64_t min, int64_t max, int64_t *out)
{
	if(v->type != WIMS_REDIS_NUMBER || v->number < min || v->number > max)
		return false;
	*out = v->number;
	return true;
}

/* A contact, its texts copied behind those that are there. False: there are too
 * many. One that cannot be read is passed over. */
static bool take_contact(struct wr_store *s, struct wims_reg_entry *e, char **at,
						 struct wims_pl name, struct wims_pl record, int64_t now)
{
	struct wims_reg_contact c;

	if(!wims_reg_record_read(&c, name, record, now)) {
		s->ignored++;
		return true;
	}
	if(e->count == WIMS_REG_CONTACTS_MAX)
		return false;
	c.name = wims_texts_put(at, c.name);
	c.flow = wims_texts_put(at, c.flow);
	c.instance = wims_texts_put(at, c.instance);
	e->contact[e->count++] = c;
	return true;
}

static bool take_text(struct wims_pl *to, struct wims_pl value, size_t max, char **at)
{
	if(to->p != NULL || value.l > max)
		return false;
	*to = wims_texts_put(at, value);
	return true;
}

static bool take(struct wr_store *s, struct wims_reg_entry *e, char **at, struct wims_pl field,
				 struct wims_pl value, int64_t now)
{
	uint64_t since;

	if(wims_pl_eq(field, WIMS_PL("owner")))
		return take_text(&e->owner, value, WIMS_REG_OWNER_MAX, at);
	if(wims_pl_eq(field, WIMS_PL("impu")))
		return take_text(&e->impu, value, WIMS_IMPU_MAX, at);
	if(wims_pl_eq(field, WIMS_PL("since"))) {
		if(!wims_pl_u64(value, &since) || since > INT64_MAX)
			return false;
		e->since = (int64_t)since;
		return true;
	}
	if(wims_pl_starts(field, WIMS_PL("c:")))
		return take_contact(s, e, at, wims_pl_from(field, 2), value, now);
	return true; /* what a later version may add */
}

bool wr_entry_read(struct wr_store *s, const struct wims_redis_value *at, size_t n, int64_t now,
				   struct wims_reg_entry *e)
{
	char *text = e->text;
	size_t i;

	memset(e, 0, offsetof(struct wims_reg_entry, text));
	e->since = -1;
	for(i = 0; i + 1 < n; i += 2)
		if(at[i].type != WIMS_REDIS_TEXT || at[i + 1].type != WIMS_REDIS_TEXT
		   || !take(s, e, &text, at[i].text, at[i + 1].text, now))
			break;
	if(i == n && e->owner.p != NULL && e->since >= 0)
		return true;
	memset(e, 0, offsetof(struct wims_reg_entry, text));
	return false;
}
