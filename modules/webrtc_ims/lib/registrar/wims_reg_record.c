/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar/wims_reg_record.h"

#include <string.h>

void wims_reg_record_device(struct wims_w *w, const struct wims_reg_contact *c)
{
	if(c->instance.l == 0)
		return;
	wims_w_u64(w, c->reg_id);
	wims_w_lit(w, " ");
	wims_w_pl(w, c->instance);
}

void wims_reg_record_write(struct wims_w *w, const struct wims_reg_contact *c)
{
	wims_w_u64(w, c->node);
	wims_w_lit(w, " ");
	wims_w_u64(w, c->epoch);
	wims_w_lit(w, " ");
	if(c->q == WIMS_Q_NONE)
		wims_w_lit(w, "-");
	else
		wims_w_u64(w, (uint64_t)c->q);
	wims_w_lit(w, " ");
	wims_w_pl(w, c->flow);
	wims_w_lit(w, " ");
	wims_w_u64(w, c->reg_id);
	wims_w_lit(w, " ");
	wims_w_pl(w, c->instance);
}

/* The text up to the next space, which is taken off as well. */
static struct wims_pl next_field(struct wims_pl *text)
{
	struct wims_pl field = {text->p, wims_pl_find(*text, ' ')};

	*text = wims_pl_from(*text, field.l + 1);
	return field;
}

static bool read_number(struct wims_pl *text, uint64_t max, uint64_t *out)
{
	struct wims_pl field = next_field(text);

	/* of two ways to write a number one is none */
	return (field.l == 1 || (field.l > 1 && field.p[0] != '0')) && wims_pl_u64(field, out)
		   && *out <= max;
}

static bool read_q(struct wims_pl *text, int *q)
{
	uint64_t n;

	if(wims_pl_starts(*text, WIMS_PL("- "))) {
		*text = wims_pl_from(*text, 2);
		*q = WIMS_Q_NONE;
		return true;
	}
	if(!read_number(text, WIMS_Q_MAX, &n))
		return false;
	*q = (int)n;
	return true;
}

static bool is_name(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

static bool is_base64url(char c)
{
	return (c >= '0' && c <= '9') || (wims_lower(c) >= 'a' && wims_lower(c) <= 'z') || c == '-'
		   || c == '_';
}

static bool is_text(char c)
{
	return (unsigned char)c >= 0x20 && c != 0x7f;
}

static bool all(struct wims_pl s, bool (*ok)(char c))
{
	size_t i = 0;

	while(i < s.l && ok(s.p[i]))
		i++;
	return i == s.l;
}

static bool texts_ok(const struct wims_reg_contact *c)
{
	return c->name.l == WIMS_CONTACT_USER_LEN && all(c->name, is_name)
		   && c->flow.l == WIMS_FLOWTOKEN_LEN && all(c->flow, is_base64url)
		   && c->instance.l <= WIMS_INSTANCE_MAX && all(c->instance, is_text);
}

bool wims_reg_record_read(struct wims_reg_contact *c, struct wims_pl name, struct wims_pl text,
						  int64_t now)
{
	struct wims_reg_contact r = {.name = name};
	uint64_t expiry, node, epoch, reg_id;

	memset(c, 0, sizeof(*c));
	if(!read_number(&text, INT64_MAX, &expiry) || !read_number(&text, UINT16_MAX, &node)
	   || !read_number(&text, UINT32_MAX, &epoch) || !read_q(&text, &r.q))
		return false;
	r.flow = next_field(&text);
	if(!read_number(&text, UINT32_MAX, &reg_id))
		return false;
	r.instance = text;
	if((int64_t)expiry <= now || (int64_t)expiry - now > WIMS_REG_LEFT_MAX_MS || !texts_ok(&r))
		return false;
	r.left_ms = (int64_t)expiry - now;
	r.node = (uint16_t)node;
	r.epoch = (uint32_t)epoch;
	r.reg_id = (uint32_t)reg_id;
	*c = r;
	return true;
}
